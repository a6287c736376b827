"""Who comes into an office. Authority is read anew at every request.

Whoever may not see an office at all finds nothing there (404). Whoever may, but not do this, is told why and who can
change it (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.authority import Refused, Standing, standing_of
from accounts.models import User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import refusals, verbs
from audit.entry import Target

View = Callable[..., HttpResponseBase]
M = TypeVar("M", bound=Model)


class Keeper(HttpRequest):
    """A request of somebody who is signed in, with what their authority rests on now."""

    user: User
    standing: Standing


def keepers(*powers: Power) -> Callable[[View], View]:
    """Let in who holds one of these powers somewhere; with none named, everybody who is signed in."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: Keeper, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.standing = standing_of(request.user)
            if powers and not any(request.standing.somewhere(power) for power in powers):
                not_there(request, *_targets(kwargs))
            try:
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return render(request, "accounts/refusal.html", {"why": str(refusal)}, status=409)
            except Refused as refused:
                return _refuse(request, refused, _targets(kwargs))

        return guarded

    return guard


def _refuse(request: Keeper, refused: Refused, targets: list[Target]) -> HttpResponse:
    refusals.refused(verbs.ACCESS_REFUSED, targets=targets, facts={"door": _door(request)})
    context = {"why": refused.verdict.why, "who": refused.verdict.who}
    return render(request, "accounts/refusal.html", context, status=403)


def not_there(request: HttpRequest, *targets: Target) -> NoReturn:
    """Answer 404 and have the audit log count it. Raises Http404."""
    refusals.refused(verbs.ACCESS_REFUSED, targets=list(targets), facts={"door": _door(request)})
    raise Http404


def found(request: HttpRequest, rows: QuerySet[M], pk: object) -> M:
    """Return a row of those that this person may reach; another one is not there for them. Raises Http404."""
    row = rows.filter(pk=pk).first()
    if row is None:
        not_there(request, Target(str(rows.model._meta.model_name), str(pk)))
    return row


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, empty or not; nothing where nothing was."""
    return request.POST if request.method == "POST" else None


def is_part(request: HttpRequest) -> bool:
    """Whether a script asks for a list's rows alone."""
    return "X-Hearth-Partial" in request.headers


def _targets(ids: dict[str, object]) -> list[Target]:
    return [Target(name, str(pk)) for name, pk in ids.items() if name != "token"]


def _door(request: HttpRequest) -> str | None:
    return request.resolver_match.view_name if request.resolver_match else None
