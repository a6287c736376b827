"""`make shots`: pictures of every page, on a desk and on a phone, in light and dark, in shots/."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from gallery import View, filled
from house import ROOT, House
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")
TALLEST = 4000
# A page that scrolls inside itself is drawn as tall as what is in it.
TALL = "Math.max(document.documentElement.scrollHeight, ...[...document.querySelectorAll('.office, .thread')]"
TALL += ".map((one) => one.scrollHeight + (one.matches('.thread') ? 260 : 20)))"

# Colours that change have come to their end; what glows for ever is left alone.
SETTLED = "for (const one of document.getAnimations()) "
SETTLED += "if (Number.isFinite(one.effect.getComputedTiming().endTime)) one.finish();"


async def _context(browser: Browser, origin: str, session: str | None) -> BrowserContext:
    context = await browser.new_context()
    if session:
        await context.add_cookies([{"name": "hearth", "value": session, "url": origin}])
    return context


async def _picture(context: BrowserContext, origin: str, view: View, out: Path) -> None:
    page = await context.new_page()
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(origin + view.path, wait_until="load")
        await expect(page.locator(".answer:not([data-live]) .prose:not(.drawn)")).to_have_count(0)
        tall = min(TALLEST, max(height, await page.evaluate(TALL)))
        await page.set_viewport_size({"width": width, "height": tall})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.evaluate(SETTLED)
            await page.screenshot(path=out / f"{view.name}-{size}-{scheme}.png")
    await page.close()


async def take(origin: str, views: list[View], sessions: dict[str, str], out: Path) -> None:
    """Take the pictures of all views."""
    async with async_playwright() as playwright:
        chromium = (ROOT / ".setup" / "chromium").read_text().strip()
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        contexts = {who: await _context(browser, origin, sessions.get(who)) for who in {view.who for view in views}}
        for view in views:
            print(view.name, flush=True)
            await _picture(contexts[view.who], origin, view, out)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make shots", description=__doc__)
    parser.add_argument("--only", default="", help="pages whose names hold this")
    parser.add_argument("--out", type=Path, default=ROOT / "shots")
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)
    with TemporaryDirectory() as var:
        house = House(Path(var), "", extra={"HEARTH_ON_PREMISES": "127.0.0.1", "HEARTH_OUTSIDE": "1"})
        house.start()
        try:
            views, sessions = filled(house)
            chosen = [view for view in views if asked.only in view.name]
            asyncio.run(take(house.origin, chosen, sessions, asked.out))
        finally:
            house.stop()
    print(f"Pictures of {len(chosen)} pages are in {asked.out}/.")


if __name__ == "__main__":
    main()
