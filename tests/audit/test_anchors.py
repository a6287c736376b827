"""Anchors reach the file, syslog and a web server; the tree proves single entries."""

import hashlib
import os
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit import anchoring, anchors, verbs
from audit.actions import record
from audit.anchors import anchors_in, parse
from audit.merkle import Tree, path_of, root_from, root_of
from audit.models import Entry
from audit.verification import verdict_over

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def write(count: int = 3) -> None:
    for _ in range(count):
        with transaction.atomic():
            record(verbs.SETUP_LINK_MADE)


@pytest.mark.django_db
def test_an_anchor_covers_what_came_since_the_last(anchors_file: Path) -> None:
    write()
    first = anchors.make(connection, now=NOW)
    assert first is not None
    assert anchors.make(connection, now=NOW) is None, "nothing is new"
    write(5)
    second = anchors.make(connection, now=NOW)
    assert second is not None
    assert (second.first, second.seq, second.previous) == (first.seq + 1, first.seq + 5, first.digest)
    hashes = Entry.objects.filter(seq__gt=first.seq).order_by("seq").values_list("hash", flat=True)
    assert second.root == root_of(bytes.fromhex(one) for one in hashes).hex()
    assert anchors_in(anchors_file) == [first, second]
    assert verdict_over().sound


@pytest.mark.django_db
def test_the_key_and_the_anchors_are_for_their_owner_alone(anchors_file: Path) -> None:
    write()
    anchors.make(connection, now=NOW)
    for file in (anchors_file, anchors_file.parent / "anchor_key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(bytes.fromhex((anchors_file.parent / "anchor_key").read_text())) == 32


@pytest.mark.django_db
def test_a_line_that_was_cut_by_a_power_failure_is_no_anchor(anchors_file: Path) -> None:
    write()
    first = anchors.make(connection, now=NOW)
    with anchors_file.open("ab") as stream:
        stream.write(b'{"at":17')
    write()
    second = anchors.make(connection, now=NOW)
    assert anchors_in(anchors_file) == [first, second]


@pytest.mark.django_db
def test_an_anchor_that_cannot_be_written_is_an_entry(anchors_file: Path) -> None:
    write()
    anchors_file.mkdir()
    assert anchoring.anchor(now=NOW) is None
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.result) == ("audit.anchor_failed", "refused")
    assert '"place":"file"' in entry.body


@pytest.fixture
def datagrams(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(5)
        yield server, f"udp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.django_db
def test_syslog_hears_of_it_by_datagram(datagrams: tuple[socket.socket, str], settings: Any) -> None:
    server, settings.ANCHOR_SYSLOG = datagrams
    write()
    made = anchoring.anchor(now=NOW)
    assert made is not None
    head, _, line = server.recv(65536).partition(b"\xef\xbb\xbf")
    stamp, _, rest = head.decode().partition(f" {socket.gethostname()} hearth ")
    assert stamp == "<109>1 2026-07-01T12:00:00.000000Z"
    assert rest == f"{os.getpid()} anchor - "
    assert parse(line) == made


@pytest.mark.django_db
def test_syslog_hears_of_it_by_stream_and_unix_socket(tmp_path: Path, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.ANCHOR_SYSLOG = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        write()
        anchoring.anchor(now=NOW)
        taken, _ = server.accept()
        with taken:
            length, _, message = taken.recv(65536).partition(b" ")
        assert int(length) == len(message)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
        local.bind(str(tmp_path / "log"))
        settings.ANCHOR_SYSLOG = f"unix://{tmp_path / 'log'}"
        write()
        anchoring.anchor(now=NOW)
        assert local.recv(65536).startswith(b"<109>1 ")


@pytest.fixture
def web_server() -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes what is posted to /anchors, and refuses everything else."""
    taken: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204 if self.path == "/anchors" else 403)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_web_server_hears_of_it(web_server: tuple[str, list[bytes]], settings: Any) -> None:
    settings.ANCHOR_HTTPS = web_server[0] + "/anchors"
    write()
    made = anchoring.anchor(now=NOW)
    assert [parse(body) for body in web_server[1]] == [made]
    assert Entry.objects.latest("seq").verb != "audit.anchor_failed"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/elsewhere", "http://anchors.example.org/", "ftp://127.0.0.1/"])
def test_a_delivery_that_fails_is_an_entry_and_the_anchor_stands(
    web_server: tuple[str, list[bytes]], settings: Any, address: str, anchors_file: Path
) -> None:
    settings.ANCHOR_HTTPS = web_server[0] + address if address.startswith("/") else address
    write()
    made = anchoring.anchor(now=NOW)
    assert anchors_in(anchors_file) == [made]
    assert '"place":"https"' in Entry.objects.latest("seq").body


@given(st.integers(1, 70), st.data())
def test_a_path_leads_to_the_root_from_its_own_leaf_alone(size: int, data: st.DataObject) -> None:
    digests = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path, root = path_of(digests, index), root_of(digests)
    assert root_from(digests[index], index=index, size=size, path=path) == root
    other = hashlib.sha256(b"other").digest()
    assert root_from(other, index=index, size=size, path=path) != root
    assert root_from(digests[index], index=index, size=size, path=[*path, other]) is None
    if path:
        assert root_from(digests[index], index=index, size=size, path=path[:-1]) is None


def test_the_tree_is_that_of_the_standard() -> None:
    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    a, b, c = (sha(bytes([n])) for n in range(3))
    la, lb, lc = (sha(b"\x00" + one) for one in (a, b, c))
    assert Tree().root == sha(b"")
    assert root_of([a]) == la
    assert root_of([a, b]) == sha(b"\x01" + la + lb)
    assert root_of([a, b, c]) == sha(b"\x01" + sha(b"\x01" + la + lb) + lc)
