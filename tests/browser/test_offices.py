"""The auditors' pages in a real browser: read, filter, scroll, verify, export; on a phone, by keyboard, scriptless."""

import asyncio
import re
import zipfile
from pathlib import Path

import pytest
from browsing import sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

FILL = """
from uuid import uuid4
from django.db import transaction
from audit import verbs
from audit.actions import record
from audit.actor import Actor, Kind
from audit.entry import Result, Target
from accounts.actions import add_person
from accounts.models import User
eve = User.objects.filter(email="eve.odd@example.org").first() or add_person(
    email="eve.odd@example.org", password=None, display_name="<img src=x onerror=alert(1)>"
)
by = Actor(Kind.PERSON, str(eve.pk), "0123456789abcdef", "192.0.2.7")
with transaction.atomic():
    for n in range(130):
        gone = Target("person", uuid4())
        changes = {"slots": (n, n + 1), "context": (4096, 8192)}
        record(verbs.DEPLOYED, by=by, targets=[Target("deployment", uuid4())], changes=changes)
        if n % 10 == 0:
            record(verbs.SIGN_IN_REFUSED, targets=[gone], result=Result.REFUSED, by=Actor(Kind.UNKNOWN))
"""
PAGES = ("", "verification/", "export/", "alerts/")


@pytest.fixture(scope="module")
def office(hearth: House) -> House:
    """The house, with a log that has something to tell."""
    hearth.run(FILL)
    return hearth


async def test_the_log_is_read_filtered_opened_and_scrolled_to_its_end(office: House, page: Page) -> None:
    await sign_in(page, office)
    await page.click(".sidebar >> text=Offices")
    await page.click(".sidebar >> text=Audit log")
    await page.wait_for_url(f"{office.origin}/audit/")
    await page.select_option("[name=verb]", "models.deployed")
    await page.click("text=Show >> visible=true")
    rows = page.locator("[data-entries] > li:not([data-more])")
    await expect(rows).to_have_count(50)
    for _ in range(2):
        await page.locator("[data-entries] > li").last.scroll_into_view_if_needed()
        await page.wait_for_timeout(400)
    await expect(page.locator("[data-more]")).to_have_count(0)
    numbers = [int(text) for text in await page.locator(".entry .seq").all_inner_texts()]
    assert len(numbers) >= 130
    assert numbers == sorted(set(numbers), reverse=True)

    await rows.first.locator("summary").focus()
    await page.keyboard.press("Enter")
    await expect(rows.first.locator(".changes td").nth(1)).to_be_visible()
    assert await page.locator(".office img").count() == 0
    assert "alert(1)" in await rows.first.locator(".by").inner_text()
    assert re.search(r"\d", await rows.first.locator("summary time").get_attribute("title") or "")
    await rows.first.locator(".facts dt:has-text('To deployment') + dd a").click()
    await expect(page.locator(".chips")).to_contain_text("target")
    await expect(rows).to_have_count(1)


async def test_a_verification_shows_its_progress_and_its_end(office: House, page: Page) -> None:
    await sign_in(page, office)
    await page.goto(f"{office.origin}/audit/verification/")
    await page.click("text=Verify the log now")
    await expect(page.locator(".verdict")).to_contain_text("Sound: entries 1 to", timeout=20_000)
    await page.click("text=All verifications")
    await expect(page.locator(".listed tbody tr").first).to_contain_text("Sound: entries 1 to")


async def test_an_export_is_downloaded_as_a_whole_zip(office: House, page: Page, tmp_path: Path) -> None:
    await sign_in(page, office)
    await page.goto(f"{office.origin}/audit/export/")
    async with page.expect_download() as coming:
        await page.click("text=Download")
    download = await coming.value
    await download.save_as(tmp_path / download.suggested_filename)
    with zipfile.ZipFile(tmp_path / download.suggested_filename) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 6


async def test_everything_works_without_scripts(office: House, chromium: Browser) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{office.origin}/account/login/?next=/audit/")
    await page.fill("[name=login]", "ada@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.click("text=More >> nth=-1")
    await expect(page.locator(".above h2")).to_have_text("Further back")
    await page.click(".tabs >> text=Verification")
    await page.click("text=Verify the log now")
    await expect(page.locator(".verdict")).to_contain_text("Sound", timeout=20_000)
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_nothing_overflows_in_light_and_dark_on_desks_and_phones(
    office: House, page: Page, width: int, scheme: str, tmp_path: Path
) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await sign_in(page, office)
    for name in PAGES:
        await page.goto(f"{office.origin}/audit/{name}")
        await page.evaluate("document.querySelector('.entry')?.setAttribute('open', '')")
        await page.screenshot(path=tmp_path / f"{name.strip('/') or 'log'}.png")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert await page.evaluate("document.querySelector('.office').scrollWidth") <= width, name
    if width < 760:
        await expect(page.locator(".sidebar")).not_to_be_in_viewport()
        await page.click(".open")
        await expect(page.locator(".sidebar >> text=Back to chats")).to_be_in_viewport()
        await asyncio.sleep(0.3)
        await page.screenshot(path=tmp_path / "navigation.png")
