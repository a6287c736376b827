"""A reader that stalls holds the application up instead of filling the memory; a torn answer is seen to be torn."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import psutil
import pytest
from house import free_port

PIECE, PIECES = 1 << 16, 3_200  # 200 MiB
SERVER = """
import asyncio, sys
from daphne.server import Server
from config import pace
pace.keep_pace()
pace.STALLED_SECONDS = float(sys.argv[2])
async def application(scope, receive, send):
    if scope["path"] == "/given":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % application.given})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for n in range({PIECES}):
        if scope["path"] == "/torn" and n == 3:
            raise ValueError("torn")
        await send({"type": "http.response.body", "body": b"x" * {PIECE}, "more_body": True})
        application.given = n + 1
    await send({"type": "http.response.body", "body": b""})
application.given = 0
Server(application, endpoints=[f"tcp:port={sys.argv[1]}:interface=127.0.0.1"], signal_handlers=True).run()
""".replace("{PIECES}", str(PIECES)).replace("{PIECE}", str(PIECE))
Serve = Callable[[float], tuple[int, psutil.Process]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server of long answers whose readers may stall for so long. Returns its port and its process."""
    running: list[subprocess.Popen[bytes]] = []

    def start(stalled: float) -> tuple[int, psutil.Process]:
        port = free_port()
        running.append(subprocess.Popen([sys.executable, "-c", SERVER, str(port), str(stalled)]))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        return port, psutil.Process(running[-1].pid)

    yield start
    for process in running:
        process.kill()
        process.wait()


def ask(port: int) -> socket.socket:
    """Ask for a long answer and read nothing of it."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    reader.connect(("127.0.0.1", port))
    reader.sendall(b"GET /long HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    return reader


def given(port: int) -> int:
    return int(httpx.get(f"http://127.0.0.1:{port}/given", timeout=30).text)


def settled(port: int) -> int:
    """Return how many pieces the application has given once it gives no more."""
    before = -1
    while (now := given(port)) != before:
        before = now
        time.sleep(0.5)
    return now


@pytest.mark.slow
def test_a_reader_that_stalls_fills_no_memory_and_gets_everything_later(serve: Serve) -> None:
    port, process = serve(60)
    before = process.memory_info().rss
    with ask(port) as reader:
        assert 0 < settled(port) * PIECE < 16 << 20, "the buffers of the system, and one of ours"
        assert process.memory_info().rss - before < 20 << 20
        taken = 0
        while piece := reader.recv(1 << 20):
            taken += len(piece)
    assert taken > PIECES * PIECE
    assert given(port) == PIECES
    assert process.memory_info().rss - before < 20 << 20


@pytest.mark.slow
def test_a_reader_that_takes_nothing_for_long_is_gone(serve: Serve) -> None:
    port, _ = serve(1)
    with ask(port) as reader:
        settled(port)
        time.sleep(2)
        taken, torn = 0, False
        try:
            while piece := reader.recv(1 << 20):
                taken += len(piece)
        except ConnectionResetError:
            torn = True
    assert torn
    assert taken < PIECES * PIECE


@pytest.mark.slow
def test_an_answer_that_fails_in_the_middle_is_not_whole(serve: Serve) -> None:
    port, _ = serve(60)
    for _ in range(2):  # and the server goes on
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://127.0.0.1:{port}/torn", timeout=30)
