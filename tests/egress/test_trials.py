"""The self-test: what a knock finds, who is asked, what is kept, and what the page and the command say of it."""

import json
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from factories import PASSWORD, make_owner
from pytest_django import DjangoCaptureOnCommitCallbacks
from servers import Servers

from audit.models import Entry
from egress import actions, queries, tasks
from egress.models import Probe, Trial
from egress.places import PLACES, Found, Place, try_all
from models_admin.models import Host

CLOSED = Place("127.0.0.1", 9)
SILENT, REFUSED, REACHED = Probe.Outcome.SILENT, Probe.Outcome.REFUSED, Probe.Outcome.REACHED


@pytest.fixture
def open_place() -> Iterator[Place]:
    """Somebody who listens on this machine."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield Place("127.0.0.1", listening.getsockname()[1])


@pytest.fixture
def full_place() -> Iterator[Place]:
    """Somebody whose queue is full: whoever knocks hears nothing, as behind a firewall that drops."""
    waiting = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            waiting.append(one := socket.socket())
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield Place("127.0.0.1", listening.getsockname()[1])
    for one in waiting:
        one.close()


def outcomes(found: list[Found]) -> list[Probe.Outcome]:
    return [one.outcome for one in found]


def test_a_knock_is_answered_refused_or_not_heard(open_place: Place, full_place: Place) -> None:
    began = time.monotonic()
    found = try_all([open_place, CLOSED, full_place], seconds=0.4)
    assert outcomes(found) == [REACHED, REFUSED, SILENT]
    assert time.monotonic() - began < 2


def test_names_are_asked_for_and_one_that_hangs_is_silent() -> None:
    names = [Place("localhost"), Place("hangs.example"), Place("missing.example")]
    with patch("egress.places.socket.getaddrinfo", side_effect=_look_up):
        found = try_all(names, seconds=0.2)
    assert outcomes(found) == [REACHED, SILENT, SILENT]
    assert found[1].milliseconds == 200


def _look_up(host: str, *rest: object, **more: object) -> list[object]:
    if host == "hangs.example":
        time.sleep(1.5)
    if host != "localhost":
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return []


def test_the_places_are_few_public_and_of_both_kinds() -> None:
    assert 4 <= len(PLACES) <= 10
    assert any(":" in place.host for place in PLACES)
    assert any(place.port is None for place in PLACES)
    assert [str(Place("2001:db8::1", 53)), str(Place("a.example"))] == ["[2001:db8::1]:53", "name a.example"]


def trial(*expected: str, **found: Probe.Outcome) -> Trial:
    made = Trial.objects.create(expected=list(expected))
    for process, outcome in found.items():
        actions.note(made.pk, [Found(CLOSED, outcome, 3)], process=f"{process} on here")
    return Trial.objects.prefetch_related("probes").get(pk=made.pk)


@pytest.mark.django_db
def test_the_verdict() -> None:
    soon, later = timezone.now(), timezone.now() + timedelta(minutes=1)
    assert queries.verdict(trial("web", "host", web=SILENT), soon) == "waiting"
    assert queries.verdict(trial("web", "host", web=SILENT), later) == "silent"
    assert queries.verdict(trial("web", "host", web=SILENT, host=SILENT), soon) == "shut"
    assert queries.verdict(trial("web", "host", web=SILENT, host=REFUSED), soon) == "unsure"
    assert queries.verdict(trial("web", "host", web=REACHED), soon) == "open"
    assert queries.verdict(trial(), soon) == "silent"


@pytest.mark.django_db
def test_nobody_speaks_for_a_host_whose_name_begins_alike() -> None:
    made = trial("host on gpu1", "host on gpu10", "housekeeping", housekeeping=SILENT)
    actions.note(made.pk, [Found(CLOSED, SILENT, 3)], process="host on gpu10")
    assert Trial.objects.get(pk=made.pk).silent() == ["host on gpu1"]
    actions.note(made.pk, [Found(CLOSED, SILENT, 3)], process="host on gpu1")
    assert Trial.objects.get(pk=made.pk).silent() == []


@pytest.mark.django_db
def test_a_process_that_is_asked_twice_is_heard_once() -> None:
    made = trial("web", web=SILENT)
    actions.note(made.pk, [Found(CLOSED, REACHED, 3)], process="web on here")
    assert [probe.outcome for probe in made.probes.all()] == ["silent"]


@pytest.mark.django_db
def test_everybody_is_asked_once_it_is_written_down(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Host.objects.create(name="gpu1")
    with (
        override_settings(EGRESS_PLACES=((CLOSED.host, CLOSED.port),), HOST="front"),
        patch("egress.actions.current_app.send_task") as sent,
    ):
        with django_capture_on_commit_callbacks(execute=True):
            made = actions.ask(by=make_owner())
        tasks.try_host(str(made.pk))
    assert made.expected == ["command on front", "host on gpu1", "housekeeping"]
    assert [call.args for call in sent.call_args_list] == [
        ("egress.try_host", (str(made.pk),)),
        ("egress.try_housekeeping", (str(made.pk),)),
    ]
    assert all(call.kwargs == {"retry": False, "expires": 10.0} for call in sent.call_args_list)
    assert list(made.probes.values_list("process", "place", "outcome")) == [
        ("command on front", "127.0.0.1:9", "refused")
    ]
    assert Entry.objects.latest("seq").verb == "egress.tested"


@pytest.mark.django_db
def test_who_asks_while_one_is_at_work_sees_that_one() -> None:
    owner = make_owner()
    first = actions.ask(by=owner)
    assert actions.ask(by=owner).pk == first.pk
    Trial.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert actions.ask(by=owner).pk != first.pk


@pytest.mark.django_db
def test_the_last_fifty_are_kept() -> None:
    for _ in range(actions.KEPT + 2):
        actions.begin(asked_by=None)
    assert Trial.objects.count() == actions.KEPT


@pytest.mark.django_db
def test_a_trial_that_is_gone_is_tried_by_nobody() -> None:
    with patch("egress.actions.try_all") as tried:
        tasks.try_housekeeping("00000000-0000-0000-0000-000000000000")
    assert not tried.called


@pytest.fixture
def owner(client: Client) -> Client:
    assert client.login(email=make_owner().email, password=PASSWORD)
    return client


@pytest.mark.django_db
def test_the_page_lists_what_is_open_and_what_is_shut(owner: Client) -> None:
    page = owner.get(reverse("egress:page")).content.decode()
    assert "What can leave the house" in page
    assert "HEARTH_DATABASE_URL" in page
    assert "would be opened by HEARTH_MAIL_URL, HEARTH_ALERT_TO" in page
    assert "It was never tried here." in page


@pytest.mark.django_db
def test_the_page_says_what_was_found_and_goes_on_while_somebody_is_waited_for(owner: Client) -> None:
    trial("web", "host on gpu1", web=SILENT)
    part = owner.get(reverse("egress:page"), headers={"X-Hearth-Partial": "1"}).content.decode()
    assert "data-wait" in part
    assert "host on gpu1" in part
    assert "<html" not in part
    trial("web", web=REACHED)
    page = owner.get(reverse("egress:page")).content.decode()
    assert "There is a way out." in page
    assert "data-wait" not in page


@pytest.mark.django_db
def test_processes_and_places_are_named_in_the_reader_s_language(owner: Client) -> None:
    made = trial("web", "host on gpu1", "housekeeping", web=SILENT)
    actions.note(made.pk, [Found(Place("a.example"), SILENT, 3)], process="new on oak")
    page = " ".join(owner.get(reverse("egress:page"), headers={"Accept-Language": "de"}).content.decode().split())
    assert "Web auf here" in page
    assert "Modellhost auf gpu1, Hintergrunddienst" in page
    assert "new auf oak" in page
    assert "Name a.example" in page
    assert "Web, Modellhost, Hintergrunddienst, Taktgeber" in page


@pytest.mark.django_db
def test_the_button_begins_a_trial(owner: Client) -> None:
    answer = owner.post(reverse("egress:test"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("egress:page"))
    assert Trial.objects.count() == 1


def told(*words: str) -> tuple[str, str]:
    out, said = StringIO(), ""
    try:
        call_command("egress", *words, stdout=out)
    except CommandError as reason:
        said = str(reason)
    return out.getvalue(), said


@pytest.mark.django_db
def test_the_command_lists_the_ways() -> None:
    out, said = told()
    assert "OPEN  Database: " in out
    assert "shut  Mail server: HEARTH_MAIL_URL, HEARTH_ALERT_TO" in out
    assert said == ""
    listed = json.loads(told("--json")[0])["ways"]
    assert {way["key"] for way in listed if way["open"]} == {"database", "redis"}


@pytest.mark.django_db(transaction=True)
def test_the_command_ends_with_1_where_something_is_reached(servers: Servers, open_place: Place) -> None:
    with (
        override_settings(EGRESS_PLACES=((open_place.host, open_place.port),)),
        patch("egress.models.WAIT", timedelta(0)),
    ):
        out, said = told("--self-test", "--json")
        assert said == "There is a way out that the configuration does not name."
        found = json.loads(out)
        assert [probe["outcome"] for probe in found["probes"]] == ["reached"]
        assert (found["verdict"], found["silent"]) == ("open", ["housekeeping"])
    with override_settings(EGRESS_PLACES=((CLOSED.host, CLOSED.port),)), patch("egress.models.WAIT", timedelta(0)):
        out, said = told("--self-test")
        assert said == ""
        assert "Nothing was reached, but not every process has said so: housekeeping." in out
    assert not connection.in_atomic_block
    assert {entry.actor_kind for entry in Entry.objects.filter(verb="egress.tested")} == {"operator"}
