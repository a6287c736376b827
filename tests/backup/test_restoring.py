"""A restore of the real database: all of it or nothing, nobody's rights grow, and what remains to be done is said."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from factories import make_user
from keeping import attach, chat_of

from accounts.models import User
from audit.actions import Unwritten
from audit.models import Entry
from audit.signing import Signer
from backup import loading, making, manifest, opening, programs, putting, putting_models, restoring
from backup.copying import SPARE, written
from backup.making import Made, Wanted
from backup.progress import Progress
from backup.refused import Refused, Unfinished
from chat import files
from models_admin.models import ModelFile
from retention import ledger

pytestmark = pytest.mark.django_db(transaction=True)
SILENT = Progress()
PASSPHRASE = "Kühe stehen im Regen"
RIGHTS = """
SELECT c.relname, a.privilege_type, '' FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE rolname = %(app)s AND c.relnamespace = 'public'::regnamespace
UNION SELECT c.relname, a.privilege_type, attname FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid,
aclexplode(t.attacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE rolname = %(app)s
UNION SELECT p.proname, a.privilege_type, '()' FROM pg_proc p, aclexplode(p.proacl) a
JOIN pg_roles r ON r.oid = a.grantee WHERE rolname = %(app)s
"""
Kept = tuple[Made, User]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A backup with one person, and somebody who came since."""
    make_user()
    made = making.make(Wanted(tmp_path / "backups"))
    return made, make_user("bob@example.org")


@pytest.fixture
def own_models(tmp_path: Path, settings: Any) -> Path:
    settings.MODELS = tmp_path / "models"
    (tmp_path / "models" / "small").mkdir(parents=True)
    return tmp_path / "models"


def restore(made: Made, *words: str) -> None:
    call_command("restore", str(made.folder), "--replace", "--no-input", "--quiet", "--look-seconds=0", *words)


def refusal(made: Made, *words: str) -> CommandError:
    with pytest.raises(CommandError) as refused:
        restore(made, *words)
    return refused.value


def rights(settings: Any) -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, {"app": settings.APPLICATION_ROLE})
        return set(cursor.fetchall())


def people() -> set[str]:
    return set(User.objects.values_list("email", flat=True))


def with_more(made: Made, path: str, data: bytes) -> None:
    """Put one more file into a backup, and into its manifest."""
    files = made.manifest.files | {path: written(made.folder / path, data)}
    (made.folder / manifest.NAME).unlink()
    manifest.write(made.folder, replace(made.manifest, files=files), None)


def test_a_restore_brings_back_what_there_was_and_notes_it(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    made, bob = kept
    restore(made)
    assert people() == {"ada@example.org"}
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.target_ids) == ("backup.restored", [made.folder.name])
    assert "Everything since then is lost:\n  1 people" in capsys.readouterr().out
    assert bob.email not in people()


def test_a_database_in_use_is_replaced_by_nobody_who_does_not_say_so(kept: Kept) -> None:
    made, bob = kept
    with pytest.raises(CommandError, match="Nothing was done: the database is in use") as refused:
        call_command("restore", str(made.folder), "--no-input", "--quiet", "--look-seconds=0")
    assert (refused.value.returncode, bob.email in people()) == (1, True)


def test_rights_are_as_before_where_migrations_fail(kept: Kept, settings: Any) -> None:
    before = rights(settings)
    assert ("audit_entry", "INSERT", "body") in before
    with patch("backup.loading.call_command", side_effect=CommandError("Tables were busy.")):
        reason = refusal(kept[0])
    assert people() == {"ada@example.org"}, "it is the backup's"
    assert rights(settings) == before
    for name, least in (
        ("audit_entry", {"SELECT", "INSERT"}),
        ("audit_head", {"SELECT"}),
        ("django_migrations", {"SELECT"}),
    ):
        assert {right for table, right, _ in rights(settings) if table == name} == least
    assert reason.returncode == 3
    assert "Then this failed: migrations. Tables were busy." in str(reason)
    assert "Or do by hand what is left: manage.py migrate, manage.py verify_audit, manage.py replay_deletions." in str(
        reason
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "error", "step"),
    [
        ("backup.restoring.lines.put_anchors", OSError(28, "No space left on device"), "anchors and keys"),
        ("backup.restoring.record", Unwritten("backup.restored"), "audit log"),
        ("backup.restoring.sweeping.restored", ledger.Torn("Line 3 of the tombstones is none."), "deletions"),
        ("backup.restoring.putting.files_beside_rows", KeyboardInterrupt(), "checking files"),
    ],
)
def test_what_fails_behind_the_commit_ends_with_3_and_says_what_remains(
    kept: Kept, place: str, error: BaseException, step: str
) -> None:
    with patch(place, side_effect=error):
        reason = refusal(kept[0])
    assert reason.returncode == 3
    assert f"The database is the backup's, and files and tombstones are in place. Then this failed: {step}." in str(
        reason
    )
    assert f"Not done: {step}" in str(reason)
    restore(kept[0])
    assert people() == {"ada@example.org"}


def test_a_load_that_fails_at_its_end_leaves_what_stood(kept: Kept, settings: Any) -> None:
    made, bob = kept
    before = rights(settings)
    with patch("backup.loading.RIGHTS", "SELECT 1 / 0;"):
        reason = refusal(made)
    assert (reason.returncode, bob.email in people(), rights(settings)) == (1, True, before)
    assert "is what it was" in str(reason)
    assert "division by zero" in str(reason)


def test_a_dump_that_is_cut_off_leaves_what_stood(kept: Kept) -> None:
    made, bob = kept
    dump = made.folder / manifest.DUMP
    dump.write_bytes(dump.read_bytes()[:-2000])
    with pytest.raises(Refused):
        loading.load(dump, SILENT)
    assert bob.email in people()


@pytest.mark.slow
def test_what_psql_says_is_not_hidden_by_the_pipe_that_it_breaks(kept: Kept, tmp_path: Path) -> None:
    """psql ends before it has read anything; far more than a pipe holds is still to come."""
    late = tmp_path / "pg_restore"
    late.write_text("#!/bin/sh\ncase $1 in --no-owner) sleep 1; yes | head -c 3000000;; esac\n")
    late.chmod(0o755)
    real = programs.program

    def program(name: str, *, at_least: int) -> str:
        return str(late) if name == "pg_restore" else real(name, at_least=at_least)

    with (
        patch("backup.loading.programs.program", program),
        patch("backup.loading.programs.environment", return_value=os.environ | {"PGHOST": "/nowhere"}),
        pytest.raises(Refused, match=r"is what it was\. psql: error: connection to server on socket"),
    ):
        loading.load(kept[0].folder / manifest.DUMP, SILENT)


@pytest.mark.parametrize(
    ("said", "raised"),
    [("psql: error: connection failed", Refused), ("psql:<stdin>:9: error: connection to server was lost", Unfinished)],
)
def test_a_connection_that_is_lost_behind_the_last_word_leaves_it_open(said: str, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        loading._judge(2, True, said)
    with pytest.raises(Refused):
        loading._judge(2, False, said)


@pytest.mark.slow
def test_a_full_disk_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    attached = attach(chat_of(make_user()), b"some notes")
    made = making.make(Wanted(tmp_path / "backups"))
    place = files.path_of(attached.file_id)
    place.unlink()
    usage = type("Usage", (), {"free": 10_000_000})()
    with patch("backup.copying.shutil.disk_usage", return_value=usage):
        reason = refusal(made)
    assert (reason.returncode, place.exists()) == (1, False)
    assert "not enough room" in str(reason)
    restore(made)
    assert place.read_bytes() == b"some notes"


@pytest.mark.slow
def test_an_embedded_database_needs_room_as_well(kept: Kept, tmp_path: Path) -> None:
    made, bob = kept
    (tmp_path / "var" / "postgres").mkdir(parents=True)
    free = SPARE + restoring.SWELLS * made.manifest.files[manifest.DUMP].size
    with (
        patch("backup.restoring.env", return_value=SimpleNamespace(var=tmp_path / "var")),
        patch("backup.copying.shutil.disk_usage", return_value=SimpleNamespace(free=free - 1)) as usage,
    ):
        assert "not enough room" in str(refusal(made))
        assert bob.email in people()
        usage.return_value.free = free
        restore(made)
    assert people() == {"ada@example.org"}


def test_a_signal_behind_the_commit_ends_with_what_remains(kept: Kept) -> None:
    def end() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    before = signal.getsignal(signal.SIGTERM)
    with patch("backup.restoring.loading.bring_up_to_date", end):
        reason = refusal(kept[0])
    assert (reason.returncode, "Not done: migrations" in str(reason)) == (3, True)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_before_the_commit_leaves_what_stood(kept: Kept) -> None:
    made, bob = kept

    def end(*_: object) -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        return ""

    with patch("backup.loading._contents", end):
        reason = refusal(made)
    assert (reason.returncode, bob.email in people()) == (130, True)
    assert "It was broken off" in str(reason)


def test_what_forbids_to_migrate_is_told_before_anything_is_touched(kept: Kept) -> None:
    made, bob = kept
    with patch("config.preflight.servers.postgres_version") as version:
        from config.preflight.findings import error

        version.return_value = error("postgresql", "PostgreSQL is too old.")
        reason = refusal(made)
    assert (reason.returncode, str(reason), bob.email in people()) == (1, "PostgreSQL is too old.", True)


def test_a_file_without_an_id_is_refused_with_a_sentence(kept: Kept) -> None:
    with_more(kept[0], "files/0f/notes.txt", b"x")
    reason = refusal(kept[0])
    assert reason.returncode == 1
    assert "files/0f/notes.txt in the backup is no file that somebody attached" in str(reason)


def test_tombstones_are_back_before_the_database_is_touched(kept: Kept, settings: Any) -> None:
    made, _ = kept
    ledger.close(ledger.mean("chats", ("1",), known=0), committed=True)
    data = settings.TOMBSTONES.read_bytes()
    settings.TOMBSTONES.unlink()
    (made.folder / manifest.TOMBSTONES).unlink()
    with_more(made, manifest.TOMBSTONES, data)
    with patch("backup.loading.RIGHTS", "SELECT 1 / 0;"):
        reason = refusal(made)
    assert settings.TOMBSTONES.read_bytes() == data
    assert "2 tombstones of the backup were added" in str(reason)
    assert "run manage.py replay_deletions" in str(reason)


def test_a_passphrase_for_a_backup_without_keys_is_refused(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text(PASSPHRASE)
    reason = refusal(kept[0], "--passphrase-file", str(tmp_path / "phrase"))
    assert (reason.returncode, "A passphrase was given, and the backup has no keys" in str(reason)) == (1, True)


@pytest.mark.slow
def test_what_no_known_key_has_signed_is_taken_when_that_is_said(kept: Kept) -> None:
    made, bob = kept
    Signer()  # there is a key now, and the backup is not signed with it
    assert "No known key has signed it" in str(refusal(made))
    assert bob.email in people()
    restore(made, "--unsigned")
    assert people() == {"ada@example.org"}


@pytest.fixture
def other_key(tmp_path: Path) -> Iterator[Path]:
    """A secret key beside that of the tests, which is in the backup."""
    place = tmp_path / "secret_key"
    place.write_bytes(b"the backup's")
    with patch("backup.making.own_keys", lambda: {"secret_key": place}):
        yield place


@pytest.mark.slow
def test_keys_go_over_others_when_that_is_said_and_those_are_kept(other_key: Path, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text(PASSPHRASE)
    make_user()
    made = making.make(Wanted(tmp_path / "backups", PASSPHRASE))
    other_key.write_bytes(b"another")
    opens = ("--passphrase-file", str(tmp_path / "phrase"))
    with patch("backup.putting.own_keys", making.own_keys):
        restore(made, *opens)
        assert other_key.read_bytes() == b"another"
        restore(made, *opens, "--keys")
    assert other_key.read_bytes() == b"the backup's"
    assert [path.read_bytes() for path in tmp_path.glob("secret_key.before-*")] == [b"another"]


def test_keys_to_writes_the_two_keys_and_no_other_name(tmp_path: Path) -> None:
    putting.keys_to(tmp_path / "keys", {"secret_key": b"s", "anchor_key": b"a"})
    assert {path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == {
        "secret_key": b"s",
        "anchor_key": b"a",
    }
    with pytest.raises(Refused, match="has 1 more than secret_key and anchor_key"):
        putting.keys_to(tmp_path / "more", {"secret_key": b"s", "../authorized_keys": b"k"})
    assert not (tmp_path / "more").exists()
    assert not (tmp_path / "authorized_keys").exists()


def model_at(*parts: Path, whole: int = 0) -> None:
    for part in parts:
        part.write_bytes(part.name.encode())
    size = sum(part.stat().st_size for part in parts)
    ModelFile.objects.create(
        name="Small", path=str(parts[0]), size=size, parts=whole or len(parts), sha256="ab" * 32, state="ready"
    )


@pytest.mark.slow
def test_models_are_back_where_the_folder_lacks_them(
    own_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, other = own_models / "small" / "a.gguf", own_models / "b.gguf"
    model_at(lost)
    model_at(other)
    made = making.make(Wanted(tmp_path / "backups", with_models=True))
    lost.unlink()
    other.write_bytes(b"one that somebody put here since")
    reason = refusal(made)
    assert lost.read_bytes() == b"a.gguf"
    assert other.read_bytes() == b"one that somebody put here since"
    assert "Model files: 1 were put back." in capsys.readouterr().out
    assert reason.returncode == 3
    assert "the model file b.gguf is another one than the backup's, and stays;" in str(reason)
    assert {path.name for path in own_models.rglob("*") if path.is_file()} == {"a.gguf", "b.gguf"}


def test_a_model_that_was_changed_since_the_check_is_not_put_back(own_models: Path, tmp_path: Path) -> None:
    lost = own_models / "small" / "a.gguf"
    model_at(lost)
    made = making.make(Wanted(tmp_path / "backups", with_models=True))
    lost.unlink()
    found = opening.opened(made.folder, progress=SILENT)
    (made.folder / "models" / "a.gguf").write_bytes(b"b.gguf")
    with pytest.raises(Refused, match=r"a\.gguf was changed since the backup was checked"):
        putting_models.models(found, SILENT)
    assert list((own_models / "small").iterdir()) == []


def test_parts_of_a_model_that_are_missing_are_said(own_models: Path, tmp_path: Path) -> None:
    first, third = (own_models / f"big-0000{n}-of-00003.gguf" for n in (1, 3))
    model_at(first, third, whole=3)
    made = making.make(Wanted(tmp_path / "backups", with_models=True))
    assert (
        "The model big-00001-of-00003.gguf has 3 files, of which big-00001-of-00003.gguf, big-00003-of-00003.gguf "
        "could be copied."
    ) in made.manifest.left_out
