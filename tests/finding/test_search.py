"""Search finds what its owner said and was told, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_team, make_user

from accounts.models import Membership, User
from chat import queue
from chat.models import Conversation, Generation, Message, Project
from finding import queries
from finding.asking import understood

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ada() -> User:
    return make_user()


def chat(user: User, question: str, answer: str = "", *, title: str = "") -> Conversation:
    """A chat with one answer that has ended."""
    generation = asked(user, question)
    Generation.objects.within(generation).update(state=Generation.State.DONE, model_name="Qwen small")
    Message.objects.within(generation.message).update(text=answer)
    found = generation.message.conversation
    if title:
        Conversation.objects.within(found).update(title=title)
    found.refresh_from_db()
    return found


def search(user: User, text: str, *, page: int = 1) -> queries.Results:
    return queries.search(user, understood(text), page=page, now=timezone.now())


def titles(user: User, text: str) -> list[str]:
    return [found.conversation.title for found in search(user, text).chats]


@pytest.mark.parametrize(
    "text",
    [
        "embers",
        "EMBERS glow",
        "glow embers",
        '"embers glow"',
        "emb",
        "embers -ice",
        "ice or embers",
        "café",
        "cafe",
        "getuserbyid",
        "getUserById",
        "user",
        "user_name",
        "name.py",
        "etc/hearth",
        "天気",
        "3.14",
        "straße",
        "in:warm embers",
        "model:qwen embers",
        "team:engineer embers",
        "-is:pinned embers",
        "embers after:2020-01-01",
    ],
)
def test_an_answer_is_found(ada: User, text: str) -> None:
    answer = "The embers glow at the Café in the Straße. getUserById(user_name.py) /etc/hearth 東京の天気 3.14"
    chat(ada, "What burns?", answer, title="Warm")
    assert titles(ada, text) == ["Warm"]


@pytest.mark.parametrize(
    "text",
    [
        "zebra",
        '"glow embers"',
        "embers -glow",
        "mbers",
        "気天",
        "is:pinned embers",
        "in:cold embers",
        "model:llama embers",
        "team:research embers",
        "embers before:2020-01-01",
        "…",
        "-",
    ],
)
def test_what_does_not_match_is_not_found(ada: User, text: str) -> None:
    chat(ada, "What burns?", "The embers glow. 東京の天気", title="Warm")
    assert titles(ada, text) == []


def test_a_title_stands_before_what_is_said(ada: User) -> None:
    chat(ada, "Embers and embers", "Embers, embers and embers.", title="Much of it")
    chat(ada, "What is left?", "Ash.", title="Embers")
    assert titles(ada, "embers") == ["Embers", "Much of it"]


def test_what_is_old_stands_behind_what_is_new(ada: User) -> None:
    old, new = chat(ada, "Why oak?", title="Old"), chat(ada, "Why oak?", title="New")
    Message.objects.within(old).update(created_at=Now() - timedelta(days=400))
    assert titles(ada, "oak") == ["New", "Old"]
    assert titles(ada, f"oak before:{timezone.now() - timedelta(days=30):%Y-%m-%d}") == ["Old"]
    assert titles(ada, f"oak after:{timezone.now() - timedelta(days=30):%Y-%m-%d}") == ["New"]
    assert new.pk


def test_filters_alone_list_chats(ada: User) -> None:
    warm, cold = chat(ada, "a", title="Warm"), chat(ada, "b", title="Cold")
    project = Project.objects.create(owner=ada, team=warm.team, name="Porto lease")
    Conversation.objects.within(warm).update(pinned=True, project=project)
    Conversation.objects.within(cold).update(archived_at=Now())
    assert titles(ada, "is:pinned") == titles(ada, "pinned:yes") == titles(ada, 'in:"porto lease"') == ["Warm"]
    assert titles(ada, "is:archived") == titles(ada, "pinned:no") == ["Cold"]
    assert titles(ada, "is:temporary") == []
    assert titles(ada, "model:qwen") == ["Cold", "Warm"]


def test_a_place_in_another_version_says_so_and_leads_there(ada: User, client: Client) -> None:
    found = chat(ada, "First wording about oak")
    first = Message.objects.within(found).get(role="user")
    other = found.messages.create(role="user", text="Second wording about beech")
    Conversation.objects.within(found).update(head=other)
    assert [hit.elsewhere for hit in search(ada, "beech").chats[0].hits] == [False]
    (hit,) = search(ada, "wording oak").chats[0].hits
    assert (hit.message.pk, hit.elsewhere) == (first.pk, True)
    client.force_login(ada, backend=BACKEND)
    response = client.post(reverse("finding:show", args=[first.pk]))
    assert response["Location"] == f"{found.get_absolute_url()}#message-{first.pk}"
    found.refresh_from_db()
    assert found.head_id == Message.objects.within(found).get(role="assistant").pk


def test_nothing_is_found_of_others_of_what_is_deleted_over_or_left_behind(ada: User, client: Client) -> None:
    bob = make_user("bob@example.org", team=make_team("Research"))
    theirs = chat(bob, "embers of Bob", "embers")
    deleted, over, left = (chat(ada, f"embers {n}", "embers") for n in range(3))
    Conversation.objects.within(deleted).update(deleted_at=Now())
    Conversation.objects.within(over).update(temporary_until=Now() - timedelta(seconds=1))
    Conversation.objects.within(left).update(team=make_team("Gone"))
    client.force_login(ada, backend=BACKEND)
    door = reverse("finding:search")
    for query in ("embers", "bob", "is:pinned", "model:qwen", "-zebra", f'"@{bob.pk}"'):
        assert search(ada, query) == queries.Results(count=0), query
        assert client.get(door, {"q": query}).context["results"].chats == [], query
    foreign = client.get(door, {"q": "embers", "chat": str(theirs.pk)})
    unknown = client.get(door, {"q": "embers", "chat": str(uuid4())})
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    message = Message.objects.within(theirs).first()
    assert message is not None
    shown = client.post(reverse("finding:show", args=[message.pk]))
    assert (shown.status_code, shown.content) == (404, client.post(reverse("finding:show", args=[uuid4()])).content)


def test_who_writes_the_mark_of_somebody_else_finds_nothing_more(ada: User) -> None:
    bob = make_user("bob@example.org")
    chat(bob, "embers of Bob")
    chat(ada, f"'@{bob.pk}' is written here", title="Mine")
    assert titles(ada, f"@{bob.pk}") == ["Mine"]
    assert titles(bob, f"@{bob.pk}") == []


def test_words_go_with_their_message(ada: User) -> None:
    found = chat(ada, "embers", "embers")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM chat_message WHERE words @@ 'embers'::tsquery")
        assert cursor.fetchone()[0] == 2
        Message.objects.within(found).update(text="")
        cursor.execute("SELECT count(words) FROM chat_message")
        assert cursor.fetchone()[0] == 0


def test_a_growing_answer_has_no_words_until_it_has_ended(ada: User) -> None:
    generation = asked(ada, "What burns?")
    until = datetime(2100, 1, 1, tzinfo=UTC)
    Generation.objects.within(generation).update(state="running", attempt=1, lease_until=until)
    queue.keep(generation.pk, 1, text="Embers do")
    assert titles(ada, "embers") == []
    queue.finish(generation.pk, 1, state="done", text="Embers do")
    assert titles(ada, "embers") == ["What burns?"]


def test_an_answer_that_nobody_writes_any_more_is_found_at_the_commit(ada: User) -> None:
    generation = asked(ada, "What burns?")
    until = datetime(2100, 1, 1, tzinfo=UTC)
    Generation.objects.within(generation).update(state="running", attempt=1, lease_until=until)
    queue.keep(generation.pk, 1, text="Embers do")
    queue.end_unowned(Generation.objects.for_hosts().filter(pk=generation.pk), state="stopped")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert titles(ada, "embers") == ["What burns?"]


def test_a_new_title_is_found_and_the_old_one_is_not(ada: User) -> None:
    found = chat(ada, "x", title="Autumn")
    Conversation.objects.within(found).update(title="Winter")
    assert (titles(ada, "autumn"), titles(ada, "winter")) == ([], ["Winter"])


def test_a_text_of_many_words_and_one_endless_word_can_be_stored(ada: User) -> None:
    long = " ".join(f"word{n}" for n in range(60_000)) + " " + "x" * 50_000
    chat(ada, "long", long, title="Long")
    assert titles(ada, "word7") == ["Long"]


def test_pages_follow_one_another(ada: User) -> None:
    for n in range(12):
        chat(ada, f"oak {n}")
    first, second = search(ada, "oak"), search(ada, "oak", page=2)
    assert (len(first.chats), first.count, first.next) == (10, 12, 2)
    assert (len(second.chats), second.next) == (2, None)


def test_three_places_of_a_chat_are_shown_and_the_rest_is_counted(ada: User) -> None:
    found = chat(ada, "oak 0", title="Oaks")
    for n in range(1, 6):
        found.messages.create(role="user", text=f"oak {n}")
    (row,) = search(ada, "oak -oaks").chats
    assert (len(row.hits), row.more) == (3, 3)
    (whole,) = queries.search(ada, understood("oak"), page=1, now=timezone.now(), only=found.pk).chats
    assert (len(whole.hits), whole.more) == (6, 0)


def queries_for(client: Client, **fields: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("finding:search"), fields, headers={"X-Hearth-Partial": "part"}).status_code == 200
    return len(captured)


def test_ten_chats_take_as_many_queries_as_one(ada: User, client: Client) -> None:
    client.force_login(ada, backend=BACKEND)
    chat(ada, "oak", "oak")
    queries_for(client, q="oak")
    one = queries_for(client, q="oak")
    for n in range(12):
        chat(ada, f"oak {n}", "oak")
    assert queries_for(client, q="oak") == one <= 12


def test_the_page_shows_examples_first_then_what_was_found_then_that_nothing_was(ada: User, client: Client) -> None:
    client.force_login(ada, backend=BACKEND)
    found = chat(ada, "What burns?", "<b>Embers</b> & ash", title="Warm")
    Conversation.objects.within(found).update(archived_at=Now())
    door = reverse("finding:search")
    assert "both words in the title or in one message" in client.get(door).content.decode()
    page = client.get(door, {"q": "embers is:archived"}).content.decode()
    answer = Message.objects.within(found).get(role="assistant")
    for piece in (
        "&lt;b&gt;<mark>Embers</mark>&lt;/b&gt; &amp; ash",
        f'href="{found.get_absolute_url()}#message-{answer.pk}"',
        "archived</span>",
        'href="?q=embers"',
    ):
        assert piece in page
    assert "No chat matches" in client.get(door, {"q": "zebra"}).content.decode()
    assert client.get(door, {"q": "x", "page": "61"}).status_code == 404
    assert client.get(door, {"q": "x", "chat": "y"}).status_code == 404
    assert "write a day as" in client.get(door, {"q": "x before:monday"}).content.decode()
    assert client.get(door, {"q": "nul\x00 ' \\ : ! & | ( ) <-> *"}).status_code == 200


def test_the_palette_offers_chats_places_and_models_in_as_many_queries_for_many_chats(
    ada: User, client: Client
) -> None:
    client.force_login(ada, backend=BACKEND)
    deployment = make_deployment()
    door = reverse("finding:palette")
    for n in range(3):
        chat(ada, f"oak {n}", title=f"Éclair {n}")
    chat(make_user("bob@example.org"), "x", title="Eclair of Bob")
    client.get(door, {"all": "1"})
    with CaptureQueriesContext(connection) as captured:
        groups = client.get(door, {"all": "1"}).json()["groups"]
    assert len(captured) <= 10
    assert [group["name"] for group in groups] == ["Chats", "Go to", "Models"]
    assert [entry["label"] for entry in groups[0]["entries"]] == ["Éclair 2", "Éclair 1", "Éclair 0"]
    assert {"label": "New chat", "address": "/", "note": "Ctrl+Shift+O"} in groups[1]["entries"]
    assert groups[2]["entries"] == [{"label": "Ask Stub", "address": f"/?model={deployment.pk}", "note": ""}]
    (found,) = client.get(door, {"q": "ecl 1"}).json()["groups"]
    assert [entry["label"] for entry in found["entries"]] == ["Éclair 1"]
    assert client.get(door, {"q": "…"}).json()["groups"] == [{"name": "Chats", "entries": []}]


def test_only_the_offices_that_one_may_enter_are_offered(client: Client) -> None:
    ada = make_user()
    client.force_login(ada, backend=BACKEND)
    offered = {
        entry["address"]
        for entry in client.get(reverse("finding:palette"), {"all": "1"}).json()["groups"][1]["entries"]
    }
    assert reverse("accounts:people") not in offered
    assert Membership.objects.filter(user=ada).exists()
    User.objects.filter(pk=ada.pk).update(organisation_role=User.Role.OWNER)
    offered = {
        entry["address"]
        for entry in client.get(reverse("finding:palette"), {"all": "1"}).json()["groups"][1]["entries"]
    }
    assert reverse("accounts:people") in offered
