"""The doors of moving: files that are saved and run nowhere, pieces that say where they belong, and a choice."""

import json
import re
from uuid import uuid4

import pytest
from bringing import imported, looked, node, simple, theirs, turn
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import asked, make_deployment, make_team, make_user
from keeping import chat_of

from accounts import pieces
from accounts.models import Membership, User
from chat.models import Conversation, Message
from moving import arriving, importing
from moving.models import Import

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def person() -> User:
    return make_user()


@pytest.fixture
def ada(client: Client, person: User) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(response: object) -> str:
    """Return what a page says, spaces as one."""
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def test_a_chat_is_saved_as_markdown_with_the_shown_branch_alone(ada: Client, person: User) -> None:
    chat = chat_of(person, title='A "plan" / 2026\r\n.exe', messages=4)
    question = chat.messages.get(text="Words 0")
    chat.messages.create(role="assistant", text="Another branch", parent=question)
    response = ada.get(reverse("moving:markdown", args=[chat.pk]))
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    day = chat.created_at.date().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="{day} A plan 2026 .exe.md"'
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    said = response.content.decode()
    assert [line for line in said.splitlines() if line.startswith("Words")] == [f"Words {n}" for n in range(4)]
    assert "Another branch" not in said


def test_a_name_of_other_letters_is_sent_as_the_standard_says(ada: Client, person: User) -> None:
    chat = chat_of(person, title="Öfen 炉 \u202egnp")
    said = ada.get(reverse("moving:json", args=[chat.pk]))["Content-Disposition"]
    assert said.startswith("attachment; filename*=utf-8''")
    assert "%C3%96fen%20%E7%82%89" in said
    assert "%E2%80%AE" not in said


def test_a_chat_is_saved_as_json_with_every_branch_and_read_back(ada: Client, person: User) -> None:
    chat = chat_of(person, messages=4)
    question = chat.messages.get(text="Words 0")
    chat.messages.create(role="assistant", text="Another branch", parent=question)
    content = ada.get(reverse("moving:json", args=[chat.pk])).content
    assert {one["text"] for one in json.loads(content)["messages"]} == {
        "Words 0",
        "Words 1",
        "Words 2",
        "Words 3",
        "Another branch",
    }
    eve = make_user("eve@example.org")
    imported(eve, content)
    assert Message.objects.within(Conversation.objects.of(eve).get()).count() == 5


def test_the_models_of_an_imported_chat_are_on_its_page_and_in_its_export(ada: Client, person: User) -> None:
    imported(person, [simple("Bread", messages=4)])
    chat = Conversation.objects.of(person).get()
    page = text(ada.get(chat.get_absolute_url()))
    assert page.count("<span data-model>gpt-4o</span>") == 2
    said = json.loads(ada.get(reverse("moving:json", args=[chat.pk])).content)
    assert [one["answer"] for one in said["messages"]] == [None, {"model": "gpt-4o"}] * 2
    assert "gpt-4o" in text(ada.get(reverse("moving:print", args=[chat.pk])))


def test_an_imported_answer_is_answered_anew_and_asked_on(ada: Client, person: User) -> None:
    make_deployment()
    imported(person, [simple("Bread")])
    chat = Conversation.objects.of(person).get()
    answer = chat.messages.get(role="assistant")
    again = ada.post(reverse("chat:regenerate", args=[answer.pk]), {"client_id": str(uuid4())})
    assert again.status_code == 302
    assert Message.objects.within(chat).count() == 3
    more = ada.post(reverse("chat:show", args=[answer.pk]))
    assert more.status_code == 302


@pytest.mark.parametrize("form", ["markdown", "json", "print"])
def test_what_is_not_yours_is_not_there(ada: Client, form: str) -> None:
    foreign = chat_of(make_user("eve@example.org"))
    ours, nobodys = (ada.get(reverse(f"moving:{form}", args=[pk])) for pk in (foreign.pk, uuid4()))
    assert (ours.status_code, nobodys.status_code) == (404, 404)


def test_nobody_s_import_is_reached_by_its_id(ada: Client) -> None:
    move = looked(make_user("eve@example.org"), [simple("Secret")])
    for name in ("import", "piece"):
        assert ada.get(reverse(f"moving:{name}", args=[move.pk])).status_code == 404
    for name in ("start", "cancel", "delete"):
        data = {"team": str(make_team().pk), "owner": str(uuid4())}
        assert ada.post(reverse(f"moving:{name}", args=[move.pk]), data).status_code == 404
    move.refresh_from_db()
    assert (move.state, move.entries.count()) == ("found", 1)


def test_scripts_in_titles_names_and_texts_are_words(ada: Client, person: User) -> None:
    chat = theirs(node("q", None, turn("user", EVIL)), node("a", "q", turn("assistant", EVIL, model_slug=EVIL)))
    bad = theirs(node("q", None, turn("user", "x" * 200_001)), title=EVIL)
    move = looked(person, [chat | {"title": EVIL}, bad], name=f"{EVIL}.json")
    pages = [ada.get(reverse("moving:import", args=[move.pk])), ada.get(reverse("moving:home"))]
    importing.start(move, team=make_team(), left=set(), archived=False)
    importing.work()
    pages.append(ada.get(reverse("moving:import", args=[move.pk])))
    made = Conversation.objects.of(person).get()
    pages += [ada.get(made.get_absolute_url()), ada.get(reverse("moving:print", args=[made.pk]))]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


def test_a_small_file_comes_without_scripts(ada: Client, person: User) -> None:
    file = SimpleUploadedFile("chats.json", json.dumps([simple("Bread"), simple("Ovens"), simple("Soup")]).encode())
    response = ada.post(reverse("moving:begin"), {"file": file})
    move = Import.objects.get()
    assert response["Location"] == reverse("moving:import", args=[move.pk])
    assert "Hearth looks what is in the file" in text(ada.get(response["Location"]))
    importing.work()
    page = text(ada.get(response["Location"]))
    assert "There are <strong>3 chats</strong> in it" in page
    wrong = ada.post(reverse("moving:start", args=[move.pk]), {"team": str(make_team().pk), "left": "1; 2"})
    assert wrong.status_code == 400
    assert "Write numbers with commas between them" in text(wrong)
    right = ada.post(reverse("moving:start", args=[move.pk]), {"team": str(make_team().pk), "left": "2 - 3, 900"})
    assert right.status_code == 302
    importing.work()
    assert "The import has ended." in text(ada.get(response["Location"]))
    assert [chat.title for chat in Conversation.objects.of(person)] == ["Bread"]


def test_a_file_comes_in_pieces_that_say_where_they_belong(ada: Client) -> None:
    data = json.dumps([simple()]).encode()
    begun = ada.post(reverse("moving:begin"), {"name": "a.json", "size": len(data)}).json()
    half = len(data) // 2

    def put(first: int, piece: bytes, total: int = len(data)) -> object:
        headers = {"Content-Range": f"bytes {first}-{first + len(piece) - 1}/{total}"}
        return ada.put(begun["address"], piece, headers=headers, content_type="application/octet-stream")

    assert put(5, data[5:9]).status_code == 409  # type: ignore[attr-defined]
    assert put(0, data[:half], total=5).status_code == 400  # type: ignore[attr-defined]
    assert put(0, data[:half]).json() == {"received": half, "size": len(data), "whole": False}  # type: ignore[attr-defined]
    assert put(half, data[half:]).json()["whole"] is True  # type: ignore[attr-defined]
    assert Import.objects.get().state == "looking"


def test_longer_bodies_are_let_in_for_pieces_of_one_s_own_import_alone(person: User) -> None:
    move = arriving.begin(name="a.json", size=10, by=person)
    path, token = reverse("moving:piece", args=[move.pk]), arriving.token_of(move)
    assert arriving.allowance(path, token) == pieces.PIECE
    for wrong in ("", "x", token + "x", token.replace(str(move.pk), str(uuid4()))):
        assert arriving.allowance(path, wrong) == 0
    for other in ("/", reverse("moving:piece", args=[uuid4()]), path + "cancel/"):
        assert arriving.allowance(other, token) == 0


def test_a_team_of_others_cannot_be_chosen_and_more_fields_change_nothing(ada: Client, person: User) -> None:
    move, other = looked(person, [simple()]), make_team("Research")
    refused = ada.post(reverse("moving:start", args=[move.pk]), {"team": str(other.pk)})
    assert (refused.status_code, "You cannot put chats into this team." in text(refused)) == (400, True)
    more = {"team": str(make_team().pk), "owner": str(uuid4()), "state": "done", "total": "99", "role": "owner"}
    assert ada.post(reverse("moving:start", args=[move.pk]), more).status_code == 302
    move.refresh_from_db()
    assert (move.state, move.total, move.owner_id) == ("running", 1, person.pk)


def test_a_guest_reads_why_there_is_no_place_for_chats(ada: Client, person: User) -> None:
    Membership.objects.filter(user=person).update(role=Membership.Role.GUEST)
    page = text(ada.get(reverse("moving:home")))
    assert "You can ask in none of your teams" in page
    assert 'type="file"' not in page


def test_pages_take_the_same_few_queries_however_much_there_is(ada: Client, person: User) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert ada.get(address).status_code == 200
        return len(found)

    counts = []
    for chats in (1, 30):
        move = looked(person, [simple(f"C {n}", messages=2 * chats) for n in range(chats)])
        address = reverse("moving:import", args=[move.pk])
        one = [queries(address)]
        importing.start(move, team=make_team(), left=set(), archived=False)
        importing.work()
        chat = Conversation.objects.of(person).order_by("-created_at").first()
        assert chat is not None
        one += [queries(address), queries(reverse("moving:print", args=[chat.pk]))]
        one += [queries(reverse("moving:json", args=[chat.pk])), queries(chat.get_absolute_url())]
        counts.append(one)
    assert counts[0] == counts[1]


def test_an_export_says_in_the_log_what_went_and_nothing_of_it(ada: Client, person: User) -> None:
    from audit.models import Entry

    chat = asked(person, "About salamanders").message.conversation
    for form in ("markdown", "json", "print"):
        ada.get(reverse(f"moving:{form}", args=[chat.pk]))
    bodies = [one.body for one in Entry.objects.order_by("-seq")[:3]]
    assert [json.loads(body)["facts"] for body in bodies] == [{"format": f} for f in ("print", "json", "markdown")]
    assert all(str(chat.pk) in body and "salamanders" not in body for body in bodies)
