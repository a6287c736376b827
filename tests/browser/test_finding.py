"""Finding, as an employee does it: the palette, search, the way to what was found, and the keys."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browsing import look, sign_in
from house import PASSWORD, House
from playwright.async_api import Page, expect

CAST = """
from uuid import uuid4
from django.db import transaction
from accounts.actions import add_person
from accounts.models import Team, User
from chat import actions
from chat.models import Conversation, Generation, Message
from models_admin.models import Deployment
if not User.objects.filter(email="fay@example.org").exists():
    add_person(email="fay@example.org", password=%r, display_name="Fay", team=Team.objects.first())
    fay = User.objects.get(email="fay@example.org")
    model = Deployment.objects.filter(enabled=True).first()
    for title, text in [
        ("Notice period of the Porto lease", "Three months in writing, says clause 14. `getNoticePeriod()` counts."),
        ("How warm is a hearth?", "The embers keep a room at nineteen degrees, and glow through the night."),
        ("A plan for the autumn fair", "Book the hall, ask the bakers, and write to the neighbours."),
    ]:
        with transaction.atomic():
            g = actions.begin(fay, text=title, deployment=model, client_id=uuid4())
            Message.objects.for_housekeeping().filter(pk=g.message_id).update(text=text)
            Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", model_name="Oak 1B")
"""


@pytest.fixture(scope="module")
def finding(hearth: House) -> House:
    hearth.run(CAST % PASSWORD)
    return hearth


@pytest_asyncio.fixture(loop_scope="session")
async def fay(finding: House, page: Page) -> AsyncIterator[Page]:
    await sign_in(page, finding, "fay@example.org")
    yield page


async def test_a_chat_is_reached_by_its_name_with_the_keyboard_alone(fay: Page) -> None:
    await fay.keyboard.press("Control+k")
    box = fay.get_by_role("combobox", name="Find a chat")
    await expect(box).to_be_focused()
    await expect(fay.locator(".palette [role=option]").first).to_have_text("A plan for the autumn fair")
    await look_at(fay, "palette")
    await box.press_sequentially("warm hea")
    await expect(fay.locator(".palette [aria-selected=true]")).to_have_text("How warm is a hearth?")
    await fay.keyboard.press("ArrowDown")
    await expect(fay.locator(".palette [aria-selected=true]")).to_have_text("Search in all chats for “warm hea”")
    await fay.keyboard.press("ArrowDown")
    await fay.keyboard.press("Enter")
    await fay.wait_for_url("**/chats/*/")
    await expect(fay.locator("h1")).to_have_text("How warm is a hearth?")


async def look_at(page: Page, name: str) -> None:
    await look(page, f"finding-{name}", "main, dialog")


async def test_the_palette_does_what_the_chats_menu_offers(fay: Page) -> None:
    await fay.click("text=A plan for the autumn fair")
    await fay.wait_for_url("**/chats/*/")
    await fay.keyboard.press("Control+k")
    await fay.locator(".palette input").fill("pin")
    await fay.locator(".palette [role=option]", has_text="Pin to the top").click()
    await expect(fay.locator(".group h2").first).to_have_text("Pinned")
    await fay.keyboard.press("Control+k")
    await fay.keyboard.press("Escape")
    await expect(fay.locator("dialog.palette")).to_have_count(0)
    await fay.keyboard.press("Control+k")
    await fay.locator(".palette input").fill("temporary")
    await fay.keyboard.press("Enter")
    await fay.wait_for_url("**/?temporary=on")
    await expect(fay.locator("[name=temporary]")).to_be_checked()


async def test_what_was_said_is_found_and_the_way_leads_to_it(fay: Page) -> None:
    await fay.keyboard.press("Control+k")
    await fay.locator(".palette input").fill("embers")
    await expect(fay.locator(".palette [role=option]")).to_have_count(1)
    await fay.keyboard.press("Enter")
    await fay.wait_for_url("**/search/?q=embers")
    await expect(fay.locator(".hit mark")).to_have_text("embers")
    await look_at(fay, "results")
    await fay.fill("[name=q]", "clause in:porto")
    await expect(fay.locator(".found h3")).to_have_text(re.compile("Notice period of the Porto lease"))
    await look_at(fay, "filtered")
    await fay.click(".chips a")
    await expect(fay.locator(".chips")).to_have_count(0)
    await fay.click(".hit")
    await fay.wait_for_url("**/chats/*/#message-*")
    await expect(fay.locator(".answer:target")).to_contain_text("Three months in writing")
    await fay.goto(fay.url.split("/chats")[0] + "/search/")
    await look_at(fay, "examples")
    await fay.fill("[name=q]", "zebra")
    await expect(fay.locator("h2", has_text="No chat matches")).to_be_visible()


async def test_the_keys_are_shown_and_do_what_they_say(fay: Page) -> None:
    await fay.click("text=Notice period of the Porto lease")
    await fay.wait_for_url("**/chats/*/")
    await fay.context.grant_permissions(["clipboard-read", "clipboard-write"])
    area = fay.locator("[data-composer] textarea")
    await fay.locator("[data-scroll]").focus()
    await fay.keyboard.press("?")
    await expect(fay.get_by_role("dialog", name="Keys")).to_contain_text("Copy the last answer")
    await look_at(fay, "keys")
    await fay.keyboard.press("Escape")
    await fay.keyboard.press("/")
    await expect(area).to_be_focused()
    await fay.keyboard.type("a/b?")
    await expect(area).to_have_value("a/b?")
    await area.fill("")
    await fay.keyboard.press("Control+Shift+C")
    await expect(fay.locator(".answer [data-copy='']")).to_contain_text("Copied")
    assert "Three months in writing" in await fay.evaluate("navigator.clipboard.readText()")
    await fay.keyboard.press("Alt+ArrowUp")
    await expect(fay.locator(".question details.edit textarea")).to_be_focused()
    await fay.keyboard.press("Control+Shift+S")
    await expect(fay.locator("#sidebar")).to_be_hidden()
    await fay.reload()
    await expect(fay.locator("#sidebar")).to_be_hidden()
    await fay.click(".top > .open")
    await expect(fay.locator("#sidebar")).to_be_visible()
