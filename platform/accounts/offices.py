"""The house's offices: pages for those who keep it. Who sees which is decided here, at every request anew."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Office:
    """One entry of the navigation: the Django app whose doors it has, the door it opens with, and for whom."""

    name: str
    app: str
    door: str
    is_for: Callable[[User], bool]


OFFICES = (Office("Audit log", "audit", "audit:log", lambda person: person.reads_log),)


def offices_of(user: User | AnonymousUser) -> list[Office]:
    """Return the offices that this person may enter."""
    return [office for office in OFFICES if office.is_for(user)] if isinstance(user, User) else []


def offices(request: HttpRequest) -> dict[str, Any]:
    """Let every template ask for the person's `offices`. Nothing is looked up where none does."""
    return {"offices": lambda: offices_of(request.user)}
