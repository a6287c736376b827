"""The box in which one writes: what is kept of it, long pastes, prompts behind a slash, and what begins a chat."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from browsing import both, sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

EMAIL = "nora.writes@example.org"
CAST = """
from accounts.actions import add_person
from accounts.models import Team, User
from chat.models import Draft
from prompts.actions import Words, make
from prompts.models import Prompt
from prompts.shelves import Place
team = Team.objects.get_or_create(name="Bids")[0]
if not User.objects.filter(email="nora.writes@example.org").exists():
    add_person(email="nora.writes@example.org", password=%r, display_name="Nora Field", team=team)
    kim = add_person(email="kim.writes@example.org", password=%r, display_name="Kim Lead", team=team, team_role="admin")
    make(Place(team=team), Words("meeting-notes", "Minutes of a meeting", "Turn these notes into minutes with "
        "decisions and open points. Write in {{ language: English }} and in a {{ tone | formal, friendly }} tone.\\n\\n"
        "{{ notes }}", starter=True), by=kim)
    make(Place(team=team), Words("risk", "Risks of an offer",
        "Name the five largest risks of this offer.", starter=True), by=kim)
    make(Place(team=team), Words("reply", "Answer a customer", "Answer {{ customer }} in three sentences."), by=kim)
Draft.objects.filter(owner__email="nora.writes@example.org").delete()
Prompt.objects.filter(owner__email="nora.writes@example.org").delete()
"""
STOP = """
from chat.models import Generation
Generation.objects.for_housekeeping().filter(state__in=Generation.LIVE).update(stop_requested=True)
"""
BOX = ".box textarea"
FIRES = "A hearth keeps a fire, and people come to it. "


@pytest.fixture(scope="module")
def writing(hearth: House) -> House:
    """The house with a model and Nora, whose team has prompts."""
    return hearth


@pytest_asyncio.fixture(loop_scope="session")
async def nora(writing: House, page: Page) -> AsyncIterator[Page]:
    await asyncio.to_thread(writing.run, CAST % (PASSWORD, PASSWORD))
    page.set_default_timeout(40_000)
    await sign_in(page, writing, EMAIL)
    yield page


async def saved(page: Page, text: str) -> None:
    """Write into the box, and wait until the server has it."""
    async with page.expect_response(lambda response: "/draft/" in response.url and response.status == 204):
        await page.fill(BOX, text)


async def paste(page: Page, text: str) -> None:
    """Paste as the browser does: the event first, and the words where nobody took it."""
    await page.locator(BOX).evaluate(
        """(area, text) => {
            const carried = new DataTransfer();
            carried.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
            if (area.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )


async def test_what_is_written_is_there_after_a_reload_and_on_another_device(
    writing: House, nora: Page, chromium: Browser
) -> None:
    await saved(nora, "Half a question")
    await nora.reload()
    await expect(nora.locator(BOX)).to_have_value("Half a question")
    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    phone = await context.new_page()
    await sign_in(phone, writing, EMAIL)
    await expect(phone.locator(BOX)).to_have_value("Half a question")
    await saved(phone, "Half a question, and more")
    await nora.evaluate("dispatchEvent(new Event('focus'))")
    await expect(nora.locator(BOX)).to_have_value("Half a question, and more")
    await nora.fill(BOX, "Other words")
    await saved(phone, "From the phone")
    await nora.evaluate("dispatchEvent(new Event('focus'))")
    await expect(nora.locator(BOX)).to_have_value("Other words")
    await context.close()


async def test_a_chat_s_draft_is_its_own_and_goes_with_the_question(writing: House, nora: Page) -> None:
    await saved(nora, "What is a hearth?")
    await nora.keyboard.press("Enter")
    await nora.wait_for_url("**/chats/*-*/")
    chat = nora.url
    await saved(nora, "And a stove?")
    await nora.goto(f"{writing.origin}/")
    await expect(nora.locator(BOX)).to_have_value("")
    await nora.goto(chat)
    await expect(nora.locator(BOX)).to_have_value("And a stove?")
    await asyncio.to_thread(writing.run, STOP)
    await expect(nora.locator(".answer[data-live]")).to_have_count(0, timeout=60_000)
    await nora.locator(BOX).press("Enter")
    await expect(nora.locator(".question")).to_have_count(2)
    await expect(nora.locator(BOX)).to_have_value("")
    await nora.reload()
    await expect(nora.locator(BOX)).to_have_value("")


async def test_a_long_paste_becomes_a_file_or_stays_in_the_box(nora: Page) -> None:
    await nora.locator(BOX).focus()
    await paste(nora, "Short words")
    await expect(nora.locator(BOX)).to_have_value("Short words")
    await paste(nora, FIRES * 100)
    await expect(nora.locator(".chip .name")).to_have_text("pasted text.txt")
    await expect(nora.locator(BOX)).to_have_value("Short words")
    await paste(nora, FIRES * 101)
    await expect(nora.locator(".chip .name")).to_have_text(["pasted text.txt", "pasted text 2.txt"])
    await both(nora, "1-pasted")
    await nora.get_by_role("button", name="Put it into the box instead").first.click()
    await expect(nora.locator(BOX)).to_have_value("Short words" + FIRES * 100)
    await expect(nora.locator(".chip .name")).to_have_text(["pasted text 2.txt"])


async def test_a_slash_offers_prompts_and_asks_for_what_they_need(nora: Page) -> None:
    box, options = nora.locator(BOX), nora.locator("[data-slash] [role=option]")
    await box.press_sequentially("/")
    await expect(options).to_have_count(3)
    await expect(nora.locator("[data-announce]")).to_have_text("3 prompts fit.")
    await both(nora, "2-slash")
    await box.press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(box).to_have_attribute("aria-activedescendant", "slash-1")
    await box.press("Escape")
    await expect(options.first).to_be_hidden()
    await expect(box).to_have_value("/")
    await box.fill("")
    await box.press_sequentially("/ri")
    await expect(options).to_have_count(1)
    await box.press("Enter")
    await expect(box).to_have_value("Name the five largest risks of this offer.")
    await box.fill("")
    await box.press_sequentially("/meet")
    await box.press("Tab")  # at once: what is known is offered before it is asked for anew
    sheet = nora.locator("[data-ask-fields]")
    await expect(sheet.get_by_label("Language")).to_have_value("English")
    await sheet.get_by_label("Tone").select_option("friendly")
    await sheet.get_by_label("Notes").fill("<b>We</b> begin at nine {{ language }}")
    await both(nora, "3-fields")
    await sheet.get_by_role("button", name="Put it into the box").click()
    await expect(box).to_have_value(
        "Turn these notes into minutes with decisions and open points. Write in English and in a friendly tone.\n\n"
        "<b>We</b> begin at nine {{ language }}"
    )
    await expect(box).to_be_focused()


async def test_an_empty_chat_offers_the_team_s_starters(nora: Page) -> None:
    cards = nora.locator("[data-starter]")
    await expect(cards.locator("strong")).to_have_text(["Minutes of a meeting", "Risks of an offer"])
    await both(nora, "4-starters")
    await cards.nth(1).click()
    await expect(nora.locator(BOX)).to_have_value("Name the five largest risks of this offer.")
    await expect(nora.locator("[data-send]")).to_be_enabled()


async def test_somebody_keeps_a_prompt_changes_it_and_goes_back(writing: House, nora: Page) -> None:
    await nora.locator(".sidebar").get_by_role("link", name="Prompts").click()
    await both(nora, "5-library")
    await nora.get_by_role("link", name="New prompt").first.click()
    await nora.get_by_label("Title").fill("Weekly report")
    await nora.get_by_label("Name behind the slash").fill("weekly")
    await nora.get_by_label("Text", exact=True).fill(
        "Write a report for {{ reader | my team, the board }} on {{ subject }}."
    )
    await nora.get_by_label("Subject").fill("fires")
    await expect(nora.locator("[data-result]")).to_have_text("Write a report for my team on fires.")
    await both(nora, "6-write")
    await nora.get_by_role("button", name="Save").click()
    await expect(nora.locator(".said")).to_contain_text("The prompt is saved. Write /weekly in a chat.")
    await expect(nora.locator(".words mark")).to_have_text(["{{ reader | my team, the board }}", "{{ subject }}"])
    await both(nora, "7-prompt")
    await nora.get_by_role("link", name="Change").click()
    await nora.get_by_label("Text", exact=True).fill("Write a short report on {{ subject }}.")
    await nora.get_by_role("button", name="Save").click()
    await nora.get_by_role("link", name="Versions").click()
    await expect(nora.locator("del").last).to_be_visible()
    await both(nora, "8-versions")
    await nora.get_by_role("button", name="Use this version again").click()
    await expect(nora.locator(".words")).to_contain_text("my team, the board")
    await nora.get_by_role("link", name="Use in a new chat").click()
    await nora.locator("[data-ask-fields]").get_by_label("Subject").fill("stoves")
    await nora.get_by_role("button", name="Put it into the box").click()
    await expect(nora.locator(BOX)).to_have_value("Write a report for my team on stoves.")


async def test_a_deleted_prompt_comes_back(nora: Page) -> None:
    await nora.locator(".sidebar").get_by_role("link", name="Prompts").click()
    await nora.locator(".of-prompts").get_by_role("link", name="Risks of an offer").click()
    await expect(nora.get_by_role("button", name="Delete")).to_have_count(0)
    await nora.get_by_role("button", name="Copy to yours").click()
    await nora.get_by_role("button", name="Save").click()
    await nora.get_by_role("button", name="Delete").click()
    await expect(nora.locator(".undo")).to_contain_text("The prompt /risk is deleted.")
    await both(nora, "9-undo")
    await nora.get_by_role("button", name="Undo").click()
    await expect(nora.locator(".said")).to_contain_text("The prompt is back.")
    await nora.get_by_role("link", name="Prompts", exact=True).first.click()
    await nora.get_by_label("Search").fill("risk")
    await expect(nora.locator(".of-prompts li")).to_have_count(2)


async def test_settings_of_a_question_fit_on_a_phone(writing: House, nora: Page) -> None:
    allow = "from models_admin.models import Deployment; Deployment.objects.filter(name='tiny').update(may_change={})"
    await asyncio.to_thread(writing.run, allow.format(["temperature", "top_k", "max_tokens"]))
    try:
        await nora.reload()
        await nora.select_option("[name=deployment]", label="tiny")
        await nora.locator("[data-tuning] summary").click()
        sheet = nora.locator("[data-tuning] .sheet")
        await expect(sheet.get_by_label("Temperature")).to_be_visible()
        await both(nora, "10-tuning")
        for width in (320, 390, 760, 1280):
            await nora.set_viewport_size({"width": width, "height": 700})
            box = await sheet.bounding_box()
            assert box is not None
            assert box["x"] >= 0, width
            assert box["x"] + box["width"] <= width, width
            assert box["y"] >= 0, width
        await nora.keyboard.press("Escape")
        await expect(sheet).to_be_hidden()
    finally:
        await asyncio.to_thread(writing.run, allow.format([]))
