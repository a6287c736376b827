"""What the engine says with the whole product around it, beside what it says alone: one run, alternating."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from house import PASSWORD, ROOT, House, Person, link_in
from playwright.async_api import Browser, Page, async_playwright

from tools.bench.engines import Hearth, Setting, question, short

WIDTH = 8
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SETTLE = """
import sys
from models_admin.models import Deployment
tokens, context, threads = map(int, sys.argv[1:])
Deployment.objects.update(temperature=0, max_tokens=tokens, context=context, threads=threads)
"""
# A promise in the page: waiting for a locator looks at every frame, and so has every page draw all the time.
ENDED = """() => new Promise(done => {
  const look = setInterval(() => {
    if (document.querySelector(".answer:not([data-live])")) { clearInterval(look); done(); }
  }, 500);
})"""
RATES = """
import json, sys
from chat.models import Generation
rows = list(Generation.objects.for_housekeeping().order_by("-queued_at")[:int(sys.argv[1])])
tokens = sum(row.output_tokens for row in rows)
seconds = (max(row.ended_at for row in rows) - min(row.started_at for row in rows)).total_seconds()
print(json.dumps([tokens, seconds]))
"""


def rate_in(house: House, answers: int) -> float:
    """Return the tokens per second over the latest answers, from the first one's start to the last one's end."""
    tokens, seconds = json.loads(house.run(RATES, str(answers)))
    return float(tokens / seconds)


async def by_sockets(person: Person) -> None:
    """Eight answers, each followed over a socket of its own: browsers on other machines."""

    async def one() -> None:
        asked = await person.ask(question())
        async with person.socket() as tab:
            await tab.follow(asked)
            await tab.until("answer.ended", 300)

    await asyncio.gather(*(one() for _ in range(WIDTH)))


async def by_pages(pages: list[Page], home: str) -> None:
    """Eight answers, each drawn by a page of a Chromium on the same cores."""

    async def one(page: Page) -> None:
        await page.goto(home)
        await page.fill("[data-composer] textarea", question())
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/chats/*/")
        await page.evaluate(ENDED)

    await asyncio.gather(*(one(page) for page in pages))


async def _pages(browser: Browser, house: House) -> list[Page]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{house.origin}/account/login/")
    await page.fill("[name=login]", "bob@example.org")  # nobody has more than ten sockets
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{house.origin}/")
    pages = [page, *[await context.new_page() for _ in range(WIDTH - 1)]]
    await asyncio.gather(*(page.goto(house.origin) for page in pages))
    return pages


async def _within(var: Path, setting: Setting, rounds: int) -> dict[str, list[float]]:
    """Return the rates of each round: the engine alone, then within the house followed by sockets and by pages."""
    rates: dict[str, list[float]] = {"alone": [], "sockets": [], "pages": []}
    house = House(var, str(setting.model))
    link = link_in(await asyncio.to_thread(house.start))
    try:
        await asyncio.to_thread(house.set_up, link)
        await asyncio.to_thread(house.run, SETTLE, str(setting.tokens), str(setting.context), str(setting.threads))
        await asyncio.to_thread(house.add_people, "bob")
        ada = await house.person("ada")
        async with async_playwright() as playwright:
            path = (ROOT / ".setup" / "chromium").read_text().strip()
            browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM)
            pages = await _pages(browser, house)
            await by_sockets(ada)  # loads the model
            for _ in range(rounds):
                rates["alone"].append(await asyncio.to_thread(alone, setting))
                await by_sockets(ada)
                rates["sockets"].append(await asyncio.to_thread(rate_in, house, WIDTH))
                await by_pages(pages, house.origin)
                rates["pages"].append(await asyncio.to_thread(rate_in, house, WIDTH))
            await browser.close()
    finally:
        await asyncio.to_thread(house.stop)
    return rates


def alone(setting: Setting) -> float:
    """Return the engine's own rate at the same width."""
    engine = Hearth(setting)
    try:
        engine.answer(short(1), tokens=setting.tokens)
        return engine.answer(short(WIDTH), tokens=setting.tokens).rate
    finally:
        engine.close()


def stack(setting: Setting, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the medians in tokens per second, and their shares of what the engine says alone."""
    began = time.monotonic()
    with TemporaryDirectory(prefix=f"hearth-{uuid4().hex[:6]}-") as var:
        rates = asyncio.run(_within(Path(var), setting, rounds))
    say(f"the whole house, {time.monotonic() - began:.0f} s: {rates}")
    medians = {name: statistics.median(found) for name, found in rates.items()}
    shares = {f"{name} / alone": round(medians[name] / medians["alone"], 3) for name in ("sockets", "pages")}
    return {"width": WIDTH, **{name: round(value, 1) for name, value in medians.items()}, **shares}
