"""Text files go with a question: chosen, dropped and pasted, seen before and after, and fetched again."""

import asyncio
from pathlib import Path

import pytest
from browsing import sign_in
from house import House
from playwright.async_api import BrowserContext, Page, expect

pytestmark = pytest.mark.slow

NOTES = "# Oak\nburns slowly, ash burns at once\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# What a drag from the desktop, and a copy in a file manager, bring along.
BRING = """([kind, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { lastModified: 1 }));
  const box = document.querySelector("[data-box] textarea");
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  return box.dispatchEvent(event);
}"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.md"
    file.write_text(NOTES)
    return file


async def attach(page: Page, *files: Path) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach text files").click()
    await (await chooser.value).set_files([str(file) for file in files])


async def answered(page: Page) -> None:
    """Stop what is written, and wait for the end."""
    await page.click("[data-send][data-mode=stop]")
    await expect(page.locator(".answer[data-live]")).to_have_count(0)


async def fetched(page: Page, name: str) -> tuple[str, str]:
    """Click a file under a question. Return its name and its text as they were saved."""
    async with page.expect_download() as download:
        await page.locator(".question a.chip", has_text=name).click()
    saved = await download.value
    return saved.suggested_filename, await asyncio.to_thread(Path(await saved.path()).read_text)


async def test_a_file_is_attached_sent_seen_and_fetched_again(hearth: House, page: Page, notes: Path) -> None:
    await sign_in(page, hearth)
    await attach(page, notes)
    await expect(page.locator(".box .chip")).to_contain_text("38 bytes")
    await expect(page.locator(".box .chip .name")).to_have_text("notes.md")
    await expect(page.locator("[data-announce]")).to_have_text("notes.md is attached.")
    await page.fill(".box textarea", "Which wood burns slowly?")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/chats/**")
    await expect(page.locator(".question a.chip")).to_have_text("notes.md 38 bytes", use_inner_text=True)
    await expect(page.locator(".box .chip")).to_have_count(0)
    await answered(page)
    assert await fetched(page, "notes.md") == ("notes.md", NOTES)
    await page.reload()
    await expect(page.locator(".question a.chip")).to_have_count(1)
    assert await fetched(page, "notes.md") == ("notes.md", NOTES)


async def test_files_stay_with_an_edited_question_and_go_with_later_ones(
    hearth: House, page: Page, notes: Path
) -> None:
    await sign_in(page, hearth)
    await attach(page, notes)
    await page.fill(".box textarea", "First wording")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/**")
    await answered(page)
    await page.get_by_text("Edit", exact=True).click()
    await page.locator(".edit textarea").fill("Second wording")
    await page.get_by_role("button", name="Ask again").click()
    await expect(page.locator(".switcher span")).to_have_text("2/2")
    await expect(page.locator(".question a.chip")).to_have_count(1)
    await answered(page)
    other = notes.with_name("other.md")
    other.write_text("other")
    await attach(page, other)
    await page.fill(".box textarea", "Another question")
    await page.click("[data-send]")
    await expect(page.locator(".question a.chip")).to_have_count(2)
    await expect(page.locator(".box .chip")).to_have_count(0)
    assert await fetched(page, "other.md") == ("other.md", "other")
    await answered(page)


async def test_what_is_no_text_is_refused_at_once_and_the_rest_stays(hearth: House, page: Page, notes: Path) -> None:
    picture = notes.with_name("photo.png")
    picture.write_bytes(PNG)
    await sign_in(page, hearth)
    await page.fill(".box textarea", "What is on it?")
    await attach(page, notes, picture)
    await expect(page.get_by_role("alert")).to_have_text(
        "photo.png is no text file. Hearth reads text: notes, tables, logs, source code."
    )
    await expect(page.locator(".box .chip .name")).to_have_text(["notes.md"])
    await expect(page.locator(".box textarea")).to_have_value("What is on it?")


async def test_a_file_is_taken_off_by_keyboard_and_focus_goes_on(hearth: House, page: Page, notes: Path) -> None:
    other = notes.with_name("other.md")
    other.write_text("other")
    await sign_in(page, hearth)
    await attach(page, notes, other)
    await page.get_by_role("button", name="Remove notes.md").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".box .chip .name")).to_have_text(["other.md"])
    await expect(page.get_by_role("button", name="Remove other.md")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-chips]")).to_be_hidden()
    await expect(page.get_by_role("button", name="Attach text files")).to_be_focused()


async def test_files_are_dropped_and_pasted(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await page.evaluate(BRING, ["dragover", "dropped.md", "dropped"])
    await expect(page.locator("[data-over]")).to_have_count(1)
    assert await page.evaluate(BRING, ["drop", "dropped.md", "dropped"]) is False  # the page does not leave for it
    await expect(page.locator("[data-over]")).to_have_count(0)
    await page.evaluate(BRING, ["paste", "pasted.md", "pasted"])
    await expect(page.locator(".box .chip .name")).to_have_text(["dropped.md", "pasted.md"])


async def test_without_javascript_files_go_with_the_form(hearth: House, context: BrowserContext, notes: Path) -> None:
    browser = context.browser
    assert browser is not None
    plain = await browser.new_context(java_script_enabled=False)
    page = await plain.new_page()
    await sign_in(page, hearth)
    await page.locator("[type=file]:visible").set_input_files(str(notes))
    await page.fill(".box textarea", "Without a script?")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/**")
    await expect(page.locator(".question a.chip .name")).to_have_text("notes.md")
    await plain.close()


async def test_on_a_phone_names_of_any_length_fit(hearth: House, page: Page, notes: Path) -> None:
    long = notes.with_name("quarterly-figures-" * 12 + ".csv")
    long.write_text("a,b\n")
    await page.set_viewport_size({"width": 390, "height": 844})
    await sign_in(page, hearth)
    await attach(page, notes, long)
    await expect(page.locator(".box .chip")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.fill(".box textarea", "Do they fit?")
    await page.click("[data-send]")
    await page.wait_for_url("**/chats/**")
    await expect(page.locator(".question a.chip")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await answered(page)
