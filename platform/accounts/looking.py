"""Changes of how the house looks: for everybody by its administrators, for oneself by anybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.authority import require
from accounts.models import Logo, Organisation, User
from accounts.pictures import Picture
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.shades import COLOUR
from audit import verbs
from audit.actions import record

BANNER = ("banner_level", "banner_for", "banner_from", "banner_until")


def _locked() -> Organisation:
    return Organisation.objects.select_for_update().get(pk=1)


def _applied(house: Organisation, fresh: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs. Return for each changed setting what it was and what it is."""
    changed = {name: (getattr(house, name), value) for name, value in fresh.items() if getattr(house, name) != value}
    for name, (_old, value) in changed.items():
        setattr(house, name, value)
    return changed


@transaction.atomic
def set_look(*, accent: str, picture: Picture | None = None, without: bool = False, by: User) -> Organisation:
    """Set the colour, `#rrggbb` or nothing for Hearth's own, and another logo or, `without`, none; else it stays.

    Raises Refusal for what is no colour.
    """
    require(by, Power.SET_ORGANISATION)
    if accent and not COLOUR.fullmatch(accent):
        raise Refusal(_("A colour has six digits behind a #, as in #b93f0a."))
    house = _locked()
    changed = _applied(house, {"accent": accent})
    if drawn := picture is not None or (without and house.logo is not None):
        Logo.objects.all().delete()
        house.logo = _kept(picture).pk if picture else None
    if changed or drawn:
        house.save(update_fields=["accent", "logo"])
        record(verbs.LOOK_CHANGED, changes=changed, facts={"fields": ["logo"]} if drawn else {})
    return house


def _kept(picture: Picture) -> Logo:
    return Logo.objects.create(type=picture.type, width=picture.width, height=picture.height, data=picture.data)


@transaction.atomic
def set_banner(
    *, text: str, level: str, audience: str, begins: datetime | None, ends: datetime | None, by: User
) -> Organisation:
    """Announce a plain text, or nothing where it is empty. Another text is shown anew to those who closed the last one.

    Raises Refusal where it would end before it begins.
    """
    require(by, Power.SET_ORGANISATION)
    if begins and ends and ends <= begins:
        raise Refusal(_("The announcement would end before it begins."))
    house = _locked()
    another = house.banner != text
    changed = _applied(house, dict(zip(BANNER, (level, audience, begins, ends), strict=True)))
    if another:
        house.banner, house.banner_id = text, uuid4() if text else None
    if changed or another:
        house.save(update_fields=["banner", "banner_id", *BANNER])
        record(verbs.BANNER_CHANGED, changes=changed, facts={"fields": ["banner"]} if another else {})
    return house


def close_banner(user: User, *, banner: str) -> None:
    """Show this person no more what is announced. A text that is another one by now stays."""
    house = Organisation.objects.filter(pk=1).first()
    if house and house.banner_id and str(house.banner_id) == banner:
        User.objects.filter(pk=user.pk).update(banner_closed=house.banner_id)


def choose_theme(user: User, *, theme: str) -> None:
    """Show this person all pages light, dark, or as their device. Raises Refusal for what is none of these."""
    if theme not in User.Theme.values:
        raise Refusal(_("There is no such choice."))
    User.objects.filter(pk=user.pk).update(theme=theme)
