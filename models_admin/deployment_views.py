"""Deployments: their list, each one's page, and what is done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, sent
from accounts.models import User
from models_admin import deployed, deploying, listing
from models_admin.deploy_forms import FitForm, UseForm, fit_values, use_values
from models_admin.deploy_views import OVER
from models_admin.deploying import SAMPLING
from models_admin.doors import of_models
from models_admin.models import Deployment

AILING = (Deployment.State.REFUSED, Deployment.State.UNHEALTHY)
OFF = gettext_lazy("It is switched off. Answers that are being written go on to their end.")


def _deployment(request: Keeper, pk: UUID) -> Deployment:
    return found(request, deployed.deployments().select_related("model", "endpoint"), pk)


@require_safe
@of_models
def deployments(request: Keeper) -> HttpResponse:
    """Every deployment, with how it stands."""
    rows = list(deployed.deployments())
    context = {"deployments": rows, "any_file": bool(rows) or listing.deployable().exists()}
    return render(request, "models_admin/deployments.html", context)


@require_safe
@of_models
def deployment(request: Keeper, deployment: UUID) -> HttpResponse:
    """One deployment; for scripts how it stands alone, or with `after` more of its history."""
    mine = _deployment(request, deployment)
    after = request.GET.get("after", "")
    history = deployed.history(mine, after=int(after[:18]) if after.isdecimal() else None)
    context: dict[str, Any] = {
        "deployment": mine,
        "moving": deployed.is_moving(mine, mine.places),  # type: ignore[attr-defined]
        "history": history.rows,
        "more": f"after={history.more}" if history.more else "",
    }
    if is_part(request):
        return render(request, "models_admin/_history.html" if after else "models_admin/_standing.html", context)
    context |= {
        "verdict": deployed.as_deployed(mine),
        "worn": list(mine.worn.select_related("file")),
        "sampling": [(UseForm.base_fields[name].label, getattr(mine, name), name) for name in SAMPLING],
        "ails": any(place.state in AILING for place in mine.places),  # type: ignore[attr-defined]
        "why_not_removed": deploying.why_not_removed(mine),
    }
    return render(request, "models_admin/deployment.html", context)


def _fit_form(request: Keeper, mine: Deployment, data: Any) -> FitForm | None:
    if mine.model is None:
        return None
    adapters = deployed.adapters_of(mine.model, mine)
    return FitForm(data, file=mine.model, adapters=adapters, initial=fit_values(mine))


@require_http_methods(["GET", "HEAD", "POST"])
@of_models
def change(request: Keeper, deployment: UUID) -> HttpResponse:
    """Change how it is run and used; for scripts whether it fits, while somebody types."""
    mine = _deployment(request, deployment)
    fit = _fit_form(request, mine, request.GET if is_part(request) else sent(request))
    if is_part(request) and fit:
        return render(request, "models_admin/_fit.html", {"form": fit, "verdict": deployed.verdict(fit, mine)})
    use = UseForm(sent(request), deployment=mine, initial=use_values(mine))
    checking = "check" in request.POST
    if request.method == "POST" and not checking and _is_good(fit, use, mine):
        deploying.change(mine, deployed.plan_of(fit, use), by=request.user)
        messages.success(request, _("The changes are saved."))
        return redirect("models_admin:deployment", mine.pk)
    context = {"deployment": mine, "fit": fit, "use": use, "verdict": _shown(fit, mine)}
    return render(request, "models_admin/change.html", context, status=400 if use.is_bound and not checking else 200)


def _shown(fit: FitForm | None, mine: Deployment) -> Any:
    return deployed.verdict(fit, mine) if fit and fit.is_bound else deployed.as_deployed(mine)


def _is_good(fit: FitForm | None, use: UseForm, mine: Deployment) -> bool:
    """Whether it can be saved as it was sent; what does not fit has to be wanted."""
    verdict = deployed.verdict(fit, mine) if fit else None
    if fit and verdict and verdict.is_bad and not fit.cleaned_data["sure"]:
        fit.add_error("sure", OVER)
    return use.is_valid() and (fit is None or fit.is_valid())


@require_POST
@of_models
def switch(request: Keeper, deployment: UUID) -> HttpResponse:
    """Switch it on or off."""
    mine = _deployment(request, deployment)
    on = request.POST.get("on") == "yes"
    deploying.switch(mine, on=on, by=request.user)
    messages.success(request, _("It is switched on.") if on else OFF)
    return redirect("models_admin:deployment", mine.pk)


@require_POST
@of_models
def restart(request: Keeper, deployment: UUID) -> HttpResponse:
    """Have it loaded anew."""
    said = _("It is loaded anew, one machine after the other, as soon as its answers have ended.")
    return _done(request, deployment, deploying.restart, said)


@require_POST
@of_models
def retry(request: Keeper, deployment: UUID) -> HttpResponse:
    """Have it tried again at once where it was refused or rests."""
    return _done(request, deployment, deploying.retry, "It is tried again now.")


def _done(request: Keeper, pk: UUID, act: Callable[..., None], said: str) -> HttpResponse:
    mine = _deployment(request, pk)
    user: User = request.user
    act(mine, by=user)
    messages.success(request, said)
    return redirect("models_admin:deployment", mine.pk)


@require_POST
@of_models
def remove(request: Keeper, deployment: UUID) -> HttpResponse:
    """Take it off the list."""
    mine = _deployment(request, deployment)
    deploying.remove(mine, by=request.user)
    messages.success(request, _("%(mine)s is off the list. Its file stays where it is.") % {"mine": mine})
    return redirect("models_admin:deployments")
