"""The house's offices: pages for those who keep it. Who sees which is decided here, at every request anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy

from accounts.authority import Standing, standing_of
from accounts.models import User
from accounts.roles import Power

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Office:
    """An entry of the navigation: the door it opens with, and for whom it is there."""

    name: "StrOrPromise"
    door: str
    is_for: Callable[[Standing], bool]


@dataclass(frozen=True, slots=True)
class Sign:
    """An office as one person sees it from where they stand."""

    name: "StrOrPromise"
    address: str
    is_here: bool


def _holds(*powers: Power) -> Callable[[Standing], bool]:
    return lambda standing: any(standing.somewhere(power) for power in powers)


OFFICES = (
    Office(gettext_lazy("People"), "accounts:people", _holds(Power.MANAGE_PEOPLE)),
    Office(gettext_lazy("Teams"), "accounts:teams", _holds(Power.SEE_TEAM_PEOPLE)),
    Office(gettext_lazy("Invitations"), "accounts:invitations", _holds(Power.MANAGE_PEOPLE, Power.INVITE_TO_TEAM)),
    Office(gettext_lazy("Organisation"), "accounts:organisation", _holds(Power.SET_ORGANISATION)),
    Office(gettext_lazy("Models"), "models_admin:files", _holds(Power.MANAGE_MODELS)),
    Office(gettext_lazy("What can leave the house"), "egress:page", _holds(Power.SET_ORGANISATION)),
    Office(
        gettext_lazy("Break-glass"), "breakglass:requests", _holds(Power.ASK_BREAK_GLASS, Power.APPROVE_BREAK_GLASS)
    ),
    Office(
        gettext_lazy("Data"),
        "retention:house",
        _holds(
            Power.SEE_RETENTION,
            Power.SET_RETENTION,
            Power.PLACE_HOLDS,
            Power.EXPORT_HELD,
            Power.SET_TEAM_RETENTION,
        ),
    ),
    Office(gettext_lazy("Audit log"), "audit:log", _holds(Power.READ_LOG)),
    Office(gettext_lazy("Health"), "health:show", _holds(Power.SET_ORGANISATION, Power.MANAGE_MODELS)),
    Office(gettext_lazy("Who may what"), "accounts:roles", lambda standing: standing.active),
)


def offices_of(request: HttpRequest) -> list[Sign]:
    """Return the offices that this person may enter. What a door has just read is not read again."""
    if not isinstance(request.user, User):
        return []
    standing = getattr(request, "standing", None) or standing_of(request.user)
    signs = ((office, reverse(office.door)) for office in OFFICES if office.is_for(standing))
    return [Sign(office.name, address, request.path.startswith(address)) for office, address in signs]


def offices(request: HttpRequest) -> dict[str, Any]:
    """Let every template ask for the person's `offices`. Nothing is looked up where none does."""
    return {"offices": SimpleLazyObject(lambda: offices_of(request))}
