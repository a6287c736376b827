"""A model file is fetched from a hub on 127.0.0.1: whole, behind a cut, checked, and in words where it fails."""

import hashlib
import io
import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import huggingface_hub
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from factories import make_owner
from house import ROOT
from tiny_gguf import write_tiny_gguf

from models_admin import downloading, fetching
from models_admin.models import Download

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPO, FILE = "somebody/small-instruct", "small.gguf"


@dataclass
class Hub:
    """A hub of one repository. Like the real one it sends those who ask for bytes to another host."""

    content: bytes
    sha256: str = ""
    cut_at: int | None = None  # it sends so much and is away from then on
    away: bool = False
    asked: list[tuple[str, str, str, bool]] = field(default_factory=list)  # method, path, range, whether authorized
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ranges(self) -> list[str]:
        return [span for method, path, span, _ in self.asked if method == "GET" and path.startswith("/bytes/")]


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        span = self.headers.get("Range", "")
        self.hub.asked.append((self.command, self.path, span, "Authorization" in self.headers))
        if self.hub.away:
            self.say(503)
        elif self.path.startswith("/bytes/"):
            self.give(int(span.removeprefix("bytes=").partition("-")[0] or 0))
        elif self.path.startswith(f"/{REPO}/resolve/") and self.path.endswith(f"/{FILE}"):
            linked = {"X-Linked-Etag": f'"{self.hub.sha256}"', "X-Linked-Size": str(len(self.hub.content))}
            away = f"http://localhost:{self.hub.port}/bytes/{FILE}"
            self.say(302, {"X-Repo-Commit": COMMIT, "ETag": '"a git hash"', "Location": away} | linked)
        else:
            self.say(404, {"X-Error-Code": "EntryNotFound"})

    def say(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()

    def give(self, start: int) -> None:
        rest, end = self.hub.content[start:], len(self.hub.content)
        length = {"Content-Length": str(len(rest)), "Content-Range": f"bytes {start}-{end - 1}/{end}"}
        self.say(206 if start else 200, length)
        if self.hub.cut_at is not None:
            self.hub.away, rest, self.close_connection = True, rest[: self.hub.cut_at], True
        self.wfile.write(rest)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    content = write_tiny_gguf(tmp_path / "source.gguf").read_bytes()
    hub = Hub(content, hashlib.sha256(content).hexdigest())
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("HubDoor", (Door,), {"hub": hub}))
    hub.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setattr(fetching, "hf_hub_url", partial(huggingface_hub.hf_hub_url, endpoint=hub.url))
    monkeypatch.setattr(huggingface_hub.constants, "DOWNLOAD_CHUNK_SIZE", 16_384)  # what is lost by a cut
    yield hub
    server.shutdown()
    server.server_close()


def fetch(folder: Path, repo: str = REPO, file: str = FILE) -> str:
    out = io.StringIO()
    call_command("fetch_model", repo=repo, file=file, to=folder, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def kept(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_it_is_fetched_checked_recorded_and_the_next_command_is_said(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    said = fetch(folder)
    assert (folder / FILE).read_bytes() == hub.content
    assert (folder / f"{FILE}.sha256").read_text() == f"{hub.sha256}  {FILE}\n"
    assert kept(folder) == [FILE, f"{FILE}.sha256"]
    assert f"make run MODEL={folder / FILE}" in said
    assert hub.sha256 in said


def test_what_is_here_already_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    fetch(tmp_path / "models")
    before = len(hub.ranges)
    fetch(tmp_path / "models")
    assert len(hub.ranges) == before


@pytest.mark.slow
def test_a_cut_is_told_and_the_next_call_goes_on_behind_it(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    hub.cut_at = 100_000
    with pytest.raises(CommandError, match=r"The hub refuses \(503\)\. What has come is kept; try again later\."):
        fetch(folder)
    [part] = kept(folder)
    size = (folder / part).stat().st_size
    assert part.endswith(".part")
    assert 0 < size <= 100_000
    hub.cut_at, hub.away = None, False
    fetch(folder)
    assert hub.ranges[-1] == f"bytes={size}-"
    assert (folder / FILE).read_bytes() == hub.content
    assert kept(folder) == [FILE, f"{FILE}.sha256"]


def test_another_content_than_the_hub_names_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.sha256 = "0" * 64
    with pytest.raises(CommandError, match=r"thrown away\. Its SHA-256 is"):
        fetch(tmp_path / "models")
    assert kept(tmp_path / "models") == []


def test_what_is_no_model_is_thrown_away_even_where_the_hub_tells_no_hash(hub: Hub, tmp_path: Path) -> None:
    hub.content, hub.sha256 = b"<!doctype html>" + b" " * 1000, "abc"
    with pytest.raises(CommandError, match=r"thrown away\. This is a web page"):
        fetch(tmp_path / "models")
    assert kept(tmp_path / "models") == []


def test_a_refused_version_leaves_the_file_that_was_fetched_before(hub: Hub, tmp_path: Path) -> None:
    fetch(tmp_path / "models")
    before, hub.sha256 = hub.content, "0" * 64
    with pytest.raises(CommandError, match="thrown away"):
        fetch(tmp_path / "models")
    assert (tmp_path / "models" / FILE).read_bytes() == before


def test_the_token_is_for_the_hub_alone(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_for_tests_only")
    fetch(tmp_path / "models")
    seen = {(path.startswith("/bytes/"), authorized) for _, path, _, authorized in hub.asked}
    assert seen == {(False, True), (True, False)}


@pytest.mark.parametrize(
    ("repo", "file", "sentence"),
    [
        (REPO, "other.gguf", r"The hub has no other\.gguf in somebody/small-instruct\."),
        ("no/such/name", FILE, r"no/such/name is not the name of a repository"),
        (REPO, "", "A repository and a file in it are named together"),
    ],
)
def test_a_wrong_name_is_one_sentence(hub: Hub, tmp_path: Path, repo: str, file: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        fetch(tmp_path / "models", repo, file)


def command(tmp_path: Path, endpoint: str) -> tuple[int, str]:
    """Run the command at a terminal. Return its status and what is read there."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "HF_"))}
    env |= {"HEARTH_VAR": str(tmp_path / "var"), "HF_ENDPOINT": endpoint, "HF_HOME": str(tmp_path / "home")}
    words = [sys.executable, str(ROOT / "manage.py"), "fetch_model", "--no-color", "--repo", REPO, "--file", FILE]
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with subprocess.Popen(words, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        read = bytearray()
        with suppress(OSError):  # the other end is closed
            while some := os.read(ours, 4096):
                read += some
        os.close(ours)
    return process.returncode, read.decode().replace("\r\n", "\n")


@pytest.mark.slow
def test_the_command_shows_its_progress_and_calls_nobody_else(hub: Hub, tmp_path: Path) -> None:
    status, read = command(tmp_path, hub.url)
    assert status == 0, read
    assert f"{FILE}: 100%" in read
    assert (tmp_path / "var" / "models" / FILE).read_bytes() == hub.content
    named = {f"/{REPO}/resolve/main/{FILE}", f"/{REPO}/resolve/{COMMIT}/{FILE}", f"/bytes/{FILE}"}
    assert {path for _, path, _, _ in hub.asked} == named


@pytest.mark.slow
def test_without_a_network_it_is_one_sentence(tmp_path: Path) -> None:
    status, read = command(tmp_path, "http://127.0.0.1:1")
    assert status == 1
    [named, reason] = read.strip().splitlines()
    assert named == f"Fetching   {FILE} from {REPO}"
    assert reason.startswith("CommandError: The hub cannot be reached (ConnectError).")


@pytest.fixture
def allowed(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house whose operator lets administrators fetch; nobody waits a second for the next look."""
    settings.HUB, settings.MODELS = True, tmp_path / "models"
    settings.MODELS.mkdir()
    monkeypatch.setattr(downloading, "LOOK_SECONDS", 0.05)
    return Path(settings.MODELS)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_administrator_has_a_file_fetched_and_sees_it_come(
    hub: Hub, allowed: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    client.force_login(make_owner(), backend=BACKEND)
    asked = client.post(reverse("models_admin:fetch"), {"repository": REPO, "file": FILE})
    assert asked.status_code == 302
    assert "data-wait" in client.get(reverse("models_admin:work")).text
    downloading.fetch_waiting()
    download = Download.objects.get()
    assert (download.state, download.reason) == ("done", "")
    assert download.received == len(hub.content)
    assert (allowed / FILE).read_bytes() == hub.content
    assert "data-wait" not in client.get(reverse("models_admin:work")).text


@pytest.mark.slow
@pytest.mark.django_db
def test_why_a_file_did_not_come_stands_on_the_page(
    hub: Hub, allowed: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    client.force_login(make_owner(), backend=BACKEND)
    client.post(reverse("models_admin:fetch"), {"repository": REPO, "file": "other.gguf"})
    downloading.fetch_waiting()
    assert "The hub has no other.gguf" in client.get(reverse("models_admin:files")).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("repository", "file", "sentence"),
    [
        ("somebody", FILE, downloading.NO_REPOSITORY),
        ("../x", FILE, downloading.NO_REPOSITORY),
        (REPO, "../../small.gguf", downloading.NO_FILE),
        (REPO, "small.bin", downloading.NO_FILE),
        (REPO, "--deploy.gguf", downloading.NO_FILE),
    ],
)
def test_what_is_no_repository_or_no_file_is_told(
    allowed: Path, client: Client, repository: str, file: str, sentence: str
) -> None:
    client.force_login(make_owner(), backend=BACKEND)
    page = client.post(reverse("models_admin:fetch"), {"repository": repository, "file": file})
    assert page.status_code == 400
    assert str(sentence) in page.text
    assert not Download.objects.exists()


@pytest.mark.django_db
def test_without_the_operator_nothing_is_fetched(client: Client, settings: Any) -> None:
    settings.HUB = False
    client.force_login(make_owner(), backend=BACKEND)
    page = client.post(reverse("models_admin:fetch"), {"repository": REPO, "file": FILE})
    assert page.status_code == 400
    assert "Or from a hub" not in client.get(reverse("models_admin:files")).text
    assert not Download.objects.exists()


@pytest.mark.django_db
def test_a_download_that_housekeeping_left_is_told_and_can_be_asked_for_again(allowed: Path) -> None:
    Download.objects.create(repository=REPO, file=FILE, by=uuid4(), state="running")
    downloading.fetch_waiting()
    assert Download.objects.get().reason == downloading.BROKEN
    downloading.ask(repository=REPO, file=FILE, by=make_owner())
