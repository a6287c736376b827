"""A SIEM hears of every entry at least once, auditors of chosen verbs by mail."""

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction

from audit import telling, verbs
from audit.actions import record
from audit.actor import Actor, Kind
from audit.entry import Result, Target
from audit.models import Cursor, Entry
from audit.ocsf import CLASSES
from audit.verbs import VERBS, Verb

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ADA = Actor(Kind.PERSON, "5f2b", "0" * 16, "192.0.2.7")


def write(verb: Verb, result: Result = Result.DONE) -> Entry:
    with transaction.atomic():
        seq = record(verb, by=ADA, targets=[Target("person", "5f2b")], facts={"count": 1}, result=result)
    return Entry.objects.get(seq=seq)


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    """Where the SIEM reads; it has everything from before."""
    settings.SIEM = f"file://{tmp_path / 'siem.jsonl'}"
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    Cursor.objects.create(name="siem", seq=last)
    return tmp_path / "siem.jsonl"


def test_every_entry_goes_once_with_the_names_of_the_schema(file: Path) -> None:
    entry = write(verbs.SIGN_IN_REFUSED, Result.REFUSED)
    assert telling.forward(now=NOW) == 1
    assert telling.forward(now=NOW) == 0
    (event,) = map(json.loads, file.read_text().splitlines())
    assert (event["class_uid"], event["category_uid"], event["activity_id"], event["type_uid"]) == (3002, 3, 1, 300201)
    assert (event["status"], event["status_id"], event["severity_id"]) == ("Failure", 2, 3)
    assert event["time"] == int(entry.at.timestamp() * 1000)
    assert event["actor"] == {"user": {"uid": "5f2b", "type": "person"}, "session": {"uid": "0" * 16}}
    assert event["src_endpoint"] == {"ip": "192.0.2.7"}
    assert event["resources"] == [{"uid": "5f2b", "type": "person"}]
    assert (event["metadata"]["uid"], event["metadata"]["sequence"]) == (entry.hash, entry.seq)
    assert event["activity_name"] == "accounts.sign_in_refused"
    assert event["unmapped"]["facts"] == {"count": 1}


def test_what_could_not_be_delivered_goes_the_next_time(file: Path, settings: Any) -> None:
    reachable, settings.SIEM = settings.SIEM, "tcp://127.0.0.1:1"
    write(verbs.SIGNED_IN)
    assert telling.forward(now=NOW) == 0
    settings.SIEM = reachable
    write(verbs.SIGNED_OUT)
    assert telling.forward(now=NOW) == 2
    names = [json.loads(line)["activity_name"] for line in file.read_text().splitlines()]
    assert names == ["accounts.signed_in", "accounts.signed_out"]


def test_a_syslog_server_gets_one_message_an_entry(file: Path, settings: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        settings.SIEM = f"udp://127.0.0.1:{server.getsockname()[1]}"
        write(verbs.SIGNED_IN)
        write(verbs.SIGNED_OUT)
        telling.forward(now=NOW)
        messages = [server.recv(65536).partition(b"\xef\xbb\xbf")[2] for _ in range(2)]
    assert [json.loads(message)["activity_id"] for message in messages] == [1, 2]


def test_without_a_siem_nothing_is_read() -> None:
    assert telling.forward(now=NOW) == 0
    assert not Cursor.objects.exists()


def test_chosen_verbs_are_mailed_without_names(settings: Any) -> None:
    settings.ALERT_VERBS, settings.ALERT_TO = ["audit.anchor_failed"], ["auditor@example.org"]
    settings.MAIL_IS_SET_UP = True
    telling.alert()
    entry = write(verbs.ANCHOR_FAILED, Result.REFUSED)
    write(verbs.SIGNED_IN)
    telling.alert()
    telling.alert()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["auditor@example.org"], "Hearth: 1 entries of the audit log")
    at = entry.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    assert sent.body == f"{entry.seq}  {at}  audit.anchor_failed (refused) by person 5f2b on 5f2b"


def test_what_was_written_before_alerts_were_asked_for_is_not_mailed(settings: Any) -> None:
    write(verbs.ANCHOR_FAILED)
    settings.ALERT_VERBS, settings.ALERT_TO = ["audit.anchor_failed"], ["auditor@example.org"]
    settings.MAIL_IS_SET_UP = True
    telling.alert()
    assert mail.outbox == []


def test_classes_are_given_to_verbs_that_exist() -> None:
    assert CLASSES.keys() <= VERBS.keys()
