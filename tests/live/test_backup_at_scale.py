"""A backup and a restore of a house that was used for years: whole, and within the time that was promised."""

import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import ROOT, House, eventually

BACKED_UP_SECONDS, RESTORED_SECONDS = 900, 900
FILL = """
import sys, hashlib
from uuid import uuid4
import psycopg
from django.conf import settings
from accounts.models import Team, User
from chat.files import path_of
from chat.models import File
from models_admin.models import Deployment
from tools.bench import filling
filling.PEOPLE, filling.TEAMS, filling.CHATS, filling.TEXTS = 1000, 60, int(sys.argv[2]), 20_000
deployment = Deployment.objects.create(name="Stub", path="stub:?words=5")
with psycopg.connect(sys.argv[1], autocommit=True) as superuser:
    filling.fill(superuser, deployment.pk)
owner, files = User.objects.first(), []
for n in range(int(sys.argv[3])):
    data = (f"notes {n} " * 2000).encode()
    files.append(File(id=uuid4(), owner=owner, size=len(data), sha256=hashlib.sha256(data).hexdigest(), media_type="x"))
    place = path_of(files[-1].pk)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
File.objects.bulk_create(files)
"""
CHATS, FILES = 20_000, 5_000  # ten messages each


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[House]:
    """The servers of a house alone, migrated."""
    house = House(tmp_path / "var", "")
    house.var.mkdir()
    yield house
    if house.process is not None and house.process.poll() is None:
        house.process.send_signal(signal.SIGINT)
        house.process.wait(timeout=60)


def started(house: House) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--only", "postgres,valkey"]
    house.process = subprocess.Popen(command, env=house.env, stdout=subprocess.DEVNULL, start_new_session=True)
    eventually((house.var / "processes.json").exists, seconds=60, what="the servers")


def superuser_of(house: House) -> str:
    password = (house.var / "postgres_password").read_text().strip()
    return f"postgresql://hearth:{password}@/hearth?host={house.var / 'run'}"


def manage(house: House, *words: str, **more: str) -> tuple[str, float]:
    began, command = time.monotonic(), [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, env=house.env | more, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, time.monotonic() - began


@pytest.mark.prove
def test_two_hundred_thousand_messages_are_back_within_a_quarter_of_an_hour(
    servers: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, place = servers, tmp_path / "backups"
    started(house)
    password = (house.var / "postgres_owner_password").read_text().strip()
    owner = f"postgresql://hearth_owner:{password}@/hearth?host={house.var / 'run'}"
    manage(house, "migrate", "--verbosity=0", HEARTH_OWNER_DATABASE_URL=owner, **house.servers)
    house.run(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{FILL}", superuser_of(house), str(CHATS), str(FILES))
    made, making = manage(house, "backup", "--to", str(place), "--without-keys")
    counted = re.search(r"(\d+) conversations, (\d+) messages, (\d+) files", made)
    assert counted
    assert tuple(map(int, counted.groups())) == (CHATS, 10 * CHATS, FILES)
    assert house.process is not None
    house.process.send_signal(signal.SIGINT)
    house.process.wait(timeout=60)
    for path in house.var.iterdir():
        if path.name not in ("anchors", "tombstones", "secret_key", "anchor_key"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    [folder] = place.glob("hearth-*")
    said, restoring = manage(house, "restore", str(folder), "--no-input")
    assert f"{CHATS} conversations, {10 * CHATS} messages, {FILES} files" in said
    assert f"Files: {FILES} were put back; {FILES} are as their rows say." in said
    assert "Audit log: Sound" in said
    with capsys.disabled():
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        print(f"\nbackup {making:.1f} s, {size:.0f} MB; restore {restoring:.1f} s. {said.splitlines()[-1]}")  # noqa: T201
    assert (making < BACKED_UP_SECONDS, restoring < RESTORED_SECONDS) == (True, True)
