"""Headers that should not be: bytes that are none, and claims of being somebody else."""

import asyncio
import json
from uuid import uuid4

import httpx
import pytest
from aftermath import rows
from house import House, Person

HIDDEN = [b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85"]
CLAIMS = {
    "X-Forwarded-For": "192.0.2.66",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=192.0.2.66;host=evil.example;proto=https",
    "X-Real-IP": "192.0.2.66",
    "True-Client-IP": "192.0.2.66",
    "X-User": "ada@example.org",
    "X-Remote-User": "ada@example.org",
    "Remote-User": "ada@example.org",
    "REMOTE_USER": "ada@example.org",
    "Daphne-Root-Path": "/evil",
}
PROXY = "127.0.0.7"
LAST = "SELECT body::json->'actor'->>'address' FROM audit_entry WHERE verb = %s ORDER BY seq DESC LIMIT 1"


async def said_to(house: House, *lines: bytes, path: bytes = b"/account/login/") -> bytes:
    """Return the beginning of the answer to raw header lines, when it is this address's turn."""
    for _ in range(100):
        answer = await answer_to(house, *lines, path=path)
        if not answer.startswith(b"HTTP/1.1 429 "):
            break
        await asyncio.sleep(0.1)
    return answer


async def answer_to(house: House, *lines: bytes, path: bytes) -> bytes:
    """Return the beginning of whatever is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    host = b"Host: 127.0.0.1:%d" % house.port
    writer.write(b"\r\n".join([b"GET %s HTTP/1.1" % path, host, b"Connection: close", *lines, b"", b""]))
    try:
        return await asyncio.wait_for(reader.read(4000), 5)
    finally:
        writer.close()


def upgrade(house: House) -> list[bytes]:
    return [
        b"Upgrade: websocket",
        b"Origin: " + house.origin.encode(),
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]


async def test_hidden_bytes_in_headers_are_refused(house: House) -> None:
    assert (await said_to(house, b"X-Plain: a b")).startswith(b"HTTP/1.1 200 ")
    for byte in HIDDEN:
        for line in (
            b"X-Plain: a" + byte + b"b",
            b"X-Plain:" + byte,
            b"X-Plain: a" + byte,
            b"X-Plain: a" + byte + b"X-User: ada",
            b"X" + byte + b"Plain: a",
            byte + b"X-Plain: a",
            b"Transfer-Encoding:" + byte + b"chunked",
            b"Cookie: hearth=a" + byte + b"b",
        ):
            assert (await said_to(house, line)).startswith(b"HTTP/1.1 400 "), line
            answer = await said_to(house, line, *upgrade(house), path=b"/ws/")
            assert answer.startswith(b"HTTP/1.1 400 "), line


@pytest.mark.parametrize(
    "lines",
    [
        [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: +5"],
        [b"Transfer-Encoding: xchunked"],
        [b"X-User : ada"],
        [b"X\x00User: ada"],
        [b"X-Plain: a\x00b"],
        [b"no colon"],
    ],
)
async def test_requests_that_two_servers_would_read_differently_are_refused(house: House, lines: list[bytes]) -> None:
    assert (await said_to(house, *lines)).startswith(b"HTTP/1.1 400 ")


async def sign_in_refused(house: House, source: str, headers: dict[str, str]) -> str:
    """Try a wrong password from an address. Return the address that the audit log has for it."""
    transport = httpx.AsyncHTTPTransport(local_address=source)
    async with httpx.AsyncClient(base_url=house.origin, transport=transport, headers=headers) as client:
        person = Person(house, client)
        form = {"csrfmiddlewaretoken": await person.token("/account/login/"), "login": "bob@example.org"}
        form["password"] = "not the passphrase"
        await client.post("/account/login/", data=form, headers={"Origin": house.origin})
    [(address,)] = rows(house, LAST, "accounts.sign_in_refused")
    return str(address)


async def test_the_audit_log_has_the_true_address(house: House) -> None:
    assert await sign_in_refused(house, "127.0.0.31", CLAIMS) == "127.0.0.31"
    assert await sign_in_refused(house, PROXY, {}) == PROXY
    through = {"X-Forwarded-For": "192.0.2.66, 203.0.113.9", "X-Real-IP": "192.0.2.67"}
    assert await sign_in_refused(house, PROXY, through) == "203.0.113.9"


async def refused_on_a_socket(person: Person, source: str, headers: dict[str, str]) -> str:
    """Ask for somebody else's answer. Return the address that the audit log has for it."""
    async with person.socket(local_addr=(source, 0), headers=headers) as tab:
        generation = str(uuid4())
        await tab.say(type="follow", generation=generation, after="0")
        assert await tab.next() == {"type": "follow.refused", "generation": generation}
    [(address,)] = rows(person.house, LAST, "accounts.access_refused")
    return str(address)


async def test_the_audit_log_has_the_true_address_of_a_socket(house: House) -> None:
    dave, carol = await house.person("dave"), await house.person("carol")
    assert await refused_on_a_socket(dave, "127.0.0.32", CLAIMS) == "127.0.0.32"
    assert await refused_on_a_socket(carol, PROXY, {"X-Forwarded-For": "203.0.113.10"}) == "203.0.113.10"


async def test_claims_change_nothing(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.origin) as client:
        plain = await client.get("/")
        claimed = await client.get("/", headers=CLAIMS)
        assert (claimed.status_code, claimed.headers["Location"]) == (302, plain.headers["Location"])
        page = await client.get("/account/login/", headers=CLAIMS)
        assert page.status_code == 200
        assert not any(word in page.text for word in ("evil", "192.0.2.66"))
        odd = await client.get("/account/login/", headers={"Host": "evil.example"})
        assert odd.status_code == 400
    log = [json.loads(line) for line in (house.var / "log" / "web.log").read_text().splitlines() if line[:1] == "{"]
    assert not any(entry.get("ip") == "192.0.2.66" for entry in log)
