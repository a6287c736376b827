"""What people do in a browser again and again, and what is done behind it."""

import os
from pathlib import Path

from house import PASSWORD, House
from playwright.async_api import Page

DEPLOY = "import sys; from pathlib import Path; from models_admin.actions import deploy; "
DEPLOY += "deploy(Path(sys.argv[1]), name=sys.argv[2])"


async def sign_in(page: Page, house: House, email: str = "ada@example.org") -> None:
    await page.goto(f"{house.origin}/account/login/")
    await page.fill("[name=login]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{house.origin}/")


async def look(page: Page, name: str, what: str = ".office, .card") -> None:
    """See a page on a desk and on a phone, in light and dark: nothing is wider than the screen.

    With HEARTH_TEST_SHOTS it is a picture of `what` as a whole.
    """
    folder = os.environ.get("HEARTH_TEST_SHOTS")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for width in (1280, 390):
            await page.set_viewport_size({"width": width, "height": 800 if width > 400 else 844})
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
            if folder:
                height = await page.evaluate("(what) => document.querySelector(what).scrollHeight", what)
                await page.set_viewport_size({"width": width, "height": min(4000, max(800, height + 20))})
                await page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 800})


async def both(page: Page, name: str) -> None:
    """A picture on a desk and on a phone, by day and by night; nothing is wider than the screen."""
    for width, height in ((1280, 800), (390, 844)):
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            if folder := os.environ.get("HEARTH_TEST_SHOTS"):
                await page.wait_for_timeout(200)  # colours change slowly
                await page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": 1280, "height": 800})
