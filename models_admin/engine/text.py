"""From token bytes to words that may be shown: never half a character, never half a stop string."""

import codecs
from dataclasses import dataclass, field


@dataclass(slots=True)
class Words:
    """Collects one answer's bytes. `stopped` becomes true once a stop string was met; nothing behind it is shown."""

    stop: tuple[str, ...] = ()
    held: str = ""
    stopped: bool = False
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")(errors="replace")
    )

    def add(self, piece: bytes) -> str:
        """Return what may be shown now."""
        text = self.decoder.decode(piece).replace("\0", "")  # a database has no room for it, and no page shows it
        return self._until_stop(text) if self.stop else text

    def rest(self) -> str:
        """Return what was held back, at the end of an answer. A character cut at the very end is left out."""
        held, self.held = self.held, ""
        return "" if self.stopped else held

    def _until_stop(self, text: str) -> str:
        whole = self.held + text
        places = [place for stop in self.stop if (place := whole.find(stop)) >= 0]
        if places:
            self.stopped, self.held = True, ""
            return whole[: min(places)]
        keep = max(_overlap(whole, stop) for stop in self.stop)
        self.held = whole[len(whole) - keep :]
        return whole[: len(whole) - keep]


def _overlap(text: str, stop: str) -> int:
    """Return how many of the text's last characters may begin the stop string."""
    for size in range(min(len(stop) - 1, len(text)), 0, -1):
        if text.endswith(stop[:size]):
            return size
    return 0
