"""Acts by which people arrange their chats, and the entries that they leave: what others get to read leaves one."""

from acts import Case
from factories import asked, make_team
from keeping import chat_of

from accounts.models import User
from chat import actions, arranging, away
from chat.arranging import Plan
from chat.models import Conversation, Project

PLAN = Plan("Lease", "Answer in Portuguese.", shared=True)


def shared(ada: User) -> Project:
    return arranging.make_project(ada, plan=PLAN, team=make_team())


def deleted(ada: User) -> Conversation:
    chat = chat_of(ada)
    actions.delete(chat)
    return chat


def all_back(ada: User) -> None:
    chat_of(ada), asked(ada)
    _, at = away.delete_all(ada)
    assert at
    away.restore_all(ada, deleted_at=at)


EXEMPT = {
    "chat.arranging.archive": "everyday work with one's own chat",
    "chat.arranging.see": "everyday work with one's own chat",
    "chat.arranging.move": "everyday work with one's own chat",
    "chat.away.deleted_of": "reads",
}
SHARED = ("chat.project_shared",)
CASES = {
    "chat.arranging.make_project": Case(shared, SHARED, {"facts": {"shared": True}}),
    "chat.arranging.change_project": Case(
        lambda ada: arranging.change_project(shared(ada), plan=Plan("Lease", "Be brief.", shared=True), by=ada),
        (*SHARED, "chat.project_changed"),
        {"facts": {}},
    ),
    "chat.arranging.delete_project": Case(
        lambda ada: arranging.delete_project(shared(ada), by=ada),
        (*SHARED, "chat.project_deleted"),
        {"facts": {"shared": True}},
    ),
    "chat.away.restore": Case(
        lambda ada: away.restore(deleted(ada)), ("chat.conversation_deleted", "chat.conversation_restored"), {}
    ),
    "chat.away.delete_all": Case(
        lambda ada: (chat_of(ada), away.delete_all(ada)),
        ("chat.conversations_deleted",),
        {"targets": "ada", "facts": {"conversations": 1}},
    ),
    "chat.away.restore_all": Case(
        all_back,
        ("chat.conversations_deleted", "chat.conversations_restored"),
        {"targets": "ada", "facts": {"conversations": 2}},
    ),
}
