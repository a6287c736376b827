"""Who acts. A request's actor travels in a context variable; workers are the system, commands are operators."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

SESSION_DIGITS = 16


class Kind(StrEnum):
    """What kind of actor this is."""

    PERSON = "person"
    SYSTEM = "system"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person's id, a short digest of their session's key, and the address they came from."""

    kind: Kind
    id: str | None = None
    session: str | None = None
    address: str | None = None


SYSTEM = Actor(Kind.SYSTEM)
_current: ContextVar[Callable[[], Actor]] = ContextVar("actor", default=lambda: SYSTEM)


def current() -> Actor:
    """Return who acts here and now: the request's actor, what `acting` says, else the system."""
    return _current.get()()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Let this actor act inside the block."""
    token = _current.set(lambda: actor)
    try:
        yield
    finally:
        _current.reset(token)


def operator() -> Actor:
    """Return whoever runs a command on the server: the id is that of the operating system."""
    return Actor(Kind.OPERATOR, id=f"unix:{os.getuid()}")


def digest_of_session(key: str | None) -> str | None:
    """Return the short digest under which a session appears in the log. The key itself never does."""
    return hashlib.sha256(key.encode()).hexdigest()[:SESSION_DIGITS] if key else None


def of_request(request: HttpRequest) -> Actor:
    """Return who sent this request; somebody who is not signed in is unknown."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    session = getattr(request, "session", None)
    return Actor(
        kind=Kind.PERSON if known else Kind.UNKNOWN,
        id=str(user.pk) if known and user is not None else None,
        session=digest_of_session(session.session_key) if known and session is not None else None,
        address=request.META.get("REMOTE_ADDR") or None,
    )


@sync_and_async_middleware
def request_actor(get_response):  # type: ignore[no-untyped-def]
    """Let the request's actor act in everything below. It is looked up only when something is written to the log."""
    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            token = _current.set(lambda: of_request(request))
            try:
                response: HttpResponseBase = await get_response(request)
                return response
            finally:
                _current.reset(token)

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = _current.set(lambda: of_request(request))
        try:
            response: HttpResponseBase = get_response(request)
            return response
        finally:
            _current.reset(token)

    return middleware
