"""An export, and a single entry, are checked by a script that knows nothing of Hearth; one changed byte is found."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import anchors, verbs
from audit.actions import record
from audit.models import Entry, Head
from audit.signing import Signer
from tools import verify_audit_export as alone

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """Two anchors of some entries, and more after them. Return the public key."""
    for _ in range(2):
        for n in range(7):
            with transaction.atomic():
                record(verbs.READ, facts={"verb": f"büch-{n}"})
        anchors.make(connection, now=NOW)
    with transaction.atomic():
        record(verbs.READ)
    return Signer().public


@pytest.fixture
def folder(key: str, tmp_path: Path) -> Path:
    call_command("export_audit", "--out", str(tmp_path / "export"))
    return tmp_path / "export"


def check(path: Path, key: str) -> tuple[int, str]:
    """Run the script as an auditor does: Python alone, no packages, nothing of ours on its path."""
    command = [sys.executable, "-I", "-S", str(ROOT / "tools/verify_audit_export.py"), str(path), "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout or done.stderr).strip()


def test_an_export_is_sound_for_the_script(folder: Path, key: str) -> None:
    head = Head.objects.get()
    first = Entry.objects.earliest("seq").seq
    assert check(folder, key) == (0, f"Sound: entries {first} to {head.seq}, 2 anchors, 2 entries since.")
    exported = Entry.objects.get(seq=head.seq)
    assert (exported.verb, exported.actor_kind) == ("audit.exported", "operator")


def test_a_part_is_sound_as_well(key: str, tmp_path: Path) -> None:
    last = Head.objects.get().seq
    call_command("export_audit", "--out", str(tmp_path / "part"), "--first", str(last - 9), "--last", str(last - 1))
    assert check(tmp_path / "part", key)[0] == 0


@pytest.mark.parametrize("name", ["entries.jsonl", "anchors.jsonl", "manifest.json", "manifest.sig"])
def test_one_changed_byte_anywhere_is_found(folder: Path, key: str, name: str) -> None:
    file = folder / name
    whole = file.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        broken = bytearray(whole)
        broken[place] ^= 1
        file.write_bytes(broken)
        if name == "manifest.sig" and bytes(broken).strip() == whole.strip():
            continue
        with pytest.raises(alone.Flaw):
            alone.check(folder, key)
    file.write_bytes(whole)
    assert alone.check(folder, key).startswith("Sound")


def test_a_line_taken_away_is_named(folder: Path, key: str) -> None:
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "entries.jsonl").write_bytes(b"".join(lines[:3] + lines[4:]))
    seq = json.loads(lines[3])["seq"]
    assert check(folder, key) == (1, f"Entry {seq} is missing.")


def test_another_key_proves_nothing(folder: Path, tmp_path: Path) -> None:
    other = Signer(tmp_path / "another").public
    assert check(folder, other) == (1, "The manifest is not signed with this key.")


def proof_of(seq: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    call_command("prove_audit_entry", str(seq))
    proof: dict[str, Any] = json.loads(capsys.readouterr().out)
    return proof


def test_one_entry_is_proved_alone(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = Head.objects.get().seq
    for seq in range(last - 14, last):
        proof = proof_of(seq, capsys)
        assert alone.check_proof(proof, key).startswith(f"Sound: entry {seq}")
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert check(tmp_path / "proof.json", key)[0] == 0
    for part, value in [("seq", 1), ("body", "{}"), ("at", 0), ("hash", "0" * 64), ("prev", "0" * 64)]:
        with pytest.raises(alone.Flaw):
            alone.check_proof(proof | {"entry": proof["entry"] | {part: value}}, key)
    for part, value in [("index", proof["index"] - 1), ("size", 8), ("path", proof["path"][:-1])]:
        with pytest.raises(alone.Flaw):
            alone.check_proof(proof | {part: value}, key)


def test_an_entry_without_an_anchor_cannot_be_proved_yet(key: str) -> None:
    with pytest.raises(CommandError, match="No anchor covers entry"):
        call_command("prove_audit_entry", str(Head.objects.get().seq))


def test_the_scripts_signatures_are_those_of_the_library(tmp_path: Path) -> None:
    for n in range(4):
        signer = Signer(tmp_path / f"key{n}")
        data, public = bytes([n]) * n * 50, bytes.fromhex(signer.public)
        signature = bytes.fromhex(signer.sign(data))
        assert alone.is_signed(data, signature, public)
        assert not alone.is_signed(data + b"x", signature, public)
        assert not alone.is_signed(data, signature[:32] + (alone.ORDER + 1).to_bytes(32, "little"), public)
        assert not alone.is_signed(data, bytes([signature[0] ^ 1]) + signature[1:], public)


def test_the_standards_own_signature_holds() -> None:
    """RFC 8032, 7.1, test 2."""
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    signature += "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    assert alone.is_signed(b"\x72", bytes.fromhex(signature), bytes.fromhex(public))
    assert not alone.is_signed(b"\x73", bytes.fromhex(signature), bytes.fromhex(public))


def test_the_command_ends_with_one_where_the_log_is_not_sound(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert "Sound: entries" in capsys.readouterr().out
    assert Entry.objects.latest("seq").verb == "audit.verified"
    seq = Head.objects.get().seq - 3
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
        cursor.execute("UPDATE audit_entry SET body = replace(body, 'büch', 'buch') WHERE seq = %s", [seq])
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_refuse")
    with pytest.raises(CommandError, match=f"Entry {seq} is not what was written") as failure:
        call_command("verify_audit")
    assert failure.value.returncode == 1
    assert Entry.objects.latest("seq").result == "refused"
