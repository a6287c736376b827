"""What a check says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

GIB = 1024**3


class Level(StrEnum):
    """How much a finding matters: an error keeps Hearth from working, a warning will hurt, advice may help."""

    OK = "ok"
    ADVICE = "advice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and a plain sentence."""

    name: str
    level: Level
    says: str


Check = Callable[[], Iterable[Finding]]


def ok(name: str, says: str) -> Finding:
    """All is well."""
    return Finding(name, Level.OK, says)


def advice(name: str, says: str) -> Finding:
    """It works, and could be better."""
    return Finding(name, Level.ADVICE, says)


def warning(name: str, says: str) -> Finding:
    """It works now, and will hurt."""
    return Finding(name, Level.WARNING, says)


def error(name: str, says: str) -> Finding:
    """It does not work."""
    return Finding(name, Level.ERROR, says)
