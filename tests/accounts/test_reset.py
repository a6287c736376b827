"""A forgotten password: a mail where mails go out, an administrator where they do not, and never a link in a log."""

import re
import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from factories import PASSWORD, make_owner, make_user
from pydantic import ValidationError

from accounts import actions
from accounts.models import Letter, User
from audit.models import Entry
from config.env import Env

pytestmark = pytest.mark.django_db
FORGOTTEN = "/account/password/reset/"
FRESH = "another long passphrase"


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = False


class Listener(socketserver.StreamRequestHandler):
    """Just enough of a mail server."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.got.append(text.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 fine\r\n")


@pytest.fixture
def mails(settings: Any) -> Iterator[list[str]]:
    """A mail server on this machine, and what it has got."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listener) as server:
        server.daemon_threads = True
        server.got = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.socket.getsockname()
        settings.DEFAULT_FROM_EMAIL = "hearth@example.org"
        yield server.got  # type: ignore[attr-defined]
        server.shutdown()


def choose(client: Client, path: str, password: str = FRESH) -> None:
    """Follow a link and set a password."""
    page = client.get(path, follow=True)
    assert page.status_code == 200
    form = {"password1": password, "password2": password}
    assert client.post(page.redirect_chain[-1][0], form, follow=True).status_code == 200


def signs_in(email: str, password: str) -> bool:
    return Client().post("/account/login/", {"login": email, "password": password}).status_code == 302


def test_without_a_mail_server_the_page_says_who_can_help(
    client: Client, settings: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    ada = make_user()
    for response in (client.get(FORGOTTEN), client.post(FORGOTTEN, {"email": ada.email})):
        assert response.status_code == 200
        assert "An administrator of your organisation can give you a link" in response.content.decode()
    assert mail.outbox == []
    out, err = capfd.readouterr()
    assert "/password/reset/key/" not in out + err


def test_nothing_that_is_mailed_is_logged_while_there_is_no_mail_server() -> None:
    from config import settings

    assert (settings.MAIL_IS_SET_UP, settings.EMAIL_BACKEND) == (False, "django.core.mail.backends.dummy.EmailBackend")


def test_a_mailed_link_sets_a_password_once(client: Client, mails: list[str]) -> None:
    ada = make_user()
    assert client.post(FORGOTTEN, {"email": ada.email}).status_code == 302
    (text,) = mails
    assert "From: hearth@example.org" in text
    assert "Subject: Choose a new password for Hearth" in text
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", text.replace("=\r\n", ""))
    assert found
    choose(client, found[1])
    assert (signs_in(ada.email, FRESH), signs_in(ada.email, PASSWORD)) == (True, False)
    assert "This link no longer works" in Client().get(found[1], follow=True).content.decode()


def test_who_changes_an_address_does_not_become_its_person(client: Client, mails: list[str]) -> None:
    ada, admin = make_user(), make_user("alan@example.org", role="admin")
    actions.set_person(ada, email="mine@example.org", display_name="Ada", by=admin)
    assert list(Letter.objects.values_list("email", "kind")) == [("ada@example.org", "address_changed")]
    pages = [client.post(FORGOTTEN, {"email": email}, follow=True).content for email in ("mine@example.org", "x@x.org")]
    assert pages[0] == pages[1]
    assert [text for text in mails if "/password/reset/key/" in text] == []
    assert Entry.objects.filter(verb="accounts.password_reset_asked").latest("seq").result == "refused"

    assert signs_in("mine@example.org", PASSWORD)
    client.post(FORGOTTEN, {"email": "mine@example.org"})
    assert "/password/reset/key/" in mails[-1]


def test_who_corrects_a_name_keeps_no_mail_from_anybody(client: Client, mails: list[str]) -> None:
    ada = make_user()
    actions.set_person(ada, email=ada.email, display_name="Ada L.", by=make_owner())
    client.post(FORGOTTEN, {"email": ada.email})
    assert ["/password/reset/key/" in text for text in mails] == [True]


def test_an_unknown_address_looks_the_same_and_is_told_by_mail(client: Client, mails: list[str]) -> None:
    ada = make_user()
    pages = [client.post(FORGOTTEN, {"email": email}, follow=True).content for email in (ada.email, "eve@example.org")]
    assert pages[0] == pages[1]
    assert "There is no account with this address." in mails[1]
    assert "/signup/" not in mails[1]


@pytest.fixture
def away(settings: Any) -> None:
    """A mail server that does not answer."""
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.usefixtures("away")
def test_a_mail_server_that_is_away_gets_a_sentence_for_every_address(client: Client) -> None:
    for email in (make_user().email, "eve@example.org"):
        response = client.post(FORGOTTEN, {"email": email})
        assert response.status_code == 503
        assert "The mail could not be sent." in response.content.decode()


@pytest.mark.usefixtures("away")
def test_a_mail_that_was_not_sent_is_an_entry_and_no_address_in_a_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    ada, before = make_user(), Entry.objects.count()
    client.post(FORGOTTEN, {"email": ada.email})
    entries = list(Entry.objects.order_by("seq")[before:])
    found = [(entry.verb, entry.result, entry.target_ids) for entry in entries]
    asked = "accounts.password_reset_asked"
    assert found == [(asked, "done", [str(ada.pk)]), (asked, "refused", [str(ada.pk)])]
    assert "a mail was not sent" in caplog.text
    assert ada.email not in caplog.text + "".join(entry.body for entry in entries)


def test_nobody_waits_for_the_mail_server(client: Client, mails: list[str]) -> None:
    """While the mail goes out the entry is written already, and its transaction is over."""
    ada, depths = make_user(), []
    before, send = len(connection.savepoint_ids), EmailMessage.send

    def slowly(message: EmailMessage, fail_silently: bool = False) -> int:
        depths.append((len(connection.savepoint_ids) - before, Entry.objects.latest("seq").verb))
        return send(message, fail_silently)

    with patch.object(EmailMessage, "send", slowly):
        assert client.post(FORGOTTEN, {"email": ada.email}).status_code == 302
    assert depths == [(0, "accounts.password_reset_asked")]
    assert len(mails) == 1


def test_an_operators_link_sets_a_password_once(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    ada = make_user()
    call_command("reset_password", "ADA@example.org", "--origin", "http://127.0.0.1:8000/")
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", capsys.readouterr().out)
    assert found
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind) == ("accounts.password_reset_asked", "operator")
    choose(client, found[1])
    assert signs_in(ada.email, FRESH)
    assert "This link no longer works" in Client().get(found[1], follow=True).content.decode()


def test_there_is_no_link_for_who_cannot_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    ada = make_user()
    User.objects.update(is_active=False)
    for email in (ada.email, "eve@example.org"):
        with pytest.raises(CommandError, match="can sign in here"):
            call_command("reset_password", email)
    assert capsys.readouterr().out == ""


def test_a_mail_address_of_another_kind_stops_the_start() -> None:
    assert Env(mail_url="smtps://mail.example.org").mail_url == "smtps://mail.example.org"
    with pytest.raises(ValidationError, match="It begins with smtp://"):
        Env(mail_url="mail.example.org:25")


def test_alerts_without_a_mail_server_stop_the_start() -> None:
    assert Env(mail_url="smtp://127.0.0.1", alert_to=["grace@example.org"]).alert_to == ["grace@example.org"]
    with pytest.raises(ValidationError, match="HEARTH_ALERT_TO needs HEARTH_MAIL_URL"):
        Env(alert_to=["grace@example.org"])
