"""The board: what every model and every machine does at this moment, in words and numbers. Never who, never what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_admin import live
from models_admin.models import Deployment, Happening, Host, Placement, shown_size
from models_admin.queries import alive

FULL = 8  # steps in which a cell fills
DOING = {"n": gettext_lazy("free"), "r": gettext_lazy("reads a question"), "s": gettext_lazy("answers")}
LATELY = 8
FIGURES = """
SELECT d.id,
  (SELECT count(*) FROM chat_generation g WHERE g.deployment_id = d.id AND g.state = 'queued'),
  (SELECT count(*) FROM chat_generation g WHERE g.state = 'running' AND g.deployment_id = d.id),
  t.waits
FROM models_admin_deployment d LEFT JOIN LATERAL (
  SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
    ORDER BY extract(epoch FROM g.first_word_at - g.queued_at)) AS waits
  FROM chat_generation g
  WHERE g.deployment_id = d.id AND g.state = 'done' AND g.ended_at > now() - interval '15 minutes'
    AND g.first_word_at IS NOT NULL) t ON true
WHERE d.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many wait and are answered; seconds to the first word in the last quarter of an hour, where there are any."""

    waiting: int = 0
    running: int = 0
    usual: float | None = None
    slow: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A slot of an engine: `doing` is n, r or s; `full` goes from 0 to 8."""

    doing: str
    full: int
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """A model on a machine."""

    row: Placement
    cells: list[Cell]
    held: int  # tokens in its cache
    room: int  # tokens that fit
    said: float | None  # tokens a second
    read: float | None

    @property
    def memory(self) -> str:
        return shown_size(self.row.memory) if self.row.memory else ""

    @property
    def vram(self) -> str:
        return shown_size(self.row.vram) if self.row.vram else ""


@dataclass(frozen=True, slots=True)
class Model:
    """A deployment on the board."""

    deployment: Deployment
    figures: Figures
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that fills, in bytes or per cent."""

    name: str
    used: int
    total: int
    said: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A host on the board. `models` are those that it has in memory or is at work on."""

    host: Host
    silent: bool
    gauges: list[Gauge]
    models: list[Placement]


def models() -> list[Model]:
    """Return what is deployed, and what is still in some machine's memory."""
    here = Placement.objects.filter(host__in=alive()).select_related("host").order_by("host__name")
    shown = Q(enabled=True) | Q(pk__in=here.exclude(state=Deployment.State.COLD).values("deployment"))
    rows = list(
        Deployment.objects.filter(shown).select_related("endpoint").prefetch_related(Prefetch("placements", here))
    )
    told = live.heard({place.host_id for row in rows for place in row.placements.all()})
    figures = _figures([row.pk for row in rows])
    return [Model(row, figures[row.pk], [_place(one, told) for one in row.placements.all()]) for row in rows]


def _figures(pks: list[UUID]) -> dict[UUID, Figures]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, [pks])
        found = {pk: Figures(waiting, running, *(waits or ())) for pk, waiting, running, waits in cursor.fetchall()}
    return {pk: found.get(pk, Figures()) for pk in pks}


def _place(row: Placement, told: Mapping[UUID, dict[str, Any]]) -> Place:
    facts = told.get(row.host_id, {}).get(str(row.deployment_id), {})
    context = facts.get("context", 0)
    cells = [_cell(doing, tokens, context) for doing, tokens in facts.get("cells", ())]
    held = sum(tokens for _, tokens in facts.get("cells", ()))
    return Place(row, cells, held, context * len(cells), facts.get("said"), facts.get("read"))


def _cell(doing: str, tokens: int, context: int) -> Cell:
    full = min(FULL, -(-FULL * tokens // context)) if context else 0
    said = {
        "doing": DOING[doing],
        "tokens": number_format(tokens, force_grouping=True),
        "context": number_format(context, force_grouping=True),
    }
    return Cell(doing, full, _("%(doing)s, %(tokens)s of %(context)s tokens") % said)


def machines() -> list[Machine]:
    """Return every machine that was ever heard, with what it said last."""
    heard = set(alive().values_list("pk", flat=True))
    rows = Host.objects.prefetch_related(Prefetch("placements", _at_work()))
    return [Machine(row, row.pk not in heard, _gauges(row), list(row.placements.all())) for row in rows]


def _at_work() -> QuerySet[Placement]:
    return (
        Placement.objects.exclude(state=Deployment.State.COLD).select_related("deployment").order_by("deployment__name")
    )


def _gauges(host: Host) -> list[Gauge]:
    used = host.ram_total - host.ram_free
    found = [
        Gauge(
            _("processor"),
            round(host.cpu),
            100,
            _("%(share)s %% of %(cores)s cores") % {"share": f"{host.cpu:.0f}", "cores": host.cores},
        ),
        Gauge(
            _("memory"),
            used,
            host.ram_total,
            _("%(used)s of %(ram_total)s") % {"used": shown_size(used), "ram_total": shown_size(host.ram_total)},
        ),
    ]
    for gpu in host.gpus:
        used = gpu["total"] - gpu["free"]
        also = [_("%(share)s %% busy") % {"share": gpu["busy"]}] if gpu["busy"] is not None else []
        also += [f"{gpu['celsius']} °C"] if gpu["celsius"] is not None else []
        said = ", ".join(
            [_("%(used)s of %(ram_total)s") % {"used": shown_size(used), "ram_total": shown_size(gpu["total"])}, *also]
        )
        found.append(Gauge(gpu["name"], used, gpu["total"], said))
    return found


def parts() -> Mapping[str, SafeString]:
    """Return every part of the board as it stands now, by its name: what pages show, and what sockets carry."""
    drawn = {f"model-{one.deployment.pk}": _drawn("model", one) for one in models()}
    drawn |= {f"machine-{one.host.pk}": _drawn("machine", one) for one in machines()}
    lately = Happening.objects.select_related("deployment")[:LATELY]
    return drawn | {"lately": _drawn("lately", list(lately))}


def _drawn(name: str, what: object) -> SafeString:
    return render_to_string(f"chat/board/_{name}.html", {name: what})
