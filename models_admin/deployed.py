"""What the pages of deployments list: how each stands, where, for whom, and what happened to it."""

from typing import Any
from uuid import UUID

from django.db.models import Case, Prefetch, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.lists import Page, page_of
from models_admin import builtin, fitting
from models_admin.deploy_forms import FitForm, UseForm
from models_admin.deploying import Plan
from models_admin.fitting import Verdict
from models_admin.models import Deployment, DeploymentTeam, Happening, Host, ModelFile, Placement
from models_admin.queries import alive
from models_admin.specs import loading_of

State = Deployment.State
UNUSUAL_FIRST = (State.REFUSED, State.UNHEALTHY, State.LOADING, State.DRAINING)
USUAL_CONTEXT = 4096


def deployments() -> QuerySet[Deployment]:
    """Return all of them as a list shows them: what is on first, by name, each with its `places` and teams."""
    rows = Deployment.objects.select_related("model", "endpoint").prefetch_related("hosts", _places(), _teams())
    return rows.order_by("-enabled", Lower("name"), "pk")


def _places() -> "Prefetch[Any]":
    rank = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(UNUSUAL_FIRST)), default=Value(9))
    rows = Placement.objects.filter(host__in=alive()).select_related("host")
    return Prefetch("placements", rows.alias(rank=rank).order_by("rank", "host__name"), to_attr="places")


def _teams() -> "Prefetch[Any]":
    rows = DeploymentTeam.objects.select_related("team").order_by("team__name")
    return Prefetch("said_of_teams", rows, to_attr="words_on_teams")


def history(deployment: Deployment, *, after: int | None) -> Page[Happening]:
    """Return a page of what happened to a deployment, the newest first."""
    return page_of(deployment.happenings.all(), "at", after=after, newest_first=True)


def hosts() -> list[Host]:
    """Return the machines that are heard, by name."""
    return list(alive().order_by("name"))


def is_moving(deployment: Deployment, places: list[Placement]) -> bool:
    """Whether a page should look again in a second: something is on the way."""
    if not deployment.enabled:
        return any(place.state != State.COLD for place in places)
    waits = deployment.state == State.COLD and deployment.keeping == Deployment.Keeping.ALWAYS
    return waits or any(
        place.state in (State.LOADING, State.DRAINING)
        or (place.state == State.READY and place.revision != deployment.revision)
        for place in places
    )


def proposed(file: ModelFile) -> Deployment:
    """Return a deployment of this file as it would usually be run, which nobody has made yet."""
    context = min(USUAL_CONTEXT, file.context or USUAL_CONTEXT)
    on_gpus = any(host.offloads and host.gpus for host in hosts())
    usual: dict[str, Any] = {"context": context, "gpu_layers": -1 if on_gpus else 0}
    if file.path == str(builtin.FILE):
        usual |= _of_builtin(file)
    return Deployment(path=file.path, model=file, name=_free_name(file.name), **usual)


def _of_builtin(file: ModelFile) -> dict[str, Any]:
    header = fitting.header_of(file)
    return builtin.settings_for(header) if header else {}


def _free_name(name: str) -> str:
    """Return a name that no deployment has: this one, or with a number."""
    taken = {other.lower() for other in Deployment.objects.values_list("name", flat=True)}
    names = (name, *(f"{name[:190]} {n}" for n in range(2, len(taken) + 3)))
    return next(one for one in names if one.lower() not in taken)


def adapters_of(file: ModelFile, deployment: Deployment | None = None) -> list[ModelFile]:
    """Return the adapters that a model could wear, and those that it wears already though they are gone."""
    found = {one.pk: one for one in fitting.adapters_for(file)}
    worn = [one.file for one in deployment.worn.select_related("file")] if deployment else []
    return list({**{one.pk: one for one in worn}, **found}.values())


def verdict(form: FitForm, deployment: Deployment | None = None) -> Verdict | None:
    """Return how a model would fit with what a form says; nothing where the form cannot be used."""
    if not form.is_valid():
        return None
    chosen: set[UUID] = {host.pk for host in form.cleaned_data["hosts"]}
    places = list(deployment.placements.all()) if deployment else []
    adapters = form.adapter_bytes()
    return fitting.verdict(form.file, form.settings(), hosts(), chosen=chosen, adapters=adapters, places=places)


def as_deployed(deployment: Deployment) -> Verdict | None:
    """Return how a deployment fits as it is set now; nothing where it has no file that is registered."""
    if deployment.model is None:
        return None
    adapters = sum(one.file.size for one in deployment.worn.select_related("file"))
    chosen = set(deployment.hosts.values_list("pk", flat=True))
    places = list(deployment.placements.all())
    return fitting.verdict(
        deployment.model, loading_of(deployment), hosts(), chosen=chosen, adapters=adapters, places=places
    )


def plan_of(fit: FitForm | None, use: UseForm) -> Plan:
    """Return what valid forms want; without the first one all that it asks for stays as it is."""
    if fit is None:
        return Plan(use.settings(), teams=use.teams())
    chosen = [host.pk for host in fit.cleaned_data["hosts"]]
    return Plan(fit.settings() | use.settings(), chosen, use.teams(), fit.adapters())
