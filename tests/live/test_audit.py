"""The log in a real house: two roles, anchors at the start and at the end, refused guesses on the socket."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from house import Asked, House

COUNT = """
import json
from accounts.models import User
from audit.models import Entry
guesser = str(User.objects.get(email="guesser@example.org").pk)
found = Entry.objects.filter(verb="accounts.access_refused", body__contains='"kind":"generation"')
found = found.filter(body__contains=guesser)
print(sum(json.loads(entry.body)["facts"]["count"] for entry in found), found.count())
"""
VERIFY = "from django.core.management import call_command; call_command('verify_audit')"
CHANGE = """
from django.db import connection
connection.cursor().execute("UPDATE audit_entry SET body = '{}'")
"""


@pytest.mark.slow
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


AUDITOR = """
from accounts.models import User
User.objects.filter(email="reader@example.org").update(organisation_role="auditor")
"""


@pytest.mark.slow
async def test_an_export_is_signed_by_housekeeping_and_checks_itself(house: House, tmp_path: Path) -> None:
    reader = await house.person("reader")
    house.run(AUDITOR)
    response = await reader.post("/audit/export/file/")
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "hearth-audit"
    public = house.run("from audit.signing import Signer; print(Signer().public)").strip()
    assert checked(folder, public).startswith("Sound: entries 1 to ")


def checked(folder: Path, public: str) -> str:
    command = [sys.executable, "-I", str(folder / "verify_audit_export.py"), str(folder), "--key", public]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_housekeeping_alone_is_given_the_key(house: House) -> None:
    given = {}
    for name in ("web", "host", "housekeeping", "beat"):
        environment = Path(f"/proc/{house.pid(name)}/environ").read_bytes().split(b"\0")
        given[name] = any(line.startswith(b"HEARTH_ANCHOR_KEY=") for line in environment)
    assert given == {"web": False, "host": False, "housekeeping": True, "beat": False}
