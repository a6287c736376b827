"""The page of health in a browser: a check that was red is drawn, and the page fits whoever looks."""

import pytest
from aftermath import rows
from browsing import look, sign_in
from house import ROOT, House, eventually
from playwright.async_api import Page, expect

pytestmark = pytest.mark.slow

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
RUN = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((one) => one.id)"
WAS = """
INSERT INTO health_spell (name, state, since, seen_at, until)
VALUES ('redis', 'failing', now() - interval '9 days', now() - interval '8 days', now() - interval '8 days'),
  ('redis', 'unknown', now() - interval '8 days', now() - interval '7 days', now() - interval '7 days')
"""


async def test_what_was_red_is_drawn_and_told(hearth: House, page: Page) -> None:
    rows(hearth, WAS)
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/health/")
    await expect(page.locator("h1")).to_have_text("Health")
    await expect(page.locator(".checks > li")).to_have_count(9)
    redis = page.locator(".checks > li", has=page.get_by_role("heading", name="Redis", exact=True))
    await expect(redis.locator(".tag")).to_have_text("works")
    await expect(redis.locator("rect.failing")).to_have_count(1)
    await redis.get_by_text("The same as a table").click()
    await expect(redis.locator("tbody tr")).to_have_count(2)
    await page.evaluate(AXE)
    assert await page.evaluate(RUN) == []
    await look(page, "health")


async def test_the_navigation_leads_here(hearth: House, page: Page) -> None:
    eventually(lambda: rows(hearth, "SELECT 1 FROM health_spell LIMIT 1"), seconds=45, what="a look")
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/people/")
    await page.get_by_role("navigation").get_by_role("link", name="Health").click()
    await expect(page.locator("h1")).to_have_text("Health")
