"""A backup of the real database: of one moment, whatever is written, purged or killed meanwhile."""

import json
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from factories import make_user
from keeping import attach, chat_of, set_house

from audit.anchoring import anchor
from audit.models import Entry
from audit.signing import Signer
from backup import losing, making, manifest, opening, programs, sealing, standing
from backup.making import Made, Wanted
from backup.progress import Progress
from backup.refused import Refused
from chat import files
from chat.models import Conversation, File
from retention import sweeping

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
PASSPHRASE = "Kühe stehen im Regen"


class Meanwhile(Progress):
    """Does something when a step begins, as somebody else would."""

    def __init__(self, step: str, act: Callable[[], object]) -> None:
        super().__init__()
        self.step, self.act = step, act

    def begin(self, what: str, total: int = 0) -> None:
        if what == self.step:
            self.act()


def elsewhere(act: Callable[[], object]) -> Callable[[], None]:
    """Return the act as another process would do it: over a connection of its own."""

    def acting() -> None:
        act()
        connection.close()

    def run() -> None:
        thread = threading.Thread(target=acting)
        thread.start()
        thread.join()

    return run


def make(tmp_path: Path, **wanted: Any) -> Made:
    return making.make(Wanted(tmp_path / "backups", **wanted))


@pytest.mark.slow
def test_a_backup_holds_what_there_is_and_says_so(tmp_path: Path, settings: Any) -> None:
    ada = make_user()
    attached = attach(chat_of(ada, messages=2), b"some notes")
    anchor(now=timezone.now())
    seq = Entry.objects.latest("seq").seq
    made = make(tmp_path, passphrase=PASSPHRASE)
    assert (made.signed, made.noted, made.whole) == (True, True, True)
    assert made.manifest.counts | {"teams": 0} == {
        "people": 1,
        "teams": 0,
        "conversations": 1,
        "messages": 2,
        "files": 1,
        "audit_entries": seq,
    }
    assert made.manifest.audit["seq"] == seq
    assert made.manifest.anchor is not None
    place = f"files/{attached.file_id.hex[:2]}/{attached.file_id}"
    assert (made.folder / place).read_bytes() == b"some notes"
    assert (made.folder / "anchors.jsonl").read_bytes() == settings.ANCHORS.read_bytes()
    found = opening.opened(made.folder, passphrase=PASSPHRASE, progress=Progress())
    assert (found.manifest, found.digest, found.known) == (made.manifest, made.digest, True)
    assert found.keys["anchor_key"] == settings.ANCHOR_KEY.read_bytes()
    assert found.keys["secret_key"].decode() == settings.SECRET_KEY
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.folder.iterdir() if path.is_file()} == {0o600}


def test_its_entry_holds_its_hash_and_the_backup_does_not_hold_the_entry(tmp_path: Path) -> None:
    made = make(tmp_path)
    entry = Entry.objects.latest("seq")
    facts = json.loads(entry.body)["facts"]
    assert (entry.verb, entry.target_ids) == ("backup.made", [made.folder.name])
    assert facts["manifest"] == made.digest == manifest.digest_of((made.folder / "manifest.json").read_bytes())
    assert facts["seq"] == made.manifest.audit["seq"] == entry.seq - 1


def test_what_comes_while_it_is_made_is_not_in_it(tmp_path: Path) -> None:
    ada = make_user()
    first = chat_of(ada)
    late: list[Conversation] = []

    def come() -> None:
        late.append(chat_of(ada))
        attach(late[0], b"late notes")

    made = make(tmp_path, progress=Meanwhile("database", elsewhere(come)))
    in_dump = set(losing._ids_in(made.folder / "database.dump", "chat_conversation"))
    assert in_dump == {str(first.pk).encode()}
    assert (made.manifest.counts["conversations"], made.manifest.attached) == (1, {})
    lost = losing.loss(made.folder, made.manifest, standing.counts())
    assert lost.gone == {"people": 0, "teams": 0, "conversations": 1, "messages": 2, "files": 1}
    assert set(lost.back.values()) == {0}
    assert (lost.entries, lost.other_log) == (1, False), "its own"


def test_what_a_sweep_purges_while_it_is_made_is_noted_and_no_error(tmp_path: Path) -> None:
    set_house(days=1)
    attached = attach(chat_of(make_user(), age=5 * DAY), b"old notes")
    made = make(tmp_path, progress=Meanwhile("files", elsewhere(sweeping.sweep)))
    assert not File.objects.for_housekeeping().exists()
    assert (made.manifest.purged, made.manifest.missing, made.whole) == ((str(attached.file_id),), (), True)
    assert str(attached.message.conversation_id) in (made.folder / "tombstones.jsonl").read_text()
    lost = losing.loss(made.folder, made.manifest, standing.counts())
    assert (lost.back["conversations"], lost.back["files"]) == (1, 1)


def test_lost_and_damaged_files_are_named_and_end_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chat = chat_of(make_user())
    lost, damaged = attach(chat, b"lost notes"), attach(chat, b"good notes", name="b.txt")
    files.path_of(lost.file_id).unlink()
    files.path_of(damaged.file_id).write_bytes(b"evil notes")
    with pytest.raises(CommandError) as wrong:
        call_command("backup", "--to", str(tmp_path / "backups"), "--without-keys", "--quiet")
    assert wrong.value.returncode == 3
    assert f"The file {lost.file_id} was lost before" in str(wrong.value)
    assert f"The file {damaged.file_id} is not what somebody attached" in str(wrong.value)
    assert capsys.readouterr().out == ""
    [folder] = (tmp_path / "backups").glob("hearth-*")
    assert opening.opened(folder, progress=Progress()).manifest.missing == (str(lost.file_id),)


def test_anchors_behind_the_moment_stay_out_so_that_the_backup_proves_itself(tmp_path: Path, settings: Any) -> None:
    make_user()
    anchor(now=timezone.now())
    before = settings.ANCHORS.read_bytes()

    def go_on() -> None:
        make_user("bob@example.org")
        anchor(now=timezone.now())

    made = make(tmp_path, progress=Meanwhile("database", elsewhere(go_on)))
    assert (made.folder / "anchors.jsonl").read_bytes() == before
    assert len(settings.ANCHORS.read_bytes()) > len(before)


def test_without_a_passphrase_keys_stay_out_and_that_is_said(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert "keys.sealed" not in made.manifest.files
    assert making.WITHOUT_KEYS in made.manifest.left_out


@pytest.mark.slow
def test_a_process_without_the_key_makes_no_key_and_signs_nothing(tmp_path: Path, settings: Any) -> None:
    made = make(tmp_path, passphrase=PASSPHRASE)
    assert (made.signed, (made.folder / "manifest.json.sig").exists()) == (False, False)
    assert not settings.ANCHOR_KEY.exists()
    assert set(sealing.unsealed((made.folder / "keys.sealed").read_bytes(), PASSPHRASE)) == {"secret_key"}
    assert any("cannot read anchor_key" in sentence for sentence in made.manifest.left_out)


def test_a_backup_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        make(tmp_path, progress=Meanwhile("files", fail))
    assert list((tmp_path / "backups").glob("hearth-*")) == []
    with (
        patch("backup.snapshot.programs.environment", return_value=os.environ | {"PGHOST": "/nowhere"}),
        pytest.raises(Refused, match="pg_dump failed"),
    ):
        make(tmp_path)
    assert list((tmp_path / "backups").glob("hearth-*")) == []
    assert not Entry.objects.filter(verb="backup.made").exists()


def test_a_signal_ends_it_in_order_and_what_a_kill_leaves_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / "backups" / "hearth-20261129T020000Z.partial"
    left.mkdir(parents=True)
    (left / "database.dump").write_bytes(b"half")
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path, progress=Meanwhile("files", lambda: os.kill(os.getpid(), signal.SIGTERM)))
    assert list((tmp_path / "backups").glob("hearth-*")) == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_one_backup_at_a_time_goes_into_a_folder(tmp_path: Path) -> None:
    refused: list[str] = []

    def second() -> None:
        with pytest.raises(Refused) as reason:
            make(tmp_path)
        refused.append(str(reason.value))

    make(tmp_path, progress=Meanwhile("files", second))
    assert refused == [f"Another backup is being made in {tmp_path / 'backups'}."]


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    usage = type("Usage", (), {"free": 10_000_000})()
    with patch("backup.copying.shutil.disk_usage", return_value=usage), pytest.raises(Refused) as refused:
        make(tmp_path)
    assert "not enough room" in str(refused.value)
    assert "10 MB are free" in str(refused.value)


@pytest.mark.parametrize(("has", "says"), [("15.4", "is of PostgreSQL 15"), ("", "is not there")])
def test_a_client_that_is_too_old_for_the_server_is_named(tmp_path: Path, has: str, says: str) -> None:
    old = tmp_path / "pg_dump"
    old.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {has}'\n")
    old.chmod(0o755)
    with patch("backup.programs._candidates", return_value=[str(old)] if has else []), pytest.raises(Refused) as why:
        make(tmp_path)
    assert says in str(why.value)
    assert str(programs.server_version()) in str(why.value)


def test_no_password_is_on_a_command_line(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    real = subprocess.Popen

    def watched(command: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(list(command))
        return real(command, *args, **kwargs)

    with patch("backup.snapshot.subprocess.Popen", watched):
        make(tmp_path)
    [command] = [words for words in seen if "--format=custom" in words]
    assert not any(str(connection.settings_dict["PASSWORD"]) in word for word in command)


def test_sessions_and_tries_are_never_kept(tmp_path: Path) -> None:
    from django.contrib.sessions.backends.base import SessionBase
    from django.test import Client

    client = Client()
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    key = client.session.session_key
    assert isinstance(client.session, SessionBase)
    made = make(tmp_path)
    program = programs.program("pg_restore", at_least=programs.server_version())
    text = subprocess.run([program, "-f", "-", str(made.folder / "database.dump")], capture_output=True, check=True)
    assert key is not None
    assert key.encode() not in text.stdout
    assert b"CREATE TABLE public.accounts_session" in text.stdout


def test_old_backups_go_as_the_rules_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from backups import make_backup

    set_house(backup_days=14)
    at = timezone.now() - 20 * DAY
    old = make_backup(tmp_path / "backups", f"hearth-{at:%Y%m%dT%H%M%SZ}", made_at=at.isoformat()).name
    call_command("backup", "--to", str(tmp_path / "backups"), "--without-keys", "--keep-days", "30")
    assert (tmp_path / "backups" / old).exists()
    assert "kept for 30 days here, and the rules tell people 14" in capsys.readouterr().err
    with patch("backup.snapshot._clock", lambda: timezone.now() + timedelta(seconds=5)):
        call_command("backup", "--to", str(tmp_path / "backups"), "--without-keys", "--keep-days")
    assert f"kept for 14 days: {old}" in capsys.readouterr().out
    assert not (tmp_path / "backups" / old).exists()
    assert len(list((tmp_path / "backups").glob("hearth-*"))) == 2


def test_who_is_at_work_in_the_database_is_named(tmp_path: Path) -> None:
    address = connection.settings_dict
    with psycopg.connect(
        host=address["HOST"],
        dbname=address["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
        application_name="a web process",
    ):
        seen = standing.at_work(0)
    assert seen["a web process"] == 1


def test_nothing_is_restored_beside_somebody_at_work(tmp_path: Path) -> None:
    Signer()
    make_user()
    made = make(tmp_path)
    address = connection.settings_dict
    with (
        psycopg.connect(
            host=address["HOST"], dbname=address["NAME"], user=address["USER"], password=address["PASSWORD"]
        ),
        pytest.raises(CommandError, match="Hearth is at work in this database"),
    ):
        call_command("restore", str(made.folder), "--replace", "--no-input", "--quiet")
