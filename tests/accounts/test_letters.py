"""Mails about one's account: each change is told once it is committed, without what opens a door."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from smtplib import SMTPRecipientsRefused
from typing import Any, NoReturn

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from factories import PASSWORD, make_owner, make_user

from accounts import actions, joining, mailing, securing
from accounts.models import Joiner, Letter, Organisation, User
from accounts.tasks import mail_invitations

pytestmark = pytest.mark.django_db
NOW = timezone.now()
FRESH = "another long passphrase"


@pytest.fixture(autouse=True)
def with_mail(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    settings.ORIGINS = ["https://hearth.example.org"]
    Organisation.objects.create(name="Aalto & Söhne", joining=Organisation.Joining.APPROVAL)


def add(ada: User) -> Authenticator:
    kind = Authenticator.Type.TOTP
    make = partial(Authenticator.objects.create, user=ada, type=kind, data={"secret": "JBSWY3DP"})
    made: Authenticator = securing.add_factor(ada, kind=kind, keep="", make=make)
    return made


def remove(ada: User) -> None:
    factor = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    securing.remove_factor(factor, keep="", remove=factor.delete)


def reset(ada: User) -> None:
    Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    securing.reset_factors(ada, by=make_owner())


def joiner() -> Joiner:
    joining.ask_to_join(email="ada@example.org", display_name="Ada", password=PASSWORD)
    return Joiner.objects.get()


CHANGES: dict[str, tuple[Callable[[User], object], str, str]] = {
    "a factor is added": (add, "was set up", "for signing in to your account: authenticator app."),
    "a factor is removed": (remove, "was removed", "removed from your account: passkey."),
    "factors are reset": (reset, "were taken away", "taken away the second factors and recovery codes"),
    "a password is changed": (
        partial(actions.change_password, password=FRESH),
        "Your password in Hearth was changed",
        "The password of your account was changed",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_how_one_signs_in_is_told_to_the_person(name: str) -> None:
    change, subject, says = CHANGES[name]
    change(make_user())
    assert mailing.mail_letters(now=NOW) == 1
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert subject in sent.subject
    assert says in sent.body
    assert "https://hearth.example.org/account/2fa/" in sent.body
    for secret in (PASSWORD, FRESH, "JBSWY3DP", "argon2", "pbkdf2"):
        assert secret not in f"{sent.subject} {sent.body}"
    assert mailing.mail_letters(now=NOW) == 0
    assert not Letter.objects.exists()


def test_who_is_let_in_gets_the_address_to_sign_in_at() -> None:
    joining.approve(joiner(), by=make_owner(), now=NOW)
    mailing.mail_letters(now=NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ada@example.org"], "You can sign in to Hearth of Aalto & Söhne")
    assert "https://hearth.example.org/account/login/" in sent.body
    assert PASSWORD not in sent.body


def test_who_is_not_let_in_is_told_so() -> None:
    joining.decline(joiner(), by=make_owner(), now=NOW)
    mailing.mail_letters(now=NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ada@example.org"], "You were not let in to Hearth of Aalto & Söhne")
    assert "ask somebody there to invite you" in sent.body
    assert "/login/" not in sent.body


def test_a_password_chosen_through_a_page_is_told(client: Client) -> None:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"oldpassword": PASSWORD, "password1": FRESH, "password2": FRESH}
    assert client.post("/account/password/change/", form).status_code == 302
    assert Letter.objects.get().kind == Letter.Kind.PASSWORD_CHANGED


def test_what_has_not_happened_is_not_told() -> None:
    with transaction.atomic():
        add(make_user())
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_where_no_mail_is_set_up_nothing_waits(settings: Any) -> None:
    settings.MAIL_IS_SET_UP = False
    add(make_user())
    assert not Letter.objects.exists()
    assert mailing.mail_letters(now=NOW) == 0


def test_the_bell_rings_once_it_is_committed(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("accounts.bells.current_app.send_task", lambda name, **options: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        actions.change_password(make_user(), password=FRESH)
        assert rung == []
    assert rung == ["accounts.mail_invitations"]
    mail_invitations()
    assert len(mail.outbox) == 1


def _away(*args: object) -> NoReturn:
    raise ConnectionRefusedError


def _unknown(*args: object) -> NoReturn:
    raise SMTPRecipientsRefused({})


def test_while_the_mail_server_is_away_letters_wait_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    add(make_user())
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", _away)
    assert mailing.mail_letters(now=NOW) == 0
    assert Letter.objects.get().tries == 0
    mailing.mail_letters(now=timezone.now() + timedelta(days=8))
    assert not Letter.objects.exists()


def test_a_letter_that_is_not_taken_is_tried_again_and_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add(make_user())
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _unknown)
        assert mailing.mail_letters(now=NOW) == 0
    assert Letter.objects.get().tries == 1
    assert "ada@example.org" not in caplog.text
    actions.change_password(make_user("bob@example.org"), password=FRESH)
    assert mailing.mail_letters(now=NOW) == 2
    assert [sent.to for sent in mail.outbox] == [["bob@example.org"], ["ada@example.org"]]
    add(make_user("eve@example.org"))
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _unknown)
    for _ in range(mailing.MOST_TRIES):
        mailing.mail_letters(now=NOW)
    assert not Letter.objects.exists()
