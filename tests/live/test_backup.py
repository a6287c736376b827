"""The drill: a house is backed up while it answers, loses everything, and comes back, with what was deleted deleted."""

import asyncio
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from aftermath import rows
from breaking import end_of
from house import ROOT, House, link_in

from config.supervisor.servers import postgres_program
from models_admin.engine.stub import reference_text

pytestmark = pytest.mark.slow

MODEL = "stub:?words=20&rate=200&slots=4"
PASSPHRASE = "Kühe stehen im Regen"
AGED = """
UPDATE chat_conversation SET deleted_at = now() - interval '30 days' WHERE deleted_at IS NOT NULL
"""
SLOW = "What flows? [[words=4000]] [[rate=20]]"
STATE = "SELECT state, text FROM chat_generation g JOIN chat_message m ON m.id = message_id WHERE g.id = %s"
RESTORE_SECONDS = 20  # of a house this small; the bar is 15 minutes


@dataclass
class Ended:
    """A command that has ended."""

    code: int
    out: str
    error: str
    seconds: float


@dataclass
class Drill:
    """A house, where its backups lie, and what each command said."""

    house: House
    place: Path
    words: dict[str, str] = field(default_factory=dict)
    said: dict[str, Ended] = field(default_factory=dict)
    schema: dict[str, str] = field(default_factory=dict)
    dumps: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, set[bytes]] = field(default_factory=dict)

    @property
    def backup(self) -> Path:
        """The one backup that there is."""
        [found] = self.place.glob("hearth-*")
        return found

    def run(self, name: str, *words: str) -> Ended:
        """Run a command as an operator does beside `make run`: nothing tells it where the servers are."""
        began = time.monotonic()
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        done = subprocess.run(command, env=self.house.env, capture_output=True, text=True, timeout=300, check=False)
        self.said[name] = Ended(done.returncode, done.stdout, done.stderr, time.monotonic() - began)
        return self.said[name]

    def restore(self, name: str, *words: str) -> Ended:
        return self.run(name, "restore", str(self.backup), "--passphrase-file", str(self.place / "phrase"), *words)

    def look(self, name: str) -> None:
        """Take the schema with all rights, everything in the database, and every attached file."""
        password = (self.house.var / "postgres_password").read_text().strip()
        url = f"postgresql://hearth:{password}@/hearth?host={self.house.var / 'run'}"

        def dumped(*words: str) -> bytes:
            return subprocess.run([postgres_program("pg_dump"), *words, url], capture_output=True, check=True).stdout

        self.schema[name] = re.sub(r"(?m)^\\(un)?restrict .*$", "", dumped("--schema-only").decode())
        self.dumps[name] = dumped()
        self.files[name] = {path.read_bytes() for path in (self.house.var / "files").rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Live through it once: the tests below say what must be true."""
    house = House(tmp_path_factory.mktemp("house"), MODEL)
    place = tmp_path_factory.mktemp("backups")
    (place / "phrase").write_text(PASSPHRASE)
    drill = Drill(house, place)
    house.set_up(link_in(house.start()))
    try:
        asyncio.run(_live(drill))
        yield drill
    finally:
        if house.is_running:
            house.stop()


async def _live(drill: Drill) -> None:
    await _fill(drill)
    await asyncio.to_thread(drill.look, "before")
    await asyncio.to_thread(_delete, drill)
    await asyncio.to_thread(drill.restore, "while it runs")
    await asyncio.to_thread(drill.house.stop)
    _lose_everything(drill.house.var)
    await asyncio.to_thread(drill.restore, "restored")
    await asyncio.to_thread(drill.house.start)
    await asyncio.to_thread(drill.look, "after")
    await _read_again(drill)


@pytest.fixture(scope="module")
def replaced(drill: Drill) -> Drill:
    """Go on with the house that came back, and put the backup in its place once more."""
    asyncio.run(_go_on(drill))
    _as_newer(drill.house)
    drill.house.stop()
    drill.restore("in use")
    drill.restore("replaced", "--replace", "--no-input", "--anchors-aside")
    return drill


async def _fill(drill: Drill) -> None:
    """Fill a house with two chats and their files; back it up while a third is being answered."""
    kept, doomed = f"kept{uuid4().hex}", f"doomed{uuid4().hex}"
    drill.words |= {"kept": kept, "doomed": doomed}
    ada = await drill.house.person("ada")
    for word in (kept, doomed):
        token = await ada.token("/")
        form = {"csrfmiddlewaretoken": token, "text": f"What is {word}?", "client_id": str(uuid4())}
        attached = {"files": ("notes.txt", f"notes about {word}".encode())}
        headers = {"Origin": drill.house.origin}
        begun = await ada.http.post("/chats/", data=form, files=attached, headers=headers)
        assert begun.status_code == 302, begun.text[:500]
        drill.words[word] = begun.headers["Location"]
    slow = await ada.ask(SLOW)
    drill.words["slow"] = slow.generation
    async with ada.socket() as tab:
        await tab.follow(slow)
        await tab.until_long(20)
    seal = ("--passphrase-file", str(drill.place / "phrase"))
    made = await asyncio.to_thread(drill.run, "made", "backup", "--to", str(drill.place), *seal)
    assert made.code == 0, made.error
    [(state, written)] = rows(drill.house, STATE, slow.generation)
    drill.words |= {"while it was made": state, "written until then": written}
    assert (await ada.post(f"/generations/{slow.generation}/stop/")).status_code < 400
    assert (await end_of(ada, slow))[0] == "stopped"
    response = await ada.post(f"{drill.words[doomed]}delete/")
    assert response.status_code == 302


def _delete(drill: Drill) -> None:
    """What was deleted after the backup is purged; the purge stands in the tombstones."""
    rows(drill.house, AGED)
    assert drill.house.run("from retention import sweeping; print(sweeping.sweep().state)").strip() == "done"


def _lose_everything(var: Path) -> None:
    """The machine burns down. Anchors and tombstones lie on another volume, as they should."""
    for path in var.iterdir():
        if path.name not in ("anchors", "tombstones"):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


async def _read_again(drill: Drill) -> None:
    """Sign in with the password of before, read, and see what became of the answer that was being written."""
    ada = await drill.house.person("ada")
    page = await ada.http.get(drill.words[drill.words["kept"]])
    gone = await ada.http.get(drill.words[drill.words["doomed"]])
    drill.words |= {"page": page.text, "gone": str(gone.status_code)}
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        [(state, text)] = rows(drill.house, STATE, drill.words["slow"])
        drill.words |= {"state": state, "text": text}
        if state == "running" and len(text) > len(drill.words["written until then"]):
            break
        await asyncio.sleep(0.2)
    await ada.post(f"/generations/{drill.words['slow']}/stop/")


async def _go_on(drill: Drill) -> None:
    """After the restore two people come, and one of them asks twice in one chat."""
    bob = await drill.house.person("bob")
    await drill.house.person("carol")
    first = await bob.ask("Good morning")
    await end_of(bob, first)
    await end_of(bob, await bob.ask("And now?", chat=first.chat))
    drill.words["entries"] = str(rows(drill.house, "SELECT seq FROM audit_head")[0][0])


def _as_newer(house: House) -> None:
    """A later release has migrated: what it made must not stand in the way of going back."""
    password = (house.var / "postgres_owner_password").read_text().strip()
    with psycopg.connect(host=str(house.var / "run"), dbname="hearth", user="hearth_owner", password=password) as owner:
        owner.execute("CREATE TABLE chat_dream (id uuid, conversation uuid REFERENCES chat_conversation)")
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('chat', '9999_dreams', now())")


def test_a_backup_is_whole_and_made_while_an_answer_is_written(drill: Drill) -> None:
    made = drill.said["made"]
    assert re.search(r"1 people, 1 teams, 3 conversations, 6 messages, 2 files, \d+ audit entries", made.out), made.out
    assert "signed." in made.out
    names = {path.relative_to(drill.backup).as_posix() for path in drill.backup.iterdir()}
    assert names == {
        "database.dump",
        "files",
        "anchors.jsonl",
        "tombstones.jsonl",
        "keys.sealed",
        "manifest.json",
        "manifest.json.sig",
    }
    assert [oct(path.stat().st_mode & 0o777) for path in (drill.backup, drill.backup / "database.dump")] == [
        "0o700",
        "0o600",
    ]


def test_no_key_lies_open_in_a_backup(drill: Drill) -> None:
    secrets = [(drill.house.var / name).read_bytes().strip() for name in ("secret_key", "anchor_key")]
    dump = [postgres_program("pg_restore"), "-f", "-", str(drill.backup / "database.dump")]
    text = subprocess.run(dump, capture_output=True, check=True).stdout  # compressed, nothing would be found in it
    assert drill.words["kept"].encode() in text
    whole = text + b"".join(path.read_bytes() for path in drill.backup.rglob("*") if path.is_file())
    assert [secret for secret in secrets if secret in whole] == []
    assert PASSPHRASE.encode() not in whole


def test_nothing_is_restored_over_a_running_house(drill: Drill) -> None:
    refused = drill.said["while it runs"]
    assert refused.code == 1
    assert "Hearth runs over" in refused.error
    assert "web" in refused.error


def test_a_lost_house_is_back_in_time(drill: Drill) -> None:
    done = drill.said["restored"]
    assert done.code == 0, done.error
    assert done.seconds < RESTORE_SECONDS
    assert re.search(r"It took \d+\.\d s: files", done.out)


def test_the_database_is_what_it_was_with_every_right_and_trigger(drill: Drill) -> None:
    before, after = (
        re.sub(r"::character varying|::text(\[\])?|[()]", "", drill.schema[at]) for at in ("before", "after")
    )
    assert after == before, "but for how PostgreSQL spells casts that it reads again"
    assert "GRANT SELECT ON TABLE public.audit_entry TO hearth_app" in drill.schema["after"]


def test_people_sign_in_and_read_what_they_had(drill: Drill) -> None:
    assert drill.words["kept"] in drill.words["page"]
    assert f"notes about {drill.words['kept']}".encode() in drill.files["after"]


def test_an_answer_that_was_being_written_goes_on(drill: Drill) -> None:
    assert drill.words["while it was made"] == drill.words["state"] == "running"
    assert len(drill.words["text"]) > len(drill.words["written until then"]) > 0
    assert reference_text(SLOW, 4000).startswith(drill.words["text"])


def test_what_was_deleted_since_is_deleted_again_everywhere(drill: Drill) -> None:
    doomed = drill.words["doomed"].encode()
    assert doomed in drill.dumps["before"], "it was there when the backup was made"
    assert "1 conversations" in drill.said["restored"].out
    assert doomed not in drill.dumps["after"]
    assert [data for data in drill.files["after"] if doomed in data] == []
    assert drill.words["gone"] == "404"


def test_the_rollback_of_the_log_is_said_as_what_it_is(drill: Drill) -> None:
    out = drill.said["restored"].out
    rolled = re.search(r"Rolled back to entry (\d+), .* reach (\d+), so (\d+) entries are lost", out)
    assert rolled, out
    seq, reached, lost = map(int, rolled.groups())
    assert reached - seq == lost > 0
    assert f"up to entry {seq} as it was backed up" in out
    assert "NOT the backup's" not in out


def test_keys_are_back(drill: Drill) -> None:
    assert "secret_key is the backup's again" in drill.said["restored"].out
    assert "anchor_key is the backup's again" in drill.said["restored"].out


@pytest.mark.prove
def test_a_database_that_is_in_use_is_not_replaced_unasked(replaced: Drill) -> None:
    refused = replaced.said["in use"]
    assert refused.code == 1
    assert "Nothing was done: the database is in use (3 people" in refused.error


@pytest.mark.prove
def test_what_a_replacement_loses_is_said_to_the_last_row(replaced: Drill) -> None:
    for name in ("in use", "replaced"):
        assert "2 people, 1 conversations, 4 messages;" in replaced.said[name].out
        [entries] = re.findall(r"(\d+) entries of the audit log; and", replaced.said[name].out)
        [seq] = re.findall(r"audit log up to entry (\d+)", replaced.said[name].out)
        assert int(entries) >= int(replaced.words["entries"]) - int(seq)
        assert "back until deletions are replayed: 1 conversations, 2 messages, 1 files." in replaced.said[name].out
    assert replaced.said["replaced"].code == 0, replaced.said["replaced"].error


@pytest.mark.prove
def test_a_database_of_a_later_release_gives_way(replaced: Drill) -> None:
    assert replaced.said["replaced"].code == 0, replaced.said["replaced"].error
    assert "Restored: 1 people, 1 teams, 2 conversations, 4 messages, 1 files" in replaced.said["replaced"].out


@pytest.mark.prove
def test_anchors_that_are_put_aside_let_the_log_go_on_and_are_kept(replaced: Drill) -> None:
    [aside] = (replaced.house.var / "anchors").glob("anchors-until-restore-*.jsonl")
    now = (replaced.house.var / "anchors" / "anchors.jsonl").read_bytes()
    assert aside.read_bytes() != now == (replaced.backup / "anchors.jsonl").read_bytes()
    assert str(aside) in replaced.said["replaced"].out
