"""Many people at once over the whole product: nothing lost, nothing late, nobody harmed by somebody else's tab."""

import asyncio
import json
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from uuid import uuid4

import httpx
import psutil
import pytest
from aftermath import left_in_peace, rows, valkey_of
from house import Asked, House, Person, eventually, in_use
from websockets.exceptions import ConnectionClosed

from chat.places import MOST
from models_admin.engine.stub import reference_text
from tools.bench.transport import measure

pytestmark = pytest.mark.prove
MEGABYTE = 1 << 20
LONGEST = "UPDATE models_admin_deployment SET max_tokens = 100000"
UNENDED = "SELECT id FROM chat_generation WHERE id = ANY(%s::uuid[]) AND state <> 'done'"
MANY_RUN = "SELECT 1 FROM chat_generation WHERE state = 'running' HAVING count(*) >= %s"
TEXT = "SELECT text FROM chat_message m JOIN chat_generation g ON g.message_id = m.id WHERE g.id = %s"
SESSIONS = """
import sys
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from accounts.guessing import know
from accounts.models import User
for email in sys.argv[1:]:
    client, response = Client(), HttpResponse()
    client.force_login(User.objects.get(email=email))
    know(RequestFactory().get("/"), response, email)
    print(client.session.session_key, response.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value)
"""


@pytest.fixture(scope="module")
def busy_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose stub has room for a hundred answers at once."""
    for house in in_use(tmp_path_factory.mktemp("busy"), "stub:?words=60&rate=30&slots=100"):
        rows(house, LONGEST)
        yield house
        left_in_peace(house)


def redis_clients(house: House) -> int:
    with valkey_of(house) as client:
        return len(client.client_list())


def memory(house: House, name: str) -> int:
    return int(psutil.Process(house.pid(name)).memory_info().rss)


@pytest.mark.parametrize(("streams", "seconds", "p95"), [(50, 60, 50), (100, 30, 100)])
async def test_words_come_whole_and_on_time(busy_house: House, streams: int, seconds: int, p95: int) -> None:
    measuring = asyncio.create_task(measure(busy_house, streams=streams, rate=10, seconds=seconds))
    await asyncio.to_thread(eventually, lambda: rows(busy_house, MANY_RUN, streams // 2), seconds=60, what="many")
    await asyncio.sleep(10)
    first = redis_clients(busy_house)
    await asyncio.sleep(seconds / 4)
    second = redis_clients(busy_house)
    delay = await measuring
    print(delay, "redis clients", first, second)  # noqa: T201
    assert delay.lost == 0
    assert delay.p95 <= p95, delay
    assert delay.p99 <= 250, delay
    assert abs(first - second) <= 2


async def signed_in(house: House, count: int) -> list[Person]:
    """Return people with a session each, without the door: it lets only so many in a minute."""
    names = [f"idle{n}" for n in range(count)]
    await asyncio.to_thread(house.add_people, *names)
    printed = await asyncio.to_thread(house.run, SESSIONS, *(f"{name}@example.org" for name in names))
    jars = [dict(zip(("hearth", "hearth-known"), line.split(), strict=True)) for line in printed.splitlines()]
    return [Person(house, httpx.AsyncClient(base_url=house.origin, cookies=jar)) for jar in jars]


async def new_web(house: House) -> None:
    """Have the web process begin anew."""
    house.kill("web")

    def answers() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{house.origin}/account/login/").status_code == 200
        return False

    await asyncio.to_thread(eventually, answers, what="the new process")


async def test_a_thousand_idle_sockets_of_a_hundred_people_cost_little(busy_house: House) -> None:
    people = await signed_in(busy_house, 1000 // MOST)
    await new_web(busy_house)  # what a hundred streams before have left in its heap is not meant
    for person in people:
        assert (await person.http.get("/")).status_code == 200
    before = memory(busy_house, "web")
    web = psutil.Process(busy_house.pid("web"))
    async with AsyncExitStack() as tabs:
        for n in range(0, 1000, 10):  # few at once: it is not their coming that is measured
            ten = [people[(n + k) % len(people)].socket(open_timeout=30) for k in range(10)]
            await asyncio.gather(*(tabs.enter_async_context(tab) for tab in ten))
        web.cpu_percent()
        await asyncio.sleep(30)
        used, size = web.cpu_percent(), memory(busy_house, "web")
    each = (size - before) / 1000 / 1024
    print(f"1000 idle sockets: {size / MEGABYTE:.0f} MB, {each:.0f} KB each, {used:.1f} % of a core")  # noqa: T201
    assert size <= 150 * MEGABYTE
    assert used <= 5


async def pages(person: Person, seconds: float) -> list[float]:
    """Load pages for a while. Return how long each took, in milliseconds."""
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        assert (await person.http.get("/")).status_code == 200
        took.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.1)
    return took


async def test_three_hundred_of_one_address_come_back_at_once_to_a_new_process(busy_house: House) -> None:
    *people, bob = await signed_in(busy_house, 300 // MOST + 1)
    questions = [f"back {uuid4()} [[words=600]] [[rate=20]]" for _ in people]
    followed = [await person.ask(question) for person, question in zip(people, questions, strict=True)]
    await new_web(busy_house)
    others = asyncio.create_task(pages(bob, 12))
    await asyncio.sleep(1)

    async def come_back(person: Person, asked: Asked, question: str) -> float:
        began = time.monotonic()
        async with person.socket(open_timeout=15) as tab:
            await tab.follow(asked)
            await tab.until_long(10, 15)
            assert reference_text(question, 600).startswith(tab.text)
            return time.monotonic() - began

    tabs = [one for one in zip(people, followed, questions, strict=True) for _ in range(MOST)]
    took = await asyncio.gather(*(come_back(*one) for one in tabs))
    p95 = statistics.quantiles(await others, n=20)[18]
    print(f"{len(took)} back: slowest {max(took):.1f} s, others' p95 {p95:.0f} ms")  # noqa: T201
    for person, asked in zip(people, followed, strict=True):
        await person.post(f"/generations/{asked.generation}/stop/")
    assert max(took) <= 15
    assert p95 <= 500


async def flood(eve: Person, seconds: float) -> list[int]:
    """Say as much as a socket takes, and come back when it is shut. Return with which codes it was."""
    word, closed = json.dumps({"type": "seen", "generation": str(uuid4()), "cursor": "1-0"}), []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            async with eve.socket() as tab:
                while time.monotonic() < until:
                    await tab.connection.send(word)
        except ConnectionClosed as end:
            closed.append(end.rcvd.code if end.rcvd else 0)
    return closed


async def test_a_flood_is_shut_out_and_harms_nobody(busy_house: House) -> None:
    eve, bob = await busy_house.person("eve"), await busy_house.person("bob")
    before = memory(busy_house, "web")
    # In a loop of its own: who sends without a pause lets nobody else of the same loop have a turn.
    flooding = asyncio.create_task(asyncio.to_thread(asyncio.run, flood(eve, 29)))
    p95 = statistics.quantiles(await pages(bob, 30), n=20)[18]
    closed = await flooding
    grew = (memory(busy_house, "web") - before) / MEGABYTE
    print(f"flood: shut out {len(closed)} times, {grew:.0f} MB, others' p95 {p95:.0f} ms")  # noqa: T201
    assert 1008 in closed
    assert grew <= 50
    assert p95 < 200


async def idle_tab(person: Person, followed: list[Asked], done: asyncio.Event) -> None:
    """Follow answers and never read; the kernel may keep little for us."""
    with socket.create_connection(("127.0.0.1", person.house.port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        async with person.socket(sock=connection, max_queue=1, close_timeout=0.1) as tab:
            for asked in followed:
                await tab.follow(asked)
            await done.wait()
            tab.connection.transport.abort()


async def ended(house: House, followed: list[Asked], seconds: float) -> None:
    """Return once all these answers are done."""
    keys = [one.generation for one in followed]
    until = time.monotonic() + seconds
    while await asyncio.to_thread(rows, house, UNENDED, keys):
        assert time.monotonic() < until, "the answers did not end"
        await asyncio.sleep(0.5)


async def test_twenty_tabs_that_never_read_cost_little_and_lose_nothing(busy_house: House) -> None:
    """Eight answers of 400,000 characters each, for twenty tabs of two people: without a limit that is over 60 MB."""
    people = await signed_in(busy_house, 20 // MOST)
    for person in people:  # what the first socket of a process costs is not meant
        asked = await person.ask("warm [[words=5]]")
        async with person.socket() as tab:
            await tab.follow(asked)
            await tab.until("answer.ended", 30)
    before, done = memory(busy_house, "web"), asyncio.Event()
    tabs, unread = [], []
    for person in people:
        questions = [f"unread {n} {uuid4()} [[words=60000]] [[rate=20000]]" for n in range(8)]
        followed = [await person.ask(question) for question in questions]
        unread += [(person, asked, question) for asked, question in zip(followed, questions, strict=True)]
        tabs += [asyncio.create_task(idle_tab(person, followed, done)) for _ in range(MOST)]
    await ended(busy_house, [asked for _, asked, _ in unread], 240)
    await asyncio.sleep(5)
    grew = (memory(busy_house, "web") - before) / MEGABYTE
    done.set()
    await asyncio.gather(*tabs)
    print(f"20 tabs that never read: {grew:.0f} MB")  # noqa: T201
    for person, asked, question in unread:
        whole = reference_text(question, 60_000)
        assert rows(busy_house, TEXT, asked.generation) == [(whole,)]
        async with person.socket() as tab:
            await tab.follow(asked)
            await tab.until("answer.ended", 30)
            assert tab.text == whole
    assert grew <= 50
