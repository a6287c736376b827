"""Exports and proofs from the pages, checked by the stand-alone script as somebody else would."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from factories import make_user

from accounts.models import User
from audit import anchors, verbs
from audit.actions import record
from audit.actor import Actor, Kind
from audit.entry import Target
from audit.models import Entry
from audit.signing import Signer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_redis", "housekeeping"),
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning"),
]
FILES = {"README.txt", "verify_audit_export.py", "entries.jsonl", "anchors.jsonl", "manifest.json", "manifest.sig"}


@pytest.fixture
def olga(client: Client) -> Client:
    user = make_user("olga@example.org", role=User.Role.AUDITOR)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def write(count: int, *, actor: object = None) -> list[int]:
    from django.db import transaction

    by = Actor(Kind.PERSON, str(actor)) if actor else None
    with transaction.atomic():
        return [record(verbs.DEPLOYED, by=by, targets=[Target("deployment", uuid4())]) for _ in range(count)]


def unpacked(response: Any, into: Path) -> Path:
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert archive.testzip() is None
        archive.extractall(into)
    folder = into / "hearth-audit"
    assert {file.name for file in folder.iterdir()} == FILES
    return folder


def checked(path: Path, script: Path) -> tuple[int, str]:
    command = [sys.executable, "-I", str(script), str(path), "--key", Signer().public]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_everything_goes_into_one_zip_that_checks_itself(olga: Client, tmp_path: Path) -> None:
    write(30)
    anchors.make(connection, now=timezone.now())
    last = write(5)[-1]
    response = olga.post("/audit/export/file/")
    folder = unpacked(response, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["last"] == last
    assert response["Content-Disposition"] == f'attachment; filename="hearth-audit-{manifest["first"]}-{last}.zip"'
    code, said = checked(folder, folder / "verify_audit_export.py")
    assert (code, said) == (0, f"Sound: entries {manifest['first']} to {last}, 1 anchors, 5 entries since.")
    noted = Entry.objects.filter(verb="audit.exported").latest("seq")
    assert json.loads(noted.body)["facts"] == {"first": manifest["first"], "last": last, "form": "zip"}
    text = (folder / "entries.jsonl").read_bytes()
    (folder / "entries.jsonl").write_bytes(text.replace(b"models.deployed", b"models.deplored", 1))
    assert checked(folder, folder / "verify_audit_export.py")[0] == 1


def test_a_selection_holds_what_the_filters_find_and_says_so(olga: Client, tmp_path: Path) -> None:
    ada = uuid4()
    mine = []
    for _ in range(3):
        write(2)
        mine += write(1, actor=ada)
    folder = unpacked(olga.post("/audit/export/file/", {"actor": str(ada), "within": "1h"}), tmp_path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["filters"] == {"actor": str(ada), "within": "1h"}
    lines = (folder / "entries.jsonl").read_text().splitlines()
    assert [json.loads(line)["seq"] for line in lines] == mine
    code, said = checked(folder, folder / "verify_audit_export.py")
    assert (code, said[:36]) == (0, "Sound: 3 entries, a selection. That ")
    for change in (lines[:2], [lines[0].replace("models.deployed", "models.deplored"), *lines[1:]]):
        (folder / "entries.jsonl").write_text("\n".join(change) + "\n")
        assert checked(folder, folder / "verify_audit_export.py")[0] == 1


def test_nothing_to_export_and_bad_wishes_get_a_sentence(olga: Client) -> None:
    write(1)
    noted = Entry.objects.filter(verb="audit.exported").count()
    for sent, sentence in [
        ({"actor": str(uuid4())}, "there is nothing to export"),
        ({"verb": "x"}, "There is no such verb."),
        ({"within": "1h", "since": "2026-01-01"}, "not both"),
    ]:
        response = olga.post("/audit/export/file/", sent)
        assert response.status_code == 400
        assert sentence in response.content.decode()
    assert "There is no such verb." in olga.get("/audit/export/?verb=x").content.decode()
    assert Entry.objects.filter(verb="audit.exported").count() == noted


def test_one_entry_comes_with_a_proof_once_an_anchor_covers_it(olga: Client, tmp_path: Path) -> None:
    seq = write(20)[7]
    response = olga.post(f"/audit/entries/{seq}/proof/")
    assert response.status_code == 409
    assert "No anchor covers entry" in response.content.decode()
    anchors.make(connection, now=timezone.now())
    response = olga.post(f"/audit/entries/{seq}/proof/")
    file = tmp_path / "proof.json"
    file.write_bytes(response.content)
    script = Path(__file__).resolve().parents[2] / "tools" / "verify_audit_export.py"
    assert checked(file, script)[1].startswith(f"Sound: entry {seq} is covered by the anchor at ")
    assert olga.post(f"/audit/entries/{10**30}/proof/").status_code in (404, 409)
