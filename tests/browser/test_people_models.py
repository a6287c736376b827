"""A team's models in a real browser: its administrator chooses, its people pick among these; phones, names, focus."""

from collections.abc import Iterator

import pytest
from browsing import sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

FILL = """
import sys
from accounts.actions import add_person
from accounts.models import Membership, Team, User
from models_admin.models import Deployment
makers, _ = Team.objects.get_or_create(name="Makers")
for name, role in (("tom", Membership.Role.ADMIN), ("mia", Membership.Role.MEMBER)):
    email = f"{name}.maker@example.org"
    if not User.objects.filter(email=email).exists():
        add_person(email=email, password=sys.argv[1], display_name=name.title(), team=makers, team_role=role)
for name in ("Birch", "A name that is as long as names of models are, Q5_K_M, 128k context"):
    Deployment.objects.update_or_create(path=f"stub:?words=4&name={name[0]}", defaults={"name": name, "enabled": True})
print(makers.pk, Membership.objects.get(user__email="mia.maker@example.org").user_id)
"""
SWITCH_OFF = """
from models_admin.models import Deployment
Deployment.objects.filter(path__startswith="stub:").update(enabled=False)
"""
LONG = "A name that is as long as names of models are"
PICKER = "[name=deployment]"
FIRST, DEFAULT = "the first one of the list", "select[data-among]"
# What a finger or a reader of screens cannot use. Links inside a sentence are as high as its line.
WRONG = """() => {
  const seen = (one) => one.getClientRects().length > 0 && one.getBoundingClientRect().width > 1;
  const all = (what) => [...document.querySelectorAll(what)].filter(seen);
  const touched = "button, select, summary, label.check, input, a.act, a.edged, a.danger, .crumb a, .tabs a";
  const low = all(`.office :is(${touched})`)
    .filter((one) => !one.closest("label.check") || one.matches("label"))
    .filter((one) => innerWidth < 760 && Math.round(one.getBoundingClientRect().height) < 40);
  const nameless = all("input, select, textarea").filter((one) => !one.labels.length && !one.ariaLabel);
  const mute = all("a, button").filter((one) => !one.textContent.trim() && !one.ariaLabel);
  const said = all("[aria-describedby]").flatMap((one) => one.getAttribute("aria-describedby").split(" "));
  const lost = said.filter((id) => !document.getElementById(id));
  const heads = document.querySelectorAll("h1").length === 1 && document.querySelectorAll("main").length === 1;
  const names = [...low, ...nameless, ...mute].map((one) => one.outerHTML.slice(0, 120));
  return [...names, ...lost, ...(heads ? [] : ["not one heading and one main part"])];
}"""

FOCUSED = """() => {
  const { name, textContent } = document.activeElement;
  return getComputedStyle(document.activeElement).outlineStyle === "none" ? "unseen" : name || textContent.trim();
}"""


@pytest.fixture(scope="module")
def ids(hearth: House) -> Iterator[tuple[str, str]]:
    """The house with a team of its own for this and more models than one; the team's id and a member's."""
    team, person = hearth.run(FILL, PASSWORD).split()
    yield team, person
    hearth.run(SWITCH_OFF)


async def test_a_teams_administrator_chooses_and_its_people_pick_among_these(
    hearth: House, ids: tuple[str, str], page: Page, chromium: Browser
) -> None:
    await sign_in(page, hearth, "tom.maker@example.org")
    await page.click(".sidebar >> text=Offices")
    await page.click(".listing >> text=Makers")
    await page.click("text=Choose…")
    await expect(page.locator("h1")).to_have_text("Models of Makers")
    await expect(page.get_by_label("Birch")).to_be_hidden()
    await page.check("text=Only the models that are ticked")
    await page.check("text=Birch")
    await page.check(f"text={LONG}")
    await expect(page.locator(f"{DEFAULT} option:enabled")).to_contain_text([FIRST, "Birch", LONG])
    await page.select_option(DEFAULT, label="Birch")
    await page.uncheck("text=Birch")
    await expect(page.locator(f"{DEFAULT} option:checked")).to_have_text(FIRST)
    await page.check("text=Birch")
    await page.select_option(DEFAULT, label="Birch")
    await page.click("button:has-text('Save')")
    await expect(page.locator(".said")).to_contain_text("Which models Makers uses is saved")

    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    mia = await context.new_page()
    await sign_in(mia, hearth, "mia.maker@example.org")
    await expect(mia.locator(f"{PICKER} option")).to_have_count(2)
    await expect(mia.locator(f"{PICKER} option:checked")).to_contain_text("Birch")
    await expect(mia.locator(PICKER)).not_to_contain_text("tiny")
    office = await mia.goto(page.url)
    assert office
    assert office.status == 404
    await context.close()

    await page.check("text=Every model, those that are added later too")
    async with page.expect_navigation():
        await page.click("button:has-text('Save')")
    await expect(page.get_by_label("Birch")).to_be_hidden()
    await page.goto(hearth.origin)
    await expect(page.locator(PICKER)).to_contain_text("tiny")


async def test_without_scripts_a_default_that_is_not_ticked_gets_a_sentence(
    hearth: House, ids: tuple[str, str], chromium: Browser
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, hearth, "tom.maker@example.org")
    await page.goto(f"{hearth.origin}/teams/{ids[0]}/models/")
    await page.check("text=Only the models that are ticked")
    await page.check(f"text={LONG}")
    await page.select_option(DEFAULT, label="Birch")
    await page.click("button:has-text('Save')")
    await expect(page.locator(".field .error")).to_have_text("Tick this model too, or let new chats ask another one.")
    await expect(page.locator(f"{DEFAULT} option:checked")).to_have_text("Birch")
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_everything_fits_is_named_and_is_high_enough_to_touch(
    hearth: House, ids: tuple[str, str], page: Page, width: int, scheme: str
) -> None:
    team, person = ids
    await page.set_viewport_size({"width": width, "height": 844})
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await sign_in(page, hearth)
    places = [f"teams/{team}/models/", f"people/{person}/", f"people/{person}/factors/reset/", "people/?q=zzz", "you/"]
    for place in [*places, "people/", "teams/", "invitations/", "invitations/new/"]:
        await page.goto(f"{hearth.origin}/{place}")
        if place.endswith("models/"):
            await page.check("text=Only the models that are ticked")
        assert await page.evaluate(WRONG) == [], place
        assert await page.evaluate("document.querySelector('.office').scrollWidth") <= width, place
        assert await page.evaluate(
            "document.querySelector('h1').scrollWidth <= document.querySelector('h1').clientWidth"
        )


async def test_the_focus_is_seen_wherever_the_keyboard_leads(hearth: House, ids: tuple[str, str], page: Page) -> None:
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/teams/{ids[0]}/models/")
    await page.check("text=Only the models that are ticked")
    await page.focus(".skip")
    passed: list[str] = []
    while "Cancel" not in passed and len(passed) < 40:
        await page.keyboard.press("Tab")
        passed.append(await page.evaluate(FOCUSED))
    assert {"which", "models", "default", "Save", "Cancel"} <= set(passed)
    assert "unseen" not in passed
