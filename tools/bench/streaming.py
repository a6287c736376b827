"""An answer of 100 words a second in a chat of 500 messages: how long the page is busy at a time, in Chromium."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from house import ROOT, House, link_in
from playwright.async_api import Page, async_playwright, expect

from tools.bench.measuring import row
from tools.bench.stack import CHROMIUM

WORDS, RATE = 2_000, 100
FILLED = """
from models_admin.models import Deployment
from tools.bench.long_chats import filled
model = Deployment.objects.get(path__startswith="stub:")
Deployment.objects.filter(pk=model.pk).update(max_tokens=4000, context=8192)
print(filled("ada@example.org", model.pk, 500))
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
    await page.evaluate(WATCH)
    await page.locator("[data-composer] textarea").fill(f"Go on [[words={WORDS}]] [[rate={RATE}]]")
    await page.keyboard.press("Enter")
    await page.locator(".answer[data-live] .block").first.wait_for()
    drawn = await page.evaluate("[Math.max(0, ...busy), busy.length = late.length = 0][0]")
    await expect(page.locator("[data-live]")).to_have_count(0, timeout=120_000)
    busy, late = await page.evaluate("[busy, late]")
    said = len((await page.locator(".answer").last.inner_text()).split())
    assert said >= WORDS, said
    assert sum(late) > 300 * WORDS / RATE, "most of the answer was not watched"
    frames = {"frames": len(late)} | {f"frame_{name}": value for name, value in row(late).items()}
    tasks = {"long_tasks": len(busy), "longest_task_ms": round(max(busy, default=0), 1)}
    return {"thread_drawn_ms": round(drawn, 1), **tasks, **frames}


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
