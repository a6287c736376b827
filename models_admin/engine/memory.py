"""How much memory there is for a model on this machine, and whether it is enough."""

from pathlib import Path

import psutil

from models_admin.engine.fit import predict
from models_admin.engine.header import BadModel, Header
from models_admin.engine.protocol import EngineSpec

GIB = 1024**3
CGROUPS, OURS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


def check_memory(header: Header, spec: EngineSpec, *, offloads: bool, free: int | None = None) -> None:
    """Refuse what cannot fit. Raises BadModel with the figures; `free` (bytes) defaults to this machine's.

    Where the cache cannot be foretold only the weights count: a guess refuses nobody.
    """
    free = free_memory() if free is None else free
    fit = predict(header, spec, offloads=offloads)
    needed = fit.weights_ram if fit.unsure else fit.total_ram
    if needed > free:
        raise BadModel(
            f"It needs about {needed / GIB:.1f} GiB of memory (weights {fit.weights_ram / GIB:.1f}, "
            f"conversations {fit.kv_ram / GIB:.1f}, steps {fit.compute_ram / GIB:.1f}; idle ones may take "
            f"{fit.shelf / GIB:.1f} more); {free / GIB:.1f} GiB are free."
        )


def free_memory() -> int:
    """Return how many bytes this process can still get: the machine's, or less where a control group has a limit."""
    return min([psutil.virtual_memory().available, *_rooms()])


def _rooms() -> list[int]:
    """Return the room of each control group that we are in and that has a limit."""
    return [room for group in groups_around() if (room := room_in(group)) is not None]


def groups_around() -> list[Path]:
    """Return the folders of our own control group and of those around it; none where there are no such groups."""
    try:
        line = next(line for line in OURS.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return []
    inner = CGROUPS / line.removeprefix("0::").lstrip("/")
    return [group for group in (inner, *inner.parents) if group.is_relative_to(CGROUPS)]


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
