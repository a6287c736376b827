"""How much of this machine's memory a model needs, and how much there is for it."""

from dataclasses import dataclass
from pathlib import Path

import psutil

from models_admin.engine.header import BadModel, Header
from models_admin.engine.protocol import EngineSpec

GIB = 1024**3
CGROUPS, OURS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}  # for each element; blocks of 32 carry a scale of 2 bytes


@dataclass(frozen=True, slots=True)
class Need:
    """About how many bytes of the machine's own memory a deployment takes; what lies on GPUs is not counted."""

    weights: int
    kv: int
    shelf: int  # at most, and only as conversations come: nothing is refused for it

    @property
    def at_once(self) -> int:
        """What must be there when the model is loaded."""
        return self.weights + self.kv


def need_of(header: Header, spec: EngineSpec, *, offloads: bool) -> Need:
    """Return what a deployment needs. `offloads`: whether llama.cpp was built for GPUs; else every layer stays here."""
    layers = max(1, header.layers)
    moved = layers if spec.gpu_layers < 0 else min(spec.gpu_layers, layers)
    here = (layers - moved) / layers if offloads else 1.0
    cells = spec.slots * spec.context
    kv = KV_BYTES[spec.kv_type] * header.layers * header.kv_width * cells
    return Need(weights=int(header.size * here), kv=int(kv * here), shelf=spec.shelf_bytes)


def check_memory(header: Header, spec: EngineSpec, *, offloads: bool, free: int | None = None) -> None:
    """Refuse what cannot fit. Raises BadModel with the figures; `free` (bytes) defaults to this machine's."""
    free = free_memory() if free is None else free
    need = need_of(header, spec, offloads=offloads)
    if need.at_once > free:
        raise BadModel(
            f"It needs about {need.at_once / GIB:.1f} GiB of memory (weights {need.weights / GIB:.1f}, conversations "
            f"{need.kv / GIB:.1f}; idle ones may take {need.shelf / GIB:.1f} more); {free / GIB:.1f} GiB are free."
        )


def free_memory() -> int:
    """Return how many bytes this process can still get: the machine's, or less where a control group has a limit."""
    return min([psutil.virtual_memory().available, *_rooms()])


def _rooms() -> list[int]:
    """Return the room of each control group that we are in and that has a limit, our own and those around it."""
    try:
        line = next(line for line in OURS.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return []
    inner = CGROUPS / line.removeprefix("0::").lstrip("/")
    groups = [group for group in (inner, *inner.parents) if group.is_relative_to(CGROUPS)]
    return [room for group in groups if (room := room_in(group)) is not None]


def room_in(group: Path) -> int | None:
    """Return a control group's limit less what it uses, or None where it has no limit. File caches give way."""
    try:
        limit = (group / "memory.max").read_text().strip()
        used = int((group / "memory.current").read_text())
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except OSError:
        return None
    if limit == "max":
        return None
    return max(0, int(limit) - used + int(stat.get("inactive_file", 0)) + int(stat.get("active_file", 0)))
