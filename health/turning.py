"""What the audit log hears of health: that a check has turned, with its name alone."""

from audit import verbs
from audit.actions import record
from audit.entry import Target


def turned(name: str, *, red: bool) -> None:
    """Write down that a check has turned red, or green again. The last statement of its transaction."""
    record(verbs.TURNED_RED if red else verbs.TURNED_GREEN, targets=[Target("check", name)])
