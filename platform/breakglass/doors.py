"""Who comes in: whoever may ask for or decide a request. For everybody else there is no such office."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.authority import Refused, Standing, standing_of
from accounts.models import User
from accounts.roles import Power
from audit import refusals, verbs
from audit.entry import Target
from breakglass.actions import Refusal

View = Callable[..., HttpResponse]


class Person(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class Keeper(Person):
    """A request of somebody of the office, with what their authority rests on now."""

    standing: Standing


def is_keeper(standing: Standing) -> bool:
    """Whether somebody sees the office."""
    return standing.allows(Power.ASK_BREAK_GLASS) or standing.allows(Power.APPROVE_BREAK_GLASS)


def keepers(view: View) -> View:
    """Let in who may ask or decide, by rows as they are now; what cannot be done is a page with the reason."""

    @login_required
    @wraps(view)
    def guarded(request: Keeper, *args: Any, **kwargs: Any) -> HttpResponse:
        request.standing = standing_of(request.user)
        if not is_keeper(request.standing):
            not_there(request, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return render(request, "breakglass/refusal.html", {"why": str(refusal)}, status=409)
        except Refused as refused:
            refusals.refused(verbs.ACCESS_REFUSED, targets=_targets(kwargs), facts={"door": _door(request)})
            context = {"why": refused.verdict.why, "who": refused.verdict.who}
            return render(request, "breakglass/refusal.html", context, status=403)

    return guarded


def not_there(request: HttpRequest, **ids: object) -> NoReturn:
    """Answer 404 and have the audit log count it. Raises Http404."""
    refusals.refused(verbs.ACCESS_REFUSED, targets=_targets(ids), facts={"door": _door(request)})
    raise Http404


def _targets(ids: dict[str, object]) -> list[Target]:
    kinds = {"number": "glass", "pk": "conversation"}
    return [Target(kinds.get(name, name), str(value)) for name, value in ids.items()]


def _door(request: HttpRequest) -> str | None:
    return request.resolver_match.view_name if request.resolver_match else None
