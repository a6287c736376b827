"""Three people and one request: Alan asks, Olga decides, Bob hears of it on the page that he has open."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

REASON = "Legal hold 2026-114: the drawings of the new stove were sent to a competitor."
CAST = """
from uuid import uuid4
from django.db import transaction
from accounts.actions import add_person
from accounts.models import Team, User
from chat import actions
from chat.models import Generation, Message
from models_admin.models import Deployment
team = Team.objects.get_or_create(name="Stoves")[0]
PEOPLE = [("Alan Admin", "alan", "admin"), ("Olga Audit", "olga", "auditor"), ("Bob Brenner", "bob", "member")]
for name, email, role in PEOPLE:
    email += ".glass@example.org"
    if not User.objects.filter(email=email).exists():
        add_person(email=email, password=%r, display_name=name, organisation_role=role, team=team)
bob = User.objects.get(email="bob.glass@example.org")
model = Deployment.objects.filter(enabled=True).first()
for n, (question, answer) in enumerate([
    ("How thick is the door of the new stove?", "The door is 8 mm thick.\\n\\nIt is **cast iron**; steel would warp."),
    ("Draft a letter to a supplier about fire bricks", "Dear Sir or Madam,\\n\\nwe need 400 fire bricks."),
    ("Delete me later", "This was deleted."),
]):
    with transaction.atomic():
        g = actions.begin(bob, text=question, deployment=model, client_id=uuid4())
        Message.objects.for_housekeeping().filter(pk=g.message_id).update(text=answer)
        Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", output_tokens=40, decode_seconds=2)
    if n == 2:
        actions.delete(g.message.conversation)
"""


@pytest.fixture(scope="module")
def office(fresh: House) -> House:
    """The house with three people, one of whom has three chats."""
    fresh.run(CAST % PASSWORD)
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def pages(office: House, chromium: Browser) -> AsyncIterator[dict[str, Page]]:
    """A browser for each of them, signed in. A script error or a breach of the policy fails the test."""
    wrong: list[str] = []
    found = {}
    for name in ("alan", "olga", "bob"):
        context = await chromium.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(20_000)
        found[name] = page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
        await sign_in(page, office, f"{name}.glass@example.org")
    yield found
    for page in found.values():
        await page.context.close()
    assert wrong == []


async def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at them."""
    if folder := os.environ.get("HEARTH_TEST_SHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def both_sizes(page: Page, name: str) -> None:
    """A picture on a desk and on a phone; nothing is wider than the screen."""
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        await shoot(page, f"{name}-{width}")
    await page.set_viewport_size({"width": 1280, "height": 800})


async def test_somebody_asks_a_second_person_decides_and_the_employee_hears_of_it(
    office: House, pages: dict[str, Page]
) -> None:
    alan, olga, bob = pages["alan"], pages["olga"], pages["bob"]

    await alan.goto(f"{office.origin}/break-glass/")
    await both_sizes(alan, "1-office-empty")
    await alan.click("text=Ask to see somebody's chats")
    await alan.fill("[name=q]", "brenner")
    await alan.keyboard.press("Enter")
    await expect(alan.locator(".glass-row")).to_have_count(1)
    await both_sizes(alan, "2-candidates")
    await alan.click("text=Bob Brenner")
    await alan.fill("[name=reason]", "curious")
    await alan.locator(".ask-glass").evaluate("form => { form.noValidate = true }")  # the browser would stop it itself
    await alan.click("text=Ask a second person")
    await expect(alan.locator(".error")).to_contain_text("at least 20 characters")
    await alan.fill("[name=reason]", REASON)
    await alan.fill("[name=reference]", "LEGAL-114")
    await both_sizes(alan, "3-ask")
    await alan.click("text=Ask a second person")
    await expect(alan.locator(".state")).to_contain_text("waits for a second person")
    await both_sizes(alan, "4-waiting")
    number = alan.url.rstrip("/").rsplit("/", 1)[1]
    assert (await alan.goto(f"{office.origin}/break-glass/{number}/chats/")).status == 404  # type: ignore[union-attr]

    await olga.goto(f"{office.origin}/")
    await expect(olga.locator(".notice")).to_contain_text("waits for a second person")
    await shoot(olga, "5-second-person")
    await olga.click("text=Look at it")
    await olga.click(".glass-row")
    await expect(olga.locator("text=Let Alan Admin look")).to_be_visible()
    await both_sizes(olga, "6-decide")
    await expect(bob.locator("[data-notice]")).to_have_count(0)
    await olga.click("text=Let Alan Admin look")
    await expect(olga.locator(".state")).to_contain_text("open until")

    notice = bob.locator("[data-notice]")  # the page that Bob has had open all the time
    await expect(notice).to_contain_text("Alan Admin can read your chats", timeout=5_000)
    await expect(notice).to_contain_text(REASON)
    await both_sizes(bob, "7-notice")
    await look(office, alan, number)
    await bob.reload()
    await expect(notice).to_contain_text("1 chat opened so far")
    await notice.locator("text=I have seen this").click()
    await expect(notice).to_have_count(0)
    await bob.reload()
    await expect(notice).to_have_count(0)

    await olga.reload()
    await olga.click("text=End it now")
    await expect(olga.locator(".state").first).to_contain_text("ended")
    await both_sizes(olga, "11-ended")
    assert (await alan.goto(f"{office.origin}/break-glass/{number}/chats/")).status == 404  # type: ignore[union-attr]
    await expect(notice).to_contain_text("could read your chats", timeout=5_000)
    await bob.click("text=More about it")
    await expect(bob.locator(".glass-told")).to_contain_text(REASON)
    await both_sizes(bob, "12-about-me")
    await olga.goto(f"{office.origin}/break-glass/")
    await both_sizes(olga, "13-office")


async def look(office: House, alan: Page, number: str) -> None:
    """Read a chat: it can be read, it says who reads it, and there is nothing to change."""
    await alan.goto(f"{office.origin}/break-glass/{number}/")
    await alan.click("text=Look at the chats")
    await expect(alan.locator(".glasses > li")).to_have_count(3)
    await expect(alan.locator("[data-state=deleted]")).to_have_count(1)
    await both_sizes(alan, "8-chats")
    await alan.click("text=How thick is the door")
    await expect(alan.locator(".glass-turn")).to_have_count(2)
    mark = alan.locator(".watermark")
    await expect(mark.locator("span").first).to_have_text(re.compile(rf"Alan Admin · .* UTC · request {number}"))
    assert await alan.locator("main form, main button, main textarea").count() == 0
    await both_sizes(alan, "9-chat")
    await alan.emulate_media(color_scheme="dark")
    await shoot(alan, "9-chat-dark")
    await alan.emulate_media(media="print", color_scheme="light")
    await expect(mark).to_be_visible()
    await expect(alan.locator(".sidebar")).not_to_be_visible()
    if folder := os.environ.get("HEARTH_TEST_SHOTS"):
        await alan.pdf(path=Path(folder) / "10-printed.pdf", print_background=False)
        await shoot(alan, "10-printed")
    await alan.emulate_media(media="screen")


async def test_it_works_without_scripts(office: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{office.origin}/account/login/?next=/break-glass/ask/")
    await page.fill("[name=login]", "alan.glass@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.fill("[name=q]", "olga audit")
    await page.click("text=Find")
    await page.click(".glass-row")
    await page.fill("[name=reason]", REASON)
    await page.click("text=Ask a second person")
    await page.click("text=Withdraw it")
    await expect(page.locator(".state")).to_contain_text("withdrawn")
    await context.close()
