"""One's own data: a copy that is complete and one's own, and an erasure that says what stays and why."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import PASSWORD, make_owner, make_team, make_user
from keeping import DAY, chat_of, set_house

from accounts.models import User
from audit.models import Entry
from chat.models import Conversation
from retention import exporting, holding, sweeping
from retention.kinds import Purged
from retention.models import Erasure, Export

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
DATA = "/you/data/"
PART = {"X-Hearth-Partial": "part"}


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture(autouse=True)
def _nobody_rings() -> Iterator[None]:
    with patch("retention.exporting.ring"):
        yield


@pytest.fixture
def tab(client: Client, ada: User) -> Client:
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def who(tab: Client) -> None:
    """Say once more who one is."""
    assert tab.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def made(tab: Client) -> Export:
    tab.post(DATA + "copies/")
    export = Export.objects.get()
    exporting.make()
    export.refresh_from_db()
    return export


def text_of(tab: Client, address: str = DATA) -> str:
    return " ".join(tab.get(address).content.decode().split())


def verbs() -> list[str]:
    return [json.loads(body)["verb"] for body in Entry.objects.order_by("seq").values_list("body", flat=True)]


def test_a_copy_is_made_shown_and_fetched_with_everything_in_it(tab: Client, ada: User) -> None:
    chats = {str(chat_of(ada, title=f"Chat {n}").pk) for n in range(3)}
    chat_of(make_user("eve@example.org"), title="Of another")
    export = made(tab)
    assert export.state == Export.State.READY
    assert export.sha256 in text_of(tab)
    who(tab)
    response = tab.get(reverse("you:fetch", args=[export.pk]))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"].startswith('attachment; filename="hearth-')
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))["files"]
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in manifest} == manifest
        said = [json.loads(archive.read(name)) for name in manifest if name.startswith("chats/") and name.endswith("n")]
    assert {one["conversation"]["id"] for one in said} == chats
    assert verbs()[-1] == "retention.export_fetched"


def test_while_it_is_made_the_page_watches(tab: Client, ada: User) -> None:
    tab.post(DATA + "copies/")
    Export.objects.update(done=20, total=60)
    part = tab.get(DATA, headers=PART).content.decode()
    assert "data-wait" in part
    assert "20 of 60 chats" in " ".join(part.split())
    assert "<html" not in part
    tab.post(DATA + "copies/")
    assert Export.objects.count() == 1, "one that is being made is the answer to both"


def test_who_has_not_said_who_they_are_is_asked_and_comes_back(tab: Client, ada: User) -> None:
    export = made(tab)
    response = tab.get(reverse("you:fetch", args=[export.pk]))
    assert response["Location"] == f"{reverse('account_reauthenticate')}?next=%2Fyou%2Fdata%2F"
    assert verbs()[-1] != "retention.export_fetched"


def test_anothers_copy_is_not_there(tab: Client) -> None:
    eve = make_user("eve@example.org")
    foreign = exporting.ask(eve)
    exporting.make()
    who(tab)
    for name, method in (("you:fetch", tab.get), ("you:drop", tab.post)):
        for pk in (foreign.pk, uuid4()):
            assert method(reverse(name, args=[pk])).status_code == 404
    assert Export.objects.filter(expires_at__gt=timezone.now()).count() == 1


def test_a_copy_of_held_chats_is_none_of_ones_own(tab: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(organisation_role=User.Role.AUDITOR)
    hold = holding.place(by=make_owner(), reason="A case at court.", team=make_team())
    export = exporting.ask_held(hold, by=User.objects.get(pk=ada.pk))
    assert "Being made" not in text_of(tab)
    assert tab.post(reverse("you:drop", args=[export.pk])).status_code == 404


def test_a_copy_is_deleted_before_its_time(tab: Client, ada: User) -> None:
    export = made(tab)
    tab.post(reverse("you:drop", args=[export.pk]))
    who(tab)
    assert tab.get(reverse("you:fetch", args=[export.pk])).status_code == 404
    assert exporting.path_of(export.pk).exists()
    sweeping.sweep()
    assert not exporting.path_of(export.pk).exists()


def test_a_copy_whose_file_is_lost_says_so(tab: Client, ada: User) -> None:
    export = made(tab)
    exporting.path_of(export.pk).unlink()
    who(tab)
    response = tab.get(reverse("you:fetch", args=[export.pk]))
    assert (response.status_code, "no longer kept" in response.content.decode()) == (410, True)
    assert verbs()[-1] != "retention.export_fetched"


def test_an_erasure_says_what_goes_and_what_stays(tab: Client, ada: User) -> None:
    set_house(least=10, backup_days=14)
    chat_of(ada), chat_of(ada)
    holding.place(by=make_owner(), reason="A case at court.", person=ada)
    text = text_of(tab, DATA + "erase/")
    for said in ("Erase your 2 chats", "legal hold", "younger than 10 days", "audit log", "14 days"):
        assert said in text


def test_an_erasure_needs_ones_word_and_who_one_is(tab: Client, ada: User) -> None:
    chat_of(ada)
    response = tab.post(DATA + "erase/")
    assert (response.status_code, Erasure.objects.count()) == (400, 0)
    assert "Say that you want this" in response.content.decode()
    response = tab.post(DATA + "erase/", {"sure": "on"})
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert (Erasure.objects.count(), Conversation.objects.of(ada).count()) == (0, 1)
    response = tab.post(response["Location"], {"password": PASSWORD, "next": DATA + "erase/"})
    assert response["Location"] == DATA, "what was sent is done, and need not be sent again"
    assert (Erasure.objects.count(), Conversation.objects.of(ada).count()) == (1, 0)


def erase(tab: Client) -> None:
    who(tab)
    assert tab.post(DATA + "erase/", {"sure": "on"}).status_code == 302


def test_an_erasure_is_watched_until_its_end(tab: Client, ada: User) -> None:
    for _ in range(3):
        chat_of(ada)
    erase(tab)
    part = " ".join(tab.get(DATA, headers=PART).content.decode().split())
    assert "0 of 3 are gone for good" in part
    assert "3 wait for the next sweep" in part
    assert "data-wait" in part
    sweeping.sweep()
    part = " ".join(tab.get(DATA, headers=PART).content.decode().split())
    assert ("3 of 3" in part, "data-wait" in part) == (True, False)


def test_a_page_watches_on_between_the_last_chat_and_the_end(tab: Client, ada: User) -> None:
    chat_of(ada)
    erase(tab)
    with patch("retention.people.Accounts.purge", return_value=Purged()):
        sweeping.sweep()
    part = tab.get(DATA, headers=PART).content.decode()
    assert ("1 of 1 are gone" in " ".join(part.split()), "data-wait" in part) == (True, True)


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("hold", "1 is kept by a legal hold until that is released."),
        ("minimum", "1 is kept until your organisation's shortest time is over."),
    ],
)
def test_an_erasure_says_why_something_is_left(tab: Client, ada: User, why: str, sentence: str) -> None:
    kept = chat_of(ada)
    chat_of(ada, age=20 * DAY)
    if why == "hold":
        holding.place(by=make_owner(), reason="A case at court.", conversation=kept.pk)
    else:
        set_house(least=10)
    erase(tab)
    sweeping.sweep()
    text = text_of(tab)
    assert sentence in text
    assert "1 of 2 are gone for good" in text
    assert "data-wait" not in text


def test_an_erasure_is_asked_for_once(tab: Client, ada: User) -> None:
    chat_of(ada)
    holding.place(by=make_owner(), reason="A case at court.", person=ada)
    erase(tab)
    assert tab.post(DATA + "erase/", {"sure": "on"}).status_code == 409
    assert "under way" in text_of(tab, DATA + "erase/")
    assert Erasure.objects.count() == 1


def test_copies_are_not_shown_once_they_are_over(tab: Client, ada: User) -> None:
    export = made(tab)
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert export.sha256 not in text_of(tab)


def test_pages_of_data_are_everybodys_own(tab: Client, ada: User) -> None:
    eve = make_user("eve@example.org")
    chat_of(eve)
    foreign: Any = exporting.ask(eve)
    text = text_of(tab)
    assert str(foreign.pk) not in text
    assert "You have no chats." in text
