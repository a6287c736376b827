"""Who comes in: whoever reads the log, asked anew at every request. For everybody else there is nothing here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from audit import refusals, verbs
from audit.entry import Target


class Keeper(Protocol):
    """What the log must know of a person. Accounts decide who reads it."""

    pk: UUID
    reads_log: bool
    is_admin: bool


class Reader(HttpRequest):
    """A request of somebody who reads the log."""

    user: Keeper  # type: ignore[assignment]


View = Callable[..., HttpResponseBase]


def _only(allows: Callable[[Any], bool]) -> Callable[[View], View]:
    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Reader, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if allows(request.user):
                return view(request, *args, **kwargs)
            match = request.resolver_match
            refusals.refused(
                verbs.ACCESS_REFUSED,
                targets=[Target(name, str(pk)) for name, pk in kwargs.items()],
                facts={"door": match.view_name if match else None},
            )
            raise Http404

        return guarded

    return guard


readers = _only(lambda user: bool(user.reads_log))
admins = _only(lambda user: bool(user.is_admin))
