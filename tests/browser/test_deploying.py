"""A model is deployed in a browser, by the keyboard alone, from its file to the first answer."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aftermath import rows
from browsing import look as seen
from browsing import sign_in
from house import House, eventually
from playwright.async_api import Browser, Page, expect
from tiny_gguf import write_tiny_gguf, write_tiny_lora

pytestmark = pytest.mark.slow

# What a finger cannot use, and fields without a name.
WRONG = """() => {
  const seen = (one) => one.getClientRects().length > 0 && one.getBoundingClientRect().width > 1;
  const touched = "button, select, summary, label.check, input, a.act, a.edged, a.primary, .steps a, [data-try]";
  const low = [...document.querySelectorAll(`.office :is(${touched})`)]
    .filter(seen)
    .filter((one) => !one.closest("label.check") || one.matches("label"))
    .filter((one) => innerWidth < 760 && Math.round(one.getBoundingClientRect().height) < 40);
  const fields = [...document.querySelectorAll("input, select, textarea")].filter(seen);
  const nameless = fields.filter((one) => !one.labels.length && !one.ariaLabel);
  const said = [...document.querySelectorAll("[aria-describedby]")];
  const parts = (one) => one.getAttribute("aria-describedby").split(" ");
  const lost = said.filter((one) => parts(one).some((id) => !document.getElementById(id)));
  return [...low, ...nameless, ...lost].map((one) => one.outerHTML.slice(0, 160));
}"""
READY = "SELECT count(*) FROM models_admin_modelfile WHERE state = 'ready' AND path LIKE %s"
SEEN = "SELECT 1 FROM models_admin_host h, models_admin_modelfile f WHERE f.path LIKE %s AND h.files ? f.id::text"


@pytest_asyncio.fixture(loop_scope="session")
async def ada(hearth: House, chromium: Browser) -> AsyncIterator[Page]:
    """The owner, among the deployments. A script error or a breach of the policy fails the test."""
    wrong: list[str] = []
    context = await chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/models/deployments/")
    yield page
    await context.close()
    rows(hearth, "UPDATE models_admin_deployment SET enabled = false WHERE name = 'Letters'")
    assert wrong == []


async def look(page: Page, name: str) -> None:
    """See a page as others are seen; everything in it can be touched, and has a name."""
    await seen(page, name)
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate(WRONG) == [], name
    await page.set_viewport_size({"width": 1280, "height": 800})


async def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, and it shows."""
    wanted = page.locator(selector).first
    await expect(wanted).to_be_attached()
    for _ in range(90):
        if await wanted.evaluate("one => one === document.activeElement"):
            assert await wanted.evaluate("one => one.matches(':focus-visible')"), selector
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab.")


async def retyped(page: Page, selector: str, text: str) -> None:
    await tab_to(page, selector)
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.press("Delete")
    await page.keyboard.type(text)


async def step(page: Page, words: str | re.Pattern[str]) -> None:
    """A step has begun: its heading has the focus."""
    heading = page.locator("h2.step")
    await expect(heading).to_have_text(words)
    await expect(heading).to_be_focused()


async def test_from_a_file_to_an_answer_by_the_keyboard_alone(hearth: House, ada: Page) -> None:
    folder = hearth.var / "models"
    folder.mkdir(exist_ok=True)
    write_tiny_gguf(folder / "lines.gguf", name="Lines 1B", seed=5, width=128)
    write_tiny_lora(folder / "polite.gguf", width=128)
    eventually(lambda: rows(hearth, READY, "%/models/lines.gguf")[0][0], seconds=90)
    eventually(lambda: rows(hearth, READY, "%/models/polite.gguf")[0][0], seconds=90)
    eventually(lambda: rows(hearth, SEEN, "%/models/lines.gguf"), seconds=40)
    await look(ada, "1-deployments")
    await tab_to(ada, "a.act")
    await ada.keyboard.press("Enter")
    await step(ada, "Which file?")
    await look(ada, "2-pick")
    await tab_to(ada, "[name=q]")
    await ada.keyboard.type("lines")
    await expect(ada.locator("h2", has_text="1 file fits")).to_be_visible()
    await tab_to(ada, ".of-picks a.whole")
    await ada.keyboard.press("Enter")
    await step(ada, "Lines 1B")
    await look(ada, "3-card")
    await tab_to(ada, "a.primary")
    await ada.keyboard.press("Enter")
    await step(ada, re.compile("does it fit"))
    verdict = ada.locator("[data-verdict]")
    await expect(verdict).to_have_text(re.compile("It fits"))
    await look(ada, "4-fit")
    await retyped(ada, "[name=context]", "100000")
    await expect(verdict).to_have_text("These settings cannot be used yet.")
    await retyped(ada, "[name=context]", "512")
    await expect(verdict).to_have_text(re.compile("It fits"))
    await retyped(ada, "[name^=wear_]", "0.5")
    await expect(ada).to_have_url(re.compile("context=512.*=0.5"))
    await ada.keyboard.press("Enter")
    await step(ada, re.compile("used"))
    await look(ada, "5-use")
    await ada.go_back()
    await expect(ada.locator("[name=context]")).to_have_value("512")
    await retyped(ada, "[name=context]", "256")
    await expect(verdict).to_have_text(re.compile("It fits"))
    await ada.keyboard.press("Enter")
    await step(ada, re.compile("used"))
    await retyped(ada, "[name=name]", "")
    await retyped(ada, "[name=max_tokens]", "8")
    await ada.keyboard.press("Enter")
    await expect(ada.locator(".error")).to_have_text("This field is required.")
    await expect(ada.locator("[name=max_tokens]")).to_have_value("8")
    await retyped(ada, "[name=name]", "Letters")
    await ada.keyboard.press("Enter")
    await expect(ada.locator("h1")).to_have_text("Letters")
    await look(ada, "6-loading")
    await expect(ada.locator(".pulse", has_text="Ready.")).to_be_visible(timeout=60_000)
    await look(ada, "7-ready")
    await tab_to(ada, "[data-try]")
    await ada.keyboard.press("Enter")
    await expect(ada.locator("[name=deployment] option:checked")).to_contain_text("Letters")
    await ada.wait_for_load_state()
    await tab_to(ada, "textarea[name=text]")
    await ada.keyboard.type("Hello")
    await ada.keyboard.press("Enter")
    await expect(ada.locator("article[data-state=done]")).to_be_visible(timeout=60_000)
    asked = "SELECT g.state FROM chat_generation g JOIN models_admin_deployment d ON d.id = g.deployment_id"
    assert rows(hearth, f"{asked} WHERE d.name = 'Letters' AND d.context = 256") == [("done",)]


SMALL = """
INSERT INTO models_admin_host (id, name, version, started_at, heard_at, cores, cpu, ram_total, ram_free, disk_free,
  offloads, gpus, files)
SELECT gen_random_uuid(), 'attic', '', now(), now() + interval '1 hour', 2, 0, 8000000000, 12000000, 0, true,
  '[{"name": "L4", "total": 24000000000, "free": 300000000}]', jsonb_build_array(id::text)
FROM models_admin_modelfile WHERE path LIKE %s
"""


async def test_what_does_not_fit_is_shown_and_has_to_be_wanted(hearth: House, ada: Page) -> None:
    rows(hearth, SMALL, "%/models/lines.gguf")
    try:
        await ada.goto(f"{hearth.origin}/models/deploy/?q=lines")
        await ada.click(".of-picks a.whole")
        await ada.click("text=Go on")
        await ada.fill("[name=gpu_layers]", "-1")
        await ada.get_by_role("checkbox", name=re.compile("^attic")).check()
        await ada.fill("[name=slots]", "64")
        await expect(ada.locator("[data-verdict]")).to_have_text("It does not fit on attic.")
        await look(ada, "8-over")
        await ada.click("text=Go on")
        await expect(ada.locator(".sure-of-fit .error")).to_contain_text("It does not fit.")
        await expect(ada.locator("[name=slots]")).to_have_value("64")
        await look(ada, "9-asked")
        await ada.get_by_role("checkbox", name=re.compile("^I know")).check()
        await ada.click("text=Go on")
        await step(ada, re.compile("used"))
    finally:
        rows(hearth, "DELETE FROM models_admin_host WHERE name = 'attic'")


async def test_every_step_works_without_scripts(hearth: House, ada: Page, chromium: Browser) -> None:
    state = await ada.context.storage_state()
    context = await chromium.new_context(java_script_enabled=False, storage_state=state)
    page = await context.new_page()
    await page.goto(f"{hearth.origin}/models/deploy/?q=lines")
    await page.click(".of-picks a.whole")
    await page.click("text=Go on")
    await page.fill("[name=slots]", "0")
    await page.click("text=Check")
    await expect(page.locator("[data-verdict]")).to_have_text("These settings cannot be used yet.")
    await page.fill("[name=slots]", "2")
    await page.click("text=Check")
    await expect(page.locator("[data-verdict]")).to_contain_text("It fits")
    await page.click("text=Go on")
    await page.fill("[name=name]", "Without scripts")
    await page.click("button:text('Deploy')")
    await expect(page.locator("h1")).to_have_text("Without scripts")
    await page.click("text=Change")
    await page.fill("[name=slots]", "3")
    await page.click("text=Check")
    await expect(page.locator("[name=slots]")).to_have_value("3")
    await page.click("text=Save")
    await expect(page.locator(".said")).to_have_text("The changes are saved.")
    await ada.goto(page.url)
    await expect(ada.locator(".pulse", has_text="Ready.")).to_be_visible(timeout=60_000)
    await look(ada, "11-history")
    await ada.click("text=Change")
    await expect(ada.locator("[data-verdict]")).to_contain_text("It fits")
    await ada.fill("[name=slots]", "4")
    await expect(ada.locator("[data-fit-said]")).to_contain_text("It fits")
    await look(ada, "10-change")
    await page.click("text=Switch off")
    await expect(page.locator(".said")).to_contain_text("It is switched off.")
    gone = "SELECT count(*) FROM models_admin_placement p JOIN models_admin_deployment d ON d.id = p.deployment_id"
    gone += " WHERE d.name = 'Without scripts' AND p.state <> 'cold'"
    eventually(lambda: rows(hearth, gone) == [(0,)])
    await page.reload()
    await page.click("text=Remove")
    await expect(page.locator(".said")).to_contain_text("Without scripts is off the list.")
    await context.close()
