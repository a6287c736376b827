"""Without an open glass an administrator finds nothing anywhere; with one, that person's chats and no other's."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import asked, make_user
from glasses import cast, let_time_pass, opened, requested

from accounts.models import User
from audit.models import Entry
from breakglass import actions
from breakglass.models import Glass, Look
from chat import actions as chat
from chat.models import Conversation, Generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "Where do salamanders sleep?"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def chats_url(glass: Glass) -> str:
    return f"/break-glass/{glass.pk}/chats/"


def viewed() -> list[dict[str, object]]:
    return [json.loads(entry.body) for entry in Entry.objects.filter(verb="breakglass.viewed").order_by("seq")]


def every_door(generation: Generation) -> list[str]:
    """Return every address under which this chat could be had."""
    conversation, message = generation.message.conversation, generation.message
    return [
        f"/chats/{conversation.pk}/",
        *(f"/chats/{conversation.pk}/{name}/" for name in ("ask", "rename", "delete")),
        *(f"/messages/{message.pk}/{name}/" for name in ("edit", "regenerate", "show")),
        *(f"/generations/{generation.pk}/{name}/" for name in ("stop", "continue")),
        *(f"/break-glass/{number}/chats/" for number in range(5)),
        *(f"/break-glass/{number}/chats/{conversation.pk}/" for number in range(5)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("role", [User.Role.OWNER, User.Role.ADMIN, User.Role.AUDITOR])
def test_no_role_reaches_a_chat_without_an_open_glass(role: str) -> None:
    _, _, bob = cast()
    generation = asked(bob, SECRET)
    client = client_of(make_user("root@example.org", role=role))
    for door in every_door(generation):
        got, posted = client.get(door), client.post(door, {"text": "x", "client_id": str(uuid4()), "title": "x"})
        assert got.status_code in (404, 405), door
        assert posted.status_code in (404, 405), door
        assert SECRET not in got.content.decode() + posted.content.decode()
    for page in ("/", "/sidebar/", "/audit/", "/break-glass/", f"/break-glass/ask/?about={bob.pk}"):
        assert SECRET not in client.get(page).content.decode(), page
    assert not Entry.objects.filter(body__contains=SECRET).exists()  # all that an export of the log can hold


def test_a_request_alone_opens_nothing_and_an_approval_only_for_who_asked() -> None:
    alan, olga, bob = cast()
    generation = asked(bob, SECRET)
    glass = requested(alan, bob)
    here = f"{chats_url(glass)}{generation.message.conversation.pk}/"
    assert [client_of(alan).get(url).status_code for url in (chats_url(glass), here)] == [404, 404]
    actions.approve(glass, by=olga)
    others = [olga, bob, make_user("o@example.org", role=User.Role.OWNER), make_user("m@example.org")]
    for other in others:
        assert [client_of(other).get(url).status_code for url in (chats_url(glass), here)] == [404, 404]
    assert viewed() == []
    assert [client_of(alan).get(url).status_code for url in (chats_url(glass), here)] == [200, 200]
    assert Client().get(here).status_code == 302


def test_under_a_glass_there_are_that_persons_chats_and_no_others() -> None:
    alan, olga, bob = cast()
    mine, other = asked(bob, SECRET), asked(make_user("ann@example.org"), "Something of mine")
    glass = opened(alan, olga, bob)
    client = client_of(alan)
    listed = client.get(chats_url(glass)).content.decode()
    assert SECRET in listed
    assert "Something of mine" not in listed
    page = client.get(f"{chats_url(glass)}{mine.message.conversation.pk}/").content.decode()
    assert SECRET in page
    assert "Alan · " in page
    assert f"request {glass.pk}" in page
    assert client.get(f"{chats_url(glass)}{other.message.conversation.pk}/").status_code == 404
    assert client.get(mine.message.conversation.get_absolute_url()).status_code == 404  # the usual doors stay shut
    assert client.get(f"{chats_url(glass)}?after={other.message.conversation.pk}").status_code == 200
    assert client.get(f"{chats_url(glass)}?after=nonsense").status_code == 404


def test_each_look_is_an_entry_before_anything_is_shown() -> None:
    alan, olga, bob = cast()
    conversation = asked(bob, SECRET).message.conversation
    glass = opened(alan, olga, bob)
    client = client_of(alan)
    client.get(chats_url(glass))
    for _ in range(2):
        client.get(f"{chats_url(glass)}{conversation.pk}/")
    of_glass = [{"id": str(glass.pk), "kind": "glass"}, {"id": str(bob.pk), "kind": "person"}]
    of_chat = [*of_glass, {"id": str(conversation.pk), "kind": "conversation"}]
    assert [(body["facts"], body["targets"]) for body in viewed()] == [
        ({"what": "list"}, of_glass),
        ({"what": "chat"}, of_chat),
        ({"what": "chat"}, of_chat),
    ]
    assert all(body["actor"]["id"] == str(alan.pk) for body in viewed())  # type: ignore[index]
    assert Look.objects.count() == 1
    assert not any(SECRET in entry.body for entry in Entry.objects.all())


def test_no_entry_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    from audit.actions import Unwritten

    alan, olga, bob = cast()
    conversation = asked(bob, SECRET).message.conversation
    glass = opened(alan, olga, bob)

    def unwritten(*args: object, **kwargs: object) -> None:
        raise Unwritten("breakglass.viewed")

    monkeypatch.setattr(actions, "record", unwritten)
    client = client_of(alan)
    client.raise_request_exception = False
    for url in (chats_url(glass), f"{chats_url(glass)}{conversation.pk}/"):
        response = client.get(url)
        assert response.status_code == 503
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize("how", ["time", "hand", "demoted", "deactivated"])
def test_after_its_end_there_is_nothing_at_once(how: str) -> None:
    alan, olga, bob = cast()
    conversation = asked(bob, SECRET).message.conversation
    glass = opened(alan, olga, bob)
    client = client_of(alan)
    urls = (chats_url(glass), f"{chats_url(glass)}{conversation.pk}/")
    assert [client.get(url).status_code for url in urls] == [200, 200]
    if how == "time":
        let_time_pass(glass)
    elif how == "hand":
        actions.end(glass, by=olga)
    elif how == "demoted":
        User.objects.filter(pk=alan.pk).update(organisation_role=User.Role.MEMBER)
    else:
        User.objects.filter(pk=alan.pk).update(is_active=False)
    before = len(viewed())
    for url in urls:
        response = client.get(url)
        assert response.status_code in ((404,) if how != "deactivated" else (302, 404))
        assert SECRET not in response.content.decode()
    assert len(viewed()) == before


def test_a_glass_that_ends_between_its_finding_and_the_reading_shows_nothing() -> None:
    from chat.queries import chats_under

    alan, olga, bob = cast()
    asked(bob, SECRET)
    glass = opened(alan, olga, bob)
    assert chats_under(glass).count() == 1
    let_time_pass(glass)
    assert list(chats_under(glass)) == []


def test_deleted_chats_that_still_exist_are_marked() -> None:
    alan, olga, bob = cast()
    conversation = asked(bob, SECRET).message.conversation
    chat.delete(conversation)
    glass = opened(alan, olga, bob)
    client = client_of(alan)
    assert 'data-state="deleted"' in client.get(chats_url(glass)).content.decode()
    assert "deleted by its owner" in client.get(f"{chats_url(glass)}{conversation.pk}/").content.decode()


def test_other_versions_can_be_read_and_nothing_is_changed_by_it() -> None:
    alan, olga, bob = cast()
    generation = asked(bob, "First wording")
    conversation = generation.message.conversation
    chat.stop(generation)
    question = conversation.messages.get(role="user")
    chat.edit(question, text="Second wording", deployment=generation.deployment, client_id=uuid4())
    glass = opened(alan, olga, bob)
    url = f"{chats_url(glass)}{conversation.pk}/"
    client = client_of(alan)
    page = client.get(url).content.decode()
    assert "Second wording" in page
    assert f"?show={question.pk}" in page
    shown = client.get(f"{url}?show={question.pk}").content.decode()
    assert ("First wording" in shown, "Second wording" in shown) == (True, False)
    assert "Second wording" in client.get(url).content.decode()
    for bad in ("nonsense", str(uuid4())):
        assert client.get(f"{url}?show={bad}").status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed_there(method: str) -> None:
    alan, olga, bob = cast()
    conversation = asked(bob, SECRET).message.conversation
    glass = opened(alan, olga, bob)
    client = client_of(alan)
    for url in (chats_url(glass), f"{chats_url(glass)}{conversation.pk}/"):
        assert getattr(client, method)(url).status_code == 405
    page = client.get(f"{chats_url(glass)}{conversation.pk}/").content.decode()
    assert re.findall(r'<form[^>]*action="([^"]*)"', page) == ["/look/theme/", "/account/logout/"]
    assert "download" not in page.lower()
    assert "style=" not in page


def test_lists_take_a_constant_number_of_queries_and_go_on_page_by_page() -> None:
    alan, olga, bob = cast()
    generation = asked(bob)
    glass = opened(alan, olga, bob)
    client = client_of(alan)

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = cost(chats_url(glass))
    conversation = generation.message.conversation
    Conversation.objects.bulk_create(
        Conversation(owner=bob, team_id=conversation.team_id, title=f"chat {n}") for n in range(119)
    )
    assert cost(chats_url(glass)) == few <= 15
    titles, url = [], chats_url(glass)
    while url:
        page = client.get(url)
        titles += [row.title for row in page.context["rows"]]
        url = f"{chats_url(glass)}?after={page.context['more']}" if page.context["more"] else ""
    assert len(titles) == len(set(titles)) == 120


def test_the_watermark_stands_in_the_stylesheet_alone() -> None:
    css = (Path(__file__).resolve().parents[2] / "static/hearth/css/glass.css").read_text()
    assert "pointer-events: none" in css
    assert "@media print" in css
