"""What every page can show at its top: notices about oneself, and requests that wait for one's word."""

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from breakglass.models import Glass
from breakglass.queries import notices_for, to_decide


def _mine(request: HttpRequest) -> list[Glass]:
    return list(notices_for(request.user)) if isinstance(request.user, User) else []


def _waiting(request: HttpRequest) -> int:
    """Return how many requests this person may decide. Most people hold no such role and cost no query."""
    user = request.user
    return to_decide(user).count() if isinstance(user, User) and user.organisation_role != User.Role.MEMBER else 0


def notices(request: HttpRequest) -> dict[str, Any]:
    """Let every template ask for `notices` and `to_decide`. Nothing is looked up where none does."""
    return {"notices": lambda: _mine(request), "to_decide": lambda: _waiting(request)}
