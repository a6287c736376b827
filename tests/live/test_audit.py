"""The log in a real house: two roles, anchors at the start and at the end, refused guesses on the socket."""

from pathlib import Path
from uuid import uuid4

import pytest
from house import Asked, House, link_in

COUNT = """
import json
from audit.models import Entry
found = Entry.objects.filter(verb="accounts.access_refused", body__contains='"kind":"generation"')
print(sum(json.loads(entry.body)["facts"]["count"] for entry in found), found.count())
"""
VERIFY = "from django.core.management import call_command; call_command('verify_audit')"
CHANGE = """
from django.db import connection
connection.cursor().execute("UPDATE audit_entry SET body = '{}'")
"""


async def test_guessing_on_the_socket_is_refused_and_written_down_once(house: House) -> None:
    ada = await house.person("guesser")
    async with ada.socket() as tab:
        for _ in range(15):
            await tab.follow(Asked("", str(uuid4())))
            await tab.until("follow.refused")
    count, entries = map(int, house.run(COUNT).split())
    assert (count, entries) == (1, 1), "the other 14 are held for the next entry"


def test_the_house_verifies_its_log_and_cannot_change_it(house: House) -> None:
    assert "Sound: entries 1 to " in house.run(VERIFY)
    with pytest.raises(AssertionError, match="permission denied for table audit_entry"):
        house.run(CHANGE)


def test_the_start_and_the_end_are_anchored(tmp_path: Path) -> None:
    house = House(tmp_path, "stub:?words=5&rate=0&slots=1")
    house.set_up(link_in(house.start()))
    anchors = tmp_path / "anchors" / "anchors.jsonl"
    before = len(anchors.read_text().splitlines()) if anchors.exists() else 0
    assert house.stop() < 10
    lines = anchors.read_text().splitlines()
    assert len(lines) > before
    assert '"audit.anchor_failed"' not in (tmp_path / "log" / "housekeeping.log").read_text()
