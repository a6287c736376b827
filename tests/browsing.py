"""What people do in a browser again and again."""

from house import PASSWORD, House
from playwright.async_api import Page


async def sign_in(page: Page, house: House, email: str = "ada@example.org") -> None:
    await page.goto(f"{house.origin}/account/login/")
    await page.fill("[name=login]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")
    await page.wait_for_url(f"{house.origin}/")
