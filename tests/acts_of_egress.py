"""The acts of those who want to know what can leave the house, and their entries."""

from acts import Case
from factories import make_owner

from accounts.models import User
from egress import actions

MADE, TESTED = "accounts.person_added", "egress.tested"


def asked(_: User) -> None:
    actions.ask(by=make_owner())


EXEMPT = {
    "egress.actions.places": "reads",
    "egress.actions.here": "reads",
    "egress.actions.try_here": "what a process finds for a self-test that was asked for",
    "egress.actions.note": "what a process found",
}
CASES = {
    "egress.actions.ask": Case(asked, (MADE, TESTED), {"facts": {"places": 8}}),
    "egress.actions.begin": Case(lambda _: actions.begin(asked_by=None), (TESTED,), {"facts": {"places": 8}}),
}
