"""The office of models: the files that are registered, their cards, and what is done with them."""

import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, sent
from accounts.refusal import Refusal
from models_admin import cards, downloading, folder, listing, uploading
from models_admin.doors import of_models
from models_admin.forms import CardForm, FetchForm, FileFilters, MarkForm
from models_admin.models import ModelFile

LOOKING_SECONDS = 8  # about: so long housekeeping takes to find what rests
REST_OF_CARD = (*cards.FIELDS, "demo")


def _file(request: Keeper, pk: UUID) -> ModelFile:
    return found(request, ModelFile.objects.select_related("replacement"), pk)


@require_safe
@of_models
def files(request: Keeper) -> HttpResponse:
    """Every model file that fits the filters, which stand in the address; and how to add one."""
    return _files(request)


def _files(request: Keeper, *, fetch_form: FetchForm | None = None) -> HttpResponse:
    form = FileFilters(request.GET)
    fitting = list(listing.files(form.asked()))
    context: dict[str, Any] = {
        "form": form,
        "files": fitting,
        "asked": bool(form.address()),
        "work": listing.at_work(),
        "looking": "looked" in request.GET,
        "until": int(time.time()) + LOOKING_SECONDS if "looked" in request.GET else 0,
        "uploads": [(upload, uploading.received(upload)) for upload in uploading.uploads_of(request.user)],
        "folder": folder.root(),
        "any": bool(fitting) or ModelFile.objects.exists(),
        "hub": settings.HUB,
        "fetch_form": fetch_form or FetchForm(),
        "downloads": downloading.lately(),
    }
    return render(request, "models_admin/files.html", context, status=400 if fetch_form else 200)


@require_safe
@of_models
def work(request: Keeper) -> HttpResponse:
    """What is being read and hashed now, for a page that looks every second.

    `until` is when a folder that was to be looked through will have been, in seconds since 1970.
    """
    until = request.GET.get("until", "")
    looking = until.isdecimal() and time.time() < int(until[:12]) < time.time() + 2 * LOOKING_SECONDS
    return render(request, "models_admin/_work.html", _at_work(looking))


def _at_work(looking: bool) -> dict[str, Any]:
    return {"work": listing.at_work(), "looking": looking, "downloads": downloading.lately()}


@require_POST
@of_models
def look(request: Keeper) -> HttpResponse:
    """Have housekeeping look through the folder at once."""
    cards.look_again(by=request.user)
    return redirect(f"{reverse('models_admin:files')}?looked")


@require_POST
@of_models
def fetch(request: Keeper) -> HttpResponse:
    """Have a file fetched from a hub."""
    form = FetchForm(request.POST)
    if form.is_valid():
        try:
            downloading.ask(**form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The file is fetched in the background, and listed once it is here."))
            return redirect("models_admin:files")
    return _files(request, fetch_form=form)


@require_safe
@of_models
def file(request: Keeper, file: UUID) -> HttpResponse:
    """One model's card; its state alone for the page that waits for its hash."""
    mine = _file(request, file)
    if is_part(request):
        return render(request, "models_admin/_state.html", {"file": mine})
    return _page(request, mine)


def _page(request: Keeper, mine: ModelFile, *, form: MarkForm | None = None) -> HttpResponse:
    context = {
        "file": mine,
        "form": form or MarkForm(file=mine),
        "deployments": list(mine.deployments.order_by("-enabled", "name")),
        "forecasts": listing.forecasts(mine),
        "added_by": listing.added_by(mine),
        "builtin": listing.is_builtin(mine),
        "inside": str(folder.root()),
    }
    return render(request, "models_admin/file.html", context, status=400 if form else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@of_models
def card(request: Keeper, file: UUID) -> HttpResponse:
    """Write what the organisation says of a model."""
    mine = _file(request, file)
    form = CardForm(sent(request), initial={name: getattr(mine, name) for name in REST_OF_CARD})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in REST_OF_CARD}
        cards.change_card(mine, values, by=request.user)
        messages.success(request, _("The card is saved."))
        return redirect("models_admin:file", file)
    return render(request, "models_admin/card.html", {"file": mine, "form": form}, status=400 if form.is_bound else 200)


@require_POST
@of_models
def mark(request: Keeper, file: UUID) -> HttpResponse:
    """Mark a model as deprecated, with what replaces it, or no longer so."""
    mine = _file(request, file)
    form = MarkForm(sent(request), file=mine)
    if not form.is_valid():
        return _page(request, mine, form=form)
    data = form.cleaned_data
    try:
        cards.deprecate(mine, deprecated=data["deprecated"], replacement=data["replacement"], by=request.user)
    except Refusal as refusal:
        form.add_error("replacement", str(refusal))
        return _page(request, mine, form=form)
    messages.success(request, _("It is marked as deprecated.") if data["deprecated"] else _("It is not deprecated."))
    return redirect("models_admin:file", file)


@require_POST
@of_models
def accept(request: Keeper, file: UUID) -> HttpResponse:
    """Register a changed file anew, as it is now."""
    mine = _file(request, file)
    cards.accept(mine, by=request.user)
    messages.success(request, _("The file is read and hashed anew. It can be loaded once that is done."))
    return redirect("models_admin:file", file)


@require_POST
@of_models
def forget(request: Keeper, file: UUID) -> HttpResponse:
    """Take a file that is gone off the list."""
    mine = _file(request, file)
    cards.forget(mine, by=request.user)
    messages.success(request, _("%(mine)s is off the list.") % {"mine": mine})
    return redirect(reverse("models_admin:files"))
