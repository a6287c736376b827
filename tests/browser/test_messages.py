"""What an employee does with messages: queue, take back, compare, read thoughts, copy, quote, save, judge, fork."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from aftermath import rows
from browsing import DEPLOY, look, sign_in
from house import House
from playwright.async_api import BrowserContext, Page, expect
from tiny_gguf import write_tiny_gguf

ENABLED = "UPDATE models_admin_deployment SET enabled = true WHERE name = %s"
BOX = "[data-composer] textarea"
SAID = """<think>
The person asks about **wood**.

- oak
</think>

# Wood

Oak burns *slowly*, see [a page](https://example.org/oak).

| wood | note |
| --- | --- |
| oak | =1+1 |
| ash, young | says "pop" |
"""


@pytest.fixture(scope="module")
def both_models(hearth: House) -> Iterator[None]:
    """A second model beside the one that the house has; afterwards there is one again."""
    hearth.run(DEPLOY, str(write_tiny_gguf(hearth.var / "second.gguf", width=256, layers=23)), "second")
    rows(hearth, ENABLED, "tiny")
    yield
    hearth.run(DEPLOY, str(hearth.var / "tiny.gguf"), "tiny")


@pytest_asyncio.fixture(loop_scope="session")
async def ada(hearth: House, both_models: None, page: Page, context: BrowserContext) -> AsyncIterator[Page]:
    """The owner before an empty chat, with two models to choose from."""
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await sign_in(page, hearth)
    await choose(page, "deployment", "tiny")
    yield page


async def choose(page: Page, name: str, model: str) -> None:
    """Pick a model by what it is called; whether it is loaded stands behind that."""
    option = page.locator(f"[name={name}] option", has_text=model)
    await page.select_option(f"[name={name}]", value=await option.get_attribute("value"))


async def ask(page: Page, text: str) -> None:
    await page.fill(BOX, text)
    await page.keyboard.press("Enter")


async def begin(page: Page, text: str) -> None:
    await ask(page, text)
    await page.wait_for_url("**/chats/*/")
    await expect(page.locator(".answer").first).to_have_attribute("data-state", "running")


async def stopped(page: Page, text: str) -> None:
    """Have an answer, and stop it."""
    await begin(page, text)
    await page.click("[data-send]")
    await expect(page.locator(".answer")).to_have_attribute("data-state", "stopped")


async def says(page: Page, house: House, text: str) -> None:
    """Let the last answer have said this."""
    chat = page.url.rstrip("/").rpartition("/")[2]
    rows(house, "UPDATE chat_message SET text = %s WHERE role = 'assistant' AND conversation_id = %s", text, chat)
    await page.reload()
    await expect(page.locator(".answer h1")).to_have_text("Wood")


async def copied(page: Page) -> str:
    return str(await page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.slow
async def test_the_next_question_waits_its_turn_and_can_be_taken_back(ada: Page) -> None:
    await begin(ada, "the first question")
    await ask(ada, "the second question")
    second = ada.locator(".question").nth(1)
    await expect(second).to_contain_text("Waits its turn")
    await expect(ada.locator(".answer").nth(1)).to_contain_text("when the answer above has ended")
    await expect(ada.locator(BOX)).to_have_value("")
    await look(ada, "waiting", ".main")

    await second.get_by_role("button", name="Take back").click()
    await expect(ada.locator(".question")).to_have_count(1)
    await expect(ada.locator(BOX)).to_have_value("the second question")
    await expect(ada.locator("[data-send]")).to_have_text("Stop")
    await ada.get_by_role("button", name="Send next").click()
    await expect(ada.locator(".question")).to_have_count(2)

    await ada.click("[data-send]")
    await expect(ada.locator(".answer").first).to_have_attribute("data-state", "stopped")
    await expect(ada.locator(".answer").nth(1)).to_have_attribute("data-state", "running")
    await expect(second.locator(".take-back")).to_be_hidden()
    await ada.click("[data-send]")
    await expect(ada.locator(".answer").nth(1)).to_have_attribute("data-state", "stopped")
    await expect(ada.locator("[data-send]")).to_have_text("Send")


async def test_two_models_answer_side_by_side_and_one_is_kept(ada: Page) -> None:
    await ada.get_by_role("button", name="Ask two models").click()
    await choose(ada, "beside", "second")
    await ask(ada, "which of you?")
    await ada.wait_for_url("**/chats/*/")
    both = ada.locator(".pair .answer")
    await expect(both).to_have_count(2)
    for n in range(2):
        await expect(both.nth(n)).to_have_attribute("data-state", "running")
    assert {await one.inner_text() for one in await both.locator("[data-model]").all()} == {"tiny", "second"}
    await look(ada, "pair", ".main")
    await ada.click("[data-send]")
    for n in range(2):
        await expect(both.nth(n)).to_have_attribute("data-state", "stopped")
    kept = both.filter(has_text="second")
    await kept.get_by_role("button", name="Keep this one").click()
    await expect(ada.locator(".pair")).to_have_count(0)
    await expect(ada.locator(".answer [data-model]")).to_have_text("second")
    await expect(ada.locator(".answer .switcher")).to_contain_text("/2")


async def test_another_model_is_asked_the_same_and_compared(ada: Page) -> None:
    await stopped(ada, "ask another")
    await ada.get_by_label("Ask another model").click()
    await look(ada, "again", ".main")
    await ada.get_by_label("Side by side with this answer").check()
    await ada.locator(".again .act", has_text="second").click()
    await expect(ada.locator(".pair .answer")).to_have_count(2)
    await ada.keyboard.press("Escape")
    await expect(ada.locator(".pair .answer[data-live]")).to_have_count(0)


async def test_thoughts_are_folded_and_no_part_of_what_is_copied(hearth: House, ada: Page) -> None:
    await stopped(ada, "wood?")
    await says(ada, hearth, SAID)
    await expect(ada.locator(".thought li")).to_be_hidden()
    await ada.get_by_text("Reasoning").click()
    await expect(ada.locator(".thought li")).to_have_text("oak")
    await look(ada, "thought", ".main")

    await ada.locator(".answer [data-copy='']").click()
    assert (await copied(ada)).startswith("# Wood\n\nOak burns *slowly*")
    assert "think" not in await copied(ada)
    await ada.get_by_label("More about this answer").click()
    await ada.get_by_role("button", name="Copy as plain text").click()
    text = (await copied(ada)).replace("\r\n", "\n")
    assert text.startswith("Wood\n\nOak burns slowly, see a page (https://example.org/oak).\n\nwood\tnote\noak\t=1+1")
    assert "Download" not in text


async def test_a_table_is_saved_without_formulas(hearth: House, ada: Page) -> None:
    await stopped(ada, "a table?")
    await says(ada, hearth, SAID)
    async with ada.expect_download() as download:
        await ada.get_by_role("button", name="Download as CSV").click()
    path = await (await download.value).path()
    assert (await download.value).suggested_filename == "table.csv"
    assert path.read_bytes().decode("utf-8-sig") == 'wood,note\r\noak,\'=1+1\r\n"ash, young","says ""pop"""\r\n'


async def test_a_selection_is_quoted_in_the_box(hearth: House, ada: Page) -> None:
    await stopped(ada, "to be quoted?")
    await says(ada, hearth, SAID)
    await ada.locator(".answer h1").select_text()
    await ada.get_by_role("button", name="Quote", exact=True).click()
    await expect(ada.locator(BOX)).to_have_value("> Wood\n\n")
    await expect(ada.locator(BOX)).to_be_focused()
    await expect(ada.locator(".quote-it")).to_be_hidden()


async def test_an_answer_gets_a_thumb_with_reasons_and_loses_it(ada: Page) -> None:
    await stopped(ada, "good?")
    up, down = ada.get_by_label("A good answer"), ada.get_by_label("A bad answer")
    await down.click()
    await expect(ada.locator(".why[open]")).to_contain_text("What is wrong with it?")
    await expect(down).to_have_attribute("aria-pressed", "true")
    await ada.get_by_label("Too long").check()
    await ada.get_by_label("In your words").fill("Half of it would do.")
    await look(ada, "thumbs", ".main")
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.locator(".why summary")).to_have_text("Saved")
    await ada.reload()
    await expect(down).to_have_attribute("aria-pressed", "true")
    await ada.locator(".why summary").click()
    await expect(ada.get_by_label("Too long")).to_be_checked()
    await ada.locator(".why").get_by_role("button", name="Take back").click()
    await expect(ada.locator(".why")).to_have_count(0)
    await expect(up).to_have_attribute("aria-pressed", "false")


async def test_a_fork_opens_a_chat_of_its_own(ada: Page) -> None:
    await stopped(ada, "to be forked")
    first = ada.url
    await ada.get_by_label("More about this answer").click()
    await ada.get_by_role("button", name="Fork from here").last.click()
    await ada.wait_for_url(lambda address: address != first and "/chats/" in address)
    await expect(ada.locator("[data-page-title]")).to_have_text("to be forked (copy)")
    await expect(ada.locator(".question [data-source]")).to_have_text("to be forked")


async def test_the_gauge_says_how_full_the_chat_is(ada: Page) -> None:
    await stopped(ada, "how full?")
    gauge = ada.locator(".gauge")
    await expect(gauge).to_contain_text("%")
    await gauge.locator("summary").click()
    await expect(gauge).to_contain_text("tokens that its model reads at once")
    await look(ada, "gauge", ".main")
