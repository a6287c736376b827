"""The auditors' pages: who comes in, what filters find, how pages follow each other, what is shown and what is not."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from factories import make_user

from accounts.models import User
from audit import actions, verbs
from audit.actor import Actor, Kind
from audit.entry import Result, Target
from audit.models import Entry, Refusals, Verification
from audit.verbs import Verb
from audit.verification import run

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("/audit/", "/audit/entries/1/", "/audit/verification/", "/audit/export/", "/audit/alerts/")


@pytest.fixture(autouse=True)
def _no_days_from_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def enter(client: Client, user: User) -> Client:
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def olga(client: Client) -> Client:
    """An auditor's browser."""
    return enter(client, make_user("olga@example.org", role=User.Role.AUDITOR))


def write(verb: Verb = verbs.DEPLOYED, *, actor: object = None, **more: Any) -> int:
    by = Actor(Kind.PERSON, str(actor), "0123456789abcdef", "192.0.2.1") if actor else Actor(Kind.SYSTEM)
    with transaction.atomic():
        return actions.record(verb, by=by, **more)


def seqs(page: Any) -> list[int]:
    return [row.entry.seq for row in page.context["rows"]]


def verbs_since(seq: int) -> list[str]:
    return list(Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (User.Role.OWNER, [200, 200, 200, 200, 200]),
        (User.Role.ADMIN, [200, 200, 200, 200, 200]),
        (User.Role.AUDITOR, [200, 200, 200, 200, 404]),
        (User.Role.MEMBER, [404, 404, 404, 404, 404]),
    ],
)
def test_who_reads_and_who_finds_nothing(client: Client, role: str, statuses: list[int]) -> None:
    enter(client, make_user(role=role))
    seq = write()
    pages = [page.replace("/1/", f"/{seq}/") for page in PAGES]
    assert [client.get(page).status_code for page in pages] == statuses
    assert ("/audit/" in client.get("/roles/").content.decode()) == (role != User.Role.MEMBER)


def test_nobody_comes_in_unsigned_or_sends_what_changes_an_entry(client: Client) -> None:
    for page in PAGES:
        assert client.get(page)["Location"].startswith("/account/login/")
    enter(client, make_user(role=User.Role.OWNER))
    seq = write()
    for method in ("post", "put", "patch", "delete"):
        for page in ("/audit/", f"/audit/entries/{seq}/", "/audit/alerts/", "/audit/export/"):
            assert getattr(client, method)(page).status_code == 405, (method, page)


def test_a_member_starts_nothing_takes_nothing_and_is_counted(client: Client) -> None:
    enter(client, make_user())
    seq = write()
    posts = ("/audit/verification/", "/audit/export/file/", f"/audit/entries/{seq}/proof/")
    assert [client.post(page).status_code for page in posts] == [404, 404, 404]
    assert verbs_since(seq) == ["accounts.access_refused"]
    assert json.loads(Entry.objects.get(seq=seq + 1).body)["facts"] == {"count": 1, "door": "audit:verifications"}
    assert Refusals.objects.get().held == 2
    assert not Verification.objects.exists()


def test_a_role_that_was_taken_away_counts_at_the_next_request(olga: Client) -> None:
    assert olga.get("/audit/").status_code == 200
    User.objects.filter(email="olga@example.org").update(organisation_role=User.Role.MEMBER)
    assert olga.get("/audit/").status_code == 404


def test_filters_find_exactly_what_they_ask_for(olga: Client) -> None:
    ada, bob, chat = uuid4(), uuid4(), uuid4()
    first = write(verbs.DEPLOYED, actor=ada, targets=[Target("deployment", chat)], facts={"kind": "person"})
    second = write(verbs.CONVERSATION_DELETED, actor=ada, targets=[Target("conversation", chat)])
    third = write(verbs.SIGN_IN_REFUSED, actor=bob, targets=[Target("person", ada)], result=Result.REFUSED)
    system = write(verbs.LOADED, targets=[Target("deployment", chat), Target("person", ada)])
    floor = first - 1
    for asked, expected in [
        (f"actor={ada}", [second, first]),
        ("verb=models.loaded", [system]),
        (f"target={chat}", [system, second, first]),
        (f"target={ada}", [system, third]),
        (f"target={chat}&kind=conversation", [second]),
        (f"target={chat}&kind=person", []),
        ("kind=person", [system, third]),
        ("result=refused", [third]),
        (f"actor={ada}&verb=models.deployed&result=done", [first]),
        ("within=1h&kind=deployment", [system, first]),
        ("until=2020-01-01", []),
        (f"actor={uuid4()}", []),
    ]:
        page = olga.get(f"/audit/?{asked}")
        found = [seq for seq in seqs(page) if seq > floor and seq <= system]
        assert found == expected, asked


def test_times_are_utc_and_the_end_is_excluded(olga: Client) -> None:
    seq = write()
    at = Entry.objects.get(seq=seq).at
    minute = at.replace(second=0, microsecond=0)
    after, before = minute + timedelta(minutes=1), minute - timedelta(minutes=1)

    def finds(since: datetime, until: datetime) -> bool:
        page = olga.get(f"/audit/?verb=models.deployed&since={since:%Y-%m-%dT%H:%M}&until={until:%Y-%m-%dT%H:%M}")
        return seq in seqs(page)

    assert finds(minute, after)
    assert not finds(before, minute)
    assert not finds(after, after + timedelta(minutes=1))


def test_pages_have_no_gaps_and_no_doubles_while_entries_arrive(olga: Client) -> None:
    mine = [write(verbs.SWITCHED_OFF, facts={"n": n}) for n in range(120)]
    found: list[int] = []
    address, partial = "/audit/?verb=models.switched_off", dict[str, str]()
    while address:
        page = olga.get(address, headers=partial)
        found += seqs(page)
        write(verbs.SWITCHED_OFF)  # newer than all pages
        address = f"/audit/?{page.context['more']}" if page.context["more"] else ""
        partial = {"X-Hearth-Partial": "part"}
    assert found == mine[::-1]


def test_a_page_takes_the_same_few_queries_for_any_entries(
    olga: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    people = [make_user(f"p{n}@example.org") for n in range(12)]
    olga.get("/audit/")
    with django_assert_max_num_queries(13) as few:
        olga.get("/audit/")
    for n in range(80):
        write(actor=people[n % 12].pk, targets=[Target("person", people[(n + 1) % 12].pk)])
    with django_assert_max_num_queries(len(few)):
        page = olga.get("/audit/")
    assert len(page.context["rows"]) == 50
    with django_assert_max_num_queries(len(few)):
        olga.get(f"/audit/?{page.context['more']}", headers={"X-Hearth-Partial": "part"})


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("verb=models.exploded", "There is no such verb."),
        ("result=maybe", "A result is done or refused."),
        ("kind=cat", "There is no such kind of target."),
        ("target=Ada Lovelace", "A target is named by its id"),
        ("actor=Ada", "Who acted is named by an id here"),
        ("within=1y", "There is no such span of time."),
        ("since=yesterday", "Write a time as"),
        ("since=9999-12-31T23:59", "Write a time as"),
        ("since=0001-01-01", "Write a time as"),
        ("since=2026-01-02&until=2026-01-01", "The beginning must be before the end."),
        ("within=1h&since=2026-01-02", "not both."),
        ("person=%00", "Null characters"),
        ("before=x", "A filter cannot be used"),
        ("before=99999999999999999999", "A filter cannot be used"),
    ],
)
def test_a_bad_filter_gets_a_sentence_and_shows_nothing(olga: Client, asked: str, sentence: str) -> None:
    seq = write()
    page = olga.get(f"/audit/?{asked}")
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert f"entry-{seq}" not in page.content.decode()
    assert verbs_since(seq) == []


def test_reading_leaves_one_entry_for_each_set_of_filters_in_ten_minutes(olga: Client) -> None:
    ada, seq = make_user("ada@example.org"), write()
    olga.get("/audit/")
    olga.get("/audit/")
    olga.get("/audit/?days=90", headers={"X-Hearth-Partial": "part"})
    assert olga.get("/audit/?person=ada%40ex")["Location"] == f"/audit/?actor={ada.pk}"
    olga.get(f"/audit/?actor={ada.pk}&within=7d")
    olga.get(f"/audit/?actor={ada.pk}&within=7d&person=")
    olga.get(f"/audit/entries/{seq}/")
    entries = Entry.objects.filter(seq__gt=seq).order_by("seq")
    facts = [json.loads(entry.body)["facts"] for entry in entries]
    assert facts == [{}, {"actor": str(ada.pk), "within": "7d"}, {"entry": str(seq)}]
    assert {entry.verb for entry in entries} == {"audit.read"}
    with patch("audit.queries.SAME_READING", timedelta(0)):
        olga.get("/audit/")
    assert verbs_since(seq) == ["audit.read"] * 4


@pytest.mark.usefixtures("clean_redis", "housekeeping")
def test_what_cannot_be_written_down_is_not_shown(olga: Client) -> None:
    seq = write()
    olga.raise_request_exception = False
    with patch("audit.actions.INSERT", "INSERT INTO no_such_table (body) VALUES (%s) RETURNING seq"):
        page = olga.get("/audit/")
        taken = olga.post("/audit/export/file/")
    assert (page.status_code, taken.status_code) == (503, 503)
    assert "0123456789abcdef" not in page.content.decode()
    assert verbs_since(seq) == []


def test_a_search_names_people_and_is_never_written_down(olga: Client) -> None:
    make_user("ann@example.org")
    make_user("anna@example.org")
    seq = write()
    page = olga.get("/audit/?person=ann").content.decode()
    assert [name for name in ("ann@example.org", "anna@example.org") if name in page]
    assert "Whom do you mean?" in page
    assert "Nobody&#x27;s name" in olga.get("/audit/?person=zz").content.decode().replace("Nobody's", "Nobody&#x27;s")
    assert verbs_since(seq) == []


def test_names_are_escaped_and_go_with_the_person(olga: Client) -> None:
    eve = make_user("eve@example.org")
    User.objects.filter(pk=eve.pk).update(display_name="<img src=x onerror=alert(1)>")
    write(actor=eve.pk, changes={"name": ("<b>old</b>", '"><script>')}, facts={"n": "<i>"})
    page = olga.get(f"/audit/?actor={eve.pk}").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert not re.search(r"<(img src=x|b>old|i>|script>)", page)
    User.objects.filter(pk=eve.pk).delete()
    page = olga.get(f"/audit/?actor={eve.pk}").content.decode()
    assert f"erased person {str(eve.pk)[:4]}…" in page
    assert "onerror" not in page
    assert olga.get("/audit/?person=onerror").context["candidates"] == []


def test_an_entry_shows_old_and_new_where_from_and_what_is_hashed(olga: Client) -> None:
    seq = write(actor=uuid4(), changes={"slots": (4, 8), "demo": (None, True)})
    found = Entry.objects.get(seq=seq)
    page = olga.get(f"/audit/entries/{seq}/")
    assert page.context["rows"][0].changes == [("demo", "nothing", "true"), ("slots", "4", "8")]
    assert page.context["rows"][0].intact
    text = page.content.decode()
    for shown in (found.hash, found.prev, "192.0.2.1", "0123456789abcdef", f"{found.at:%Y-%m-%dT%H:%M:%S.%fZ}"):
        assert shown in text
    assert olga.get(f"/audit/entries/{seq + 1000}/").status_code == 404
    assert olga.get(f"/audit/entries/{10**30}/").status_code == 404


def test_an_entry_that_was_changed_says_so(olga: Client) -> None:
    seq = write(facts={"n": 1})
    with patch("audit.shown.hash_of", return_value="0" * 64):
        assert "its hash does not fit" in olga.get(f"/audit/entries/{seq}/").content.decode()


def test_the_chart_counts_each_day_and_leads_to_it(olga: Client) -> None:
    before = olga.get("/audit/").context["chart"]
    write(result=Result.REFUSED)
    write()
    chart = olga.get("/audit/?result=refused").context["chart"]
    assert (len(chart.bars), chart.bars[-1].day) == (30, timezone.now().astimezone(UTC).date())
    assert chart.bars[-1].entries == before.bars[-1].entries + 3  # these two, and the reading
    assert chart.bars[-1].refused == before.bars[-1].refused + 1
    assert chart.highest == max(bar.entries for bar in chart.bars)
    page = olga.get("/audit/?days=90&result=refused")
    assert len(page.context["chart"].bars) == 90
    day = chart.bars[-1]
    link = f"result=refused&amp;since={day.day}T00:00&amp;until={day.next_day}T00:00"
    assert page.content.decode().count(link) == 2  # the bar, and the table


def test_days_that_are_over_are_counted_once(olga: Client) -> None:
    olga.get("/audit/")
    with patch("audit.queries.per_day", return_value=[]) as per_day:
        olga.get("/audit/")
    today = datetime.combine(timezone.now().astimezone(UTC).date(), datetime.min.time(), UTC)
    assert per_day.call_args.kwargs["since"] >= today - timedelta(days=1)


def test_a_verification_is_asked_for_watched_and_listed(
    olga: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    seq = write()
    with (
        patch("audit.actions.current_app.send_task") as ring,
        django_capture_on_commit_callbacks(execute=True),
    ):
        response = olga.post("/audit/verification/")
    asked = Verification.objects.get()
    assert response["Location"] == f"/audit/verification/{asked.pk}/"
    assert ring.call_args.args == ("audit.verify", (str(asked.pk),))
    assert "Waiting for housekeeping" in olga.get(response["Location"]).content.decode()
    Verification.objects.update(checked=1204, total=5000, heard_at=timezone.now())
    part = olga.get(response["Location"], headers={"X-Hearth-Partial": "part"}).content.decode()
    assert "1,204 of 5,000 entries are checked" in part
    assert "data-wait" in part
    assert "<html" not in part
    Verification.objects.update(heard_at=None)
    run(asked.pk)
    asked.refresh_from_db()
    assert asked.sentence
    shown = olga.get(response["Location"]).content.decode()
    assert asked.sentence in shown
    assert "data-wait" not in shown
    listed = olga.get("/audit/verification/").content.decode()
    assert asked.sentence in listed
    assert "Olga" in listed
    assert verbs_since(seq) == ["audit.verification_asked", "audit.verified"]
    assert olga.get(f"/audit/verification/{uuid4()}/").status_code == 404


def test_a_bad_entry_is_named_and_linked(olga: Client) -> None:
    over = {"total": 9, "ended_at": timezone.now()}
    bad = Verification.objects.create(sound=False, bad_seq=7, sentence="Entry 7 is missing.", **over)
    page = olga.get(f"/audit/verification/{bad.pk}/").content.decode()
    assert "Entry 7 is missing." in page
    assert "/audit/entries/7/" in page


def test_alerts_name_verbs_and_addresses(client: Client, settings: Any) -> None:
    enter(client, make_user(role=User.Role.ADMIN))
    assert "No alerts are set" in client.get("/audit/alerts/").content.decode()
    settings.ALERT_VERBS, settings.ALERT_TO = ["models.deployed", "models.eaten"], ["sec@example.org"]
    page = client.get("/audit/alerts/").content.decode()
    for shown in ("sec@example.org", "models.deployed", "There is no such verb"):
        assert shown in page


def test_the_log_is_read_by_the_database_alone(olga: Client) -> None:
    """What the pages say of an empty answer, too."""
    with patch("audit.queries.page_of", return_value=[]):
        assert "The log is empty." in olga.get("/audit/").content.decode()
        assert "No entry fits these filters." in olga.get("/audit/?result=done").content.decode()
    with patch("audit.queries.page_of", side_effect=DatabaseError), pytest.raises(DatabaseError):
        olga.get("/audit/")
    assert connection.in_atomic_block
