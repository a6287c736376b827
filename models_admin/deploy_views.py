"""From a file to a deployment in steps: which file, what it is, whether it fits, and how it is used.

What was said in a step stands in the address of the next ones, so that going back shows it. Nothing is in a session.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import Keeper, found, is_part, sent
from models_admin import deployed, deploying, listing
from models_admin.deploy_forms import FitForm, PickFilters, UseForm, fit_values, use_values
from models_admin.doors import of_models
from models_admin.fitting import Verdict
from models_admin.models import ModelFile

OVER = gettext_lazy("It does not fit. Change the settings, or tick this if you know better.")
NO_MORE = gettext_lazy("What was chosen in the step before cannot be used any more. Go back a step and look at it.")


def _file(request: Keeper, pk: UUID) -> ModelFile:
    return found(request, listing.deployable().select_related("replacement"), pk)


@require_safe
@of_models
def pick(request: Keeper) -> HttpResponse:
    """Every file that can be deployed."""
    form = PickFilters(request.GET)
    files = list(listing.deployable_named(form.asked()["q"]))
    context = {"form": form, "files": files, "asked": bool(form.address()), "any": bool(files) or _any()}
    return render(request, "models_admin/deploy/pick.html", context)


def _any() -> bool:
    return listing.deployable().exists()


@require_safe
@of_models
def card(request: Keeper, file: UUID) -> HttpResponse:
    """What a file is, before anybody decides anything."""
    return render(request, "models_admin/deploy/card.html", {"file": _file(request, file)})


def _fit_form(file: ModelFile, data: QueryDict) -> FitForm:
    """Return the form with what was said, or, where nothing was, with what is usual."""
    adapters = deployed.adapters_of(file)
    if "slots" in data:
        return FitForm(data, file=file, adapters=adapters)
    usual = fit_values(deployed.proposed(file))
    return FitForm(file=file, adapters=adapters, initial=usual)


def _verdict(form: FitForm, file: ModelFile) -> Verdict | None:
    """Return how the file fits; an untouched form is looked at as if it had been sent."""
    usual = form if form.is_bound else FitForm(fit_values(deployed.proposed(file)), file=file, adapters=[])
    return deployed.verdict(usual)


@require_safe
@of_models
def fit(request: Keeper, file: UUID) -> HttpResponse:
    """Where it should run, what the engine is told, and whether it fits; the latter alone while somebody types."""
    mine = _file(request, file)
    form = _fit_form(mine, request.GET)
    context: dict[str, Any] = {"file": mine, "form": form, "verdict": _verdict(form, mine)}
    if is_part(request):
        return render(request, "models_admin/_fit.html", context)
    if "over" in request.GET and context["verdict"] and context["verdict"].is_bad:
        form.add_error("sure", OVER)
    return render(request, "models_admin/deploy/fit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_models
def use(request: Keeper, file: UUID) -> HttpResponse:
    """How people use it; and then it is deployed."""
    mine = _file(request, file)
    said = request.POST if request.method == "POST" else request.GET
    fit_form = _fit_form(mine, said)
    verdict = deployed.verdict(fit_form)
    wrong = verdict is None or (verdict.is_bad and not fit_form.cleaned_data["sure"])
    if wrong and request.method != "POST":
        return redirect(_back(mine, _of_fit(fit_form, said), over=verdict is not None))
    form = UseForm(sent(request), initial=use_values(deployed.proposed(mine)))
    if wrong and form.is_valid():
        form.add_error(None, NO_MORE)
    if request.method == "POST" and not wrong and form.is_valid():
        return _deploy(request, mine, fit_form, form)
    kept = _of_fit(fit_form, said)
    context = {"file": mine, "form": form, "verdict": verdict, "said": kept, "back": _back(mine, kept)}
    return render(request, "models_admin/deploy/use.html", context, status=400 if form.is_bound else 200)


def _deploy(request: Keeper, file: ModelFile, fit_form: FitForm, form: UseForm) -> HttpResponse:
    deployment = deploying.create(file, deployed.plan_of(fit_form, form), by=request.user)
    messages.success(
        request,
        _("%(deployment)s is deployed. It is loaded now; this page shows how far it is.") % {"deployment": deployment},
    )
    return redirect("models_admin:deployment", deployment.pk)


def _of_fit(form: FitForm, said: QueryDict) -> list[tuple[str, str]]:
    """Return what the step before said, as hidden fields take it along."""
    return [(name, value) for name in form.fields for value in said.getlist(name)]


def _back(file: ModelFile, said: list[tuple[str, str]], *, over: bool = False) -> str:
    """Return the address of the step before with everything that was said there."""
    address = reverse("models_admin:deploy_fit", args=[file.pk])
    query = urlencode([*said, ("over", "1")] if over else said)
    return f"{address}?{query}" if query else address
