"""Whether a model fits on machines: what it would take with some settings, against what each has free. Pure but for the
files that it reads; sizes are bytes.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_admin import folder
from models_admin.engine.adapter import ADAPTER, check_adapter
from models_admin.engine.container import BadModel, Tensor, read_container
from models_admin.engine.fit import Fit, predict
from models_admin.engine.header import Header, parts_of, read_header
from models_admin.engine.protocol import Adapter, EngineSpec
from models_admin.models import Deployment, Host, ModelFile, Placement, shown_size
from models_admin.specs import spec_from

TIGHT = 0.1  # of the whole memory: less than that is left
NOBODY = gettext_lazy("No machine is heard at present. It is loaded as soon as one is there that has the file.")
NOWHERE = gettext_lazy("None of the machines that are heard sees the file yet. They look every 20 seconds.")


class How(StrEnum):
    """How a model fits, the best first."""

    FITS = "fits"
    TIGHT = "tight"
    AWAY = "away"  # the machine does not see the file
    OVER = "over"


WORST_LAST = list(How)
SAYS = {
    How.FITS: gettext_lazy("It fits"),
    How.TIGHT: gettext_lazy("It fits, with little left"),
    How.OVER: gettext_lazy("It does not fit"),
    How.AWAY: gettext_lazy("The file is not seen"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """One kind of memory on a machine: what the model needs of it, and what is free without the model."""

    name: str
    need: int
    free: int
    total: int

    @property
    def how(self) -> How:
        """How the model fits into it."""
        left = self.free - self.need
        return How.OVER if left < 0 else How.TIGHT if left < TIGHT * self.total else How.FITS

    @property
    def taken(self) -> float:
        """Per cent that others have."""
        return 100 * max(0, self.total - self.free) / max(1, self.total)

    @property
    def wanted(self) -> float:
        """Per cent that the model would have, no more than there are."""
        return min(100 - self.taken, 100 * self.need / max(1, self.total))

    @property
    def said(self) -> str:
        """The numbers as a sentence."""
        left = self.free - self.need
        rest = (
            _("%(left)s would be left") % {"left": shown_size(left)}
            if left >= 0
            else _("%(left)s too much") % {"left": shown_size(-left)}
        )
        return _("%(need)s of %(free)s that are free; %(rest)s") % {
            "need": shown_size(self.need),
            "free": shown_size(max(0, self.free)),
            "rest": rest,
        }


@dataclass(frozen=True, slots=True)
class OnMachine:
    """How a model fits on one machine."""

    host: Host
    how: How
    rooms: tuple[Room, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()  # what the memory is for, and how much
    notes: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The verdict in words."""
        return str(SAYS[self.how])


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a model fits wherever it is to run."""

    machines: tuple[OnMachine, ...]
    wrong: str = ""  # why nothing can be said

    @property
    def is_bad(self) -> bool:
        """Whether it should only be deployed by somebody who knows better."""
        return any(one.how == How.OVER for one in self.machines)

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        if not self.machines:
            return self.wrong
        worst = max(self.machines, key=lambda one: WORST_LAST.index(one.how))
        if len(self.machines) == 1 or worst.how != How.FITS:
            return _("%(says)s on %(host)s.") % {"says": worst.says, "host": worst.host}
        return _("It fits on each of %(machines)s machines.") % {"machines": len(self.machines)}


def verdict(
    file: ModelFile,
    settings: Mapping[str, Any],
    hosts: Sequence[Host],
    *,
    chosen: Collection[UUID],
    adapters: int = 0,
    places: Collection[Placement] = (),
) -> Verdict:
    """Return how a file fits with these settings on the machines that are heard.

    `chosen`: on these alone, none: wherever the file lies. `adapters` are the bytes of the adapters' files. What it
    takes in its `places` already counts as free.
    """
    header = header_of(file)
    if header is None:
        return Verdict((), _("The file cannot be read here, so nothing is known of the memory it takes."))
    spec, own = spec_from(file.path, settings), _own(places)
    wanted = [host for host in hosts if (host.pk in chosen if chosen else _has(host, file) or len(hosts) == 1)]
    found = (on_machine(header, spec, host, adapters=adapters, own=own.get(host.pk, (0, 0))) for host in wanted)
    seen = tuple(one if _has(one.host, file) else _away(one) for one in found)
    return Verdict(seen, "" if seen else str(NOWHERE if hosts else NOBODY))


def _away(one: OnMachine) -> OnMachine:
    """Say that a machine has not seen the file, unless it could not load it anyway."""
    how = max(one.how, How.AWAY, key=WORST_LAST.index)
    return replace(one, how=how, notes=(_("It does not see the file yet. Machines look every 20 seconds."), *one.notes))


def _has(host: Host, file: ModelFile) -> bool:
    return str(file.pk) in host.files


def _own(places: Collection[Placement]) -> dict[UUID, tuple[int, int]]:
    return {place.host_id: (place.memory, place.vram) for place in places if place.state in Deployment.IN_MEMORY}


def on_machine(
    header: Header, spec: EngineSpec, host: Host, *, adapters: int = 0, own: tuple[int, int] = (0, 0)
) -> OnMachine:
    """Return how a model fits on a machine. `own`: bytes of memory and on GPUs that it has there already."""
    fit = predict(header, spec, offloads=host.offloads, adapters=adapters)
    ram = Room(_("Memory"), fit.total_ram, min(host.ram_total, host.ram_free + own[0]), host.ram_total)
    rooms = (ram, *_gpu_rooms(fit, spec, host, own[1]))
    how = max((room.how for room in rooms), key=WORST_LAST.index)
    return OnMachine(host, how, rooms, parts_of_fit(fit), tuple(_notes(fit, spec, host)))


def _gpu_rooms(fit: Fit, spec: EngineSpec, host: Host, own: int) -> Iterator[Room]:
    """Yield the GPUs' memory: of all together, where llama.cpp divides by what is free; else of each by its share."""
    if not fit.total_vram or not host.gpus:
        return
    total = [gpu.get("total", 0) for gpu in host.gpus]
    shares = spec.tensor_split[: len(total)]
    if not any(shares):
        free = min(sum(total), sum(gpu.get("free", 0) for gpu in host.gpus) + own)
        yield Room(
            _("GPU") if len(total) == 1 else _("%(total)s GPUs") % {"total": len(total)},
            fit.total_vram,
            free,
            sum(total),
        )
        return
    for n, share in enumerate(shares):
        part = share / sum(shares)
        free = min(total[n], host.gpus[n].get("free", 0) + int(own * part))
        yield Room(_("GPU %(n)s") % {"n": n}, int(fit.total_vram * part), free, total[n])


def parts_of_fit(fit: Fit) -> tuple[tuple[str, str], ...]:
    """Return what the memory is for, and how much of it."""
    sizes = {
        "weights": fit.weights_ram + fit.weights_vram,
        "conversations": fit.kv_ram + fit.kv_vram,
        "work": fit.compute,
        "shelf at most": fit.shelf,
    }
    return tuple((name, shown_size(size)) for name, size in sizes.items())


def _notes(fit: Fit, spec: EngineSpec, host: Host) -> Iterator[str]:
    if fit.unsure:
        yield f"This may be far off. {fit.unsure}"
    if spec.gpu_layers and not host.offloads:
        yield "The engine of this machine is not built for GPUs: all of it stays in its own memory."
    elif fit.total_vram and not host.gpus:
        yield f"{shown_size(fit.total_vram)} go to GPUs, and this machine does not say how much they have free."
    if len(spec.tensor_split) > max(1, len(host.gpus)):
        yield f"There are shares for {len(spec.tensor_split)} GPUs, and this machine has {len(host.gpus)}."
    if fit.total_ram <= host.ram_free < fit.full_ram:
        yield "With a full shelf it would need more than is free now; the shelf fills only as people chat."


def header_of(file: ModelFile) -> Header | None:
    """Return a file's header, or None where it cannot be read."""
    try:
        return _header(file.path, folder.mark_of(Path(file.path)))
    except (BadModel, OSError):
        return None


@lru_cache(maxsize=32)
def _header(path: str, mark: str) -> Header:
    """Read a header once for as long as the file stays as it is: pages ask while somebody types."""
    return read_header(path)


@lru_cache(maxsize=8)
def _tensors(path: str, mark: str) -> dict[str, Tensor]:
    return {tensor.name: tensor for part in parts_of(path) for tensor in read_container(part).tensors}


@lru_cache(maxsize=256)
def _belongs(adapter: str, adapter_mark: str, model: str, model_mark: str, architecture: str) -> bool:
    try:
        check_adapter(Adapter(adapter), architecture=architecture, tensors=_tensors(model, model_mark))
    except (BadModel, OSError):
        return False
    return True


def adapters_for(file: ModelFile) -> list[ModelFile]:
    """Return the registered adapters that were made for a model of this shape, by name."""
    ready = ModelFile.objects.filter(state=ModelFile.State.READY, kind=ADAPTER, architecture=file.architecture)
    mark = folder.mark_of(Path(file.path))
    return [
        one
        for one in ready.order_by("name", "path")
        if _belongs(one.path, folder.mark_of(Path(one.path)), file.path, mark, file.architecture)
    ]
