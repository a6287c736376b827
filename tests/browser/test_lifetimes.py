"""How long chats live, as an employee meets it: badges, temporary chats, asking for longer, and one's own data."""

import asyncio
import hashlib
import json
import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import both, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

EMAIL = "lea.keeps@example.org"
CAST = """
from datetime import timedelta
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from accounts.actions import add_person
from accounts.models import Team, User
from chat import actions
from chat.models import Conversation, Generation, Message
from models_admin.models import Deployment
from retention.models import TeamRules
team = Team.objects.get_or_create(name="Contracts")[0]
TeamRules.objects.update_or_create(team=team, defaults={"keeps": "days", "days": 30})
if not User.objects.filter(email="lea.keeps@example.org").exists():
    add_person(email="lea.keeps@example.org", password=%r, display_name="Lea Keller", team=team)
    add_person(email="max.keeps@example.org", password=%r, display_name="Max Admin", team=team, team_role="admin")
lea = User.objects.get(email="lea.keeps@example.org")
model = Deployment.objects.filter(enabled=True).first()
for days, title, pinned in [
    (0.1, "How long is a warranty in Portugal?", False), (2, "Summary of the Porto lease", True),
    (20, "Clauses on late delivery", False), (24, "Letter to the notary in Lisbon", False),
    (26, "Questions for the tax adviser", False), (29.2, "Draft of the supply contract", False),
]:
    with transaction.atomic():
        g = actions.begin(lea, text=title, deployment=model, client_id=uuid4())
        text = "Two years for goods, five for buildings.\\n\\n- The clock starts at **delivery**."
        Message.objects.for_housekeeping().filter(pk=g.message_id).update(text=text)
        Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", output_tokens=40, decode_seconds=2)
        Conversation.objects.for_housekeeping().filter(pk=g.message.conversation_id).update(
            last_activity_at=timezone.now() - timedelta(days=days), pinned=pinned)
"""
OF_CHAT = """
import sys
from datetime import timedelta
from django.db.models.functions import Now
from chat.models import Conversation
chats = Conversation.objects.for_housekeeping().filter(pk=sys.argv[1])
"""
SWEEP = "from retention import sweeping; sweeping.sweep()"
GRANT = """
from accounts.models import User
from retention import wishing
from retention.models import Wish
wishing.grant(Wish.objects.get(answer=""), days=60, by=User.objects.get(email="max.keeps@example.org"))
"""
TEXT = "Two years for goods"


@pytest.fixture(scope="module")
def keeping(fresh: House) -> House:
    """The house with Lea, whose team keeps chats for 30 days."""
    fresh.run(CAST % (PASSWORD, PASSWORD))
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def lea(keeping: House, page: Page) -> AsyncIterator[Page]:
    page.set_default_timeout(20_000)
    await sign_in(page, keeping, EMAIL)
    yield page


async def open_chat(page: Page, house: House, title: str) -> str:
    """Open a chat from the list. Return its id."""
    await page.goto(f"{house.origin}/")
    await page.locator("[data-sidebar] a", has_text=title).click()
    await page.wait_for_url("**/chats/*-*/")
    return page.url.rstrip("/").rsplit("/", 1)[1]


async def change(house: House, chat: str, code: str) -> None:
    await asyncio.to_thread(house.run, f"{OF_CHAT}\n{code}", chat)


async def test_a_temporary_chat_counts_down_and_leaves_nothing_on_the_page(keeping: House, lea: Page) -> None:
    await expect(lea.get_by_text("Temporary: gone after 24 hours")).to_be_visible()
    await lea.get_by_label("Temporary: gone after 24 hours").check()
    await both(lea, "1-temporary-toggle")
    await lea.fill(".box textarea", "A salamander of mine")
    await lea.keyboard.press("Enter")
    await lea.wait_for_url("**/chats/*-*/")
    badge = lea.locator(".badge")
    await expect(badge).to_have_text("Temporary: 24 h left", use_inner_text=True)
    await expect(lea.locator("[data-sidebar] [aria-current] .temporary-mark")).to_be_visible()
    await badge.click()
    await expect(lea.locator(".life .sheet")).to_contain_text("Nobody can keep it longer.")
    await expect(lea.locator(".answer[data-live]")).to_have_count(0, timeout=60_000)
    await both(lea, "2-temporary")
    chat = lea.url.rstrip("/").rsplit("/", 1)[1]
    await change(keeping, chat, "chats.update(temporary_until=Now() + timedelta(seconds=9))")
    await lea.reload()
    await expect(badge).to_have_text("Temporary: 1 min left", use_inner_text=True)
    await lea.fill(".box textarea", "what I was writing")
    await expect(lea.locator(".gone")).to_contain_text("This temporary chat is gone.", timeout=20_000)
    assert "salamander" not in await lea.evaluate("document.documentElement.outerHTML + document.title")
    await expect(lea.locator(".box textarea")).to_have_value("what I was writing")
    await both(lea, "3-temporary-gone")
    response = await lea.reload()
    assert response is not None
    assert response.status == 404


async def test_a_badge_explains_and_the_team_is_asked_to_keep_longer(keeping: House, lea: Page) -> None:
    await open_chat(lea, keeping, "Draft of the supply")
    await expect(lea.locator(".badge")).to_contain_text("Kept until")
    await lea.locator(".badge").focus()
    await lea.keyboard.press("Enter")
    sheet = lea.locator(".life .sheet")
    await expect(sheet).to_contain_text("30 days after its last activity, by the rules for Contracts")
    await expect(sheet).to_contain_text("the last question, or the end of the last answer")
    await both(lea, "4-badge")
    await sheet.get_by_text("Keep longer…").click()
    await lea.fill(".life textarea", "We sign it in the spring.")
    await both(lea, "5-keep")
    await sheet.get_by_role("button", name="Ask my team").click()
    await expect(sheet).to_contain_text("You have asked to keep it longer.")
    await lea.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await asyncio.to_thread(keeping.run, GRANT)
    await lea.reload()
    await lea.locator(".badge").click()
    await expect(sheet).to_contain_text("Its team agreed to keep it so long.")
    await both(lea, "6-granted")


async def test_what_goes_soon_is_listed_and_kept_by_a_wish(keeping: House, lea: Page) -> None:
    await expect(lea.locator(".sidebar .soon")).to_contain_text("2 chats go by")
    await both(lea, "7-home")
    await lea.locator(".sidebar .soon").click()
    await expect(lea.locator(".going > li")).to_have_count(2)
    first = lea.locator(".going > li").first
    await expect(first).to_contain_text("Questions for the tax adviser")
    await first.get_by_text("Keep longer…").click()
    await both(lea, "8-going")
    await first.locator("textarea").fill("The adviser is away until May.")
    await first.get_by_role("button", name="Ask my team").click()
    await expect(lea.locator(".said")).to_contain_text("The administrators of the team Contracts will answer.")
    await expect(lea.locator(".going > li").first).to_contain_text("You have asked to keep it longer.")
    await both(lea, "9-going-asked")


async def test_a_chat_is_pinned_by_keyboard(keeping: House, lea: Page) -> None:
    await open_chat(lea, keeping, "Clauses on late")
    await lea.get_by_label("This chat", exact=True).focus()
    await lea.keyboard.press("Enter")
    await both(lea, "10-menu")
    await lea.keyboard.press("Tab")
    await expect(lea.get_by_role("button", name="Pin to the top")).to_be_focused()
    await lea.keyboard.press("Enter")
    pinned = lea.locator("[data-sidebar] section.group").first
    await expect(pinned.locator("h2")).to_have_text("Pinned")
    await expect(pinned.locator("[aria-current] [data-title]")).to_have_text("Clauses on late delivery")
    await expect(lea.get_by_label("This chat", exact=True)).to_be_focused()
    await lea.get_by_label("This chat", exact=True).click()
    await lea.get_by_role("button", name="Unpin").click()
    await expect(pinned.locator("[aria-current]")).to_have_count(0)


async def test_a_tab_loses_the_words_of_a_chat_that_is_purged(keeping: House, lea: Page) -> None:
    chat = await open_chat(lea, keeping, "Letter to the notary")
    await expect(lea.locator("[data-thread]")).to_contain_text(TEXT)
    await change(keeping, chat, "chats.update(last_activity_at=Now() - timedelta(days=31))")
    await asyncio.to_thread(keeping.run, SWEEP)
    await expect(lea.locator(".gone")).to_contain_text("This chat is gone.", timeout=5_000)
    text = await lea.evaluate("document.documentElement.outerHTML + document.title")
    assert (TEXT in text, "notary" in text) == (False, False)
    await both(lea, "11-gone")


async def test_a_tab_that_heard_nothing_finds_out_within_a_minute(keeping: House, lea: Page) -> None:
    await lea.route_web_socket("**/ws/", lambda socket: None)
    chat = await open_chat(lea, keeping, "How long is a warranty")
    await change(keeping, chat, "chats.update(last_activity_at=Now() - timedelta(days=30) + timedelta(seconds=3))")
    await lea.reload()
    await expect(lea.locator("[data-thread]")).to_contain_text(TEXT)
    await asyncio.sleep(3)
    await asyncio.to_thread(keeping.run, SWEEP)
    await expect(lea.locator(".gone")).to_contain_text("This chat is gone.", timeout=60_000)
    assert TEXT not in await lea.evaluate("document.documentElement.outerHTML")


async def test_a_deleted_chat_says_when_it_is_gone_for_good(keeping: House, lea: Page) -> None:
    await open_chat(lea, keeping, "Summary of the Porto")
    await lea.get_by_label("This chat", exact=True).click()
    await lea.get_by_role("button", name="Delete this chat").click()
    await expect(lea.locator("[data-dialog]")).to_contain_text("gone for good after 7 days")
    await lea.locator("[data-dialog]").get_by_role("button", name="Delete").click()
    await expect(lea.locator(".told")).to_have_text(
        re.compile(r"The chat is deleted. It is gone for good by \d+ \w+\.")
    )
    await both(lea, "12-deleted")


async def test_ones_data_is_taken_along_and_erased(keeping: House, lea: Page) -> None:
    await lea.goto(f"{keeping.origin}/you/data/")
    await both(lea, "13-data")
    await lea.get_by_role("button", name="Get a copy").click()
    await expect(lea.get_by_role("link", name="Download")).to_be_visible(timeout=60_000)
    await lea.get_by_role("link", name="Download").click()
    await lea.fill("[name=password]", PASSWORD)
    await lea.click("main button[type=submit]")
    await lea.wait_for_url("**/you/data/")
    await both(lea, "14-copy")
    async with lea.expect_download() as download:
        await lea.get_by_role("link", name="Download").click()
    check(await (await download.value).path(), await lea.locator(".hash code").inner_text())
    await lea.get_by_role("link", name="Erase my chats…").click()
    await both(lea, "15-erase")
    await lea.get_by_label("Erase all my chats for good").check()
    await lea.locator("main .danger").click()
    await expect(lea.locator(".erasing")).to_contain_text("wait for the next sweep")
    await both(lea, "16-erasing")
    await asyncio.to_thread(keeping.run, SWEEP)
    await expect(lea.locator("[data-poll]")).to_contain_text("are gone for good since", timeout=10_000)
    await both(lea, "17-erased")
    await lea.goto(f"{keeping.origin}/")
    await expect(lea.locator("[data-sidebar] .empty")).to_have_text("Your chats will be listed here.")


def check(path: Path, digest: str) -> None:
    """What was downloaded is what the page said, and every file in it is what the manifest says."""
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))["files"]
        assert set(archive.namelist()) == {*manifest, "manifest.json"}
        assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in manifest} == manifest
        assert len([name for name in manifest if name.endswith(".md")]) == 3


async def test_it_works_without_scripts(keeping: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, keeping, EMAIL)
    await page.get_by_label("Temporary: gone after 24 hours").check()
    await page.fill(".box textarea", "Without scripts")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/*-*/")
    await page.locator(".badge").click()
    await expect(page.locator(".life .sheet")).to_contain_text("UTC")
    await page.get_by_label("This chat", exact=True).click()
    await page.get_by_role("button", name="Pin to the top").click()
    await expect(page.locator("[data-sidebar] h2").first).to_have_text("Pinned")
    await context.close()
