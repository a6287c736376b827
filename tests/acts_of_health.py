"""The act of whoever looks how everything is, and its entries."""

from acts import Case

from accounts.models import User
from health import turning


def red(_: User) -> None:
    turning.turned("disk", red=True)


def green(_: User) -> None:
    red(_)
    turning.turned("disk", red=False)


EXEMPT: dict[str, str] = {}
CASES = {
    "health.turning.turned": Case(
        green, ("health.turned_red", "health.turned_green"), {"targets": [{"id": "disk", "kind": "check"}]}
    ),
}
