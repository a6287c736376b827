"""Guessing a password is slow for strangers, and keeps nobody out of a browser in which they have signed in before.

Every try is counted before the password is looked at, so that a hundred at once are no more than a hundred in a row,
and taken back when it was right. Too many under one key are refused until they are older than the limit's time.
Strangers share the limits of the account and of their address; a known browser has limits of its own. Unknown accounts
count like known ones.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from accounts.models import Attempt
from audit.actor import of_request

KEPT = timedelta(hours=1)
KNOWN_FOR = timedelta(days=180)
MOST_PEOPLE = 8  # who share one browser
SALT = "hearth known browser"


@dataclass(frozen=True, slots=True)
class Limit:
    """This many tries within this time."""

    most: int
    within: timedelta


MINUTES = Limit(5, timedelta(minutes=5))
LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "browser": (MINUTES,),  # one account in a known browser
    "pair": (MINUTES,),  # one account from one address
    "account": (Limit(30, KEPT),),  # one account from everywhere
    "address": (Limit(20, timedelta(minutes=1)), Limit(300, KEPT)),  # any account from one address
}


@dataclass(frozen=True, slots=True)
class Tries:
    """What was counted for one try."""

    pks: tuple[int, ...]

    def take_back(self) -> None:
        """The password was right: forget it. Others stay, or an attacker's own account would wipe the address clean."""
        Attempt.objects.filter(pk__in=self.pks).delete()


def _digest(*parts: str) -> str:
    return salted_hmac("hearth tries", "\n".join(parts), algorithm="sha256").hexdigest()


def _keys(request: HttpRequest, email: str) -> dict[str, str]:
    """Return what this try counts for: kinds of limits, and the digest of whom."""
    if browser := _known_browser(request, email):
        return {"browser": _digest("browser", browser, email)}
    address = of_request(request).address or ""
    return {
        "pair": _digest("pair", address, email),
        "account": _digest("account", email),
        "address": _digest("address", address),
    }


def begin(request: HttpRequest, email: str) -> Tries | None:
    """Count a try. Return None where there were too many: then it counts for nothing, or it would never end."""
    keys = _keys(request, email.strip().lower())
    rows = Attempt.objects.bulk_create(Attempt(key=key) for key in keys.values())
    tries = Tries(tuple(row.pk for row in rows))
    if _too_many(keys):
        tries.take_back()
        return None
    return tries


def _too_many(keys: Mapping[str, str]) -> bool:
    limits = [(keys[kind], limit) for kind in keys for limit in LIMITS[kind]]
    counts = {
        f"limit_{n}": Count("pk", filter=Q(key=key, at__gt=Now() - limit.within))
        for n, (key, limit) in enumerate(limits)
    }
    found = Attempt.objects.filter(key__in=keys.values(), at__gt=Now() - KEPT).aggregate(**counts)
    return any(found[f"limit_{n}"] > limit.most for n, (_, limit) in enumerate(limits))


def forget_old() -> None:
    """Delete the tries that no limit counts any more."""
    Attempt.objects.filter(at__lte=Now() - KEPT).delete()


def _read(cookies: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the browser's name and the digests of who has signed in with it; nothing where nobody has."""
    try:
        told = signing.loads(cookies.get(settings.KNOWN_BROWSER_COOKIE_NAME, ""), salt=SALT, max_age=KNOWN_FOR)
        return str(told["browser"]), list(told["people"])
    except (signing.BadSignature, KeyError, TypeError):
        return "", []


def browser_in(cookies: Mapping[str, str]) -> str:
    """Return the name of a browser in which somebody has signed in before, or nothing. It asks no database."""
    return _read(cookies)[0]


def _known_browser(request: HttpRequest, email: str) -> str | None:
    browser, people = _read(request.COOKIES)
    return browser if _digest("person", email) in people else None


def know(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Have the browser remember that this person has signed in with it. The cookie opens nothing."""
    browser, people = _read(request.COOKIES)
    me = _digest("person", email.lower())
    people = [me, *(one for one in people if one != me)][:MOST_PEOPLE]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"browser": browser or secrets.token_urlsafe(16), "people": people}, salt=SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
