"""What a backup says of itself: whatever is changed in it is named, before anything is restored."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from audit.signing import Signer
from backup import manifest, opening
from backup.progress import Progress
from backup.refused import Refused

SILENT = Progress()
FILE = "files/0f/0f5c4f1e-6a55-4c8c-9d3f-8a4d0c1b2e3f"


def flaws(folder: Path) -> list[str]:
    return list(manifest.flaws_in(folder, manifest.read(manifest.bytes_of(folder)), SILENT))


def test_a_manifest_is_read_as_it_was_written(make: Any, folder: Path) -> None:
    made = make()
    assert manifest.read(manifest.bytes_of(folder)) == made
    assert flaws(folder) == []
    assert set(made.attached) == {FILE}


@pytest.mark.parametrize("name", ["database.dump", FILE])
def test_every_changed_byte_of_every_file_is_told(make: Any, folder: Path, name: str) -> None:
    make()
    data = (folder / name).read_bytes()
    for at in range(len(data)):
        (folder / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert flaws(folder) == [f"{name} is not what was written."]


def test_what_is_missing_cut_or_added_is_named(make: Any, folder: Path) -> None:
    make()
    (folder / "anchors.jsonl").unlink()
    (folder / "database.dump").write_bytes(b"a du")
    (folder / "files" / "more").write_bytes(b"")
    (folder / "tombstones.jsonl").unlink()
    (folder / "tombstones.jsonl").symlink_to("/etc/hostname")
    assert sorted(flaws(folder)) == [
        "anchors.jsonl is missing.",
        "database.dump has 4 bytes instead of 6.",
        "files/more is not in the manifest.",
        "tombstones.jsonl is missing.",
        "tombstones.jsonl is not in the manifest.",
    ]


@pytest.mark.parametrize("place", ["/etc/passwd", "../elsewhere", "files/../../x", "files//x", ".hidden", "a/.b", ""])
def test_no_path_leads_out_of_the_folder(make: Any, folder: Path, place: str) -> None:
    make()
    values = json.loads((folder / "manifest.json").read_bytes())
    values["files"][place] = {"size": 1, "sha256": "0" * 64}
    with pytest.raises(Refused, match="The manifest is none"):
        manifest.read(json.dumps(values).encode())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"{}", b'{"format": 1}', b'{"format": "1"}'])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="The manifest is none"):
        manifest.read(data)


def test_a_later_format_is_refused_with_what_to_do(make: Any, folder: Path) -> None:
    make(format=2)
    with pytest.raises(Refused, match="made by a newer Hearth"):
        manifest.read(manifest.bytes_of(folder))


def test_an_empty_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"is no backup: it has no manifest\.json"):
        opening.opened(tmp_path, progress=SILENT)


def test_a_signature_by_our_own_key_is_known(make: Any, folder: Path) -> None:
    make(signer=Signer())
    found = opening.opened(folder, progress=SILENT)
    assert (found.known, found.digest) == (True, manifest.digest_of((folder / "manifest.json").read_bytes()))


def test_a_signed_manifest_cannot_be_changed(make: Any, folder: Path) -> None:
    make(signer=Signer())
    data = (folder / "manifest.json").read_bytes()
    for at in range(0, len(data), 7):
        (folder / "manifest.json").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(Refused, match="signature is false"):
            opening.opened(folder, progress=SILENT)


def test_a_stranger_who_signs_is_named_and_can_be_allowed(make: Any, folder: Path, tmp_path: Path) -> None:
    Signer()  # ours
    stranger = Signer(tmp_path / "stranger")
    make(signer=stranger)
    with pytest.raises(Refused, match=f"--key {stranger.public}"):
        opening.opened(folder, progress=SILENT)
    assert opening.opened(folder, keys=frozenset({stranger.public}), progress=SILENT).known


def test_where_no_key_is_known_nobody_is_believed(make: Any, folder: Path, tmp_path: Path, settings: Any) -> None:
    make(signer=Signer(tmp_path / "stranger"))
    found = opening.opened(folder, progress=SILENT)
    assert not found.known
    assert "cannot say whose that is" in found.signature
    assert not settings.ANCHOR_KEY.exists(), "no key is made by looking"


def test_a_backup_of_a_newer_hearth_is_refused_with_its_migrations(make: Any, folder: Path) -> None:
    make(migrations=(("audit", "0001_initial"), ("chat", "9999_thoughts"), ("dreams", "0001_initial")), hearth="9.9")
    with pytest.raises(Refused) as refused:
        opening.opened(folder, progress=SILENT)
    assert "newer Hearth (9.9)" in str(refused.value)
    assert "chat.9999_thoughts, dreams.0001_initial" in str(refused.value)
    assert "audit.0001" not in str(refused.value)


def test_what_an_earlier_release_had_is_no_sign_of_a_newer_one(make: Any, folder: Path) -> None:
    make(migrations=(("audit", "0001_initial"), ("dreams", "0001_initial")))
    with patch("config.schema.RETIRED", frozenset({"dreams"})):
        assert opening.opened(folder, progress=SILENT).folder == folder


def test_check_says_what_is_in_it_and_touches_nothing(
    make: Any, folder: Path, own_places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(signer=Signer(), left_out=("The keys.",))
    before = sorted(path.name for path in own_places.iterdir())
    call_command("restore", str(folder), "--check")
    said = capsys.readouterr().out
    assert "4 files" in said
    assert "2 people" in said
    assert "Left out: The keys." in said
    assert sorted(path.name for path in own_places.iterdir()) == before


def test_check_names_everything_that_is_wrong_at_once(make: Any, folder: Path) -> None:
    make()
    (folder / "database.dump").write_bytes(b"b dump")
    (folder / "anchors.jsonl").unlink()
    with pytest.raises(CommandError) as refused:
        call_command("restore", str(folder), "--check")
    assert str(refused.value).splitlines() == [
        "The backup is not what was made:",
        "anchors.jsonl is missing.",
        "database.dump is not what was written.",
    ]
