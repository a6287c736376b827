"""The list of chats as an employee uses it: marks in another tab, a menu in each row, undo, projects."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browsing import both, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, BrowserContext, Page, expect

EMAIL = "sol.lists@example.org"
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
team = Team.objects.get_or_create(name="Leases")[0]
if not User.objects.filter(email="sol.lists@example.org").exists():
    add_person(email="sol.lists@example.org", password=%r, display_name="Sol Ortega", team=team)
sol = User.objects.get(email="sol.lists@example.org")
model = Deployment.objects.filter(enabled=True).first()
TITLES = ["Notice period for the Porto office", "Summary of the Lisbon lease", "Letter to the landlord",
    "Deposit: when is it due", "Insurance of the ground floor", "Parking spaces"]
known = Conversation.objects.for_housekeeping().filter(owner=sol).exists()
for days, title in [] if known else [*enumerate(TITLES), *((40 + n, f"Older question {n}") for n in range(60))]:
    with transaction.atomic():
        g = actions.begin(sol, text=title, deployment=model, client_id=uuid4())
        Message.objects.for_housekeeping().filter(pk=g.message_id).update(text="Three months.")
        Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", output_tokens=4, decode_seconds=1)
        Conversation.objects.for_housekeeping().filter(pk=g.message.conversation_id).update(
            last_activity_at=timezone.now() - timedelta(days=days))
"""
ROW = "[data-row]:has([data-title]:text-is('{}'))"


@pytest.fixture(scope="module")
def lists(fresh: House) -> House:
    """The house with Sol, who has many chats."""
    fresh.run(CAST % PASSWORD)
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def sol(lists: House, page: Page) -> AsyncIterator[Page]:
    page.set_default_timeout(20_000)
    await sign_in(page, lists, EMAIL)
    yield page


async def choose(page: Page, title: str, what: str) -> None:
    """Open the menu of a row with the mouse and choose."""
    found = page.locator(ROW.format(title))
    await found.hover()
    await found.locator("[data-row-more]").click()
    await page.locator("[data-row-menu]").get_by_text(what, exact=True).click()


@pytest.mark.slow
async def test_an_answer_in_one_tab_is_a_mark_in_another(lists: House, sol: Page, context: BrowserContext) -> None:
    other = await context.new_page()
    await other.goto(f"{lists.origin}/you/")
    await other.goto(f"{lists.origin}/")
    await sol.fill(".box textarea", "A question of today")
    await sol.keyboard.press("Enter")
    await sol.wait_for_url("**/chats/*-*/")
    await expect(other.locator(ROW.format("A question of today"))).to_be_visible()
    await expect(other.locator(ROW.format("A question of today")).get_by_label("still answering")).to_be_visible()
    await both(other, "1-answering")
    await sol.goto(f"{lists.origin}/you/")  # nobody looks at the chat when its answer ends
    unread = other.locator(ROW.format("A question of today")).get_by_label("new answer")
    await expect(unread).to_be_visible(timeout=90_000)
    await both(other, "2-unread")
    await sol.go_back()
    await expect(unread).to_have_count(0)
    await other.close()


async def test_a_chat_is_renamed_in_its_row_by_keyboard(sol: Page) -> None:
    more = sol.locator(ROW.format("Parking spaces")).locator("[data-row-more]")
    await sol.locator(ROW.format("Parking spaces")).locator("a").focus()
    await sol.keyboard.press("Tab")
    await expect(more).to_be_focused()
    await sol.keyboard.press("Enter")
    await expect(sol.locator("[data-act=pin]")).to_be_focused()
    await both(sol, "3-menu")
    await sol.keyboard.press("Escape")
    await expect(sol.locator("[data-row-menu]")).to_be_hidden()
    await expect(more).to_be_focused()
    await sol.keyboard.press("Enter")
    await sol.keyboard.press("ArrowDown")
    await expect(sol.locator("[data-act=rename]")).to_be_focused()
    await sol.keyboard.press("Enter")
    await expect(sol.locator("[data-renaming]")).to_be_focused()
    await sol.keyboard.type("Parking for visitors")
    await sol.keyboard.press("Enter")
    await expect(sol.locator(ROW.format("Parking for visitors")).locator("a")).to_be_focused()
    await sol.reload()
    await expect(sol.locator(ROW.format("Parking for visitors"))).to_be_visible()


@pytest.mark.slow
async def test_a_chat_is_pinned_and_put_away_from_its_row(lists: House, sol: Page) -> None:
    await choose(sol, "Deposit: when is it due", "Pin to the top")
    first = sol.locator("section.group [data-title]").first
    await expect(first).to_have_text("Deposit: when is it due")
    await choose(sol, "Deposit: when is it due", "Unpin")
    await expect(sol.locator("section.group h2").first).not_to_have_text("Pinned")
    await choose(sol, "Deposit: when is it due", "Archive")
    await expect(sol.locator(ROW.format("Deposit: when is it due"))).to_have_count(0)
    await both(sol, "5-archived")
    await sol.locator("[data-toast]").get_by_role("button", name="Undo").click()
    await expect(sol.locator(ROW.format("Deposit: when is it due"))).to_be_visible()
    await choose(sol, "Deposit: when is it due", "Archive")
    await expect(sol.locator(ROW.format("Deposit: when is it due"))).to_have_count(0)
    await sol.goto(f"{lists.origin}/chats/archived/")
    await both(sol, "6-archive")
    await sol.locator(".away li", has_text="Deposit").get_by_role("button", name="Bring back").click()
    await expect(sol.locator(".told")).to_contain_text("The chat is back in the list.")


async def test_a_deleted_chat_comes_back_with_undo(lists: House, sol: Page) -> None:
    await choose(sol, "Insurance of the ground floor", "Delete")
    await expect(sol.locator(ROW.format("Insurance of the ground floor"))).to_have_count(0)
    await expect(sol.locator("[data-toast]")).to_contain_text(re.compile(r"It is gone for good by \d+ \w+\."))
    await both(sol, "7-deleted")
    await sol.locator("[data-toast]").get_by_role("button", name="Undo").click()
    await expect(sol.locator(ROW.format("Insurance of the ground floor"))).to_be_visible()
    await sol.locator(ROW.format("Insurance of the ground floor")).locator("a").click()
    await sol.wait_for_url("**/chats/*-*/")
    await choose(sol, "Insurance of the ground floor", "Delete")
    await sol.wait_for_url(f"{lists.origin}/")
    await sol.locator(".told").get_by_role("button", name="Undo").click()
    await sol.wait_for_url("**/chats/*-*/")
    await expect(sol.locator("[data-page-title]")).to_have_text("Insurance of the ground floor")
    await expect(sol.locator(".told")).to_contain_text("The chat is back.")


async def test_a_refresh_keeps_further_pages_place_and_focus(lists: House, sol: Page, context: BrowserContext) -> None:
    await sol.locator("[data-more]").scroll_into_view_if_needed()
    last = sol.locator(ROW.format("Older question 59"))
    await last.locator("a").focus()
    count = await sol.locator("[data-row]").count()
    top = await sol.locator("[data-sidebar]").evaluate("(list) => list.scrollTop")
    other = await context.new_page()
    await other.goto(f"{lists.origin}/")
    await choose(other, "Summary of the Lisbon lease", "Archive")
    await expect(sol.locator("[data-row]")).to_have_count(count - 1)
    await expect(last.locator("a")).to_be_focused()
    assert abs(await sol.locator("[data-sidebar]").evaluate("(list) => list.scrollTop") - top) < 80
    await expect(sol.locator("section.group h2", has_text="Older")).to_have_count(1)
    await other.locator("[data-toast]").get_by_role("button", name="Undo").click()
    await expect(sol.locator("[data-row]")).to_have_count(count)
    await other.close()


async def test_a_project_is_made_and_chats_go_into_it(lists: House, sol: Page) -> None:
    await sol.get_by_role("link", name="New project").click()
    await sol.get_by_label("Name").fill("Porto office")
    await sol.get_by_label("Instructions").fill("Answer in one sentence.\nThe office has 40 seats.")
    await both(sol, "8-new-project")
    await sol.get_by_role("button", name="Make the project").click()
    await expect(sol.locator("h1")).to_have_text("Porto office")
    await both(sol, "9-empty-project")
    found = sol.locator(ROW.format("Letter to the landlord"))
    await found.hover()
    await found.locator("[data-row-more]").click()
    await sol.locator("[data-row-menu]").get_by_text("Move to a project").click()
    await both(sol, "10-to-project")
    await sol.locator("[data-row-menu]").get_by_role("button", name="Porto office").click()
    await expect(found.get_by_label("in the project Porto office")).to_be_visible()
    await sol.get_by_role("link", name="New chat in this project").click()
    await expect(sol.locator(".begins-in")).to_contain_text("Begins in the project Porto office")
    await both(sol, "11-begins-in")
    await sol.fill(".box textarea", "How many desks?")
    await sol.keyboard.press("Enter")
    await sol.wait_for_url("**/chats/*-*/")
    await sol.locator("[data-projects]").get_by_role("link", name="Porto office").click()
    await expect(sol.locator(".away li")).to_have_count(2)
    await both(sol, "12-project")
    await sol.locator("[data-projects] summary").click()
    await sol.reload()
    await expect(sol.locator("[data-projects] a").first).to_be_hidden()


async def test_all_chats_are_deleted_everywhere_and_come_back(lists: House, sol: Page, context: BrowserContext) -> None:
    await sol.locator(ROW.format("Letter to the landlord")).locator("a").click()
    await sol.wait_for_url("**/chats/*-*/")
    other = await context.new_page()
    await other.goto(f"{lists.origin}/you/data/")
    await other.get_by_role("link", name="Delete all chats…").click()
    await both(other, "13-delete-all")
    await other.get_by_role("checkbox").check()
    await other.get_by_role("button", name="Delete all chats").click()
    await expect(other.locator(".told")).to_contain_text("chats are deleted.")
    await both(other, "14-all-deleted")
    await expect(sol.locator(".gone")).to_contain_text("This chat is gone.")
    await expect(sol.locator("[data-row]")).to_have_count(0)
    await other.locator(".told").get_by_role("button", name="Undo").click()
    await expect(other.locator(".told")).to_contain_text("chats are back.")
    await expect(other.locator(ROW.format("Letter to the landlord"))).to_be_visible()
    await other.close()


async def test_a_temporary_chat_says_what_it_is(sol: Page) -> None:
    await sol.get_by_label("Temporary: gone after 24 hours").check()
    await sol.fill(".box textarea", "Something for today only")
    await sol.keyboard.press("Enter")
    await sol.wait_for_url("**/chats/*-*/")
    await expect(sol.locator(".temporary-strip")).to_contain_text("This is a temporary chat.")
    await both(sol, "15-temporary")


async def test_it_works_without_scripts(lists: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, lists, EMAIL)
    await page.get_by_role("link", name="New project").click()
    await page.get_by_label("Name").fill("Without scripts")
    await page.get_by_role("button", name="Make the project").click()
    await page.locator(ROW.format("Notice period for the Porto office")).locator("a").click()
    await page.get_by_label("This chat", exact=True).first.click()
    await page.locator("header").get_by_role("button", name="Archive").click()
    await expect(page.locator(".told")).to_contain_text("The chat is put away.")
    await page.get_by_label("This chat", exact=True).first.click()
    await page.locator("header").get_by_role("button", name="Bring back to the list").click()
    await page.get_by_label("This chat", exact=True).first.click()
    await page.get_by_label("Project", exact=True).select_option("Without scripts")
    await page.get_by_role("button", name="Move").click()
    await expect(page.locator(".told")).to_contain_text("The chat is in the project now.")
    await context.close()
