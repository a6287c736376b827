"""What turns each check red, and green again."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import redis
from celery.signals import beat_init, worker_ready
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from audit import anchoring, verbs
from audit.actions import record
from config.env import ROOT
from health import checks, pulses, tasks
from health.checks import Found
from health.management.commands.healthy import UNKNOWN

pytestmark = pytest.mark.django_db


def write() -> None:
    with transaction.atomic():
        record(verbs.SETUP_LINK_MADE)


def heard(**ages: float) -> dict[str, float]:
    return {name.replace("host_", "host:"): age for name, age in ages.items()}


def test_pulses_are_as_old_as_redis_says() -> None:
    assert pulses.ages() == {}
    tasks.pulse()
    tasks.pulse_hosts()
    ages = pulses.ages()
    assert set(ages) == {"housekeeping", pulses.of_host()}
    assert all(age < 2 for age in ages.values())
    connection = pulses.connection()
    connection.zincrby(pulses.KEY, -100, "housekeeping")
    assert 99 < pulses.ages()["housekeeping"] < 103
    assert 0 < connection.ttl(pulses.KEY) <= pulses.LIFE_SECONDS


def test_who_has_been_silent_for_a_day_is_forgotten() -> None:
    pulses.mark("host:gone")
    pulses.connection().zincrby(pulses.KEY, -pulses.LIFE_SECONDS - 1, "host:gone")
    pulses.mark("host:here")
    assert set(pulses.ages()) == {"host:here"}


def test_beat_marks_its_own_when_it_has_sent_one() -> None:
    tasks.beat_lives(sender="health.pulse")
    assert set(pulses.ages()) == {"beat"}
    with patch.object(pulses, "mark", side_effect=redis.ConnectionError):
        tasks.beat_lives(sender="health.pulse")


def test_a_host_that_ends_in_order_is_not_missed() -> None:
    tasks.pulse_hosts()
    tasks.leave("housekeeping@here")
    assert set(pulses.ages()) == {pulses.of_host()}
    tasks.leave("host@here")
    assert pulses.ages() == {}


def test_who_has_just_begun_is_well_before_the_first_pulse_is_due() -> None:
    beat_init.send(sender="beat")
    assert set(pulses.ages()) == {"beat"}
    with patch("chat.tasks.reconciling.go_round"):
        worker_ready.send(sender="housekeeping@here")
        assert set(pulses.ages()) == {"beat", "housekeeping"}
        worker_ready.send(sender="host@here")
    assert all(one.ok for one in checks.of_redis())
    with patch.object(pulses, "mark", side_effect=redis.ConnectionError):
        tasks.arrive(sender="host@here")


def test_hosts_are_red_without_one_and_with_one_that_is_silent() -> None:
    assert checks.hosts({}) == Found("hosts", False, {"count": 0, "silent": {}})
    assert checks.hosts(heard(host_a=3, beat=900)).ok
    found = checks.hosts(heard(host_a=3, host_b=46, host_c=700))
    assert found == Found("hosts", False, {"count": 3, "silent": {"b": 46, "c": 700}})


def test_a_redis_that_takes_no_writes_is_red() -> None:
    with patch.object(pulses, "connection") as broken:
        broken.return_value.set.side_effect = redis.ResponseError("MISCONF")
        with pytest.raises(redis.RedisError):
            checks.of_redis()


def test_what_is_written_must_be_anchored_in_time() -> None:
    write()
    assert checks.audit_anchors().ok, "there is time"
    with patch.object(checks, "ANCHORED_WITHIN", -1):
        assert not checks.audit_anchors().ok
        anchoring.anchor(now=timezone.now())
        assert checks.audit_anchors() == Found("anchors", True, {"seconds": 0})
        write()
        assert not checks.audit_anchors().ok


def test_a_log_that_ends_before_its_last_anchor_is_red() -> None:
    write()
    anchoring.anchor(now=timezone.now())
    last = checks.last_anchor()
    assert last is not None
    with patch.object(checks, "last_anchor", return_value=last) as patched, connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM audit_head")
        assert last.seq == cursor.fetchone()[0]
        patched.return_value = type(last)(**{name: getattr(last, name) for name in last.__slots__} | {"seq": 10**12})
        assert checks.audit_anchors() == Found("anchors", False, {"behind": True})


def test_a_file_of_anchors_that_cannot_be_read_is_red(settings: Any) -> None:
    Path(settings.ANCHORS).write_bytes(b"no anchor\n")
    assert checks.audit_anchors() == Found("anchors", False, {"unreadable": True})


def test_a_line_of_an_anchor_that_is_not_finished_is_none_yet(settings: Any) -> None:
    write()
    anchoring.anchor(now=timezone.now())
    whole = checks.last_anchor()
    with Path(settings.ANCHORS).open("ab") as stream:
        stream.write(b'{"seq": 99')
    assert checks.last_anchor() == whole


def test_a_database_behind_its_tombstones_is_red() -> None:
    with patch("retention.gate.is_shut", return_value=True):
        assert checks.deletions() == Found("deletions", False)
    with patch("retention.gate.is_shut", return_value=False):
        assert checks.deletions().ok


def test_a_disk_with_hardly_any_room_is_red(settings: Any) -> None:
    settings.DISK_FREE = 1
    assert checks.of_disk()[0].ok
    settings.DISK_FREE = 10**18
    (found,) = checks.of_disk()
    assert not found.ok
    assert set(found.facts["full"]) == set(checks.folders())


def test_everything_of_the_database_is_found() -> None:
    assert [one.name for one in checks.of_database()] == list(checks.NAMES["database"])


@pytest.mark.parametrize("role", ["host", "housekeeping", "beat"])
def test_a_container_is_healthy_while_its_pulse_is_young(role: str) -> None:
    with pytest.raises(CommandError, match="No pulse has come yet"):
        call_command("healthy", "--role", role)
    whose = pulses.of_host() if role == "host" else role
    pulses.mark(whose)
    call_command("healthy", "--role", role)
    pulses.connection().zincrby(pulses.KEY, -50, whose)
    with pytest.raises(CommandError, match=r"No pulse for 5\d s"):
        call_command("healthy", "--role", role)


@pytest.mark.parametrize("role", ["host", "housekeeping", "beat"])
def test_without_redis_nobody_knows_whether_a_container_is_healthy(role: str) -> None:
    with patch.object(pulses, "ages", side_effect=redis.ConnectionError), pytest.raises(CommandError) as told:
        call_command("healthy", "--role", role)
    assert told.value.returncode == UNKNOWN
    assert f"  {UNKNOWN}) exit 1 ;;" in (ROOT / "tools/compose/alive").read_text()


def test_a_web_container_is_healthy_while_it_answers() -> None:
    with pytest.raises(CommandError, match="Nothing answers on port 1"):
        call_command("healthy", "--role", "web", "--port", "1")
