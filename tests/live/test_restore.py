"""A backup from before a deletion is restored: nobody is served until what was deleted is deleted again."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import websockets
from house import ROOT, House, Person, eventually, in_use

from config.supervisor.servers import postgres_program

MODEL = "stub:?words=5&rate=100&slots=2"
AGED = """
from datetime import timedelta
from django.db.models.functions import Now
from chat.models import Conversation
Conversation.objects.for_housekeeping().update(deleted_at=Now() - timedelta(days=30))
"""


@pytest.fixture
def own_house(tmp_path: Path) -> Iterator[House]:
    yield from in_use(tmp_path, MODEL)


def manage(house: House, command: str) -> str:
    """Run a command of the operator's against a running house."""
    env = house.env | house.servers
    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), command], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def dumped(house: House) -> bytes:
    password = (house.var / "postgres_password").read_text().strip()
    url = f"postgresql://hearth:{password}@/hearth?host={house.var / 'run'}"
    return subprocess.run([postgres_program("pg_dump"), url], capture_output=True, check=True).stdout


@pytest.mark.prove
async def test_a_restored_backup_serves_nobody_until_deletions_are_replayed(own_house: House) -> None:
    house, word = own_house, f"canary{uuid4().hex}"
    ada = await house.person("ada")
    async with ada.socket() as tab:
        await tab.follow(await ada.ask(f"What is {word}?"))
        await tab.until("answer.ended")
    data, backup = _data_of(house), house.var.parent / "backup"
    await asyncio.to_thread(house.stop)
    shutil.copytree(data, backup, symlinks=True)
    await asyncio.to_thread(house.start)
    assert word.encode() in await asyncio.to_thread(dumped, house)
    await asyncio.to_thread(house.run, AGED)
    assert "1 conversations" in await asyncio.to_thread(manage, house, "sweep")
    assert word.encode() not in await asyncio.to_thread(dumped, house)
    await asyncio.to_thread(house.stop)

    shutil.rmtree(data)
    shutil.move(backup, data)
    await asyncio.to_thread(house.start)
    assert word.encode() in await asyncio.to_thread(dumped, house), "the backup has it again"
    refused = await asyncio.to_thread(httpx.get, f"{house.origin}/account/login/")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "replay_deletions" in refused.text
    with pytest.raises(websockets.exceptions.InvalidStatus):
        async with ada.socket():
            pass
    said = await asyncio.to_thread(manage, house, "replay_deletions")
    assert "1 conversations" in said
    assert word.encode() not in await asyncio.to_thread(dumped, house)
    assert "None" in await asyncio.to_thread(house.run, "from retention import sweeping; print(sweeping.sweep())")
    served = eventually(lambda: httpx.get(f"{house.origin}/account/login/").status_code == 200, what="serving")
    assert served
    assert await _sees_nothing(await house.person("ada"), word)
    assert _volumes_are_clean(house, word)


def _data_of(house: House) -> Path:
    """Return the folder of the database's files."""
    return next(path.parent for path in house.var.glob("*/PG_VERSION"))


async def _sees_nothing(ada: Person, word: str) -> bool:
    return word not in (await ada.http.get("/")).text


def _volumes_are_clean(house: House, word: str) -> bool:
    """Whether no folder but that of the database's own files has the word: logs, files, exports, tombstones, Redis."""
    database = _data_of(house)
    files = [path for path in house.var.rglob("*") if path.is_file() and not path.is_relative_to(database)]
    return not any(word.encode() in path.read_bytes() for path in files)
