"""The person concerned is told: at once or at the end, on every page, live, and by mail."""

import json
import logging
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client
from factories import make_user
from glasses import REASON, cast, let_time_pass, opened, requested

from accounts.models import Organisation, User
from audit.models import Entry
from breakglass import actions, live, mailing, queries
from breakglass.models import Glass
from chat.frames import NoticePosted, as_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def quietly() -> None:
    Organisation.objects.update_or_create(id=1, defaults={"name": "Aalto", "tell_at_end": True})


def test_the_frame_is_the_one_that_pages_know() -> None:
    assert as_json(NoticePosted()) == live.POSTED


def test_at_once_the_persons_next_page_says_who_why_until_when_and_how_much() -> None:
    alan, olga, bob = cast()
    client = client_of(bob)
    glass = requested(alan, bob)
    assert "data-dismiss" not in client.get("/").content.decode()  # a request alone opens nothing
    actions.approve(glass, by=olga)
    actions.look(glass.pk, by=alan, chat=glass.about.pk)
    page = client.get("/").content.decode()
    glass.refresh_from_db()
    assert glass.until is not None
    until = f"{glass.until:%Y-%m-%d %H:%M} UTC"
    for said in ("Alan", "Olga.Audit", REASON, "can read your chats", until, "1 chat opened"):
        assert said in page, said
    assert "data-dismiss" not in client_of(make_user("ann@example.org")).get("/").content.decode()


def test_a_notice_stays_until_it_is_dismissed_comes_back_at_the_end_and_remains_listed() -> None:
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    client = client_of(bob)
    url = f"/break-glass/{glass.pk}/dismiss/"
    for _ in range(2):
        assert "data-dismiss" in client.get("/").content.decode()
    assert client.post(url, headers={"X-Hearth-Partial": "thread"}).status_code == 204
    assert "data-dismiss" not in client.get("/").content.decode()
    let_time_pass(glass)
    Glass.objects.within(glass).update(dismissed_at=Now() - timedelta(minutes=5))  # long before that
    assert "could read your chats" in client.get("/").content.decode()  # before housekeeping has ended it
    actions.sweep()
    assert "could read your chats" in client.get("/").content.decode()
    assert client.post(url).headers["Location"] == "/break-glass/about-me/"
    assert "data-dismiss" not in client.get("/").content.decode()
    listed = client.get("/break-glass/about-me/").content.decode()
    for said in ("Alan", REASON, f"Request {glass.pk}", "HR-7"):
        assert said in listed, said


def test_a_quiet_one_is_told_at_its_end_and_not_before() -> None:
    quietly()
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    client = client_of(bob)
    for page in ("/", "/break-glass/about-me/"):
        assert REASON not in client.get(page).content.decode()
    assert client.post(f"/break-glass/{glass.pk}/dismiss/").status_code == 404
    actions.end(glass, by=alan)
    for page in ("/", "/break-glass/about-me/"):
        assert REASON in client.get(page).content.decode()


def test_an_administrator_does_not_see_requests_about_themselves() -> None:
    quietly()
    alan, olga, _ = cast()
    bess = make_user("bess@example.org", role=User.Role.ADMIN)
    glass = opened(alan, olga, bess)
    client = client_of(bess)
    assert "Bess" in client_of(alan).get("/break-glass/").content.decode()
    assert REASON not in client.get("/break-glass/").content.decode()
    assert client.get(f"/break-glass/{glass.pk}/").status_code == 404
    for step in ("approve", "refuse", "end", "dismiss"):
        assert client.post(f"/break-glass/{glass.pk}/{step}/").status_code == 404
    assert not any(str(bess.pk) in entry.body for entry in Entry.objects.filter(verb__startswith="breakglass."))


def test_only_the_person_dismisses(client: Client) -> None:
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    for other in (alan, olga, make_user("ann@example.org")):
        assert client_of(other).post(f"/break-glass/{glass.pk}/dismiss/").status_code == 404
    glass.refresh_from_db()
    assert glass.dismissed_at is None


def test_open_pages_hear_of_it(django_capture_on_commit_callbacks: Any) -> None:
    alan, olga, bob = cast()
    glass = requested(alan, bob)
    with patch("breakglass.actions.post") as post:
        with django_capture_on_commit_callbacks(execute=True):
            actions.approve(glass, by=olga)
        post.assert_called_once_with(bob.pk)
        with django_capture_on_commit_callbacks(execute=True):
            actions.end(glass, by=olga)
        assert post.call_count == 2


def test_the_notices_alone_are_a_part_of_a_page() -> None:
    alan, olga, bob = cast()
    opened(alan, olga, bob)
    part = client_of(bob).get("/break-glass/notices/", headers={"X-Hearth-Partial": "notices"}).content.decode()
    assert REASON in part
    assert "<html" not in part
    assert client_of(bob).get("/break-glass/notices/").headers["Location"] == "/break-glass/about-me/"


def test_who_can_decide_is_told_that_a_request_waits() -> None:
    alan, olga, bob = cast()
    requested(alan, bob)
    assert "waits for a second person" in client_of(olga).get("/").content.decode()
    for other in (alan, bob):
        assert "waits for a second person" not in client_of(other).get("/").content.decode()


def test_a_mail_goes_out_when_it_opens_and_one_when_it_has_ended(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    alan, olga, bob = cast()
    glass = requested(alan, bob)
    assert mailing.mail() == 0
    actions.approve(glass, by=olga)
    assert (mailing.mail(), mailing.mail()) == (1, 0)
    actions.end(glass, by=olga)
    assert (mailing.mail(), mailing.mail()) == (1, 0)
    first, second = mail.outbox
    assert first.to == second.to == ["bob@example.org"]
    assert "Alan can read your chats" in str(first.body)
    assert "Alan could read your chats" in str(second.body)
    assert "/break-glass/about-me/" in str(first.body)
    assert REASON not in str(first.body) + str(second.body)


def test_a_quiet_one_is_mailed_at_its_end(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    quietly()
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    assert mailing.mail() == 0
    actions.end(glass, by=alan)
    assert (mailing.mail(), len(mail.outbox)) == (1, 1)


def test_what_cannot_be_mailed_is_mailed_later_and_without_a_server_nothing_is_tried(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    alan, olga, bob = cast()
    opened(alan, olga, bob)
    settings.MAIL_IS_SET_UP = False
    assert mailing.mail() == 0
    settings.MAIL_IS_SET_UP = True
    with patch("breakglass.mailing.send_mail", side_effect=OSError), caplog.at_level(logging.WARNING):
        assert mailing.mail() == 0
    assert "a notice was not mailed" in caplog.text
    assert mailing.mail() == 1


def test_the_log_says_when_the_person_was_told_and_that_they_have_seen_it() -> None:
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    client_of(bob).post(f"/break-glass/{glass.pk}/dismiss/")
    told = Entry.objects.filter(verb="breakglass.told").latest("seq")
    assert json.loads(told.body)["facts"] == {"when": "at_once"}
    seen = Entry.objects.filter(verb="breakglass.notice_dismissed").latest("seq")
    assert (seen.actor_id, set(seen.target_ids)) == (str(bob.pk), {str(glass.pk), str(bob.pk)})
    assert list(queries.notices_for(bob)) == []
