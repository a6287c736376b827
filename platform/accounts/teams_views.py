"""Teams: who is in them and what they are allowed. For the organisation's administrators and each team's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lists, teams
from accounts.authority import require, teams_allowed
from accounts.doors import Keeper, found, is_part, keepers, sent
from accounts.models import Membership, Team, User
from accounts.office_forms import (
    DenyForm,
    MemberFilters,
    NewTeamForm,
    TeamFilters,
    TeamForm,
    TeamRoleForm,
)
from accounts.refusal import Refusal
from accounts.roles import Power

of_teams = keepers(Power.SEE_TEAM_PEOPLE)


def _team(request: Keeper, pk: UUID) -> Team:
    """Return a team that this person keeps. Others are not there."""
    return found(request, teams_allowed(request.standing, Power.SEE_TEAM_PEOPLE), pk)


def _member(request: Keeper, team: Team, pk: UUID) -> User:
    return found(request, User.objects.filter(memberships__team=team), pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_teams
def all_teams(request: Keeper) -> HttpResponse:
    """The teams that this person keeps, by name; a POST makes another one."""
    new = NewTeamForm(sent(request))
    if request.method == "POST" and new.is_valid():
        try:
            made = teams.make_team(name=new.cleaned_data["name"], by=request.user)
        except Refusal as refusal:
            new.add_error("name", str(refusal))
        else:
            messages.success(request, _("The team %(made)s is made. Put people into it.") % {"made": made.name})
            return redirect("accounts:team", made.pk)
    form = TeamFilters(request.GET)
    asked = form.asked()
    fitting = teams_allowed(request.standing, Power.SEE_TEAM_PEOPLE).filter(name__icontains=asked["q"])
    page = lists.page_of(lists.with_counts(fitting), lists.TEAM_NAME, after=asked["after"] or None)
    context: dict[str, Any] = {"page": page, "more": page.more and form.address(after=page.more)}
    if is_part(request):
        return render(request, "accounts/_teams.html", context)
    context |= {"form": form, "asked": bool(form.address()), "count": fitting.count(), "further": bool(asked["after"])}
    context |= {"new": new, "makes": request.standing.allows(Power.MANAGE_TEAMS)}
    return render(request, "accounts/teams.html", context, status=409 if new.is_bound else 200)


@require_safe
@of_teams
def team(request: Keeper, team: UUID) -> HttpResponse:
    """One team and its people."""
    found = _team(request, team)
    if is_part(request):
        return render(request, "accounts/_members.html", {"team": found} | _members(request, found))
    return _page(request, found)


def _may(request: Keeper, team: Team) -> dict[str, bool]:
    """Return what this person may do in the team, by the power's name: for the page alone, each act asks again."""
    allows = request.standing.allows
    return {str(power): allows(power, team.pk if power.about.in_team else None) for power in Power}


def _members(request: Keeper, team: Team) -> dict[str, Any]:
    form = MemberFilters(request.GET)
    asked = form.asked()
    fitting = lists.members(team, text=asked["q"], role=asked["role"])
    after = Membership.objects.filter(team=team, user=asked["after"] or None).values_list("pk", flat=True).first()
    page = lists.page_of(fitting, lists.MEMBER_NAME, after=after)
    last = page.rows[-1].user_id if page.more else None
    return {
        "page": page,
        "more": last and form.address(after=last),
        "filters": form,
        "count": 0 if is_part(request) else fitting.count(),
        "asked": bool(form.address()),
        "further": bool(asked["after"]),
        "may": _may(request, team),
        "team_roles": Membership.Role.choices,
    }


def _page(request: Keeper, team: Team, *, status: int = 200, **forms: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "team": team,
        "waiting": team.invitations.filter(lists.STATES["open"]).count(),
        "denials": lists.shown(lists.denials(team=team)),
        "name_form": TeamForm(initial={"name": team.name}),
        "deny_form": DenyForm(),
    }
    return render(request, "accounts/team.html", context | _members(request, team) | forms, status=status)


@require_POST
@of_teams
def rename(request: Keeper, team: UUID) -> HttpResponse:
    """Give a team another name."""
    found, form = _team(request, team), TeamForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=400, name_form=form)
    try:
        teams.rename_team(found, name=form.cleaned_data["name"], by=request.user)
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return _page(request, found, status=409, name_form=form)
    messages.success(request, _("The team's name is saved."))
    return redirect("accounts:team", team)


@require_POST
@of_teams
def change_role(request: Keeper, team: UUID, person: UUID) -> HttpResponse:
    """Give somebody another part in a team."""
    found = _team(request, team)
    somebody, form = _member(request, found, person), TeamRoleForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("There is no such role in a team."))
    role = Membership.Role(form.cleaned_data["role"])
    teams.change_team_role(somebody, team=found, role=role, by=request.user)
    messages.success(
        request,
        _("%(somebody)s is %(role)s of %(found)s from now on.")
        % {"somebody": somebody, "role": role.label, "found": found.name},
    )
    return _back(request, found, somebody)


@require_POST
@of_teams
def remove(request: Keeper, team: UUID, person: UUID) -> HttpResponse:
    """Take somebody out of a team."""
    found = _team(request, team)
    somebody = _member(request, found, person)
    teams.remove_from_team(somebody, team=found, by=request.user)
    messages.success(
        request, _("%(somebody)s is no longer in %(found)s.") % {"somebody": somebody, "found": found.name}
    )
    return _back(request, found, somebody)


def _back(request: Keeper, team: Team, somebody: User) -> HttpResponse:
    """Return to the page from which it was done: a person's, or the team's. Who removed themselves has neither."""
    if request.POST.get("from") == "person":
        return redirect("accounts:person", somebody.pk)
    if somebody.pk == request.user.pk:
        return redirect("accounts:teams" if request.standing.allows(Power.MANAGE_TEAMS) else "chat:home")
    return redirect("accounts:team", team.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_teams
def delete(request: Keeper, team: UUID) -> HttpResponse:
    """Say what goes with a team, and delete it."""
    found, why = _team(request, team), ""
    require(request.user, Power.MANAGE_TEAMS)
    if request.method == "POST":
        try:
            teams.delete_team(found, by=request.user)
        except Refusal as refusal:
            why = str(refusal)
        else:
            messages.success(
                request, _("The team %(found)s is deleted. Its people are still here.") % {"found": found.name}
            )
            return redirect("accounts:teams")
    context = {
        "team": found,
        "count": Membership.objects.filter(team=found).count(),
        "waiting": found.invitations.filter(lists.STATES["open"]).count(),
        "why": why,
        "may": _may(request, found),
    }
    return render(request, "accounts/delete_team.html", context, status=409 if why else 200)
