"""A verification that somebody asked for: one at a time, and one that broke off keeps nobody from the next."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import MagicMock, patch

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from factories import make_user

from accounts.models import User
from audit import actions, verbs
from audit.actions import BROKEN_OFF, NOT_BEGUN, ask_verification, end_stalled
from audit.models import Entry, Verification
from audit.verification import run

pytestmark = pytest.mark.django_db
PAGE = "/audit/verification/"


@pytest.fixture(autouse=True)
def ring() -> Iterator[MagicMock]:
    """The bell of housekeeping."""
    with patch("audit.actions.current_app.send_task") as send_task:
        yield send_task


@pytest.fixture
def olga(client: Client) -> Client:
    user = make_user(role=User.Role.AUDITOR)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)


def asked() -> Verification:
    with transaction.atomic():
        actions.record(verbs.SETUP_LINK_MADE)
    return ask_verification(asked_by=None)


def entries() -> int:
    return Entry.objects.filter(verb="audit.verification_asked").count()


def test_a_second_press_shows_the_one_at_work(
    olga: Client, ring: MagicMock, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    before = entries()
    with django_capture_on_commit_callbacks(execute=True):
        pages = [olga.post(PAGE)["Location"] for _ in range(2)]
    assert pages == [f"{PAGE}{Verification.objects.get().pk}/"] * 2
    assert ring.call_count == 1
    assert entries() == before + 1
    run(Verification.objects.get().pk)
    assert olga.post(PAGE)["Location"] not in pages


def test_one_that_nobody_begins_is_over_after_a_minute(olga: Client) -> None:
    waiting = asked()
    end_stalled()
    assert "Waiting for housekeeping" in olga.get(f"{PAGE}{waiting.pk}/").content.decode()
    Verification.objects.update(asked_at=ago(61))
    page = olga.get(f"{PAGE}{waiting.pk}/").content.decode()
    assert NOT_BEGUN in page
    assert "data-wait" not in page
    run(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.sound, waiting.checked) == (None, 0), "what comes too late does nothing"


def test_one_whose_worker_died_is_over_and_another_begins(olga: Client) -> None:
    dead = asked()
    Verification.objects.update(asked_at=ago(500), heard_at=ago(59), total=9, checked=4)
    assert "at work" in olga.get(PAGE).content.decode()
    Verification.objects.update(heard_at=ago(61))
    assert BROKEN_OFF in olga.get(PAGE).content.decode()
    again = asked()
    assert again.pk != dead.pk
    run(again.pk)
    again.refresh_from_db()
    assert (again.sound is None, again.ended_at is None) == (False, False)


def test_one_that_was_given_up_stops(olga: Client) -> None:
    mine, before = asked(), Entry.objects.filter(verb="audit.verified").count()

    def give_up(*, progress: Callable[[int], None]) -> None:
        Verification.objects.update(ended_at=timezone.now(), sentence=BROKEN_OFF)
        progress(1)

    with patch("audit.verification.verdict_over", give_up):
        run(mine.pk)
    mine.refresh_from_db()
    assert (mine.sound, mine.checked) == (None, 0)
    assert Entry.objects.filter(verb="audit.verified").count() == before


def test_an_error_ends_it() -> None:
    mine = asked()
    with patch("audit.verification.verdict_over", side_effect=DatabaseError), pytest.raises(DatabaseError):
        run(mine.pk)
    mine.refresh_from_db()
    assert (mine.sound, mine.sentence, mine.ended_at is None) == (None, BROKEN_OFF, False)


def test_the_same_word_twice_runs_once() -> None:
    mine = asked()
    with patch("audit.verification.verdict_over"), pytest.raises(TypeError):
        run(mine.pk)
    Verification.objects.filter(pk=mine.pk).update(ended_at=None)
    with patch("audit.verification.verdict_over") as verdict_over:
        run(mine.pk)
    verdict_over.assert_not_called()
