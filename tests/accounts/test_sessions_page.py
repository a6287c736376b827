"""Where one is signed in: seen, ended, and ended by themselves."""

import json

import pytest
from django.db import connection
from django.test import Client
from factories import PASSWORD, make_user

from accounts.browsers import name_of
from accounts.models import Organisation, Session, User
from accounts.queries import session_is_current
from accounts.tasks import clear_sessions
from audit.models import Entry

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
PAGE = "/you/sessions/"


def sign_in(agent: str = FIREFOX, address: str = "192.0.2.1", email: str = "ada@example.org") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post("/account/login/", {"login": email, "password": PASSWORD}).status_code == 302
    return client


def key_of(client: Client) -> str:
    return client.session.session_key or ""


def shift(column: str, minutes: int) -> None:
    """Move a time of the sessions into the past, by the database's clock."""
    statement = f"UPDATE accounts_session SET {column} = now() - make_interval(mins => %s) WHERE user_id IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(statement, [minutes])


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.9", "curl"),
        ("", "A browser"),
    ],
)
def test_a_browser_has_a_name_in_plain_words(agent: str, name: str) -> None:
    assert name_of(agent) == name


def test_the_page_lists_ones_own_sessions_and_marks_this_one() -> None:
    make_user()
    make_user("bob@example.org")
    sign_in(SAFARI, "192.0.2.9")
    sign_in("curl/8.9", email="bob@example.org")
    page = sign_in().get(PAGE)
    visits = page.context["visits"]
    found = [(visit.browser, visit.address, visit.is_this) for visit in visits]
    assert found == [("Firefox on Windows", "192.0.2.1", True), ("Safari on iPhone", "192.0.2.9", False)]
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page.content.decode()


@pytest.mark.parametrize(
    ("hours", "minutes", "sentence"),
    [
        (336, 0, "Every session ends 14 days after its sign-in."),
        (1, 90, "Every session ends 1 hour after its sign-in, and when it is not used for 90 minutes."),
        (36, 1440, "Every session ends 36 hours after its sign-in, and when it is not used for 1 day."),
    ],
)
def test_the_page_says_when_sessions_end(hours: int, minutes: int, sentence: str) -> None:
    Organisation.objects.create(name="Aalto", absolute_hours=hours, idle_minutes=minutes)
    make_user()
    assert sentence in " ".join(sign_in().get(PAGE).content.decode().split())


def test_one_session_is_ended_and_nobody_elses_can_be() -> None:
    ada = make_user()
    make_user("bob@example.org")
    here, there, bob = sign_in(), sign_in(SAFARI), sign_in(email="bob@example.org")
    key = key_of(there)
    (visit,) = [visit for visit in here.get(PAGE).context["visits"] if not visit.is_this]
    assert bob.post(f"{PAGE}end/", {"session": visit.digest}).status_code == 302
    assert session_is_current(key, ada.pk)
    for _ in range(2):
        assert here.post(f"{PAGE}end/", {"session": visit.digest}).headers["Location"] == PAGE
    assert not session_is_current(key, ada.pk)
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    entry = Entry.objects.get(verb="accounts.session_ended")
    assert json.loads(entry.body)["facts"] == {"session": visit.digest}
    assert here.post(f"{PAGE}end/").status_code == 302


def test_all_others_are_ended_at_once() -> None:
    make_user()
    here, others = sign_in(), [sign_in(SAFARI) for _ in range(3)]
    assert here.post(f"{PAGE}end-others/").headers["Location"] == PAGE
    assert [other.get("/").status_code for other in others] == [302] * 3
    assert here.get("/").status_code == 200
    assert json.loads(Entry.objects.get(verb="accounts.sessions_ended").body)["facts"]["sessions"] == 3


def test_nothing_ends_by_looking() -> None:
    make_user()
    client = sign_in()
    for path in ("end/", "end-others/"):
        assert client.get(f"{PAGE}{path}").status_code == 405


def test_an_unused_session_ends_in_pages_and_for_sockets() -> None:
    organisation = Organisation.objects.create(name="Aalto", idle_minutes=30)
    ada = make_user()
    client = sign_in()
    shift("seen_at", 29)
    assert session_is_current(key_of(client), ada.pk)
    assert client.get("/").status_code == 200
    shift("seen_at", 31)
    assert not session_is_current(key_of(client), ada.pk)
    assert client.get("/").status_code == 302
    organisation.idle_minutes = 0
    organisation.save()
    other = sign_in()
    shift("seen_at", 60 * 24 * 10)
    assert other.get("/").status_code == 200


def test_every_session_ends_some_time_after_its_sign_in_however_busy_it_is() -> None:
    Organisation.objects.create(name="Aalto", absolute_hours=8)
    ada = make_user()
    client = sign_in()
    shift("created_at", 8 * 60 - 1)
    assert client.get("/").status_code == 200
    shift("created_at", 8 * 60 + 1)
    assert not session_is_current(key_of(client), ada.pk)
    assert client.get("/").status_code == 302
    sign_in()
    clear_sessions()
    assert Session.objects.filter(user=ada).count() == 1


def test_without_an_organisation_two_weeks_are_the_longest() -> None:
    make_user()
    client = sign_in()
    shift("created_at", 14 * 24 * 60 - 1)
    assert client.get("/").status_code == 200
    shift("created_at", 14 * 24 * 60 + 1)
    assert client.get("/").status_code == 302


def test_a_session_is_marked_as_used_once_a_minute_at_most_and_keeps_its_beginning() -> None:
    make_user()
    client = sign_in()
    began = Session.objects.get().created_at
    shift("seen_at", 2)
    before = Session.objects.get().seen_at
    client.get("/", REMOTE_ADDR="192.0.2.77")
    row = Session.objects.get()
    assert row.seen_at > before
    assert (row.address, row.created_at, row.agent) == ("192.0.2.77", began, FIREFOX)
    client.get("/", REMOTE_ADDR="192.0.2.78")
    assert Session.objects.get().address == "192.0.2.77"
    client.post("/you/", {"display_name": "Ada Lovelace"})  # writes the session: it says so on the next page
    assert Session.objects.get().created_at == began


def test_signing_in_changes_the_key_and_the_one_before_is_useless() -> None:
    ada = make_user()
    client = Client()
    client.get("/account/2fa/webauthn/login/", headers={"Accept": "application/json"})  # leaves a session
    before = key_of(client)
    assert Session.objects.filter(session_key=before, user=None).exists()
    client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert key_of(client) != before
    assert not Session.objects.filter(session_key=before).exists()
    assert not session_is_current(before, ada.pk)
    old = Client()
    old.cookies["hearth"] = before
    assert old.get("/").status_code == 302


def test_a_password_is_changed_behind_the_old_one_and_others_are_signed_out() -> None:
    ada = make_user()
    here, there = sign_in(), sign_in(SAFARI)
    form = {"oldpassword": "wrong", "password1": "another long passphrase", "password2": "another long passphrase"}
    assert here.post("/account/password/change/", form).status_code == 200
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
    response = here.post("/account/password/change/", form | {"oldpassword": PASSWORD})
    assert response.headers["Location"] == "/you/"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert Entry.objects.filter(verb="accounts.password_changed").count() == 1


def test_ones_own_name_is_changed_and_nothing_else() -> None:
    ada = make_user()
    client = sign_in()
    sent = {"display_name": "Ada L.", "email": "eve@example.org", "organisation_role": "owner"}
    assert client.post("/you/", sent).headers["Location"] == "/you/"
    ada.refresh_from_db()
    assert (ada.display_name, ada.email, ada.organisation_role) == ("Ada L.", "ada@example.org", "member")
    for empty in ({"display_name": " "}, {}):
        response = client.post("/you/", empty)
        assert response.status_code == 400
        assert "Write a name: others see you by it." in response.content.decode()
    ada.refresh_from_db()
    assert ada.display_name == "Ada L."
