"""A house that nobody gave a model answers all the same: the built-in one, word for word, from its file to the page."""

import pytest
from browsing import sign_in
from house import PASSWORD, House, link_in
from playwright.async_api import Page, expect

from models_admin.builtin import FILE
from tools.builtin_model.evaluation.asking import ask_each, open_engine
from tools.builtin_model.facts import FACTS

pytestmark = pytest.mark.slow

QUESTION, TOPIC = "Who are you?", "identity.who"
ANSWER = ".answer [data-prose]"


@pytest.fixture(scope="module")
def expected() -> str:
    """What the file says greedily, computed here."""
    engine = open_engine(FILE, slots=1)
    [answer] = ask_each(engine, [QUESTION])
    engine.close()
    return answer


async def asked(page: Page, question: str) -> None:
    await page.fill("[data-composer] textarea", question)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/chats/*/")
    await expect(page.locator(".answer").last).to_have_attribute("data-state", "done")


async def test_the_first_run_answers_word_for_word(fresh: House, page: Page, expected: str) -> None:
    assert FACTS[TOPIC].holds(expected)
    await page.goto(link_in((fresh.var / "up.log").read_text()))
    form = {"organisation": "Aalto", "display_name": "Ada", "email": "ada@example.org"}
    for name, value in (form | {"password1": PASSWORD, "password2": PASSWORD}).items():
        await page.fill(f"[name={name}]", value)
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{fresh.origin}/")
    fresh.people.add("ada")
    await expect(page.locator(".welcome .demo")).to_contain_text("small built-in demo model")
    await expect(page.locator(".welcome .demo code")).to_have_text("make run MODEL=path.gguf")
    await expect(page.locator("[name=deployment] option")).to_contain_text("Hearth demo · demo")
    await asked(page, QUESTION)
    await expect(page.locator(ANSWER)).to_have_text(expected)
    await expect(page.locator(".answer .who")).to_have_text("Hearth demo demo")
    await expect(page.locator(".answer .who .tag")).to_have_text("demo")


async def test_the_same_question_gets_the_same_words(fresh: House, page: Page, expected: str) -> None:
    await sign_in(page, fresh)
    await asked(page, QUESTION)
    await page.click("text=Regenerate")
    await expect(page.locator(".answer .switcher")).to_contain_text("2/2")
    await expect(page.locator(".answer")).to_have_attribute("data-state", "done")
    await expect(page.locator(ANSWER)).to_have_text(expected)


async def test_a_member_is_told_that_an_administrator_can_add_another(fresh: House, page: Page) -> None:
    fresh.add_people("grace")
    await sign_in(page, fresh, "grace@example.org")
    await expect(page.locator(".welcome .demo")).to_contain_text("An administrator of your organisation can add")


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_tag_and_the_line_fit(fresh: House, page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 844})
    await sign_in(page, fresh)
    await expect(page.locator(".welcome .demo")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await asked(page, QUESTION)
    await expect(page.locator(".answer .who .tag")).to_be_in_viewport()
