"""The acts of those who take their chats along and bring them back, and their entries."""

from acts import Case
from bringing import imported, looked, simple
from factories import asked

from accounts.models import User
from moving import exporting, importing

EXEMPT = {
    "moving.exporting.printed": "the same act for a page: tests/moving",
    "moving.importing.work": "does what was asked for; its entry is that of the import",
    "moving.importing.ring_for_waiting": "rings",
    "moving.importing.chat_of": "computes",
    "moving.importing.digest_of": "computes",
    "moving.importing.look": "reads",
    "moving.importing.start": "asks for an import, which writes its entry at its end",
    "moving.importing.delete": "removes a report of one's own",
}


def cancelled(ada: User) -> None:
    """Cancel an import that has begun."""
    from factories import make_team

    move = looked(ada, [simple()])
    importing.start(move, team=make_team(), left=set(), archived=False)
    move.refresh_from_db()
    importing.cancel(move)


CASES = {
    "moving.exporting.paper_of": Case(
        lambda ada: exporting.paper_of(asked(ada).message.conversation, "json"),
        ("moving.exported",),
        {"facts": {"format": "json"}},
    ),
    "moving.importing.run": Case(
        lambda ada: imported(ada, [simple()]),
        ("moving.imported",),
        {"facts": {"here": 0, "imported": 1, "refused": 0}},
    ),
    "moving.importing.cancel": Case(
        cancelled, ("moving.imported",), {"facts": {"here": 0, "imported": 0, "refused": 0}}
    ),
}
