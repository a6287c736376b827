"""The organisation's settings, and who may what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import denials, lists, looking
from accounts.authority import require, teams_allowed, verdict_of
from accounts.doors import Keeper, found, keepers, sent
from accounts.look import banner_of
from accounts.look_forms import BannerForm, LookForm, shown_banner, shown_look
from accounts.models import Denial, Membership, Organisation, Team, User
from accounts.office_forms import DenyForm, OfficeForm, OrganisationForm, WhyForm
from accounts.organising import set_organisation
from accounts.refusal import Refusal
from accounts.roles import ORGANISATION, TEAM, Power


@require_http_methods(["GET", "HEAD", "POST"])
@keepers(Power.SET_ORGANISATION)
def organisation(request: Keeper) -> HttpResponse:
    """What is set for everybody."""
    form = _settings(_house(), sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            set_organisation(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The settings are saved and hold from now on."))
            return redirect("accounts:organisation")
    return _office(request, form=form)


@require_POST
@keepers(Power.SET_ORGANISATION)
def set_look(request: Keeper) -> HttpResponse:
    """The organisation's colour and logo."""
    form = LookForm(request.POST, request.FILES)
    if not form.is_valid():
        return _office(request, look_form=form)
    data = form.cleaned_data
    looking.set_look(accent=data["accent"], picture=data["logo"], without=data["without"], by=request.user)
    messages.success(request, _("This is how the house looks from now on."))
    return redirect("accounts:organisation")


@require_POST
@keepers(Power.SET_ORGANISATION)
def set_banner(request: Keeper) -> HttpResponse:
    """What is announced on every page."""
    form = BannerForm(request.POST)
    if form.is_valid():
        try:
            house = looking.set_banner(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is announced.") if house.banner else _("Nothing is announced any more."))
            return redirect("accounts:organisation")
    return _office(request, banner_form=form)


def _house() -> Organisation:
    return get_object_or_404(Organisation, pk=1)


def _settings(house: Organisation, data: QueryDict | None = None) -> OrganisationForm:
    now = {name: getattr(house, name) for name in OrganisationForm.base_fields}
    return OrganisationForm(data, initial=now | {"tell_at_end": "yes" if house.tell_at_end else ""})


def _office(request: Keeper, **forms: OfficeForm) -> HttpResponse:
    """Show all forms of the page; those that were sent and are wrong as they were sent."""
    house = _house()
    context: dict[str, Any] = {
        "form": _settings(house),
        "look_form": LookForm(initial=shown_look(house)),
        "banner_form": BannerForm(initial=shown_banner(house)),
        "house": house,
        "announced": banner_of(house) if house.banner else None,
    } | forms
    wrong = any(form.is_bound for form in forms.values())
    return render(request, "accounts/organisation.html", context, status=400 if wrong else 200)


@require_safe
@keepers()
def roles(request: Keeper) -> HttpResponse:
    """Who may what, and why this person cannot do what they ask about."""
    standing = request.standing
    kept = Q(pk__in=teams_allowed(standing, Power.SEE_TEAM_PEOPLE).values("pk"))
    teams = Team.objects.filter(kept | Q(pk__in=list(standing.teams)))
    form = WhyForm(request.GET or None, teams=teams)
    context: dict[str, Any] = {
        "form": form,
        "team_powers": _table([power for power in Power if power.about.in_team]),
        "house_powers": _table([power for power in Power if not power.about.in_team]),
        "organisation_roles": User.Role.choices,
        "team_roles": Membership.Role.choices,
        "denials": lists.shown(lists.denials() if standing.allows(Power.DENY) else lists.denials(person=request.user)),
        "denies": standing.allows(Power.DENY),
    }
    if form.is_bound and form.is_valid():
        power, team = Power(form.cleaned_data["power"]), form.cleaned_data["team"]
        where = team if power.about.in_team else None
        verdict = verdict_of(standing, power, where)
        context |= {"verdict": verdict, "says": _may(power, where)}
    return render(request, "accounts/roles.html", context)


def _may(power: Power, where: Team | None) -> str:
    if where:
        return _("You may %(phrase)s: in %(team)s.") % {"phrase": power.about.phrase, "team": where}
    return _("You may %(phrase)s.") % {"phrase": power.about.phrase}


def _table(powers: list[Power]) -> list[tuple[str, list[bool], list[bool]]]:
    """Return for each power its words, and whether each role of the organisation and of a team holds it."""
    return [
        (
            str(power.about.phrase),
            [power in ORGANISATION[r] for r in User.Role],
            [power in TEAM[r] for r in Membership.Role],
        )
        for power in powers
    ]


@require_POST
@keepers(Power.DENY)
def deny_person(request: Keeper, person: UUID) -> HttpResponse:
    """Take a power from somebody, everywhere or in one team."""
    return _deny(request, user=found(request, User.objects.all(), person))


@require_POST
@keepers(Power.DENY)
def deny_team(request: Keeper, team: UUID) -> HttpResponse:
    """Take a power from everybody in a team."""
    return _deny(request, team=found(request, Team.objects.all(), team))


def _deny(request: Keeper, *, user: User | None = None, team: Team | None = None) -> HttpResponse:
    form = DenyForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Choose what is taken away, and say why."))
    data = form.cleaned_data
    power, where = Power(data["power"]), team or data["team"]
    denials.deny(power, user=user, team=where, reason=data["reason"], by=request.user)
    who = user or _("Everybody in %(team)s") % {"team": team}
    messages.success(request, _("%(who)s may not %(phrase)s any more.") % {"who": who, "phrase": power.about.phrase})
    return redirect(f"accounts:{'person' if user else 'team'}", (user or team).pk)  # type: ignore[union-attr]


@require_POST
@keepers(Power.DENY)
def lift(request: Keeper, denial: UUID) -> HttpResponse:
    """Let roles decide again."""
    require(request.user, Power.DENY)
    mine: Denial = found(request, lists.denials(), denial)
    denials.lift(mine, by=request.user)
    messages.success(request, _("The denial is lifted: roles decide again."))
    match request.POST.get("from"), mine.person_id, mine.team_id:
        case "person", UUID() as person, _:
            return redirect("accounts:person", person)
        case "team", _, UUID() as team:
            return redirect("accounts:team", team)
    return redirect("accounts:roles")
