"""The office of retention in a browser: a rule is shortened and taken back, a hold is placed, a sweep is run."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import look, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

CAST = """
from datetime import timedelta
from django.db import transaction
from django.utils import timezone
from accounts.actions import add_person
from accounts.models import Membership, Team, User
from chat.models import Conversation, Message
from retention import wishing
team = Team.objects.get_or_create(name="Foundry")[0]
legal = Team.objects.get_or_create(name="Legal")[0]
for n in range(6):
    Team.objects.get_or_create(name=f"Workshop {n + 1}")
for name, role in [("alan", "admin"), ("olga", "auditor"), ("bob", "member"), ("tom", "member")]:
    email = f"{name}.data@example.org"
    if not User.objects.filter(email=email).exists():
        add_person(
            email=email, password=%r, display_name=f"{name.title()} Data", organisation_role=role, team=team
        )
Membership.objects.filter(user__email="tom.data@example.org", team=team).update(role="admin")
bob, now = User.objects.get(email="bob.data@example.org"), timezone.now()
for n in range(40):
    at = now - timedelta(days=4 * n)
    temporary = now - timedelta(minutes=1) if n > 36 else None
    chat = Conversation.objects.create(owner=bob, team=legal if n %% 3 == 0 else team, title=f"Secret {n}",
                                       created_at=at, last_activity_at=at, temporary_until=temporary)
    parent = None
    for role in ("user", "assistant") * 3:
        parent = chat.messages.create(role=role, text="Words", parent=parent, created_at=at)
    if n == 5:
        with transaction.atomic():
            wishing.ask(bob, team=team, conversation=chat.pk, goes_at=now + timedelta(days=9),
                        reason="The supplier's guarantee runs until May, and the numbers are in there.")
print(chat.pk)
"""


@pytest.fixture(scope="module")
def office(fresh: House) -> House:
    """The house with four people, and forty chats of one of them, three of which are over."""
    fresh.chat = fresh.run(CAST % PASSWORD).strip()  # type: ignore[attr-defined]
    return fresh


@pytest_asyncio.fixture(loop_scope="session")
async def pages(office: House, chromium: Browser) -> AsyncIterator[dict[str, Page]]:
    """A browser for each of the office, signed in. A script error or a breach of the policy fails the test."""
    wrong: list[str] = []
    found = {}
    for name in ("alan", "olga", "tom"):
        context = await chromium.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(20_000)
        found[name] = page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
        await sign_in(page, office, f"{name}.data@example.org")
    yield found
    for page in found.values():
        await page.context.close()
    assert wrong == []


async def say_who(page: Page) -> None:
    """Show the password once more."""
    await expect(page.locator("h1")).to_have_text("Is it you?")
    await page.fill("[name=password]", PASSWORD)
    await page.click("text=Go on")


async def test_a_rule_is_shortened_by_its_preview_and_taken_back(office: House, pages: dict[str, Page]) -> None:
    alan = pages["alan"]
    await alan.click(".sidebar >> text=Offices")
    await alan.click(".sidebar >> text=Data")
    await alan.wait_for_url(f"{office.origin}/data/")
    await expect(alan.locator("#chart-title")).to_be_visible()
    await look(alan, "1-house")
    await alan.click("text=Change the rules…")
    await look(alan, "2-change")
    await alan.fill("[name=days]", "30")
    await alan.fill("[name=least]", "60")
    await alan.click("text=Show what this does")
    await expect(alan.locator(".error")).to_have_text("The usual time that chats are kept lies outside of its bounds.")
    await expect(alan.locator("[name=days]")).to_have_value("30")
    await look(alan, "2-change-refused")
    await alan.fill("[name=least]", "0")
    await alan.click("text=Show what this does")
    await expect(alan.locator(".goes").first).to_contain_text(re.compile(r"\d+ chats, \d+ messages"))
    await look(alan, "3-preview")
    assert office.run("from retention.models import Change; print(Change.objects.count())").strip() == "0"
    await alan.click("text=Yes, change")
    await say_who(alan)
    await alan.wait_for_url(f"{office.origin}/data/")
    await expect(alan.locator(".said")).to_contain_text("The change waits until")
    await expect(alan.locator(".waits").first).to_contain_text("Chats are kept for 30 days instead of without an end")
    await expect(alan.locator("#chart-title")).to_be_visible()
    await look(alan, "4-house-waiting")
    await alan.click("text=Take back")
    await expect(alan.locator(".said")).to_contain_text("The change is taken back.")
    assert office.run("from retention.terms import house; print(house().days)").strip() == "None"


async def test_a_team_s_administrator_sets_its_own_and_answers_a_wish(office: House, pages: dict[str, Page]) -> None:
    tom = pages["tom"]
    await tom.goto(f"{office.origin}/data/")
    await expect(tom.locator("#chart-title")).to_be_visible()
    await look(tom, "5-team")
    await expect(tom.locator("[name=days]")).to_have_value("90")
    await tom.click("text=Keep it")
    await expect(tom.locator(".said")).to_contain_text("The chat of Bob Data is kept for 90 days")
    await tom.click(".top >> text=Change…")
    await expect(tom.locator("[name=days]")).not_to_be_visible()
    await tom.check("[name=keeps][value=days]")
    await tom.fill("[name=days]", "60")
    await look(tom, "6-change-team")
    await tom.click("text=Show what this does")
    await look(tom, "7-preview-team")
    await tom.click("text=No, go back")
    assert (
        office.run("from retention.models import Change; print(Change.objects.filter(state='waiting').count())").strip()
        == "0"
    )


async def test_a_hold_is_placed_searched_exported_and_released(
    office: House, pages: dict[str, Page], tmp_path: Path
) -> None:
    alan, olga = pages["alan"], pages["olga"]
    await alan.goto(f"{office.origin}/data/holds/")
    await alan.click("text=Place a hold…")
    await alan.fill("[name=q]", "bob data")
    await alan.keyboard.press("Enter")
    await expect(alan.locator(".glass-row")).to_have_count(1)
    await look(alan, "8-place")
    await alan.click(".glass-row")
    await alan.fill("[name=reason]", "Case 2026-114: drawings of the new stove were sent to a competitor.")
    await alan.fill("[name=reference]", "LEGAL-114")
    await look(alan, "9-place-reason")
    await alan.click("button >> text=Place the hold")
    await say_who(alan)
    await expect(alan.locator(".said")).to_contain_text("is in force")
    # A sweep may have come between, and purged what was due already.
    await expect(alan.locator(".facts")).to_contain_text(re.compile(r"(3\d|40) chats"))
    await look(alan, "10-hold-placed")
    number = alan.url.rstrip("/").rsplit("/", 1)[1]
    await olga.goto(f"{office.origin}/data/holds/{number}/")
    await olga.fill("[name=words]", "secret 3")
    await olga.click("text=Count them")
    await expect(olga.locator(".answered")).to_contain_text("11 chats under this hold contain these words.")
    await olga.click("text=Export them")
    await say_who(olga)
    await expect(olga.locator("[data-poll] >> text=Fetch…")).to_be_visible(timeout=30_000)
    await look(olga, "11-hold-auditor")
    await olga.click("text=Fetch…")
    await look(olga, "12-export")
    async with olga.expect_download() as coming:
        await olga.click("text=Download")
    download = await coming.value
    assert download.suggested_filename == f"hold-{number}-legal-114.zip"
    await alan.goto(f"{office.origin}/data/holds/")
    await look(alan, "13-holds")
    await alan.click(".glass-row")
    await alan.click("text=Release it…")
    await alan.click("text=Yes, release hold")
    await expect(alan.locator(".said")).to_contain_text("is released")
    await expect(alan.locator(".state")).to_have_text("released")


async def test_a_sweep_is_run_now_and_its_receipt_is_read(office: House, pages: dict[str, Page]) -> None:
    alan = pages["alan"]
    await alan.goto(f"{office.origin}/data/runs/")
    await alan.click("text=Sweep now")
    await expect(alan.locator(".verdict")).to_contain_text("This sweep ended well.", timeout=30_000)
    number = alan.url.rstrip("/").rsplit("/", 1)[1]
    await alan.fill("[name=id]", office.chat)  # type: ignore[attr-defined]
    await alan.click("button >> text=Ask")
    await expect(alan.locator(".answered")).to_contain_text(re.compile("Yes|No"))
    await look(alan, "14-run")
    await alan.click(".tabs >> text=Sweeps")
    await expect(alan.locator(".pulse.good")).to_contain_text("What is due has gone.")
    await expect(alan.locator(".runs")).to_contain_text("chats")
    await expect(alan.locator(f".runs a[href='/data/runs/{number}/']")).to_be_visible()
    await look(alan, "15-runs")
    await alan.goto(f"{office.origin}/data/record/")
    await look(alan, "16-record")


async def test_it_works_without_scripts(office: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{office.origin}/account/login/?next=/data/")
    await page.fill("[name=login]", "alan.data@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.click("text=Show it on a page of its own")
    await expect(page.locator("#chart-title")).to_be_visible()
    await page.goto(f"{office.origin}/data/rules/")
    await page.fill("[name=days]", "30")
    await page.click("text=Show what this does")
    await expect(page.locator("text=Yes, change")).to_be_visible()
    await context.close()
