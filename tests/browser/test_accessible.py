"""Every page of the product, in light and dark, on desks and phones: for everybody, whatever they see, hear or hold."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from gallery import View, filled
from house import ROOT, House
from playwright.async_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.slow

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The watermark under the chats of others says again what stands above them, faintly, and is hidden from readers.
RUN = """async (only) => {
  const found = await axe.run({ exclude: [".watermark"] }, { runOnly: only, resultTypes: ["violations"] });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.target.join(" ") + " " +
    n.any.concat(n.all).map((c) => c.message).join("; ")).slice(0, 4).join(" | ")}`);
}"""
# What moves for a while is brought to its end (what is folded away would never get there); what moves for ever goes on.
SETTLED = """for (const one of document.getAnimations())
  if (Number.isFinite(one.effect.getComputedTiming().endTime)) one.finish();"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TURN = "document.documentElement.dir = 'rtl'"
SIDE = """() => {
  const side = document.querySelector(".sidebar")?.getBoundingClientRect();
  return side ? Math.round(innerWidth - side.right) : 0;
}"""
DESK, ZOOMED, PHONE = (1280, 800), (640, 400), (390, 844)
AT_ONCE = 3
RINGS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  const name = (e.getAttribute("aria-label") || e.textContent || e.name || e.tagName).trim().replace(/\\s+/g, " ");
  const seen = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || e.closest(":focus-within.box") !== null;
  const inside = b.bottom > 0 && b.right > 0 && b.top < innerHeight && b.left < innerWidth;
  return { name, seen, inside, tag: e.tagName };
}"""


@dataclass
class Gallery:
    """A house with something on every page, and a browser for each of its people."""

    house: House
    views: list[View]
    contexts: dict[str, BrowserContext]

    async def at(self, view: View) -> Page:
        page = await self.contexts[view.who].new_page()
        await page.goto(self.house.origin + view.path, wait_until="load")
        return page


@pytest.fixture(autouse=True)
def _nothing_is_written_on() -> None:
    """The house that all share is not asked for here."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    near = {"HEARTH_ON_PREMISES": "127.0.0.1", "HEARTH_OUTSIDE": "1"}
    house = House(tmp_path_factory.mktemp("gallery"), "", extra=near)
    house.start()
    yield house
    assert house.stop() < 10


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gallery(house: House, chromium: Browser) -> AsyncIterator[Gallery]:
    views, sessions = await asyncio.to_thread(filled, house)
    contexts = {}
    for who in {view.who for view in views}:
        contexts[who] = await chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
        if who in sessions:
            await contexts[who].add_cookies([{"name": "hearth", "value": sessions[who], "url": house.origin}])
    yield Gallery(house, views, contexts)
    for context in contexts.values():
        await context.close()


async def barriers(page: Page, *, only: dict[str, Any]) -> list[str]:
    found: list[str] = await page.evaluate(RUN, only)
    return found


async def wrong_on(page: Page, view: View) -> list[str]:
    """Return what is wrong on a page, wherever it is seen."""
    await page.evaluate(AXE)
    wrong = [f"light: {one}" for one in await barriers(page, only={"type": "tag", "values": TAGS})]
    await page.emulate_media(color_scheme="dark")
    await page.evaluate(SETTLED)
    wrong += [f"dark: {one}" for one in await barriers(page, only={"type": "rule", "values": ["color-contrast"]})]
    for width, height in (ZOOMED, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        if (more := await page.evaluate(WIDER)) > 0:
            wrong.append(f"{width}: {more} pixels wider than the screen")
    phone = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast"]}
    wrong += [f"phone: {one}" for one in await barriers(page, only=phone)]
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.evaluate(TURN)
    await page.evaluate(SETTLED)
    if gap := await page.evaluate(SIDE):
        wrong.append(f"from right to left: the list is {gap} pixels from where it belongs")
    for width, height in (DESK, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        if (more := await page.evaluate(WIDER)) > 0:
            wrong.append(f"from right to left, {width}: {more} pixels wider than the screen")
    return [f"{view.name}: {one}" for one in wrong]


async def test_no_page_has_a_barrier(gallery: Gallery) -> None:
    """WCAG 2.2 AA in both themes; nothing sticks out at 200 % (640 by 400), on a phone, or from right to left."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def looked_at(view: View) -> list[str]:
        async with turn:
            page = await gallery.at(view)
            wrong = await wrong_on(page, view)
            await page.close()
            return wrong

    found = await asyncio.gather(*(looked_at(view) for view in gallery.views))
    assert [one for wrong in found for one in wrong] == []


async def test_the_chat_is_walked_through_by_keyboard_and_the_focus_is_always_seen(gallery: Gallery) -> None:
    page = await gallery.at(next(view for view in gallery.views if view.name == "chat-home"))
    await page.evaluate("document.body.tabIndex = -1; document.body.focus()")  # the box had the focus
    await page.keyboard.press("Tab")
    first = await page.evaluate(RINGS)
    assert (first["name"], first["seen"], first["inside"]) == ("To the conversation", True, True)
    walked: list[dict[str, Any]] = []
    for _ in range(80):
        await page.keyboard.press("Tab")
        walked.append(await page.evaluate(RINGS))
        if walked[-1]["tag"] == "TEXTAREA":
            break
    assert walked[-1]["tag"] == "TEXTAREA", [one["name"] for one in walked]
    assert [one["name"] for one in walked if not (one["seen"] and one["inside"])] == []
    await page.close()


async def test_a_theme_goes_round_and_follows_its_person(gallery: Gallery) -> None:
    view = next(view for view in gallery.views if view.name == "accounts-you")
    page = await gallery.at(view)
    worn = "document.documentElement.dataset.theme"
    seen = []
    for _ in range(3):
        async with page.expect_response("**/look/theme/"):
            await page.click("[data-theme-switch]")
        seen.append(await page.evaluate(worn))
    assert seen == ["dark", "light", "auto"]
    async with page.expect_response("**/look/theme/"):
        await page.click("[data-theme-switch]")
    await page.evaluate("localStorage.clear()")
    await page.reload()
    assert await page.evaluate(worn) == "dark"
    assert await page.evaluate("({...localStorage})") == {"theme": "dark"}
    for _ in range(2):  # back to the device's, for the tests behind
        async with page.expect_response("**/look/theme/"):
            await page.click("[data-theme-switch]")
    assert await page.evaluate(worn) == "auto"
    await page.close()


async def test_a_house_wears_its_colour_and_its_announcement_is_closed_once(gallery: Gallery) -> None:
    owner = await gallery.at(next(view for view in gallery.views if view.name == "accounts-organisation"))
    await owner.fill("[name=text]", "The stove is cleaned on Friday: https://status.example.org/")
    await owner.click("text=Save the announcement")
    await expect(owner.locator("[data-announcement] a")).to_have_attribute("href", "https://status.example.org/")
    blue = "rgb(29, 90, 138)"
    await owner.evaluate(
        "const e = document.querySelector('[type=color]'); e.value = '#1d5a8a'; "
        "e.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    await expect(owner.locator(".primary").first).to_have_css("background-color", blue)
    await owner.click("text=Save the look")
    await expect(owner.locator(".said")).to_have_text("This is how the house looks from now on.")
    page = await gallery.at(next(view for view in gallery.views if view.name == "chat-home"))
    await expect(page.locator(".send")).to_have_css("background-color", blue)
    async with page.expect_response("**/look/banner/close/"):
        await page.get_by_role("button", name="Close the announcement").click()
    await page.reload()
    await expect(page.locator("[data-announcement]")).to_have_count(0)
    await page.close()
    await owner.close()


async def test_words_run_as_their_language_does_and_code_from_left_to_right(gallery: Gallery) -> None:
    page = await gallery.at(next(view for view in gallery.views if view.name == "chat-conversation"))
    await expect(page.locator(".prose.drawn pre")).to_be_visible()
    side = """(words) => {
      const bubble = document.querySelector(".bubble");
      bubble.style.width = "20rem";
      bubble.textContent = words;
      const range = document.createRange();
      range.selectNodeContents(bubble);
      const [text, box] = [range.getBoundingClientRect(), bubble.getBoundingClientRect()];
      return text.left - box.left > box.right - text.right ? "right" : "left";
    }"""
    for turn in ("ltr", "rtl"):
        await page.evaluate(f"document.documentElement.dir = '{turn}'")
        assert await page.evaluate(side, "שלום") == "right"
        assert await page.evaluate(side, "Hello") == "left"
        assert await page.evaluate("getComputedStyle(document.querySelector('.prose pre')).direction") == "ltr"
    await page.close()
