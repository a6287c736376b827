"""Counts per address and per session: how much of something somebody may still have, and who is known here."""

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

MOST_REMEMBERED = 20_000


@dataclass(slots=True)
class Bucket:
    """What is left to somebody, and when that was so."""

    left: float
    at: float


class Meter:
    """So many at once, and so many a second for as long as it takes. The longest unseen are forgotten first."""

    def __init__(self, *, burst: int, rate: float) -> None:
        self.burst, self.rate = burst, rate
        self.buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str, now: float) -> bool:
        """Count one. Return whether it may pass."""
        bucket = self.buckets.setdefault(key, Bucket(self.burst, now))
        self.buckets.move_to_end(key)
        if len(self.buckets) > MOST_REMEMBERED:
            self.buckets.popitem(last=False)
        bucket.left = min(self.burst, bucket.left + self.rate * (now - bucket.at))
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


class Known:
    """Sessions of people who were signed in when they last loaded a page, as digests."""

    def __init__(self) -> None:
        self.digests: OrderedDict[str, None] = OrderedDict()

    def add(self, session: str) -> None:
        """Remember a session; the one that was longest away is forgotten where there are too many."""
        digest = _digest(session)
        self.digests[digest] = None
        self.digests.move_to_end(digest)
        if len(self.digests) > MOST_REMEMBERED:
            self.digests.popitem(last=False)

    def find(self, session: str) -> str:
        """Return the digest of a session that is known, else nothing."""
        digest = _digest(session)
        return digest if digest in self.digests else ""


def _digest(session: str) -> str:
    return sha256(session.encode()).hexdigest()


# Whatever passes is worked off one by one: what passes at once is what a neighbour may have to wait for.
STRANGERS = Meter(burst=60, rate=25)  # requests from one address
BROWSERS = Meter(burst=60, rate=25)  # requests from one browser in which somebody has signed in before
STRANGE_SOCKETS = Meter(burst=20, rate=10)  # handshakes from one address
SOCKETS = Meter(burst=60, rate=10)  # handshakes of one known session, or one such browser
KNOWN = Known()


def know(request: HttpRequest) -> None:
    """Remember whose page this is, where the page had to ask whether somebody is signed in, or has signed them in."""
    user = getattr(request, "_cached_user", None) or getattr(request, "_acached_user", None)
    if issubclass(type(getattr(request, "user", None)), AbstractBaseUser):
        user = request.user  # no longer the lazy one: somebody has just come in
    if user is not None and user.is_authenticated and request.session.session_key:
        KNOWN.add(request.session.session_key)
