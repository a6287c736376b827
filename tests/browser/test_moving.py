"""Chats that come in and go out, as an employee does it: an export of ChatGPT is brought, a chat saved and printed."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from bringing import node, simple, theirs, turn, zipped
from browsing import look, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

EMAIL = "mia.moves@example.org"
CAST = """
from accounts.actions import add_person
from accounts.models import Team, User
team = Team.objects.get_or_create(name="Kitchen")[0]
if not User.objects.filter(email="mia.moves@example.org").exists():
    add_person(email="mia.moves@example.org", password=%r, display_name="Mia Moves", team=team)
"""
ANSWER = "Take **rye**.\n\n| Flour | Water |\n| --- | ---: |\n| 500 g | 400 g |\n\n```python\nprint('dough')\n```\n\n"
TOPICS = ("Sourdough for beginners", "A letter to the landlord", "Trains to Lisbon", "Why is the sky dark at night?")


def brought() -> bytes:
    """Return the export of somebody who has talked with ChatGPT for a while."""
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}
    bread = theirs(
        node("s", None, turn("system", "You are a baker.")),
        node("q", "s", turn("user", "Which flour?", picture)),
        node("a", "q", turn("assistant", ANSWER, model_slug="gpt-4o")),
        node("b", "q", turn("assistant", "Take wheat.", at=1709294401, model_slug="o1")),
        title="Bread <script>alert(1)</script>",
        head="a",
    )
    bad = theirs(node("q", None, turn("user", "x" * 200_001)), title="A very long one")
    chats = [simple(f"{topic}", at=1709294400 + 86400 * n) for n, topic in enumerate(TOPICS * 6)]
    return zipped({"conversations.json": json.dumps([bread, bad, *chats]), "chat.html": "<html>", "user.json": "{}"})


@pytest.fixture(scope="module")
def kitchen(hearth: House) -> House:
    hearth.run(CAST % PASSWORD)
    return hearth


@pytest_asyncio.fixture(loop_scope="session")
async def mia(kitchen: House, chromium: Browser) -> AsyncIterator[Page]:
    """Mia's browser. A script error or a breach of the policy fails the test."""
    wrong: list[str] = []
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    context.set_default_timeout(20_000)
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    await sign_in(page, kitchen, EMAIL)
    yield page
    await context.close()
    assert wrong == []


async def test_an_export_of_chatgpt_is_brought_chosen_from_and_imported_once(
    kitchen: House, mia: Page, tmp_path: Path
) -> None:
    file = tmp_path / "chatgpt.zip"
    file.write_bytes(brought())
    await mia.goto(f"{kitchen.origin}/you/data/")
    await mia.get_by_role("link", name="Import and export").click()
    await look(mia, "moving-1-home")
    await mia.set_input_files("[name=file]", file)
    await mia.get_by_role("button", name="Look into the file").click()
    await mia.wait_for_url("**/moving/imports/*-*/")
    await expect(mia.locator("[data-moved]")).to_contain_text("There are 25 chats in it", timeout=30_000)
    await expect(mia.locator("[data-moved]")).to_contain_text("1 picture")
    await look(mia, "moving-2-found")
    rows = mia.locator(".found-chats li")
    await expect(rows).to_have_count(26)
    await rows.filter(has_text="Trains to Lisbon").first.get_by_role("checkbox").uncheck()
    await expect(mia.locator("[data-count]")).to_have_text("24 chats are imported")
    await mia.get_by_role("button", name="Import them").click()
    await expect(mia.locator("[data-moved]")).to_contain_text("The import has ended.", timeout=30_000)
    await expect(mia.locator("[data-moved]")).to_contain_text("24 chats were imported, into the team Kitchen")
    await expect(mia.locator(".found-chats .refused")).to_contain_text("One of its messages has 200,001 characters")
    await look(mia, "moving-3-report")
    await mia.get_by_role("link", name="Import and export").first.click()
    await mia.set_input_files("[name=file]", file)
    await mia.get_by_role("button", name="Look into the file").click()
    await expect(mia.locator("[data-moved]")).to_contain_text("There is 1 chat in it", timeout=30_000)
    await expect(mia.locator("[data-moved]")).to_contain_text("24 chats that you have here already")
    await mia.get_by_role("button", name="Cancel the import").click()
    await expect(mia.locator(".said")).to_contain_text("The import is cancelled")
    await look(mia, "moving-4-home-again")


async def test_an_imported_chat_reads_like_any_other_and_is_taken_along(
    kitchen: House, mia: Page, tmp_path: Path
) -> None:
    await mia.locator("[data-sidebar] >> text=Bread <script>").click()
    await mia.wait_for_url("**/chats/*-*/")
    answer = mia.locator("article.answer")
    await expect(answer.locator("[data-model]")).to_have_text("gpt-4o")
    await expect(answer.locator("[data-prose] strong")).to_have_text("rye")
    await expect(answer.locator("[data-prose] table td").first).to_have_text("500 g")
    await expect(mia.locator(".bubble")).to_contain_text("[A picture stood here. It was not imported.]")
    await look(mia, "moving-5-chat", "body")
    await mia.get_by_label("This chat", exact=True).click()
    await look(mia, "moving-6-menu", "body")
    for link, name, words in (
        ("Markdown", ".md", "Take **rye**."),
        ("JSON", ".json", "Take wheat."),
    ):
        async with mia.expect_download() as coming:
            await mia.locator(".export-row").get_by_role("link", name=link, exact=True).click()
        download = await coming.value
        assert re.fullmatch(rf"2024-03-01 Bread script alert\(1\) script{name}", download.suggested_filename)
        assert words in await asyncio.to_thread(Path(await download.path()).read_text)
    await mia.locator(".export-row").get_by_role("link", name="Print").click()
    await mia.wait_for_url("**/print/")
    await expect(mia.locator(".said table td").first).to_have_text("500 g")
    await expect(mia.get_by_role("button", name="Print")).to_be_visible()
    await look(mia, "moving-7-print", "body")
    await mia.emulate_media(media="print")
    await expect(mia.get_by_role("button", name="Print")).to_be_hidden()


async def test_it_works_without_scripts(kitchen: House, chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps([simple("One without scripts"), simple("Another one")]))
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, kitchen, EMAIL)
    await page.goto(f"{kitchen.origin}/moving/")
    await page.set_input_files("[name=file]", file)
    await page.get_by_role("button", name="Look into the file").click()
    found = page.get_by_label("Leave out")
    for _ in range(60):
        if await found.count():
            break
        await page.reload()
    await found.fill("2")
    await page.get_by_role("button", name="Import them").click()
    ended = page.get_by_text("The import has ended.")
    for _ in range(60):
        if await ended.count():
            break
        await page.reload()
    await expect(page.locator(".found-chats li")).to_have_count(1)
    await context.close()
