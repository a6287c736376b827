"""How much memory a loaded model really takes, measured in its own process, to be compared with what was foretold.

What counts: private memory beyond what the process had before it loaded, and the pages of the model's file that are in
memory and in use. A weight that llama.cpp copied (to a GPU, or laid out otherwise for this processor) counts where its
copy is; the page it came from is nobody's, and the system takes it back when it wants to.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

STATUS, MAPS = Path("/proc/self/status"), Path("/proc/self/smaps")
OWN = ("RssAnon:", "RssShmem:", "VmSwap:")
BUFFER = re.compile(r"(?P<where>\S+)\s+(?P<what>\w+)\s+buffer size =\s+(?P<mib>[\d.]+) MiB")
MAPPED = "_Mapped"
HERE = ("CPU", "AMX")  # what llama.cpp calls the machine's own memory, beside _Host
MIB, KIB = 1 << 20, 1 << 10


@dataclass(frozen=True, slots=True)
class Buffer:
    """Memory that llama.cpp said it has taken: where (CPU, CUDA0 ...), what for (model, KV, compute ...), bytes."""

    where: str
    what: str
    size: int

    @property
    def on_gpu(self) -> bool:
        """Whether it is not in the machine's own memory."""
        return not (self.where.startswith(HERE) or self.where.endswith("_Host"))


def buffer_in(line: str) -> Buffer | None:
    """Return the buffer that a line of llama.cpp's log speaks of."""
    match = BUFFER.search(line)
    return Buffer(match["where"], match["what"], int(float(match["mib"]) * MIB)) if match else None


def own_memory() -> int:
    """Return the bytes that only this process gives back, in memory or swapped out; 0 where the system does not say."""
    try:
        lines = [line.split() for line in STATUS.read_text().splitlines()]
    except OSError:
        return 0
    return sum(int(words[1]) for words in lines if words and words[0] in OWN) * KIB


def resident_of(files: Iterable[Path]) -> int:
    """Return how many bytes of these files are mapped and in memory."""
    names = {os.path.realpath(file) for file in files}
    total, ours = 0, False
    try:
        with MAPS.open() as lines:
            for line in lines:
                words = line.split()
                if not words[0].endswith(":"):
                    ours = "/" + line.rstrip("\n").partition("/")[2] in names
                elif ours and words[0] == "Rss:":
                    total += int(words[1]) * KIB
    except OSError:
        return 0
    return total


def measured(files: Iterable[Path], *, weights: int, before: int, buffers: Iterable[Buffer]) -> tuple[int, int]:
    """Return the bytes that a model takes here and on GPUs.

    `weights` are the bytes of its weights, `before` what the process had already, `buffers` what llama.cpp told.
    """
    buffers = list(buffers)
    copied = sum(one.size for one in buffers if one.what == "model" and not one.where.endswith(MAPPED))
    pages = min(resident_of(files), max(0, weights - copied))
    return max(0, own_memory() - before) + pages, sum(one.size for one in buffers if one.on_gpu)
