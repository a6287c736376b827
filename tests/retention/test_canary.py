"""A random word in everything that somebody writes: after the purge it is in no dump, no Redis, no folder, no log."""

import logging
import os
import subprocess
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis
from bringing import imported, looked, node, simple, theirs, turn
from django.conf import settings
from django.db import connection
from django.utils import timezone
from factories import make_deployment, make_team, make_user

from accounts.models import User
from chat import actions, files, queue, stream
from chat.models import Conversation, Generation
from config.supervisor.servers import postgres_program
from moving import arriving
from moving.models import Entry, Import
from retention import exporting, sweeping, wishing
from sharing import actions as sharing

if TYPE_CHECKING:
    from servers import Servers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_redis"),
    pytest.mark.filterwarnings("error::UserWarning:zipfile"),
]


def dump(servers: "Servers") -> bytes:
    """Return the whole database as pg_dump writes it."""
    url = servers.postgres.superuser_url(str(connection.settings_dict["NAME"]))
    found = subprocess.run([postgres_program("pg_dump"), url], capture_output=True, check=True)
    return found.stdout


def redis_says() -> bytes:
    """Return every key and value of Redis."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    said = [part for key in client.scan_iter() for part in (key, client.dump(key) or b"")]
    client.close()
    return b"".join(said)


def volumes(*folders: Path) -> bytes:
    """Return every name and every byte under some folders."""
    said = []
    for folder in folders:
        for root, _, names in os.walk(folder):
            said += [os.fsencode(name) + (Path(root) / name).read_bytes() for name in names]
    return b"".join(said)


@pytest.fixture
def log_lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def written_by(ada: User, word: str) -> Conversation:
    """Say the word in questions, an answer, a title, a file and its name, a wish, an export, a share, and in Redis."""
    sent = [files.taken(f"{word}.md", f"It says {word}.".encode())]
    made = actions.begin(ada, text=f"What is {word}?", deployment=make_deployment(), client_id=uuid.uuid4(), sent=sent)
    Generation.objects.within(made).update(state="running", attempt=1, lease_until=timezone.now() + timedelta(hours=1))
    stream.add([(made.pk, {"type": "answer.grew", "attempt": 1, "at": 0, "text": f"{word} is a word"})])
    assert queue.finish(made.pk, 1, state="done", text=f"{word} is a word.")
    chat = made.message.conversation
    actions.rename(chat, title=f"About {word}")
    question = made.message.parent
    assert question is not None
    other = actions.edit(question, text=f"And {word}?", deployment=make_deployment(), client_id=uuid.uuid4())
    Generation.objects.within(other).update(state="stopped", lease_until=None)
    wishing.ask(ada, team=make_team(), conversation=chat.pk, goes_at=timezone.now(), reason=f"I need {word}")
    chat.refresh_from_db()
    eve = make_user(f"{uuid.uuid4().hex}@example.org")
    sharing.share(chat, people=[eve.pk], teams=[], days=None, head=chat.head_id, by=ada)
    exporting.ask(ada)
    exporting.make()
    return chat


def brought_by(ada: User, word: str) -> Conversation:
    """Say the word in a file that is brought along: in its name, a title that comes in, and one that is refused."""
    long = theirs(node("q", None, turn("user", "x" * 200_001)), title=f"Long {word}")
    imported(ada, [simple(f"Brought {word}"), long], name=f"{word}.json")
    return Conversation.objects.of(ada).get(title=f"Brought {word}")


def test_after_the_purge_an_import_s_word_is_nowhere(servers: "Servers", log_lines: pytest.LogCaptureFixture) -> None:
    word = f"canary{uuid.uuid4().hex}"
    needle = word.encode()
    ada = make_user()
    chat = brought_by(ada, word)
    assert needle not in volumes(Path(settings.IMPORTS)), "the file went when its chats had come"
    waiting = looked(ada, [simple(f"Waits {word}")], name=f"{word}.json")
    assert needle in volumes(Path(settings.IMPORTS))
    actions.delete(chat)
    Conversation.objects.within(chat).update(deleted_at=timezone.now() - timedelta(days=8))
    run = sweeping.sweep()
    assert run is not None
    assert run.state == "done", run.errors
    titles = Entry.objects.filter(move__state="done").values_list("title", flat=True)
    assert not any("Brought" in title for title in titles), "a title stands in its chat alone, and goes with it"
    Import.objects.update(expires_at=timezone.now())
    sweeping.sweep()
    assert needle not in dump(servers)
    assert needle not in redis_says()
    assert needle not in volumes(Path(settings.IMPORTS), Path(os.environ["HEARTH_VAR"]) / "log")
    assert not arriving.path_of(waiting.pk).exists()
    assert word not in log_lines.text


def test_after_the_purge_the_word_is_nowhere(
    servers: "Servers", tmp_path: Path, log_lines: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    word = f"canary{uuid.uuid4().hex}"
    needle = word.encode()
    ada = make_user()
    chat = written_by(ada, word)
    zipped = list(Path(settings.EXPORTS).glob("*.zip"))
    assert dump(servers).count(needle) >= 8, (
        "question, edit, answer, title, name of the file, wish, share and its title"
    )
    assert needle in redis_says()
    assert needle in volumes(Path(settings.FILES))
    assert len(zipped) == 1
    actions.delete(chat)
    Conversation.objects.within(chat).update(deleted_at=timezone.now() - timedelta(days=8))
    run = sweeping.sweep()
    assert run is not None
    assert run.state == "done", run.errors
    assert needle not in dump(servers)
    assert needle not in redis_says()
    assert needle not in volumes(tmp_path, Path(os.environ["HEARTH_VAR"]) / "log")
    assert not zipped[0].exists(), "the copy in the export is gone with it"
    assert word not in log_lines.text


def test_an_erased_person_is_in_no_dump(servers: "Servers") -> None:
    from factories import make_owner

    from accounts import leaving

    word = f"canary{uuid.uuid4().hex}"
    ada = make_user(f"{word}@example.org")
    written_by(ada, word)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    leaving.erase_belongings(ada, by=make_owner())
    sweeping.sweep()
    assert word.encode() not in dump(servers).lower()
