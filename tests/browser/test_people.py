"""People and teams in a real browser: somebody is invited, comes in, is found; by keyboard, on a phone, scriptless."""

from pathlib import Path

import pytest
from browsing import sign_in
from house import PASSWORD, House
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.slow

FILL = """
from accounts.models import Membership, Organisation, Team, User
team = Team.objects.order_by("created_at").first()
people = [User(email=f"many{n:03}@example.org", display_name=f"Many {n:03}") for n in range(130)]
User.objects.bulk_create(people, ignore_conflicts=True)
rows = User.objects.filter(email__startswith="many")
Membership.objects.bulk_create([Membership(team=team, user=user) for user in rows], ignore_conflicts=True)
eve = User.objects.get_or_create(email="eve.odd@example.org", defaults={"display_name": "<img src=x onerror=alert(1)>"})
print(team.pk, rows.first().pk)
"""
ROWS = "[data-entries] > li:not([data-more])"


@pytest.fixture(scope="module")
def ids(hearth: House) -> tuple[str, str]:
    """The house with many people; the team's and one person's id."""
    team, person = hearth.run(FILL).split()
    return team, person


async def test_somebody_is_invited_comes_in_and_is_found(
    hearth: House, ids: tuple[str, str], page: Page, chromium: Browser
) -> None:
    await sign_in(page, hearth)
    await page.click(".sidebar >> text=Offices")
    await page.wait_for_url(f"{hearth.origin}/people/")
    await page.click("text=Invite somebody")
    await page.fill("[name=email]", "lin@example.org")
    await page.select_option("[name=team]", index=1)
    await page.click("text=Make the link")
    link = await page.input_value("#link")
    assert link.startswith(f"{hearth.origin}/join/")

    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    lin = await context.new_page()
    await lin.goto(link)
    await expect(lin.locator(".lead")).to_contain_text("lin@example.org")
    for name, value in {"display_name": "Lin Kay", "password1": PASSWORD, "password2": PASSWORD}.items():
        await lin.fill(f"[name={name}]", value)
    await lin.keyboard.press("Enter")
    await lin.wait_for_url(f"{hearth.origin}/")
    await expect(lin.locator(".welcome h2")).to_contain_text("Lin Kay")
    await lin.goto(link)
    await expect(lin.locator("h1")).to_have_text("This link does not work")

    await page.goto(f"{hearth.origin}/people/")
    await page.locator("[name=q]").press_sequentially("lin kay")
    await expect(page.locator(ROWS)).to_have_count(1)
    await expect(page.locator("[data-sifted] h2")).to_have_text("1 person fits")
    await page.wait_for_url("**/people/?q=lin+kay")
    await page.reload()
    await expect(page.locator(ROWS)).to_contain_text("Lin Kay")

    await page.click(".listing >> text=Lin Kay")
    await page.click("text=Deactivate…")
    await page.click("button:has-text('Deactivate Lin Kay')")
    await expect(page.locator(".said")).to_contain_text("Lin Kay is deactivated")
    await lin.goto(f"{hearth.origin}/")
    await lin.wait_for_url(f"{hearth.origin}/account/login/**")
    await context.close()


async def test_a_long_list_is_scrolled_to_its_end_and_filtered_by_keyboard(
    hearth: House, ids: tuple[str, str], page: Page
) -> None:
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/people/?q=many")
    await expect(page.locator(ROWS)).to_have_count(50)
    for _ in range(2):
        await page.locator("[data-entries] > li").last.scroll_into_view_if_needed()
        await page.wait_for_timeout(500)
    await expect(page.locator(ROWS)).to_have_count(130)
    await page.focus("[name=q]")
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.type("many 007")
    await expect(page.locator(ROWS)).to_have_count(1)
    await expect(page.locator("[data-announce]")).to_have_text("1 person fits")
    for _ in range(5):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('.listing a')"):
            break
    else:
        await page.focus(".listing a")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Many 007")


async def test_somebody_is_taken_out_of_a_team_without_scripts(
    hearth: House, ids: tuple[str, str], chromium: Browser
) -> None:
    team, _ = ids
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{hearth.origin}/account/login/?next=/teams/{team}/?q=many+001")
    await page.fill("[name=login]", "ada@example.org")
    await page.fill("[name=password]", PASSWORD)
    await page.click("form[action='/account/login/'] button[type=submit]")
    await page.goto(f"{hearth.origin}/teams/{team}/?q=many+001")
    await expect(page.locator(ROWS)).to_have_count(1)
    await page.focus(".sure summary")
    await page.keyboard.press("Enter")
    await page.click("text=Remove Many 001")
    await expect(page.locator(".said")).to_contain_text("Many 001 is no longer in")
    await page.goto(f"{hearth.origin}/people/?q=zz")
    await expect(page.locator(".listing .nothing")).to_contain_text("Nobody fits")
    await context.close()


async def test_a_file_is_looked_at_before_anybody_is_invited(
    hearth: House, ids: tuple[str, str], page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    await sign_in(page, hearth)
    for content, says in (
        ("email,name\nkim@example.org,Kim\nnobody,\n", "1 of 2 lines must be corrected"),
        ("email;name\nkim@example.org;Kim\nada@example.org;\n", "1 person can come in"),
    ):
        file.write_text(content)
        await page.goto(f"{hearth.origin}/invitations/file/")
        await page.set_input_files("[name=file]", file)
        await page.click("text=Look at the file")
        await expect(page.locator(".verdict")).to_have_text(says)
    await page.click("text=Invite them")
    await expect(page.locator(".verdict")).to_have_text("1 link to hand over")
    assert "kim@example.org,http" in await page.input_value("#links")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_nothing_overflows_in_light_and_dark_on_desks_and_phones(
    hearth: House, ids: tuple[str, str], page: Page, width: int, scheme: str
) -> None:
    team, person = ids
    await page.set_viewport_size({"width": width, "height": 844})
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await sign_in(page, hearth)
    places = ["people/", f"people/{person}/", f"people/{person}/leave/", "teams/", f"teams/{team}/", "organisation/"]
    places += [
        "invitations/",
        "invitations/new/",
        "invitations/file/",
        "invitations/joiners/",
        "roles/?power=make_owners",
    ]
    for place in places:
        await page.goto(f"{hearth.origin}/{place}")
        await page.evaluate("for (const fold of document.querySelectorAll('.office details')) fold.open = true")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert await page.evaluate("document.querySelector('.office').scrollWidth") <= width, place
        assert await page.locator(".office img:not(.mark)").count() == 0, place
