"""How the house looks to one person: its name, its picture, its colour, their theme, and what is announced to them."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User

PRODUCT = "Hearth"
FLAME = "hearth/img/flame.svg"
LINK = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of an announcement; `address` where they are a link."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """An announcement as one person sees it. `id` is another one with every text."""

    id: str
    level: str
    text: str

    @property
    def pieces(self) -> list[Piece]:
        """The text, cut where links begin and end. Nothing but http and https is a link."""
        parts = LINK.split(self.text)
        return [Piece(part, part if at % 2 else "") for at, part in enumerate(parts) if part]


class Look:
    """The look for one request. Nothing is read before a template asks, and the organisation's row once."""

    def __init__(self, user: object) -> None:
        self.user = user if isinstance(user, User) else None

    @cached_property
    def house(self) -> Organisation:
        return Organisation.objects.first() or Organisation(name=PRODUCT)

    @property
    def name(self) -> str:
        return self.house.name

    @property
    def mark(self) -> str:
        """The address of the picture beside the name."""
        return reverse("accounts:logo", args=[self.house.logo]) if self.house.logo else static(FLAME)

    @property
    def sheet(self) -> str:
        """The address of the style sheet with the organisation's colour, or nothing for Hearth's own."""
        return reverse("accounts:shades", args=[self.house.accent[1:]]) if self.house.accent else ""

    @property
    def theme(self) -> str:
        """What this person has chosen; nothing where nobody is signed in: then the browser says."""
        return self.user.theme if self.user else ""

    @property
    def next_theme(self) -> str:
        """What the switch leads to where no script knows how the device looks."""
        return {"auto": "dark", "dark": "light"}.get(self.theme, "auto")

    @cached_property
    def banner(self) -> Banner | None:
        """What is announced to this person now and was not closed by them."""
        house, user = self.house, self.user
        if user is None or not stands(house, timezone.now()) or user.banner_closed == house.banner_id:
            return None
        if house.banner_for == Organisation.Audience.ADMINS and not user.is_admin:
            return None
        return banner_of(house)


def banner_of(house: Organisation) -> Banner:
    """Return what is announced, whoever may see it now."""
    return Banner(str(house.banner_id or ""), house.banner_level, house.banner)


def stands(house: Organisation, now: datetime) -> bool:
    """Whether something is announced at this time."""
    begun = house.banner_from is None or house.banner_from <= now
    over = house.banner_until is not None and house.banner_until <= now
    return bool(house.banner) and begun and not over


def look(request: HttpRequest) -> dict[str, Any]:
    """Let every template ask for the `look`."""
    return {"look": Look(getattr(request, "user", None))}
