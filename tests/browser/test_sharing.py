"""Sharing a chat, as two employees meet it: picking, reading, taking back, and going on as a copy."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aftermath import rows
from browsing import look, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

SHARER, READER = "nora.shares@example.org", "omar.reads@example.org"
CAST = """
from uuid import uuid4
from django.db import transaction
from accounts.actions import add_person
from accounts.models import Team, User
from chat import actions
from chat.models import Generation, Message
from models_admin.models import Deployment
team = Team.objects.get_or_create(name="Procurement")[0]
other = Team.objects.get_or_create(name="Legal")[0]
if not User.objects.filter(email="nora.shares@example.org").exists():
    add_person(email="nora.shares@example.org", password=%r, display_name="Nora Lindqvist", team=team)
    add_person(email="omar.reads@example.org", password=%r, display_name="Omar Haddad", team=other)
    add_person(email="omri.reads@example.org", password=%r, display_name="Omri Peretz", team=other)
nora = User.objects.get(email="nora.shares@example.org")
model = Deployment.objects.filter(enabled=True).first()
TEXT = '''Three offers are **comparable** once they cover the same scope.

| supplier | price | delivery |
| --- | ---: | --- |
| Porto Steel | 42 000 | 6 weeks |
| Lisbon Works | 39 500 | 9 weeks |

```python
best = min(offers, key=lambda one: one.price)
```
'''
for title in ("Compare the three steel offers", "Questions to the notary"):
    with transaction.atomic():
        g = actions.begin(nora, text=title, deployment=model, client_id=uuid4())
        Message.objects.for_housekeeping().filter(pk=g.message_id).update(text=TEXT)
        Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", lease_until=None)
"""
TEXT = "Three offers are"


@pytest.fixture(scope="module")
def sharing(fresh: House) -> House:
    """The house with Nora, and with Omar of another team."""
    fresh.run(CAST % (PASSWORD, PASSWORD, PASSWORD))
    return fresh


async def tab(house: House, chromium: Browser, email: str) -> Page:
    """Return a page of somebody who is signed in, in a browser of their own."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = await context.new_page()
    await sign_in(page, house, email)
    return page


@pytest_asyncio.fixture(loop_scope="session")
async def nora(sharing: House, page: Page) -> AsyncIterator[Page]:
    page.set_default_timeout(20_000)
    await sign_in(page, sharing, SHARER)
    yield page


@pytest_asyncio.fixture(loop_scope="session")
async def omar(sharing: House, chromium: Browser) -> AsyncIterator[Page]:
    wrong: list[str] = []
    page = await tab(sharing, chromium, READER)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    yield page
    await page.context.close()
    assert wrong == []


async def to_sharing(page: Page, house: House, title: str) -> None:
    """Open a chat, and "Share …" in its menu."""
    await page.goto(f"{house.origin}/")
    await page.locator("[data-sidebar] a", has_text=title).first.click()
    await page.wait_for_url("**/chats/*-*/")
    await page.get_by_label("This chat", exact=True).click()
    await page.get_by_role("link", name="Share …").click()
    await page.wait_for_url("**/shares/new/*/")


async def share(page: Page, house: House, title: str) -> str:
    """Share a chat with Omar for a week. Return the link."""
    await to_sharing(page, house, title)
    await page.locator("#text").fill("omar")
    await page.locator("[data-found]").get_by_text("Omar Haddad").click()
    await page.get_by_role("button", name="Share", exact=True).click()
    await page.wait_for_url("**/mine/")
    return await page.locator("#link").input_value()


async def test_a_chat_is_shared_read_and_taken_back(sharing: House, nora: Page, omar: Page) -> None:
    await to_sharing(nora, sharing, "Compare the three")
    await expect(nora.locator("h3", has_text="2 messages, until here")).to_be_visible()
    await nora.locator("#text").press_sequentially("reads")
    await expect(nora.locator("[data-found] li")).to_have_count(2)
    await look(nora, "share-1-search")
    await nora.keyboard.press("Tab")
    await nora.keyboard.press("Space")
    await expect(nora.locator("[data-picked]")).to_contain_text("Omar Haddad")
    await expect(nora.locator("#text")).to_be_focused()
    await nora.get_by_text("See all of it").click()
    await expect(nora.locator(".preview table")).to_be_visible()
    await nora.get_by_label("30 days").check()
    await look(nora, "share-2-new")
    await nora.get_by_role("button", name="Share", exact=True).click()
    await nora.wait_for_url("**/mine/")
    await look(nora, "share-3-mine")
    link = await nora.locator("#link").input_value()

    await omar.get_by_role("link", name="Shared chats").click()
    await expect(omar.locator(".shares li")).to_have_count(1)
    await look(omar, "share-4-with-me")
    await omar.get_by_role("link", name="Compare the three steel offers").click()
    assert omar.url == link
    await expect(omar.locator(".shared-head")).to_contain_text("Shared by Nora Lindqvist")
    await expect(omar.locator(".prose.drawn table td").first).to_have_text("Porto Steel")
    await expect(omar.locator(".shared textarea")).to_have_count(0)
    await look(omar, "share-5-read")

    await nora.get_by_role("link", name="Shared by me").click()
    await look(nora, "share-6-by-me")
    await nora.get_by_role("button", name="Take back").click()
    await expect(nora.locator(".said")).to_contain_text("The share is taken back.")
    await expect(omar.locator(".shared-gone")).to_contain_text("This is no longer shared with you.", timeout=60_000)
    left = await omar.evaluate("document.documentElement.outerHTML + document.title")
    assert (TEXT in left, "steel" in left) == (False, False)
    await look(omar, "share-7-gone")
    response = await omar.reload()
    assert response is not None
    assert response.status == 404


async def test_a_reader_goes_on_in_a_chat_of_their_own(sharing: House, nora: Page, omar: Page) -> None:
    link = await share(nora, sharing, "Questions to the notary")
    await omar.goto(link)
    await omar.get_by_role("button", name="Continue as a copy").click()
    await omar.wait_for_url("**/chats/*-*/")
    await expect(omar.locator(".answer .prose")).to_contain_text(TEXT)
    await omar.fill(".box textarea", "And in short?")
    await omar.keyboard.press("Enter")
    await expect(omar.locator(".question")).to_have_count(2)
    await expect(omar.locator(".answer[data-live]")).to_have_count(0, timeout=60_000)
    await omar.goto(link)
    await expect(omar.locator(".question")).to_have_count(1)
    copies = await asyncio.to_thread(
        rows, sharing, "SELECT count(*) FROM audit_entry WHERE body::text LIKE '%sharing.copied%'"
    )
    assert str(copies[0][0] if isinstance(copies[0], tuple | list) else copies[0]) == "1"


async def test_a_share_works_without_scripts(sharing: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, sharing, SHARER)
    await to_sharing(page, sharing, "Questions to the notary")
    await page.fill("#text", "omri")
    await page.get_by_role("button", name="Find").click()
    await page.get_by_label("Omri Peretz").check()
    await page.get_by_label("Procurement").check()
    await page.get_by_role("button", name="Share", exact=True).click()
    await expect(page.locator(".said")).to_contain_text("Shared.")
    await page.get_by_role("button", name="Remove Omri Peretz").click()
    await expect(page.locator("main")).not_to_contain_text("Omri Peretz")
    await page.locator("#end").select_option("1")
    await page.get_by_role("button", name="Let it end then").click()
    await expect(page.locator(".said")).to_contain_text("It ends in 1 day.")
    await page.get_by_role("link", name="See what they see").click()
    await expect(page.locator(".shared")).to_contain_text(TEXT)
    await context.close()
