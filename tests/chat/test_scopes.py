"""The second line: rows of chats cannot be touched without saying whose they are."""

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db.models import Count, Exists, OuterRef, Q
from factories import asked, make_user

from accounts.models import User
from accounts.scoped import Unscoped
from chat.models import Attachment, Conversation, File, Generation, Message
from chat.scopes import PATHS
from config.env import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]

MODELS = (Conversation, Message, Generation, Attachment, File)
CHATS = (Conversation, Message, Generation, Attachment)
TOUCHES: dict[str, Callable[[Any], object]] = {
    "list": list,
    "get": lambda rows: rows.get(),
    "first": lambda rows: rows.first(),
    "in_bulk": lambda rows: rows.in_bulk(),
    "iterator": lambda rows: list(rows.iterator()),
    "values": lambda rows: list(rows.values("pk")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "distinct": lambda rows: list(rows.order_by().values("pk").distinct()),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(rows.model()),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "explain": lambda rows: rows.explain(),
    "update": lambda rows: rows.update(pk=None),
    "delete": lambda rows: rows.delete(),
    "raw delete": lambda rows: rows._raw_delete(None),
    "bulk_update": lambda rows: rows.bulk_update([rows.model(pk=1)], [rows.model._meta.fields[1].name]),
    "raw": lambda rows: rows.raw("SELECT 1"),
    "union": lambda rows: list(rows.union(rows)),
    "lock": lambda rows: list(rows.select_for_update()),
    "or": lambda rows: list(rows | rows),
}


@pytest.fixture
def ada() -> User:
    return make_user()


def with_a_file(answer: Generation) -> Generation:
    """Attach a file of the person to their question."""
    assert answer.message.parent is not None
    file = File.objects.create(owner=answer.user, sha256="0" * 64, size=1, media_type="text/plain")
    answer.message.parent.attachments.create(file=file, name="notes.md")
    return answer


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("touch", TOUCHES)
def test_what_says_nothing_of_whose_is_refused(model: Any, touch: str) -> None:
    with pytest.raises(Unscoped, match=f"{model.__name__}.objects must say whose"):
        TOUCHES[touch](model.objects.filter(pk="6b1b36cb-b1a7-4d9b-8a3a-3f2d4c6a9d10"))


async def awaited(touch: Callable[[], Any]) -> Any:
    return await touch()


async def listed(rows: Any) -> list[Any]:
    return [row async for row in rows]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_says_nothing_is_refused_in_coroutines_too(model: Any) -> None:
    rows = model.objects.all()
    for touch in (rows.aexists, rows.afirst, rows.acount, lambda: listed(rows), lambda: listed(rows.aiterator())):
        with pytest.raises(Unscoped):
            async_to_sync(awaited)(touch)


@pytest.mark.parametrize("model", CHATS, ids=lambda model: model.__name__)
def test_a_person_has_what_is_theirs_and_not_deleted(model: Any, ada: User) -> None:
    answer = with_a_file(asked(ada))
    with_a_file(asked(make_user("bob@example.org")))
    mine = {Conversation: 1, Message: 2, Generation: 1, Attachment: 1}[model]
    assert model.objects.of(ada).count() == len(model.objects.of(ada)) == mine
    assert model.objects.for_housekeeping().count() == model.objects.for_hosts().count() == 2 * mine
    Conversation.objects.within(answer.message.conversation).update(deleted_at="2026-01-01T00:00:00Z")
    assert not model.objects.of(ada).exists()


def test_a_person_has_their_files_whatever_becomes_of_the_chat(ada: User) -> None:
    answer = with_a_file(asked(ada))
    with_a_file(asked(make_user("bob@example.org")))
    Conversation.objects.within(answer.message.conversation).update(deleted_at="2026-01-01T00:00:00Z")
    mine: Any = File.objects.of(ada)
    assert mine.get().owner == ada
    assert File.objects.within(mine.get()).get() == mine.get()
    lost: Any = File.objects.all()
    lost.scope = mine.scope
    for forged in (lost, File.objects.within(mine.get()).filter(pk__isnull=False) | mine, lost.exclude(owner=ada)):
        with pytest.raises(Unscoped):
            forged.count()


@pytest.mark.parametrize("model", CHATS, ids=lambda model: model.__name__)
def test_a_scope_that_the_query_does_not_show_is_not_believed(model: Any, ada: User) -> None:
    asked(ada)
    rows = model.objects.of(ada)
    lost = model.objects.all()
    lost.scope = rows.scope
    path = PATHS[model._meta.model_name]
    either = model.objects.filter(Q(**{f"{path}owner": ada, f"{path}deleted_at": None}) | Q(pk__isnull=False))
    either.scope = rows.scope
    inverted = model.objects.exclude(**{f"{path}owner": ada, f"{path}deleted_at": None})
    inverted.scope = rows.scope
    for forged in (lost, either, inverted, rows | rows.all().filter(pk__isnull=False)):
        with pytest.raises(Unscoped):
            forged.count()


def test_a_conversation_in_hand_opens_what_is_in_it(ada: User) -> None:
    mine, theirs = with_a_file(asked(ada)), with_a_file(asked(make_user("bob@example.org")))
    chat = mine.message.conversation
    assert Message.objects.within(chat).count() == chat.messages.count() == 2
    assert Generation.objects.within(chat).get() == mine
    assert Conversation.objects.within(chat).get() == chat
    assert Attachment.objects.within(chat).get().message.conversation_id == chat.pk
    assert Generation.objects.within(theirs).get() == theirs
    assert ada.conversations.get() == chat
    assert mine.message.parent is not None
    assert mine.message.parent.children.get() == mine.message


def test_a_row_in_hand_is_itself_alone(ada: User) -> None:
    mine, theirs = asked(ada), asked(make_user("bob@example.org"))
    assert Generation.objects.within(mine).update(rounds=7) == 1
    theirs.refresh_from_db()
    assert theirs.rounds == 1


def test_a_scope_outlives_whatever_is_asked_of_it(ada: User) -> None:
    answer = asked(ada)
    live = Generation.objects.filter(message__conversation=OuterRef("pk"), state__in=Generation.LIVE)
    rows = Conversation.objects.of(ada).annotate(busy=Exists(live)).only("pk", "title").order_by("-created_at")
    assert [chat.busy for chat in rows[:5]] == [True]
    assert rows.select_for_update(of=("self",)).get().pk == answer.message.conversation_id
    assert list(Message.objects.of(ada).values_list("role", flat=True).order_by("role")) == ["assistant", "user"]
    assert not Message.objects.none().exists()


def test_a_scope_holds_in_coroutines(ada: User) -> None:
    answer = asked(ada)
    assert async_to_sync(awaited)(Generation.objects.of(ada).filter(pk=answer.pk).aexists)
    assert async_to_sync(listed)(Generation.objects.of(ada)) == [answer]


HOUSEKEEPING = {"departing", "limits", "purging", "retained", "retained_projects"}


@pytest.mark.parametrize(("scope", "places"), [("for_hosts", {"bell", "queue"}), ("for_housekeeping", HOUSEKEEPING)])
def test_no_door_asks_for_everybodys_rows(scope: str, places: set[str]) -> None:
    """Pages and sockets start from a person; the queue and what keeps the house do not."""
    files = [file for file in (ROOT / "chat").glob("*.py") if file.stem != "scopes"]
    assert {file.stem for file in files if f".{scope}(" in file.read_text()} == places
