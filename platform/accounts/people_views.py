"""People: who is here, what they are, and how they leave. For the organisation's administrators."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, belongings, leaving, lists, securing, teams
from accounts.authority import require, standing_of, teams_allowed
from accounts.doors import Keeper, found, is_part, keepers, sent
from accounts.factors import factors_of, must_have_factor, names_of
from accounts.holdings import open_invitations, teams_only_of
from accounts.models import Membership, Team, User
from accounts.office_forms import (
    ROLE_SAYS,
    DenyForm,
    EraseForm,
    HandOverForm,
    JoinTeamForm,
    PeopleFilters,
    PersonForm,
    RoleForm,
)
from accounts.refusal import Refusal
from accounts.roles import Power

of_people = keepers(Power.MANAGE_PEOPLE)


def _somebody(request: Keeper, pk: UUID) -> User:
    require(request.user, Power.MANAGE_PEOPLE)
    return found(request, User.objects.all(), pk)


@require_safe
@of_people
def people(request: Keeper) -> HttpResponse:
    """Everybody, by name. The filters stand in the address; `after` is the last person of the page above."""
    form = PeopleFilters(request.GET)
    asked = form.asked()
    fitting = lists.people(text=asked["q"], role=asked["role"], team=asked["team"] or None, state=asked["state"])
    page = lists.page_of(fitting, lists.NAME, after=asked["after"] or None)
    context: dict[str, Any] = {"page": page, "more": page.more and form.address(after=page.more)}
    if is_part(request):
        return render(request, "accounts/_people.html", context)
    context |= {"form": form, "asked": bool(form.address()), "count": fitting.count(), "further": bool(asked["after"])}
    return render(request, "accounts/people.html", context)


@require_safe
@of_people
def person(request: Keeper, person: UUID) -> HttpResponse:
    """One person."""
    return _page(request, _somebody(request, person))


def _page(request: Keeper, somebody: User, *, status: int = 200, **forms: Form) -> HttpResponse:
    standing = request.standing
    is_owner = somebody.organisation_role == User.Role.OWNER
    free = teams_allowed(standing, Power.INVITE_TO_TEAM).exclude(memberships__user=somebody)
    context: dict[str, Any] = {
        "somebody": somebody,
        "parts": Membership.objects.filter(user=somebody).select_related("team").order_by("team__name"),
        "denials": lists.shown(lists.denials(person=somebody)),
        "sessions": lists.sessions_of(somebody),
        "factors": factors_of(somebody).count(),
        "is_self": somebody.pk == request.user.pk,
        "owned": []
        if somebody.is_active
        else [(name, count) for name, count in belongings.of(somebody).items() if count],
        "changes": standing.allows(Power.MANAGE_PEOPLE) and (not is_owner or standing.allows(Power.MAKE_OWNERS)),
        "denies": standing.allows(Power.DENY) and not is_owner,
        "role_says": ROLE_SAYS[User.Role(somebody.organisation_role)],
        "team_roles": Membership.Role.choices,
        "person_form": PersonForm(initial={"display_name": somebody.display_name, "email": somebody.email}),
        "role_form": RoleForm(initial={"role": somebody.organisation_role}),
        "team_form": JoinTeamForm(teams=free),
        "deny_form": DenyForm(),
    }
    return render(request, "accounts/person.html", context | forms, status=status)


@require_POST
@of_people
def rename(request: Keeper, person: UUID) -> HttpResponse:
    """Correct a name or an address."""
    somebody, form = _somebody(request, person), PersonForm(request.POST)
    if not form.is_valid():
        return _page(request, somebody, status=400, person_form=form)
    try:
        actions.set_person(somebody, by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("email", str(refusal))
        return _page(request, somebody, status=409, person_form=form)
    messages.success(request, _("The name and the address are saved."))
    return redirect("accounts:person", person)


@require_POST
@of_people
def change_role(request: Keeper, person: UUID) -> HttpResponse:
    """Give somebody another role in the organisation."""
    somebody, form = _somebody(request, person), RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, somebody, status=400, role_form=form)
    role = User.Role(form.cleaned_data["role"])
    try:
        actions.change_role(somebody, role=role, by=request.user)
    except Refusal as refusal:
        form.add_error("role", str(refusal))
        return _page(request, somebody, status=409, role_form=form)
    if somebody.pk == request.user.pk:
        messages.success(request, _("You are %(role)s from now on.") % {"role": role.label})
        return _back_to_oneself(request.user)
    messages.success(request, _("%(somebody)s is %(role)s from now on.") % {"somebody": somebody, "role": role.label})
    return redirect("accounts:person", person)


def _back_to_oneself(user: User) -> HttpResponse:
    """Lead to one's page among the people, or to one's own where the office is not there for one any more."""
    stays = standing_of(user).allows(Power.MANAGE_PEOPLE)
    return redirect("accounts:person", user.pk) if stays else redirect("accounts:you")


@require_POST
@of_people
def join_team(request: Keeper, person: UUID) -> HttpResponse:
    """Put somebody into a team."""
    somebody = _somebody(request, person)
    form = JoinTeamForm(request.POST, teams=teams_allowed(request.standing, Power.INVITE_TO_TEAM))
    if not form.is_valid():
        return _page(request, somebody, status=400, team_form=form)
    team: Team = form.cleaned_data["team"]
    teams.add_to_team(somebody, team=team, role=Membership.Role(form.cleaned_data["role"]), by=request.user)
    messages.success(request, _("%(somebody)s is in %(team)s.") % {"somebody": somebody, "team": team.name})
    return redirect("accounts:person", person)


@require_POST
@of_people
def end_sessions(request: Keeper, person: UUID) -> HttpResponse:
    """Sign somebody out everywhere. Who does it to themselves stays signed in where they are."""
    somebody = _somebody(request, person)
    if somebody.pk == request.user.pk:
        ended = securing.end_other_sessions(request.user, keep=request.session.session_key or "")
        messages.success(
            request, _("You are signed out everywhere but here. Sessions ended: %(ended)s.") % {"ended": ended}
        )
        return redirect("accounts:person", person)
    ended = actions.end_sessions(somebody, by=request.user)
    messages.success(
        request,
        _("%(somebody)s is signed out everywhere. Sessions ended: %(ended)s.") % {"somebody": somebody, "ended": ended},
    )
    return redirect("accounts:person", person)


@require_http_methods(["GET", "HEAD", "POST"])
@of_people
def reset_factors(request: Keeper, person: UUID) -> HttpResponse:
    """Say what happens when somebody's second factors are taken away, and do it."""
    somebody, why = _somebody(request, person), ""
    if somebody.organisation_role == User.Role.OWNER:
        require(request.user, Power.MAKE_OWNERS)
    if request.method == "POST":
        try:
            count = securing.reset_factors(somebody, by=request.user)
        except Refusal as refusal:
            why = str(refusal)
        else:
            messages.success(
                request,
                _("%(somebody)s is signed out everywhere. Second factors taken away: %(count)s.")
                % {"somebody": somebody, "count": count},
            )
            return redirect("accounts:person", person)
    context = {
        "somebody": somebody,
        "factors": names_of(somebody),
        "must": must_have_factor(somebody),
        "sessions": lists.sessions_of(somebody),
        "mails": settings.MAIL_IS_SET_UP,
        "why": why,
    }
    return render(request, "accounts/reset_factors.html", context, status=409 if why else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_people
def leave(request: Keeper, person: UUID) -> HttpResponse:
    """Say what happens when somebody is deactivated, and do it: their teams first, then the account."""
    somebody, form = _somebody(request, person), HandOverForm(sent(request))
    if somebody.organisation_role == User.Role.OWNER:
        require(request.user, Power.MAKE_OWNERS)
    if request.method == "POST" and form.is_valid():
        try:
            heir = _heir(form.cleaned_data["to"])
            handed = leaving.leave(somebody, heir=heir, by=request.user)
        except Refusal as refusal:
            form.add_error("to", str(refusal))
        else:
            if somebody.pk == request.user.pk:
                request.session.flush()
                return redirect("account_login")
            messages.success(
                request,
                _("%(somebody)s is deactivated: signed out everywhere, and cannot sign in.") % {"somebody": somebody},
            )
            if handed:
                messages.success(
                    request, _("Teams that %(heir)s administers now: %(handed)s.") % {"heir": heir, "handed": handed}
                )
            return redirect("accounts:person", person)
    context = {
        "somebody": somebody,
        "form": form,
        "orphaned": teams_only_of(somebody),
        "sessions": lists.sessions_of(somebody),
        "invited": open_invitations().filter(invited_by=somebody).count(),
    }
    return render(request, "accounts/leave.html", context, status=409 if form.is_bound else 200)


def _heir(address: str) -> User | None:
    """Return who gets the teams, or nobody where nobody is named. Raises Refusal for an address that is nobody's."""
    heir = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
    if address and heir is None:
        raise Refusal(_("Nobody who can sign in has this address."))
    return heir


@require_http_methods(["GET", "HEAD", "POST"])
@of_people
def erase(request: Keeper, person: UUID) -> HttpResponse:
    """Say what somebody who has left still owns, and erase all of it. Nobody gets to read it."""
    somebody, form = _somebody(request, person), EraseForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            erased = leaving.erase_belongings(somebody, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            counts = ", ".join(f"{name}: {count}" for name, count in erased.items())
            messages.success(
                request, _("What %(somebody)s owned is erased (%(counts)s).") % {"somebody": somebody, "counts": counts}
            )
            return redirect("accounts:person", person)
    context = {"somebody": somebody, "form": form, "owned": belongings.of(somebody).items()}
    return render(request, "accounts/erase.html", context, status=409 if form.is_bound else 200)


@require_POST
@of_people
def reactivate(request: Keeper, person: UUID) -> HttpResponse:
    """Let somebody sign in again."""
    somebody = _somebody(request, person)
    actions.reactivate(somebody, by=request.user)
    messages.success(request, _("%(somebody)s can sign in again, with the roles they had.") % {"somebody": somebody})
    return redirect("accounts:person", person)
