"""A server elsewhere in a browser: written down, tested, deployed and asked; what leaves the premises is marked."""

import pytest
from aftermath import rows
from browsing import look, sign_in
from house import House
from openai_server import llama_server
from playwright.async_api import Page, expect

pytestmark = pytest.mark.slow

LEAVES = """
UPDATE models_admin_endpoint SET leaves = true;
INSERT INTO models_admin_outsidepolicy (id, allowed, terms)
  VALUES (1, true, 'Read by Cloud Ltd. Nothing about customers, please.');
INSERT INTO models_admin_deploymentteam (deployment_id, team_id, allowed)
  SELECT d.id, t.id, true FROM models_admin_deployment d, accounts_team t WHERE d.name = 'Next door'
"""
MARKED = "UPDATE chat_generation SET left_premises = true WHERE model_name = 'Next door'"
GONE = "UPDATE models_admin_deployment SET enabled = false WHERE name = 'Next door'"


async def test_a_server_is_written_down_tested_deployed_and_asked(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    await page.goto(f"{hearth.origin}/models/endpoints/")
    await expect(page.locator(".hint h2")).to_have_text("No endpoint yet")
    await look(page, "1-none")
    await page.click("text=Add an endpoint >> nth=0")
    await page.fill("[name=name]", "Hall")
    await page.fill("[name=url]", "http://169.254.169.254/v1")
    await page.keyboard.press("Enter")
    await expect(page.locator(".error")).to_contain_text("nothing may be asked")
    await look(page, "2-refused")
    with llama_server() as url:
        await page.fill("[name=url]", url)
        await page.keyboard.press("Enter")
        await expect(page.locator(".pulse")).to_contain_text("Not tested yet")
        await page.click("text=Test it")
        await expect(page.locator(".pulse")).to_contain_text("It answers")
        await look(page, "3-tested")
        await page.locator("li", has_text="house").get_by_role("link", name="Deploy").click()
        await page.fill("[name=name]", "Next door")
        await page.fill("[name=context]", "1024")
        await look(page, "4-deploy")
        await page.get_by_role("button", name="Deploy").click()
        await expect(page.locator(".said")).to_contain_text("Say which teams may ask it")
        try:
            await page.goto(hearth.origin)
            ((pk,),) = rows(hearth, "SELECT id::text FROM models_admin_deployment WHERE name = 'Next door'")
            await page.select_option("[name=deployment]", value=pk)
            await page.fill("textarea", "What is a hearth?")
            await page.keyboard.press("Enter")
            await page.wait_for_url("**/chats/*/")
            await expect(page.locator(".answer").last).to_have_attribute("data-state", "done", timeout=60_000)
            for statement in (*LEAVES.split(";"), MARKED):
                rows(hearth, statement)
            await page.reload()
            await expect(page.locator(".answer .who .tag.leaves")).to_have_text("left the premises")
            await expect(page.locator(".leaving")).to_contain_text("Nothing about customers")
            await look(page, "5-marked", "body")
        finally:
            rows(hearth, GONE)
    await page.goto(f"{hearth.origin}/models/endpoints/")
    await look(page, "6-list")
    await page.goto(f"{hearth.origin}/models/outside/")
    await look(page, "7-outside")
