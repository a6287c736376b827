"""The containers' commands as plain processes: people come over TLS through the edge to two web replicas."""

import asyncio
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import websockets
from aftermath import rows
from certificates import certified
from coming_back import Reading, read_all
from composed import REPLICAS, Stack, answers, host_stub, in_containers
from house import TOKEN, House, Person, eventually, free_port

from models_admin.engine.stub import reference_text

pytestmark = pytest.mark.slow

STUB = "stub:?words=60&rate=30&slots=24"
WORDS = 240  # eight seconds
BACK_SECONDS = 15.0
ADDRESS = "SELECT body::json->'actor'->>'address' FROM audit_entry WHERE verb = %s ORDER BY seq DESC LIMIT 1"
CLAIMS = {
    "X-Forwarded-For": "192.0.2.66",
    "X-Real-IP": "192.0.2.67",
    "X-Forwarded-Proto": "http",
    "Forwarded": "for=evil",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything that the compose file starts, with the model that the image brings along."""
    yield from in_containers(tmp_path_factory.mktemp("stack"))


async def test_the_hosts_command_answers_with_the_builtin_model(stack: Stack) -> None:
    ada = await stack.person("ada")
    asked = await ada.ask("What is Hearth?")
    async with ada.socket() as tab:
        await tab.follow(asked)
        ended = await tab.until("answer.ended", 60)
    assert ended["state"] == "done"
    assert "Hearth" in tab.text


async def test_people_sign_in_over_tls_and_plain_http_leads_there(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.origin, verify=stack.trust) as client:
        page = await client.get("/account/login/")
        cookies = page.headers.get_list("Set-Cookie")
        assert cookies
        assert all(one.startswith("__Host-") and "Secure" in one and "Domain" not in one for one in cookies), cookies
        assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Server" not in page.headers
        await (person := Person(stack, client)).sign_in("ada@example.org")
        assert (await client.get("/")).status_code == 200
        assert any(name == "__Host-hearth" for name in person.http.cookies)
        plain = await client.get(f"http://127.0.0.1:{stack.http_port}/chats/?page=2")
        assert (plain.status_code, plain.headers["Location"]) == (308, f"{stack.origin}/chats/?page=2")


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/%6Detrics", "/./metrics", "/x/../metrics"])
def test_figures_stay_inside(stack: Stack, path: str) -> None:
    token = (stack.secrets / "metrics_token").read_text().strip()
    inside = httpx.get(
        f"http://{REPLICAS['web1']}:{stack.web_port}/metrics", headers={"Authorization": f"Bearer {token}"}
    )
    assert inside.status_code == 200
    url = httpx.URL(stack.origin).copy_with(raw_path=path.encode())
    outside = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, verify=stack.trust)
    assert outside.status_code == 404
    assert "hearth_" not in outside.text


async def test_the_audit_log_has_the_true_address_through_the_edge(stack: Stack) -> None:
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.31", verify=stack.trust)
    async with httpx.AsyncClient(base_url=stack.origin, transport=transport, headers=CLAIMS) as client:
        form = {"csrfmiddlewaretoken": await Person(stack, client).token("/account/login/")}
        form |= {"login": "nobody@example.org", "password": "not the passphrase"}
        await client.post("/account/login/", data=form, headers={"Origin": stack.origin})
    assert rows(stack, ADDRESS, "accounts.sign_in_refused") == [("127.0.0.31",)]


@contextmanager
def edge_in(stack: Stack, mode: str, **env: str) -> Iterator[tuple[int, int]]:
    """Run one more edge that does TLS in another way. Yield its two ports."""
    http, https = free_port(), free_port()
    edge = stack.another_edge(mode, http=http, https=https, **env)
    edge.start()
    try:
        eventually(lambda: answers("127.0.0.1", http), seconds=20, what=f"the edge, {mode}")
        yield http, https
    finally:
        edge.end()


def test_a_certificate_that_the_house_has_is_used(stack: Stack, tmp_path: Path) -> None:
    certificate, key = certified("127.0.0.1")
    (tmp_path / "certificate.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key)
    trust = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    with edge_in(stack, "files", EDGE_CERTIFICATES=str(tmp_path)) as (http, https):
        assert httpx.get(f"https://127.0.0.1:{https}/healthz", verify=trust).text == "ok\n"
        plain = httpx.get(f"http://127.0.0.1:{http}/healthz")
        assert (plain.status_code, plain.headers["Location"]) == (308, f"https://127.0.0.1:{https}/healthz")


def test_a_proxy_before_it_may_do_tls_instead(stack: Stack) -> None:
    """What that says counts: that people come over TLS, and from where."""
    host = {"Host": f"127.0.0.1:{stack.port}"}
    with edge_in(stack, "off") as (http, _):
        page = f"http://127.0.0.1:{http}/account/login/"
        assert httpx.get(page, headers=host).status_code == 301  # to https
        assert httpx.get(page, headers=host | {"X-Forwarded-Proto": "https"}).status_code == 200


@pytest.mark.parametrize(("said", "address"), [("192.0.2.66, 192.0.2.31", "192.0.2.31"), ("", "127.0.0.31")])
async def test_the_audit_log_has_whom_a_proxy_before_the_edge_saw(stack: Stack, said: str, address: str) -> None:
    """And neither that proxy, nor what people claim of themselves."""
    transport = httpx.AsyncHTTPTransport(local_address="127.0.0.31")
    headers = {"Host": f"127.0.0.1:{stack.port}", "X-Forwarded-Proto": "https"}
    headers |= {"X-Forwarded-For": said} if said else {}
    with edge_in(stack, "off") as (http, _):
        async with httpx.AsyncClient(transport=transport, headers=headers) as proxy:
            url = f"http://127.0.0.1:{http}/account/login/"
            page = await proxy.get(url)
            token = TOKEN.search(page.text)
            assert token
            cookies = "; ".join(one.partition(";")[0] for one in page.headers.get_list("Set-Cookie"))
            form = {"csrfmiddlewaretoken": token[1], "login": "nobody@example.org", "password": "not the passphrase"}
            sent = await proxy.post(url, data=form, headers={"Origin": stack.origin, "Cookie": cookies})
            assert sent.status_code == 200
    assert rows(stack, ADDRESS, "accounts.sign_in_refused") == [(address,)]


async def looked_at(person: Person, until: "asyncio.Task[list[Reading]]") -> set[int]:
    """Load a page again and again. Return how it was answered."""
    seen = set()
    while not until.done():
        seen.add((await person.http.get("/")).status_code)
        await asyncio.sleep(0.2)
    return seen


@pytest.fixture(scope="module")
def stubbed(stack: Stack) -> Stack:
    """The same, with the stub instead of the model."""
    host_stub(stack, STUB)
    return stack


@pytest.mark.parametrize(("name", "number"), [("web1", signal.SIGTERM), ("web2", signal.SIGKILL)])
async def test_answers_stream_on_while_one_replica_is_restarted(stubbed: Stack, name: str, number: int) -> None:
    """B74: all words arrive, none twice, and whoever was cut off is back soon; no page fails meanwhile."""
    people = [await stubbed.person(who) for who in ("ada", "bob", "carol", "dave")]
    questions = [f"restarts {n} {uuid4()} [[words={WORDS}]]" for n in range(2 * len(people))]
    asked = [await people[n % 4].ask(question) for n, question in enumerate(questions)]
    readings = [Reading(people[n % 4], one) for n, one in enumerate(asked)]
    everything = asyncio.create_task(read_all(readings, 60))
    looking = asyncio.create_task(looked_at(people[0], everything))
    begun = lambda: all(one.tab.text for one in readings)  # noqa: E731
    await asyncio.to_thread(eventually, begun, seconds=30, what="the first words")
    await asyncio.to_thread(stubbed.restart, name, number)
    done = await everything
    assert [(one.state, one.tab.text) for one in done] == [("done", reference_text(q, WORDS)) for q in questions]
    away = [seconds for one in done for seconds in one.away]
    assert away, "it had some of them"
    assert max(away) <= BACK_SECONDS
    assert await looking == {200}
    await asyncio.to_thread(stubbed.wait_until_ready)
    await asyncio.sleep(2.5)  # the edge looks every two seconds


async def test_without_any_replica_people_are_told_when_to_come_back(stack: Stack) -> None:
    for name in REPLICAS:
        await asyncio.to_thread(stack.end, name)
    try:
        async with httpx.AsyncClient(base_url=stack.origin, verify=stack.trust, timeout=30) as client:
            page = await client.get("/")
            assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
            assert "no chat is lost" in page.text
            assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with websockets.connect(f"wss://127.0.0.1:{stack.port}/ws/", ssl=stack.trust, open_timeout=30):
                pass
        assert refused.value.response.status_code == 503
        waiting = asyncio.create_task(patient(stack))
        await asyncio.sleep(1)
    finally:
        for name in REPLICAS:
            stack.begin(name)
    assert 200 in await waiting
    await asyncio.to_thread(stack.wait_until_ready)


async def patient(stack: House) -> list[int]:
    """Come again as the page tells, sooner than it says. Return how one was answered."""
    seen: list[int] = []
    async with httpx.AsyncClient(base_url=stack.origin, verify=stack.trust, timeout=30) as client:
        while 200 not in seen and len(seen) < 12:
            seen.append((await client.get("/account/login/")).status_code)
    return seen
