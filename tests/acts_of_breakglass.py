"""The steps of a request to see somebody's chats, and the entries that they leave."""

from uuid import UUID, uuid4

from acts import Case
from factories import make_user
from glasses import opened, requested

from accounts.models import User
from breakglass import actions

CHAT = uuid4()
MADE = ("accounts.person_added",) * 2  # who asks and who decides
ASKED = (*MADE, "breakglass.asked")
OPENED = (*ASKED, "breakglass.approved", "breakglass.told")


def _alan() -> User:
    return make_user("alan@example.org", role=User.Role.ADMIN)


def _olga() -> User:
    return make_user("olga.audit@example.org", role=User.Role.AUDITOR)


def refuse(ada: User) -> None:
    olga = _olga()
    actions.refuse(requested(_alan(), ada), by=olga)


def end(ada: User) -> None:
    alan = _alan()
    actions.end(opened(alan, _olga(), ada), by=alan)


def look(ada: User, chat: UUID | None = None) -> None:
    alan = _alan()
    actions.look(opened(alan, _olga(), ada).pk, by=alan, chat=chat)


def ask(ada: User) -> None:
    _olga()
    requested(_alan(), ada)


EXEMPT = {"breakglass.actions.sweep": "ends requests, each with an entry of its own: tests/breakglass"}
CASES = {
    "breakglass.actions.ask": Case(ask, ASKED, {"facts": {"hours": 4}}),
    "breakglass.actions.approve": Case(
        lambda ada: opened(_alan(), _olga(), ada), OPENED, {"facts": {"when": "at_once"}}
    ),
    "breakglass.actions.refuse": Case(refuse, (*ASKED, "breakglass.refused"), {}),
    "breakglass.actions.end": Case(end, (*OPENED, "breakglass.ended"), {"facts": {"how": "hand", "chats": 0}}),
    "breakglass.actions.look": Case(
        lambda ada: look(ada, CHAT), (*OPENED, "breakglass.viewed"), {"facts": {"what": "chat"}}
    ),
    "breakglass.actions.dismiss": Case(
        lambda ada: actions.dismiss(opened(_alan(), _olga(), ada), by=ada),
        (*OPENED, "breakglass.notice_dismissed"),
        {},
    ),
}
