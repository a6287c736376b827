"""Servers elsewhere: their list, each one's page, and whether anything may leave the premises."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, keepers, sent
from accounts.refusal import Refusal
from accounts.roles import Power
from models_admin import endpoints
from models_admin.doors import of_models
from models_admin.endpoint_forms import EndpointForm, KeyForm, NewEndpointForm, PolicyForm, RemoteForm
from models_admin.models import Endpoint
from retention.doors import ask_who


def _endpoint(request: Keeper, pk: UUID) -> Endpoint:
    return found(request, Endpoint.objects.prefetch_related("deployments"), pk)


def _where(refusal: Refusal) -> str:
    """Return the field that a refusal belongs to: the address, where it is about nothing else."""
    return {str(endpoints.TAKEN): "name", str(endpoints.ODD_KEY): "key"}.get(str(refusal), "url")


@require_safe
@of_models
def listed(request: Keeper) -> HttpResponse:
    """Every server, and whether anything may leave the premises."""
    rows = list(Endpoint.objects.prefetch_related("deployments"))
    context = {"endpoints": rows, "policy": endpoints.policy(), "rules": settings.OUTBOUND}
    return render(request, "models_admin/endpoints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_models
def add(request: Keeper) -> HttpResponse:
    """Write down a server."""
    form = NewEndpointForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = endpoints.add(form.cleaned_data, key=form.cleaned_data["key"], by=request.user)
        except Refusal as refusal:
            form.add_error(_where(refusal), str(refusal))
        else:
            messages.success(request, _("The endpoint is saved. Test it, then deploy one of its models."))
            return redirect("models_admin:endpoint", made.pk)
    return render(request, "models_admin/add_endpoint.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
@of_models
def endpoint(request: Keeper, endpoint: UUID) -> HttpResponse:
    """One server."""
    return _page(request, _endpoint(request, endpoint))


def _page(request: Keeper, mine: Endpoint, **forms: Any) -> HttpResponse:
    usual = {name: getattr(mine, name) for name in endpoints.FIELDS}
    context = {"endpoint": mine, "form": EndpointForm(initial=usual), "key_form": KeyForm()} | forms
    return render(
        request, "models_admin/endpoint.html", context, status=400 if {"form", "key_form"} & set(forms) else 200
    )


@require_POST
@of_models
def change(request: Keeper, endpoint: UUID) -> HttpResponse:
    """Correct a server's name or address."""
    mine, form = _endpoint(request, endpoint), EndpointForm(request.POST)
    if form.is_valid():
        try:
            endpoints.change(mine, form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error(_where(refusal), str(refusal))
        else:
            messages.success(request, _saved(mine))
            return redirect("models_admin:endpoint", endpoint)
    return _page(request, mine, form=form)


def _saved(before: Endpoint) -> str:
    if before.sealed_key and not Endpoint.objects.get(pk=before.pk).sealed_key:
        return _(
            "The endpoint is saved. Its key was for another server and is forgotten: enter the one for this server."
        )
    return _("The endpoint is saved.")


@require_POST
@of_models
def key(request: Keeper, endpoint: UUID) -> HttpResponse:
    """Give a server another key."""
    mine, form = _endpoint(request, endpoint), KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, mine, key_form=form)
    try:
        endpoints.replace_key(mine, form.cleaned_data["key"], by=request.user)
    except Refusal as refusal:
        form.add_error("key", str(refusal))
        return _page(request, mine, key_form=form)
    messages.success(request, _("The key is replaced.") if form.cleaned_data["key"] else _("No key is sent any more."))
    return redirect("models_admin:endpoint", endpoint)


@require_POST
@of_models
def test(request: Keeper, endpoint: UUID) -> HttpResponse:
    """Ask a server for its models."""
    mine = _endpoint(request, endpoint)
    names = endpoints.test(mine, by=request.user)
    mine.refresh_from_db(fields=["problem", "tested_at"])
    return _page(request, mine, models=names)


@require_POST
@of_models
def remove(request: Keeper, endpoint: UUID) -> HttpResponse:
    """Forget a server."""
    mine = _endpoint(request, endpoint)
    endpoints.remove(mine, by=request.user)
    messages.success(request, _("%(mine)s is removed, and its key is forgotten.") % {"mine": mine})
    return redirect("models_admin:endpoints")


@require_http_methods(["GET", "HEAD", "POST"])
@of_models
def deploy(request: Keeper, endpoint: UUID) -> HttpResponse:
    """Let people ask one of a server's models."""
    mine = _endpoint(request, endpoint)
    wished = request.GET.get("model", "")[:200]
    form = RemoteForm(sent(request), initial={"remote_model": wished, "name": wished.rsplit("/", 1)[-1]})
    if request.method == "POST" and form.is_valid():
        made = endpoints.deploy(mine, form.cleaned_data, by=request.user)
        messages.success(request, _("It is deployed. Say which teams may ask it."))
        return redirect("models_admin:change_deployment", made.pk)
    context = {"endpoint": mine, "form": form}
    return render(request, "models_admin/deploy_remote.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers(Power.SET_ORGANISATION)
def outside(request: Keeper) -> HttpResponse:
    """Say whether anything may leave the premises."""
    now = endpoints.policy()
    form = PolicyForm(sent(request), initial={"allowed": now.allowed, "terms": now.terms})
    if request.method == "POST" and form.is_valid():
        ask_who(request)
        data = form.cleaned_data
        endpoints.set_policy(may=data["allowed"], terms=data["terms"], by=request.user)
        messages.success(request, _("Saved. It holds from the next answer on."))
        return redirect("models_admin:endpoints")
    context = {"form": form, "rules": settings.OUTBOUND}
    return render(request, "models_admin/outside.html", context, status=400 if form.is_bound else 200)
