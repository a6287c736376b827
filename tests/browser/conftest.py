"""A real Chromium, and a house with a real, tiny GGUF."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from aftermath import rows
from browsing import DEPLOY
from house import ROOT, House, link_in
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tiny_gguf import write_tiny_gguf

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--dns-prefetch-disable"]


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that nobody gave a model. Its start's output stands in up.log, with the link to set it up."""
    near = {"HEARTH_ON_PREMISES": "127.0.0.1", "HEARTH_OUTSIDE": "1"}
    house = House(tmp_path_factory.mktemp("hearth"), "", extra=near)
    house.start()
    yield house
    assert house.stop() < 10


@pytest.fixture(scope="session")
def hearth(fresh: House) -> House:
    """The house once somebody has set it up, with a real model that takes its time."""
    if not rows(fresh, "SELECT 1 FROM accounts_user WHERE organisation_role = 'owner'"):
        fresh.set_up(link_in((fresh.var / "up.log").read_text()))
    fresh.run(DEPLOY, str(write_tiny_gguf(fresh.var / "tiny.gguf", width=256, layers=24)), "tiny")
    return fresh


@pytest.fixture(autouse=True)
def _nothing_is_written_on(fresh: House) -> Iterator[None]:
    """Let no answer that a test has begun and left compete with the tests behind it."""
    yield
    rows(fresh, "UPDATE chat_generation SET stop_requested = true WHERE state = 'running'")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = (ROOT / ".setup" / "chromium").read_text().strip()
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page on which any script error or breach of the policy fails the test."""
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    assert wrong == []
