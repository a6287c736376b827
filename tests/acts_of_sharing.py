"""What people do with shares, and the entries that it leaves."""

from acts import Case
from factories import make_user
from keeping import chat_of

from accounts.models import User
from sharing import actions
from sharing.models import Share

MADE = ("accounts.person_added",)
SHARED = (*MADE, "sharing.shared")


def shared(ada: User, days: int | None = 7) -> Share:
    """Let Bob read a chat of Ada's."""
    bob, chat = make_user("bob@example.org"), chat_of(ada, title="What salamanders say")
    head = chat.messages.get(role="assistant").pk
    return actions.share(chat, people=[bob.pk], teams=[], days=days, head=head, by=ada)


def _drop(ada: User) -> None:
    share = shared(ada)
    actions.drop(share, share.readers.get())


def _copy(ada: User) -> None:
    actions.copy(shared(ada), by=User.objects.get(email="bob@example.org"), team=None)


EXEMPT = {"sharing.actions.why_not": "reads"}
CASES = {
    "sharing.actions.share": Case(shared, SHARED, {"facts": {"messages": 2, "days": 7}}),
    "sharing.actions.revoke": Case(lambda ada: actions.revoke(shared(ada)), (*SHARED, "sharing.revoked"), {}),
    "sharing.actions.drop": Case(_drop, (*SHARED, "sharing.revoked"), {}),
    "sharing.actions.end_in": Case(
        lambda ada: actions.end_in(shared(ada), days=None), (*SHARED, "sharing.end_changed"), {"facts": {"days": None}}
    ),
    "sharing.actions.copy": Case(_copy, (*SHARED, "sharing.copied"), {}),
}
