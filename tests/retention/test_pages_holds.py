"""Legal holds at the door: placed with a reason, listed, searched and exported by auditors, released."""

import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from accounts_pages import enter, text
from asgiref.sync import async_to_sync
from django.test import Client
from factories import PASSWORD, make_owner, make_team, make_user
from keeping import chat_of
from retaining import office

from accounts.models import User
from audit.models import Entry
from retention import exporting, holding
from retention.models import Export, Hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


REASON = "The case of the stolen drawings."


@pytest.fixture
def olga() -> Client:
    return office()


@pytest.fixture
def auditor() -> Client:
    return office(User.Role.AUDITOR)


def placed(**on: Any) -> Hold:
    return holding.place(by=make_owner(), reason=REASON, reference="HR-7", **on)


async def whole(response: Any) -> bytes:
    """Return what is streamed."""
    return b"".join([piece async for piece in response])


def test_a_person_is_found_by_name_and_held(olga: Client) -> None:
    ada = make_user()
    chat_of(ada), chat_of(ada)
    assert f"?person={ada.pk}" in text(olga.get("/data/holds/place/?q=ada"))
    assert "The hold is on <strong>Ada</strong>" in text(olga.get(f"/data/holds/place/?person={ada.pk}"))
    response = olga.post("/data/holds/place/", {"person": ada.pk, "reason": REASON, "reference": "HR-7"})
    hold = Hold.objects.get()
    assert response["Location"] == f"/data/holds/{hold.pk}/"
    assert (hold.person, hold.reason, hold.reference) == (ada, REASON, "HR-7")
    page = text(olga.get(f"/data/holds/{hold.pk}/"))
    for said in ("in force", REASON, "HR-7", "2 chats", "Release it…"):
        assert said in page, said
    assert Entry.objects.filter(verb="retention.hold_placed").count() == 1


def test_a_team_or_a_chat_can_be_held(olga: Client) -> None:
    chat = chat_of(make_user())
    for name, value in (("team", make_team().pk), ("conversation", chat.pk)):
        assert olga.get(f"/data/holds/place/?{name}={value}").status_code == 200
        assert olga.post("/data/holds/place/", {name: value, "reason": REASON}).status_code == 302
    assert [(hold.team, hold.conversation) for hold in Hold.objects.order_by("pk")] == [
        (make_team(), None),
        (None, chat.pk),
    ]


@pytest.mark.parametrize(
    ("on", "form", "sentence"),
    [
        ("person", {"reason": ""}, "This field is required."),
        ("person", {"reason": "short"}, "Say why in a sentence"),
        ("person", {"reason": " " * 40 + "short"}, "Say why in a sentence"),
        ("person", {"reason": REASON, "reference": "x" * 121}, "at most 120 characters"),
        ("nothing", {"reason": REASON}, "On a person"),
        ("both", {"reason": REASON}, "On a person"),
    ],
)
def test_what_is_no_hold_is_told_beside_it(olga: Client, on: str, form: dict[str, str], sentence: str) -> None:
    everything = {"person": make_user().pk, "team": make_team().pk}
    chosen = {name: pk for name, pk in everything.items() if on in (name, "both")}
    response = olga.post("/data/holds/place/", form | chosen)
    assert (response.status_code, sentence in text(response)) == (400, True)
    assert not Hold.objects.exists()


def test_a_chat_that_is_not_there_cannot_be_held(olga: Client) -> None:
    response = olga.post("/data/holds/place/", {"conversation": uuid4(), "reason": REASON})
    assert (response.status_code, "There is no conversation with this id." in text(response)) == (409, True)
    assert REASON in text(response), "nothing that was written is lost"
    assert "This is no id." in text(olga.get("/data/holds/place/?conversation=here"))


def test_placing_and_releasing_ask_for_the_password_first() -> None:
    client, ada = office(again=False), make_user()
    form = {"person": ada.pk, "reason": REASON, "reference": ""}
    assert client.post("/data/holds/place/", form)["Location"].startswith("/account/reauthenticate/")
    assert not Hold.objects.exists()
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/data/holds/place/"})
    hold = Hold.objects.get()
    other = enter(make_user("alan@example.org", role=User.Role.ADMIN))
    assert other.post(f"/data/holds/{hold.pk}/release/")["Location"].startswith("/account/reauthenticate/")
    assert Hold.objects.get().released_at is None


def test_a_released_hold_says_by_whom_and_is_released_once(olga: Client) -> None:
    hold = placed(person=make_user())
    assert olga.post(f"/data/holds/{hold.pk}/release/")["Location"] == f"/data/holds/{hold.pk}/"
    page = text(olga.get(f"/data/holds/{hold.pk}/"))
    assert ("Released by" in page, "Release it…" in page) == (True, False)
    assert olga.post(f"/data/holds/{hold.pk}/release/").status_code == 409
    assert Entry.objects.filter(verb="retention.hold_released").count() == 1


def test_holds_are_listed_page_by_page_with_as_many_queries(olga: Client, django_assert_max_num_queries: Any) -> None:
    assert "No hold is in force." in text(olga.get("/data/holds/"))
    kept = placed(team=make_team())
    for _ in range(65):
        Hold.objects.create(person=make_user(f"{uuid4()}@example.org"), reason=REASON, released_at=kept.placed_at)
    with django_assert_max_num_queries(12):
        page = text(olga.get("/data/holds/"))
    assert page.count('class="glass-row"') == 31
    address, seen = "/data/holds/", 0
    while address:
        page = text(olga.get(address))
        seen += page.count('class="glass-row"')
        address = f"/data/holds/{page.split('Older holds')[0].split('/data/holds/')[-1].split(chr(34))[0]}" * (
            "Older holds" in page
        )
    assert seen == 66


def test_auditors_count_words_without_seeing_them_in_an_address_or_the_log(auditor: Client) -> None:
    ada = make_user()
    chat_of(ada, title="Drawings"), chat_of(ada, title="Lunch")
    hold = placed(person=ada)
    page = text(auditor.post(f"/data/holds/{hold.pk}/search/", {"words": "drawings"}))
    assert "<strong>1 chat</strong> under this hold contains these words." in page
    assert "<strong>2 chats</strong> are under this hold." in text(auditor.post(f"/data/holds/{hold.pk}/search/", {}))
    assert "rawings" not in str(list(Entry.objects.values_list("body", flat=True)))
    assert Entry.objects.filter(verb="retention.held_searched").count() == 2


def test_who_places_holds_neither_searches_nor_exports(olga: Client) -> None:
    hold = placed(person=make_user())
    assert "Search and export" not in text(olga.get(f"/data/holds/{hold.pk}/"))
    for step in ("search", "export"):
        assert olga.post(f"/data/holds/{hold.pk}/{step}/", {"words": "x"}).status_code == 403
    assert not Export.objects.exists()


def test_who_exports_places_and_releases_none(auditor: Client) -> None:
    hold = placed(person=make_user())
    assert auditor.get("/data/holds/place/").status_code == 403
    assert auditor.post("/data/holds/place/", {"team": make_team().pk, "reason": REASON}).status_code == 403
    assert auditor.post(f"/data/holds/{hold.pk}/release/").status_code == 403
    assert Hold.objects.get().released_at is None


def test_an_export_is_asked_for_made_and_fetched_with_its_hash(auditor: Client) -> None:
    ada = make_user()
    chat_of(ada, title="Drawings", messages=4), chat_of(ada, title="Lunch")
    hold = placed(person=ada)
    assert (
        auditor.post(f"/data/holds/{hold.pk}/export/", {"words": "drawings"})["Location"] == f"/data/holds/{hold.pk}/"
    )
    export = Export.objects.get()
    part = text(auditor.get(f"/data/holds/{hold.pk}/", headers={"X-Hearth-Partial": "part"}))
    assert ("Waiting for housekeeping" in part, "data-wait" in part, "<html" in part) == (True, True, False)
    assert auditor.get(f"/data/exports/{export.pk}/").status_code == 404, "it is not there yet"
    exporting.make()
    export.refresh_from_db()
    assert "<strong>1 chat</strong>" in text(auditor.get(f"/data/holds/{hold.pk}/"))
    assert export.sha256 in text(auditor.get(f"/data/exports/{export.pk}/"))
    response = auditor.post(f"/data/exports/{export.pk}/file/")
    assert Entry.objects.filter(verb="retention.export_fetched").count() == 1, "before the first byte"
    content = async_to_sync(whole)(response)
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert response["Content-Disposition"] == f'attachment; filename="hold-{hold.pk}-hr-7.zip"'
    assert (response["Cache-Control"], response["Content-Length"]) == ("no-store", str(len(content)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read("manifest.json"))["hold"] == hold.pk


def test_an_export_is_there_for_its_auditor_alone_and_while_they_are_one(auditor: Client) -> None:
    hold = placed(person=make_user())
    auditor.post(f"/data/holds/{hold.pk}/export/")
    export = Export.objects.get()
    exporting.make()
    other = make_user("eve@example.org", role=User.Role.AUDITOR)
    assert enter(other).get(f"/data/exports/{export.pk}/").status_code == 404
    assert enter(make_owner()).post(f"/data/exports/{export.pk}/file/").status_code == 404
    User.objects.filter(pk=export.person_id).update(organisation_role=User.Role.MEMBER)
    assert auditor.post(f"/data/exports/{export.pk}/file/").status_code == 404
    assert not Entry.objects.filter(verb="retention.export_fetched").exists()


def test_fetching_asks_for_the_password_and_comes_back_to_the_export() -> None:
    client, hold = office(User.Role.AUDITOR, again=False), placed(person=make_user())
    export = exporting.ask_held(hold, by=User.objects.get(email="auditor@example.org"))
    exporting.make()
    where = f"/data/exports/{export.pk}/"
    assert client.get(where)["Location"] == f"/account/reauthenticate/?next=%2Fdata%2Fexports%2F{export.pk}%2F"
    assert client.post("/account/reauthenticate/", {"password": PASSWORD, "next": where})["Location"] == where


def test_a_file_that_is_gone_is_a_sentence(auditor: Client) -> None:
    hold = placed(person=make_user())
    auditor.post(f"/data/holds/{hold.pk}/export/")
    export = Export.objects.get()
    exporting.make()
    exporting.path_of(export.pk).unlink()
    response = auditor.post(f"/data/exports/{export.pk}/file/")
    assert (response.status_code, "Ask for another export." in text(response)) == (409, True)


def test_a_released_hold_is_neither_searched_nor_exported(auditor: Client) -> None:
    hold = placed(person=make_user())
    holding.release(hold, by=make_owner())
    for step in ("search", "export"):
        assert auditor.post(f"/data/holds/{hold.pk}/{step}/").status_code == 409
