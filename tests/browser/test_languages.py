"""Hearth speaks to an employee in their language: pages, scripts, days, and right after the choice."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

EMAIL = "mila.speaks@example.org"
CAST = """
from accounts.actions import add_person
from accounts.models import Team, User
from chat import actions
from chat.models import Conversation, Generation, Message
from django.db import transaction
from models_admin.models import Deployment
from uuid import uuid4
team = Team.objects.get_or_create(name="Contracts")[0]
mila = User.objects.filter(email="mila.speaks@example.org").first()
if mila is None:
    add_person(email="mila.speaks@example.org", password=%r, display_name="Mila Brandt", team=team)
    mila = User.objects.get(email="mila.speaks@example.org")
User.objects.filter(pk=mila.pk).update(language="")
if not Conversation.objects.of(mila).exists():
    with transaction.atomic():
        model = Deployment.objects.filter(enabled=True).first()
        g = actions.begin(mila, text="How long is a warranty in Portugal?", deployment=model, client_id=uuid4())
        Message.objects.for_housekeeping().filter(pk=g.message_id).update(text="Two years for goods.")
        Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", output_tokens=4, decode_seconds=1)
"""
# Each: its name; what the page of one's data says, the box, a script, and the heading above the choice.
SPOKEN = {
    "de": ("Deutsch", "Eine Kopie Ihrer Daten", "Fragen Sie etwas. Es bleibt im Haus.", "Kopieren", "Sprache"),
    "fr": (
        "Français",
        "Une copie de vos données",
        "Demandez. Cela reste chez vous.",
        "Copier",
        "Langue",
    ),
}


@pytest.fixture(scope="module")
def speaking(fresh: House) -> House:
    fresh.run(CAST % PASSWORD)
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def mila(speaking: House, page: Page) -> AsyncIterator[Page]:
    page.set_default_timeout(20_000)
    await sign_in(page, speaking, EMAIL)
    yield page


async def shot(page: Page, name: str) -> None:
    """See a page on a desk and on a phone: longer words make nothing wider than the screen."""
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        if folder := os.environ.get("HEARTH_TEST_SHOTS"):
            await page.screenshot(path=Path(folder) / f"{name}-{width}.png")
    await page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("language", SPOKEN)
async def test_an_employee_reads_hearth_in_their_language(speaking: House, mila: Page, language: str) -> None:
    name, data, box, copy, heading = SPOKEN[language]
    await mila.goto(f"{speaking.origin}/you/")
    await mila.select_option("[name=language]", label=name)
    await mila.locator("form[action$='/you/language/'] button").click()
    await expect(mila.locator("html")).to_have_attribute("lang", language)
    await expect(mila.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    await shot(mila, f"{language}-you")

    await mila.goto(f"{speaking.origin}/you/data/")
    await expect(mila.get_by_role("heading", name=data)).to_be_visible()
    await shot(mila, f"{language}-data")

    await mila.goto(f"{speaking.origin}/")
    await expect(mila.locator(".box textarea")).to_have_attribute("placeholder", box)
    await shot(mila, f"{language}-home")
    await mila.locator("[data-sidebar] a", has_text="warranty").click()
    await mila.wait_for_url("**/chats/*-*/")
    assert await mila.evaluate("async () => (await import('/static/hearth/js/words.js')).t('Copy')") == copy
    await shot(mila, f"{language}-chat")


async def test_the_sign_in_page_follows_the_browser(speaking: House, chromium: Browser) -> None:
    context = await chromium.new_context(locale="de-CH")
    page = await context.new_page()
    await page.goto(f"{speaking.origin}/account/login/")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await expect(page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible()
    await shot(page, "de-sign-in")
    await context.close()
