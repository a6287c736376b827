"""Requests to see somebody's chats, as the tests need them."""

from datetime import timedelta

from django.db.models.functions import Now
from factories import make_user

from accounts.models import User
from breakglass import actions
from breakglass.models import Glass

REASON = "The works council and legal asked for it, case of the leaked drawings."


def cast() -> tuple[User, User, User]:
    """Return an administrator who asks, an auditor who decides, and a member whom it is about."""
    alan = make_user("alan@example.org", role=User.Role.ADMIN)
    olga = make_user("olga.audit@example.org", role=User.Role.AUDITOR)
    return alan, olga, make_user("bob@example.org")


def requested(alan: User, bob: User, *, hours: int = 4) -> Glass:
    return actions.ask(bob, by=alan, reason=REASON, reference="HR-7", hours=hours)


def opened(alan: User, olga: User, bob: User) -> Glass:
    glass = requested(alan, bob)
    actions.approve(glass, by=olga)
    glass.refresh_from_db()
    return glass


def let_time_pass(glass: Glass) -> None:
    """Move the end of a glass into the past."""
    Glass.objects.within(glass).update(until=Now() - timedelta(seconds=1))
