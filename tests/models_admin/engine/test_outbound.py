"""No address that is written down leads to where nobody wanted it, however it is written."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from models_admin.engine.calling import RemoteSpec, ServerFailed, models_at
from models_admin.engine.outbound import NotAllowed, Rules, allowed, connect, near_from, parse

# Written by whoever would like Hearth to ask the house's own machines.
HOSTS = (
    "127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:0:0:0:0:80ff:fffe]", "[fe80::1]", "[fe80::1%25eth0]", "169.254.169.254",
    "169.254.170.2", "[fd00:ec2::254]", "[fd20:ce::254]", "100.100.100.200", "192.0.0.192", "10.0.0.1", "172.16.0.1",
    "192.168.0.1", "100.64.0.1", "[fc00::1]", "224.0.0.1", "[ff02::1]", "255.255.255.255", "240.0.0.1",
    "192.88.99.1", "[fec0::1]", "[4000::1]", "[5f00::1]", "[2001:db8::1]",
    "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "metadata.internal", "a.b..c", "-", "host_name_\u202e",
)  # fmt: skip
URLS = (
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://127.0.0.1", "dict://127.0.0.1:6379/info",
    "//127.0.0.1",
    "http:127.0.0.1", "http:/127.0.0.1", "http:///v1", "http://", "https://example.org@127.0.0.1/v1",
    "https://127.0.0.1#@example.org/", "https://example.org:443@127.0.0.1:80/", "http://127.0.0.1:0/v1",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:/v1", "http://127.0.0.1\\@example.org/", "http://127.0.0.1\t/v1", "http://127.0.0.1\r\nHost: x/",
    "http://example.org/v1/../../admin", "http://example.org/%2e%2e/x", "http://example.org//x", "http://example.org/?q=1",
    "http://example.org/v1/\u00e9",
    "",
    "http://" + "a" * 600,
)  # fmt: skip
NOTHING = Rules()
OUTSIDE = Rules(outside=True)


def resolve(host: str, port: int) -> list[str]:
    """A name server of the attacker: every name is inside."""
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        return ["127.0.0.1"]
    return [host]


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """Listen on the loopback address, and write down whoever comes."""
    hits: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                hits.append("hit")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], hits
        over.set()
        thread.join()


def test_no_address_leads_inside() -> None:
    with canary() as (port, hits):
        tried = [*URLS, *(f"{scheme}://{host}:{port}/v1" for host in HOSTS for scheme in ("http", "https"))]
        for url in tried:
            for leaves, rules in ((True, OUTSIDE), (False, NOTHING)):
                with pytest.raises(NotAllowed):
                    connect(parse(url), rules, leaves=leaves, seconds=1, resolve=resolve)
        assert len(tried) >= 100
    assert hits == []


def test_a_name_that_has_one_address_inside_is_refused_whole() -> None:
    address = parse("https://model.example.org/v1")
    assert allowed(address, OUTSIDE, leaves=True, resolve=lambda *_: ["93.184.215.14"]) == ["93.184.215.14"]
    with pytest.raises(NotAllowed, match=r"10\.0\.0\.1"):
        allowed(address, OUTSIDE, leaves=True, resolve=lambda *_: ["93.184.215.14", "10.0.0.1"])


def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    reached: list[str] = []

    def reach(where: tuple[str, int], timeout: float) -> socket.socket:
        reached.append(where[0])
        raise OSError("nobody is there")

    monkeypatch.setattr("models_admin.engine.outbound.socket.create_connection", reach)
    address = parse("https://rebinds.example.org/v1")
    with pytest.raises(OSError, match="nobody"):
        connect(address, OUTSIDE, leaves=True, seconds=1, resolve=lambda *_: next(answers))
    assert reached == ["93.184.215.14"]


def test_nothing_leaves_without_the_operator_or_without_tls() -> None:
    with pytest.raises(NotAllowed, match="HEARTH_OUTSIDE"):
        allowed(parse("https://example.org/v1"), NOTHING, leaves=True, resolve=lambda *_: ["93.184.215.14"])
    with pytest.raises(NotAllowed, match="https"):
        allowed(parse("http://example.org/v1"), OUTSIDE, leaves=True, resolve=lambda *_: ["93.184.215.14"])


@pytest.mark.parametrize(
    ("named", "url", "ip", "fits"),
    [
        ("10.1.0.0/16", "http://10.1.2.3:8000/v1", "10.1.2.3", True),
        ("10.1.0.0/16", "http://10.2.2.3:8000/v1", "10.2.2.3", False),
        ("10.1.2.3:8000", "http://10.1.2.3:8000/v1", "10.1.2.3", True),
        ("10.1.2.3:8000", "http://10.1.2.3:6379/v1", "10.1.2.3", False),
        ("vllm:8000", "http://vllm:8000/v1", "172.20.0.5", True),
        ("vllm:8000", "http://other:8000/v1", "172.20.0.5", False),
        ("vllm", "http://vllm:9/v1", "172.20.0.5", True),
        ("vllm", "http://vllm:9/v1", "169.254.169.254", False),
        ("[fd00::1]:8000", "http://[fd00::1]:8000/v1", "fd00::1", True),
        ("127.0.0.1:9000", "http://localhost:9000/v1", "127.0.0.1", True),
        ("0.0.0.0/0", "http://10.0.0.1/v1", "10.0.0.1", True),
        ("0.0.0.0/0", "http://169.254.169.254/v1", "169.254.169.254", False),
        ("::/0", "http://[::ffff:10.0.0.1]/v1", "::ffff:10.0.0.1", False),
    ],
)
def test_on_the_premises_only_what_the_operator_named_is_reached(named: str, url: str, ip: str, fits: bool) -> None:
    rules = Rules((near_from(named),))
    try:
        assert allowed(parse(url), rules, leaves=False, resolve=lambda *_: [ip]) == [ip]
        reached = True
    except NotAllowed:
        reached = False
    assert reached == fits


def test_where_hearth_keeps_its_own_data_nobody_is_asked() -> None:
    near = tuple(map(near_from, ("0.0.0.0/0", "db")))
    rules = Rules(near, outside=True, closed=frozenset({5432, 6379}))
    for url, leaves in (("http://db:5432", False), ("http://127.0.0.2:6379/v1", False), ("https://e.org:6379", True)):
        with pytest.raises(NotAllowed, match="its own data"):
            allowed(parse(url), rules, leaves=leaves, resolve=lambda *_: ["93.184.215.14"])


@pytest.mark.parametrize("text", ["", "a b", "http://x", "10.0.0.0/99", "-", "x:y:z"])
def test_what_is_no_network_and_no_name_cannot_be_named(text: str) -> None:
    with pytest.raises(ValueError, match="no network"):
        near_from(text)


def test_redirects_are_never_followed() -> None:
    with canary() as (inside, hits), closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

        def send_on() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inside}/\r\n\r\n".encode())
            connection.close()

        thread = threading.Thread(target=send_on)
        thread.start()
        rules = Rules((near_from(f"127.0.0.1:{port}"),))
        spec = RemoteSpec("Odd", f"http://127.0.0.1:{port}/v1", "m", 1, 4096, rules)
        with pytest.raises(ServerFailed, match="never followed"):
            models_at(spec)
        thread.join()
    assert hits == []
