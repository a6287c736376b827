"""What the office lists of model files: the files that fit, what is being worked on, and what a file would take."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from audit.people import names_of
from models_admin import builtin, fitting, seat
from models_admin.engine.adapter import ADAPTER
from models_admin.engine.fit import Fit, predict
from models_admin.engine.header import Header
from models_admin.engine.protocol import EngineSpec
from models_admin.fitting import parts_of_fit
from models_admin.models import Deployment, ModelFile, shown_size

State = ModelFile.State
USUAL_SLOTS, USUAL_CONTEXT = 8, 4096


def files(asked: dict[str, Any]) -> QuerySet[ModelFile]:
    """Return the files that fit, by name, each with its `deployments`."""
    found = ModelFile.objects.filter(_named(asked.get("q", "")), _in_state(asked.get("state", "")))
    exact = {name: asked[name] for name in ("architecture", "quantisation", "licence") if asked.get(name)}
    used = Prefetch("deployments", Deployment.objects.order_by("-enabled", "name"))
    return found.filter(**exact).select_related("replacement").prefetch_related(used).order_by(Lower("name"), "path")


def _named(text: str) -> Q:
    found = Q()
    for word in text.split():
        found &= Q(name__icontains=word) | Q(path__icontains=word)
    return found


def _in_state(state: str) -> Q:
    if state == "deprecated":
        return Q(deprecated=True)
    if state == "unused":
        return ~Q(Exists(Deployment.objects.filter(model=OuterRef("pk"), enabled=True)))
    return Q(state=state) if state else Q()


def deployable() -> QuerySet[ModelFile]:
    """Return the files from which deployments are made through the pages: registered, there, unchanged, and models.

    What cannot answer is none for people: adapters belong on top of a model, and some models only make vectors.
    """
    models = ModelFile.objects.filter(state=State.READY, embeds=False).exclude(kind=ADAPTER)
    return models.order_by("deprecated", Lower("name"), "path")


def deployable_named(text: str) -> QuerySet[ModelFile]:
    """Return those of which the name or the path holds every word, each with what it is deployed as already."""
    used = Prefetch("deployments", Deployment.objects.order_by("-enabled", "name"))
    return deployable().filter(_named(text)).select_related("replacement").prefetch_related(used)


def at_work() -> list[ModelFile]:
    """Return what is read and hashed now and next, the one at work first."""
    waiting = ModelFile.objects.filter(state__in=(State.FOUND, State.HASHING))
    return sorted(waiting.order_by("size", "added_at")[:20], key=lambda file: file.state != State.HASHING)


def added_by(file: ModelFile) -> str:
    """Return who uploaded a file, by name; nothing where it was found."""
    known = names_of([str(file.added_by)]) if file.added_by else {}
    return known.get(str(file.added_by), _("somebody who is no longer here")) if file.added_by else ""


def is_builtin(file: ModelFile) -> bool:
    """Whether it is the file that Hearth brings along."""
    return file.path == str(builtin.FILE)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a model will take with some settings, in words."""

    what: str
    ram: str
    vram: str
    parts: tuple[tuple[str, str], ...]
    unsure: str


def forecasts(file: ModelFile) -> list[Forecast]:
    """Return what this file would take as people usually run it, and as deployed. Nothing for one that is not it."""
    if file.state in (State.REFUSED, State.GONE):
        return []
    header = fitting.header_of(file)
    if header is None:
        return []
    context = min(USUAL_CONTEXT, file.context or USUAL_CONTEXT)
    usual = EngineSpec(path=file.path, slots=USUAL_SLOTS, context=context)
    said = _("%(slots)s answers at once, %(context)s tokens each")
    said %= {"slots": USUAL_SLOTS, "context": number_format(context, force_grouping=True)}
    found = [_forecast(_("%(said)s, on the processor") % {"said": said}, header, usual, offloads=False)]
    if not header.embeds:
        gpu = EngineSpec(path=file.path, slots=USUAL_SLOTS, context=context, gpu_layers=-1)
        found.append(_forecast(_("%(said)s, on a GPU") % {"said": said}, header, gpu, offloads=True))
    for deployment in file.deployments.all():
        spec = seat.spec_of(deployment)
        found.append(
            _forecast(
                _("As deployed: %(deployment)s") % {"deployment": deployment},
                header,
                spec,
                offloads=spec.gpu_layers != 0,
            )
        )
    return found


def _forecast(what: str, header: Header, spec: EngineSpec, *, offloads: bool) -> Forecast:
    fit: Fit = predict(header, spec, offloads=offloads)
    vram = shown_size(fit.total_vram) if fit.total_vram else ""
    return Forecast(what, shown_size(fit.total_ram), vram, parts_of_fit(fit), fit.unsure)
