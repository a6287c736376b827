"""The board in a browser: a slot lights up while somebody is answered, without anybody reloading."""

import os
from pathlib import Path

from browsing import sign_in
from house import House
from playwright.async_api import Browser, Page, expect

WIDTHS = (1280, 390)


async def look(page: Page, name: str) -> None:
    """A picture on a desk and on a phone, in light and dark; nothing is wider than the screen."""
    folder = os.environ.get("HEARTH_TEST_SHOTS")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 800 if width > 400 else 844})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
            if folder:
                height = await page.evaluate("document.querySelector('.office').scrollHeight")
                await page.set_viewport_size({"width": width, "height": min(4000, max(800, height + 20))})
                await page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 800})


async def test_a_slot_lights_up_while_somebody_is_answered(hearth: House, page: Page, chromium: Browser) -> None:
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/models/board/")
    tiny = page.locator("article.model", has_text="tiny")
    await expect(tiny.locator(".cell").first).to_be_visible()
    await expect(page.locator("article.machine")).to_have_count(1)
    await expect(page.locator(".lately li").first).to_contain_text("loaded")
    asking = await page.context.new_page()
    await asking.goto(hearth.origin)
    await asking.fill("textarea", "Tell me a long story, please")
    await asking.keyboard.press("Enter")
    await asking.wait_for_url("**/chats/*/")
    await page.bring_to_front()
    await expect(tiny.locator(".cell.s")).to_have_count(1, timeout=15_000)
    await expect(tiny.locator(".place")).to_contain_text("tokens/s said")
    await look(page, "1-board")
    await asking.get_by_role("button", name="Stop").click()
    await expect(tiny.locator(".cell.s")).to_have_count(0, timeout=15_000)
    await expect(tiny.locator(".numbers dd").first).to_have_text("0", timeout=5_000)
