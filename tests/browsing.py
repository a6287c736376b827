"""What people do in a browser again and again, and what is done behind it."""

from house import PASSWORD, House
from playwright.async_api import Page

DEPLOY = "import sys; from pathlib import Path; from models_admin.actions import deploy; "
DEPLOY += "deploy(Path(sys.argv[1]), name=sys.argv[2])"


async def sign_in(page: Page, house: House, email: str = "ada@example.org") -> None:
    await page.goto(f"{house.origin}/account/login/")
    await page.fill("[name=login]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{house.origin}/")
