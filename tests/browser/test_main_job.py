"""The main job in a real browser, with a real model: ask, watch, reload, stop, come back."""

import asyncio

from browsing import sign_in
from house import House
from playwright.async_api import BrowserContext, Page, expect

ANSWER = ".answer [data-prose]"


async def words(page: Page) -> str:
    return await page.locator(ANSWER).last.inner_text()


async def long(page: Page, length: int) -> str:
    """Wait until the last answer has so many characters."""
    for _ in range(300):
        if len(text := await words(page)) >= length:
            return text
        await asyncio.sleep(0.05)
    raise AssertionError(f"only {len(text)} characters came")


async def test_a_question_is_asked_watched_stopped_and_found_again(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await page.fill("[data-composer] textarea", "What is a hearth?")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/chats/*/")
    first = await long(page, 10)
    assert await page.locator(".answer").get_attribute("data-state") == "running"
    more = await long(page, len(first) + 5)
    assert await page.locator(".answer").get_attribute("data-live") is not None

    await page.reload()
    again = await long(page, len(more))
    assert again.startswith(first.strip()[:8])
    assert await page.locator(".answer").get_attribute("data-state") == "running"

    await page.click("[data-send]")
    await expect(page.locator(".answer")).to_have_attribute("data-state", "stopped", timeout=3000)
    stopped = await words(page)
    assert len(stopped) >= len(again)
    address = page.url

    await page.click("text=Sign out")
    await page.wait_for_url("**/account/login/**")
    await page.goto(address)
    assert "/account/login/" in page.url
    await sign_in(page, hearth)
    await page.click(".sidebar >> text=What is a hearth?")
    await page.wait_for_url(address)
    assert await words(page) == stopped


async def test_an_edit_makes_a_sibling_and_the_switcher_shows_both(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await page.fill("[data-composer] textarea", "one wording")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/*/")
    await long(page, 5)
    await page.click("[data-send]")
    await expect(page.locator(".answer")).to_have_attribute("data-state", "stopped")
    await page.click(".question summary")
    await page.fill(".question textarea", "another wording")
    await page.click("text=Ask again")
    await expect(page.locator(".question .switcher")).to_contain_text("2/2")
    await expect(page.locator(".question [data-source]")).to_have_text("another wording")
    await long(page, 5)
    await page.keyboard.press("Escape")
    await expect(page.locator(".answer")).to_have_attribute("data-state", "stopped")
    await page.click(".question .switcher [aria-label='Earlier version']")
    await expect(page.locator(".question [data-source]")).to_have_text("one wording")


async def test_rename_and_delete(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await page.fill("[data-composer] textarea", "to be renamed")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/*/")
    await page.click(".menu summary")
    await page.fill("#title", "A better name")
    await page.click("[data-rename] button")
    await expect(page.locator(".sidebar [aria-current]")).to_contain_text("A better name")
    await page.click(".menu summary")
    await page.click("text=Delete this chat")
    await page.click("dialog button[value=yes]")
    await page.wait_for_url(f"{hearth.origin}/")
    await expect(page.locator(".sidebar")).not_to_contain_text("A better name")


async def test_without_javascript_a_question_and_its_answer_work(
    hearth: House, chromium: object, page: Page, context: BrowserContext
) -> None:
    await sign_in(page, hearth)
    plain = await chromium.new_context(  # type: ignore[attr-defined]
        java_script_enabled=False, storage_state=await context.storage_state()
    )
    page = await plain.new_page()
    await page.goto(hearth.origin)
    await page.fill("[data-composer] textarea", "no scripts here")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/*/")
    for _ in range(20):  # words are stored once a second
        await asyncio.sleep(0.5)
        await page.goto(page.url)
        if len(await words(page)) > 5:
            break
    assert len(await words(page)) > 5
    await page.click("[data-stop] button")  # text= does not look into noscript
    await expect(page.locator(".answer")).to_have_attribute("data-state", "stopped")  # the page reloads itself
    await plain.close()


async def test_an_empty_question_is_not_sent_and_a_long_one_is_refused_in_words(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await expect(page.locator("[data-send]")).to_be_disabled()
    await page.fill("[data-composer] textarea", "x" * 200_001)
    await page.click("[data-send]")
    await expect(page.locator("[data-refusal]")).to_contain_text("200,001 characters; at most 200,000")
    assert page.url == f"{hearth.origin}/"
