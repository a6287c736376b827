"""What the organisation's administrators set for everybody."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.authority import require
from accounts.models import Organisation, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record

SETTINGS = (
    "joining",
    "mfa",
    "idle_minutes",
    "absolute_hours",
    "tell_at_end",
)


@transaction.atomic
def set_organisation(*, by: User, **fresh: Any) -> Organisation:
    """Change the name and any of SETTINGS; what is not named stays. Raises Refusal where they contradict each other."""
    require(by, Power.SET_ORGANISATION)
    held = Organisation.objects.select_for_update().get(pk=1)
    known = {name: getattr(held, name) for name in fresh}
    if unknown := fresh.keys() - {"name", *SETTINGS}:
        raise ValueError(f"No settings of an organisation: {sorted(unknown)}")
    for name, value in fresh.items():
        setattr(held, name, value)
    _refuse_contradictions(held)
    changed = {name: (known[name], value) for name, value in fresh.items() if known[name] != value}
    if changed:
        held.save(update_fields=list(changed))
        renamed = {"fields": ["name"]} if changed.pop("name", None) else {}
        record(verbs.ORGANISATION_CHANGED, changes=changed, facts=renamed)
    return held


def _refuse_contradictions(house: Organisation) -> None:
    if house.idle_minutes and not 5 <= house.idle_minutes <= 43_200:
        raise Refusal(_("Unused sessions end after 5 minutes to 30 days (43200 minutes), or never (0)."))
    if not 1 <= house.absolute_hours <= 8_760:
        raise Refusal(_("Sessions end after 1 hour to 365 days (8760 hours)."))
