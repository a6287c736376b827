"""Second factors: set up, asked for, required, lost."""

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from factories import PASSWORD, make_user

from accounts import securing
from accounts.authority import Refused
from accounts.factors import factors_of
from accounts.models import Organisation, Session, User
from accounts.queries import session_is_current
from audit.models import Entry

pytestmark = pytest.mark.django_db
INDEX, APP, CODES = "/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/recovery-codes/"
AGAIN, STEP, LOGIN = "/account/reauthenticate/", "/account/2fa/authenticate/", "/account/login/"
BESIDE = ("/", "/sidebar/", "/you/", "/you/sessions/", "/audit/", "/account/password/change/")


def sign_in(email: str = "ada@example.org") -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": email, "password": PASSWORD}).status_code == 302
    return client


def confirm(client: Client) -> None:
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 302


def code_of(secret: str, steps: int = 0) -> str:
    """Return the code that an app shows now, or so many half minutes later."""
    return str(format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps)))


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up an app. Return its secret and the recovery codes."""
    confirm(client)
    secret = client.get(APP).context["secret"]
    response = client.post(APP, {"code": code_of(secret)})
    if response.headers["Location"] == INDEX:
        return secret, []
    assert response.headers["Location"] == CODES
    return secret, client.get(CODES).context["unused_codes"]


def first_step(email: str = "ada@example.org") -> Client:
    """Show the password alone."""
    client = Client()
    assert client.post(LOGIN, {"login": email, "password": PASSWORD}).headers["Location"] == STEP
    return client


def verbs_since(seq: int) -> list[str]:
    return list(Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("verb", flat=True))


def last() -> int:
    return Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def test_an_app_is_set_up_behind_the_password_and_its_codes_are_shown_once() -> None:
    ada = make_user()
    client, other = sign_in(), sign_in()
    assert client.get(APP).headers["Location"].startswith(AGAIN)
    assert client.post(APP, {"code": "123456"}).headers["Location"].startswith(AGAIN)
    secret, codes = set_up_app(client)
    assert len(set(codes)) == 10
    assert client.get(CODES).context["unused_codes"] == ["****"] * 10
    assert secret.replace(" ", "") not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert other.get("/").status_code == 302  # it came in without a factor
    assert client.get("/").status_code == 200
    entry = Entry.objects.get(verb="accounts.factor_added")
    body = json.loads(entry.body)
    assert body["facts"] == {"factor": "authenticator app", "sessions_ended": 1}
    assert entry.target_ids == [str(ada.pk)]


def test_the_second_step_takes_a_code_once_and_nothing_is_reached_before() -> None:
    ada = make_user()
    secret, _ = set_up_app(sign_in())
    client = first_step()
    key = client.session.session_key or ""
    for path in BESIDE:
        assert client.get(path).headers["Location"].startswith(LOGIN), path
    assert not session_is_current(key, ada.pk)
    assert client.post(STEP, {"code": "000000"}).status_code == 200
    code = code_of(secret, 1)
    assert client.post(STEP, {"code": code}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()
    twice = first_step()
    assert twice.post(STEP, {"code": code}).status_code == 200
    assert twice.get("/").status_code == 302
    assert "accounts.factor_refused" in verbs_since(0)
    assert json.loads(Entry.objects.filter(verb="accounts.signed_in").latest("seq").body)["facts"] == {
        "factor": "authenticator app"
    }


def test_a_recovery_code_lets_in_once_and_is_written_down() -> None:
    make_user()
    _, codes = set_up_app(sign_in())
    client = first_step()
    assert client.post(STEP, {"code": codes[3]}).headers["Location"] == "/"
    assert json.loads(Entry.objects.get(verb="accounts.recovery_code_used").body)["facts"] == {"left": 9}
    again = first_step()
    assert again.post(STEP, {"code": codes[3]}).status_code == 200
    assert again.get("/").status_code == 302


def test_fresh_recovery_codes_replace_the_old_ones() -> None:
    make_user()
    client = sign_in()
    _, codes = set_up_app(client)
    before = last()
    assert client.post(f"{CODES}generate/").headers["Location"] == CODES
    assert verbs_since(before) == ["accounts.recovery_codes_made"]
    assert not set(client.get(CODES).context["unused_codes"]) & set(codes)
    assert first_step().post(STEP, {"code": codes[0]}).status_code == 200


def test_codes_cannot_be_guessed() -> None:
    make_user()
    secret, _ = set_up_app(sign_in())
    client = first_step()
    for n in range(6):
        page = client.post(STEP, {"code": f"{n:06}"}).content.decode()
    assert "Too many failed attempts" in page
    assert client.post(STEP, {"code": code_of(secret, 1)}).status_code == 200
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("mfa", "role", "owes"),
    [
        ("nobody", "owner", False),
        ("admins", "owner", True),
        ("admins", "admin", True),
        ("admins", "auditor", True),
        ("admins", "member", False),
        ("everyone", "member", True),
    ],
)
def test_who_owes_a_factor_reaches_nothing_but_where_it_is_set_up(mfa: str, role: str, owes: bool) -> None:
    Organisation.objects.create(name="Aalto", mfa=mfa)
    ada = make_user(role=role)
    client = sign_in()
    key = client.session.session_key or ""
    assert session_is_current(key, ada.pk) is not owes
    for path in BESIDE:
        assert (client.get(path).headers.get("Location") == INDEX) is owes, path
    if not owes:
        return
    assert client.post("/chats/", {"text": "Hello"}).headers["Location"] == INDEX
    assert "Your organisation asks you" in client.get(INDEX).content.decode()
    set_up_app(client)
    assert client.get("/").status_code == 200
    assert session_is_current(key, ada.pk)
    assert client.post("/account/logout/").status_code == 302


def test_the_switch_holds_for_sessions_that_are_open_already() -> None:
    Organisation.objects.create(name="Aalto")
    ada = make_user()
    client = sign_in()
    assert client.get("/").status_code == 200
    Organisation.objects.update(mfa="everyone")
    assert client.get("/").headers["Location"] == INDEX
    assert not session_is_current(client.session.session_key or "", ada.pk)


def test_the_last_factor_stays_while_it_is_asked_for() -> None:
    Organisation.objects.create(name="Aalto")
    ada = make_user()
    client = sign_in()
    set_up_app(client)
    Organisation.objects.update(mfa="everyone")
    response = client.post("/account/2fa/totp/deactivate/")
    assert "this is your last one" in response.content.decode()
    assert factors_of(ada).count() == 1
    Organisation.objects.update(mfa="nobody")
    other = Client()
    other.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post("/account/2fa/totp/deactivate/").headers["Location"] == INDEX
    assert not Authenticator.objects.filter(user=ada).exists()
    assert other.get("/").status_code == 302
    assert json.loads(Entry.objects.get(verb="accounts.factor_removed").body)["facts"]["sessions_ended"] == 1
    assert sign_in().get("/").status_code == 200


def test_a_passkey_that_is_the_last_factor_stays_too() -> None:
    Organisation.objects.create(name="Aalto", mfa="everyone")
    ada = make_user()
    key = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    client = Client()
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    confirm(client)
    path = f"/account/2fa/webauthn/keys/{key.pk}/remove/"
    assert "this is your last one" in client.get(path).content.decode()
    assert client.post(path).status_code == 409
    assert Authenticator.objects.filter(pk=key.pk).exists()
    bob = make_user("bob@example.org")
    theirs = Authenticator.objects.create(user=bob, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    for act in ("remove", "edit"):
        assert client.post(f"/account/2fa/webauthn/keys/{theirs.pk}/{act}/", {"name": "Mine"}).status_code == 404


def test_another_telephone_takes_the_place_of_the_first() -> None:
    Organisation.objects.create(name="Aalto", mfa="everyone")
    ada = make_user()
    client = sign_in()
    old, codes = set_up_app(client)
    new, none = set_up_app(client)
    assert (old != new, len(codes), none, factors_of(ada).count()) == (True, 10, [], 1)
    step = first_step()
    assert step.post(STEP, {"code": code_of(old, 1)}).status_code == 200
    assert step.post(STEP, {"code": code_of(new, 1)}).status_code == 302


def test_an_entry_that_cannot_be_written_leaves_no_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = make_user()
    client = sign_in()
    confirm(client)
    secret = client.get(APP).context["secret"]
    monkeypatch.setattr(securing, "record", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    assert client.post(APP, {"code": code_of(secret)}).status_code == 500
    assert not Authenticator.objects.filter(user=ada).exists()


def test_an_operator_or_an_administrator_helps_who_has_lost_everything(capsys: pytest.CaptureFixture[str]) -> None:
    ada, bob = make_user(), make_user("bob@example.org", role=User.Role.ADMIN)
    client = sign_in()
    set_up_app(client)
    with pytest.raises(Refused):
        securing.reset_factors(bob, by=ada)
    call_command("reset_factors", "ADA@example.org")
    assert "Removed: 1." in capsys.readouterr().out
    assert client.get("/").status_code == 302
    client = sign_in()
    set_up_app(client)
    assert securing.reset_factors(ada, by=bob) == 1
    assert sign_in().get("/").status_code == 200
    kinds = Entry.objects.filter(verb="accounts.factors_reset").order_by("seq").values_list("actor_kind", flat=True)
    assert list(kinds) == ["operator", "system"]
    with pytest.raises(CommandError, match="There is nobody"):
        call_command("reset_factors", "eve@example.org")


FORGED: list[Any] = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '"x"',
    "{}",
    '{"id": "a"}',
    '{"id": "a", "rawId": "b"}',
    '{"id": "a", "rawId": "a", "response": null}',
    '{"id": "a", "rawId": "a", "response": {"clientDataJSON": "e30"}}',
    '{"id": "a", "rawId": "a", "response": {"clientDataJSON": "%%%", "userHandle": 3}}',
    json.dumps({"id": "YQ", "rawId": "YQ", "response": {"clientDataJSON": "eyJvcmlnaW4iOiJodHRwOi8vdGVzdHNlcnZlciJ9"}}),
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_passkey_gets_a_sentence(forged: str) -> None:
    ada = make_user()
    stranger = Client()
    assert stranger.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"}).status_code == 200
    response = stranger.post("/account/2fa/webauthn/login/", {"credential": forged})
    assert response.headers["Location"] == LOGIN
    client = sign_in()
    confirm(client)
    assert client.get("/account/2fa/webauthn/add/").status_code == 200
    response = client.post("/account/2fa/webauthn/add/", {"name": "Key", "credential": forged})
    assert response.status_code == 200
    assert not Authenticator.objects.filter(user=ada).exists()


@pytest.mark.parametrize(
    "path",
    ["email/", "password/set/", "confirm-email/", "login/code/confirm/", "2fa/webauthn/", "2fa/totp/"],
)
def test_what_hearth_does_not_need_of_its_library_is_not_there(path: str) -> None:
    make_user()
    assert sign_in().get(f"/account/{path}").status_code == 404


def test_every_page_of_ones_own_is_there_and_nothing_is_half_said() -> None:
    make_user()
    client = sign_in()
    set_up_app(client)
    paths = [INDEX, APP, CODES, f"{CODES}generate/", "/account/2fa/totp/deactivate/", "/account/2fa/webauthn/add/"]
    paths += ["/you/", "/you/sessions/", AGAIN, "/account/2fa/reauthenticate/", "/account/password/change/"]
    for path in paths:
        page = client.get(path)
        assert page.status_code == 200, path
        assert "mfa/js" not in page.content.decode()
    assert Client().get("/account/inactive/").status_code == 200
