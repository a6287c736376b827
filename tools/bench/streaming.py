"""An answer of 100 words a second in a chat of 500 messages: how long the page is busy at a time, in Chromium."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from house import ROOT, House, link_in
from playwright.async_api import Page, async_playwright

from tools.bench.measuring import row
from tools.bench.stack import CHROMIUM

WORDS, RATE = 1_000, 100
FILLED = """
from models_admin.models import Deployment
from tools.bench.long_chats import filled
print(filled("ada@example.org", Deployment.objects.get(path__startswith="stub:").pk, 500))
"""
# What takes 50 ms or more, and how late each drawn frame is.
WATCH = """() => {
  globalThis.busy = [];
  globalThis.late = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) busy.push(duration);
  }).observe({ type: "longtask" });
  let before = performance.now();
  const next = (now) => { late.push(now - before); before = now; requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
Say = Callable[[str], None]


async def _streamed(page: Page, house: House, chat: str) -> dict[str, Any]:
    await page.goto(f"{house.origin}/account/login/")
    await page.fill("[name=login]", "ada@example.org")
    await page.fill("[name=password]", "a long enough passphrase")
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{house.origin}/")
    await page.goto(house.origin + chat)
    await page.locator("[data-composer] textarea").fill(f"Go on [[words={WORDS}]] [[rate={RATE}]]")
    await page.keyboard.press("Enter")
    await page.locator(".answer[data-live] .block").first.wait_for()
    await page.evaluate(WATCH)
    await page.locator(".answer:not([data-live])").last.wait_for()
    await page.wait_for_function("document.querySelectorAll('[data-live]').length === 0", timeout=120_000)
    busy, late = await page.evaluate("[busy, late]")
    frames = {f"frame_{name}": value for name, value in row(late).items()}
    return {"long_tasks": len(busy), "longest_task_ms": round(max(busy, default=0), 1), **frames}


async def _run(say: Say) -> dict[str, Any]:
    with TemporaryDirectory() as var:
        house = House(Path(var), "stub:?words=60&rate=30&slots=8")
        link = link_in(await asyncio.to_thread(house.start))
        try:
            await asyncio.to_thread(house.set_up, link)
            chat = (await asyncio.to_thread(house.run, FILLED)).strip().splitlines()[-1]
            async with async_playwright() as playwright:
                path = (ROOT / ".setup" / "chromium").read_text().strip()
                browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM)
                found = await _streamed(await browser.new_page(), house, chat)
                await browser.close()
        finally:
            await asyncio.to_thread(house.stop)
    say(f"streaming into 500 messages {found}")
    return found


def measure(say: Say) -> dict[str, Any]:
    """Run it in a house of its own."""
    return asyncio.run(_run(say))
