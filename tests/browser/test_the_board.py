"""The board and where answers come from, in a browser: a slot lights up while somebody is answered."""

import pytest
from aftermath import rows
from browsing import look, sign_in
from house import House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow


async def test_a_slot_lights_up_while_somebody_is_answered(hearth: House, page: Page, chromium: Browser) -> None:
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/models/board/")
    tiny = page.locator("article.model", has_text="tiny")
    await expect(tiny.locator(".cell").first).to_be_visible(timeout=30_000)
    await expect(page.locator("article.machine")).to_have_count(1)
    await expect(page.locator(".lately li", has_text="tiny").first).to_contain_text("loaded")
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


async def test_an_answer_says_what_made_it_and_is_made_once_more(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    rows(hearth, "UPDATE models_admin_deployment SET max_tokens = 12")
    try:
        await page.fill("textarea", "What burns slowly?")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/chats/*/")
        answer = page.locator(".answer").last
        await expect(answer).to_have_attribute("data-state", "done", timeout=30_000)
        await answer.get_by_label("More about this answer").click()
        await answer.get_by_role("link", name="About this answer").click()
        await expect(page.locator("h1")).to_have_text("About this answer")
        await expect(page.locator(".made").first).to_contain_text("llama-cpp-python")
        await look(page, "1-about", "main")
        await page.get_by_role("button", name="Reproduce").click()
        await page.wait_for_url("**/chats/*/")
        await expect(answer).to_have_attribute("data-state", "done", timeout=30_000)
        await expect(answer.locator(".switcher")).to_contain_text("2/2")
        await answer.get_by_role("link", name="see whether it is the same").click()
        await expect(page.locator(".outcome h2")).to_have_text("Word for word the same")
        await look(page, "2-reproduced", "main")
    finally:
        rows(hearth, "UPDATE models_admin_deployment SET max_tokens = 1024")
