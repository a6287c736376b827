"""Passkeys and codes in a real browser with a virtual authenticator, under the strict policy."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aftermath import rows
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from house import PASSWORD, House
from playwright.async_api import Browser, CDPSession, Page, expect

pytestmark = pytest.mark.slow

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SHUT = "UPDATE accounts_user SET is_active = %s WHERE email = 'pia@example.org'"
EVERYONE, NOBODY = (f"UPDATE accounts_organisation SET mfa = '{whom}'" for whom in ("everyone", "nobody"))
RESET = "from django.core.management import call_command; call_command('reset_factors', 'ida@example.org')"
SAID = "SELECT body::text FROM audit_entry WHERE verb = 'accounts.signed_in' ORDER BY seq DESC LIMIT 1"


@pytest.fixture(scope="module")
def home(hearth: House) -> Iterator[House]:
    """The house, in which a rule for everybody is changed for a while."""
    hearth.add_people("pia", "tom", "ida")
    yield hearth
    rows(hearth, NOBODY)


def at(house: House) -> str:
    """Return the origin by name: a bare address is no place for passkeys."""
    return house.origin.replace("127.0.0.1", "localhost")


async def authenticator(page: Page) -> tuple[CDPSession, str]:
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session, made["authenticatorId"]


async def by_password(page: Page, house: House, email: str) -> None:
    await page.goto(f"{at(house)}/account/login/")
    await page.fill("[name=login]", email)
    await page.fill("[name=password]", PASSWORD)
    await page.click("form[action='/account/login/'] button")
    await page.wait_for_load_state()


async def sign_out(page: Page, house: House) -> None:
    await page.goto(f"{at(house)}/account/logout/")
    await page.click("button:has-text('Sign out')")
    await page.wait_for_url(f"{at(house)}/account/login/")


async def confirm(page: Page) -> None:
    await page.fill("[name=password]", PASSWORD)
    await page.click("button:has-text('Go on')")


async def test_a_passkey_is_made_signs_in_alone_and_as_the_second_step_and_is_removed(home: House, page: Page) -> None:
    session, key = await authenticator(page)
    await by_password(page, home, "pia@example.org")
    await page.goto(f"{at(home)}/you/")
    await page.click("text=Passkeys, app and codes")
    await page.click("text=Make a passkey")
    await confirm(page)
    await page.fill("[name=name]", "Blue key")
    await page.click("text=Make the passkey")
    await expect(page.locator(".codes li")).to_have_count(10)
    stored = await session.send("WebAuthn.getCredentials", {"authenticatorId": key})
    assert [one["isResidentCredential"] for one in stored["credentials"]] == [True]
    await page.click("text=I have kept them")
    await page.wait_for_url(f"{at(home)}/")

    await sign_out(page, home)
    await page.goto(f"{at(home)}/account/login/?next=/you/sessions/")
    await page.click("text=Sign in with a passkey")
    await page.wait_for_url(f"{at(home)}/you/sessions/")
    [(said,)] = rows(home, SAID)
    assert '"factor":"passkey"' in said

    await sign_out(page, home)
    await by_password(page, home, "pia@example.org")
    await expect(page.locator("h1")).to_have_text("Second step")
    await page.click("text=Use your passkey")
    await page.wait_for_url(f"{at(home)}/")

    await page.goto(f"{at(home)}/account/2fa/")
    await expect(page.locator(".visits")).to_contain_text("Blue key")
    await page.click("text=Remove")
    await page.click("text=Use a passkey")
    await page.click("text=Use your passkey")
    await page.click("text=Remove it")
    await expect(page.locator(".said")).to_contain_text("The passkey is removed.")
    await expect(page.locator(".visits")).to_have_count(0)


async def test_a_device_that_says_no_gets_a_sentence_and_a_shut_account_stays_shut(home: House, page: Page) -> None:
    session, key = await authenticator(page)
    await by_password(page, home, "pia@example.org")
    await page.goto(f"{at(home)}/account/2fa/webauthn/add/")
    await confirm(page)
    await session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    await page.click("text=Make the passkey")
    await expect(page.locator("[data-trouble]")).to_contain_text("The device gave no passkey")
    await session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    await page.click("text=Make the passkey")
    await expect(page.locator(".codes li")).to_have_count(10)
    await sign_out(page, home)
    rows(home, SHUT, False)
    await page.click("text=Sign in with a passkey")
    await expect(page.locator("h1")).to_have_text("This account is deactivated")
    rows(home, SHUT, True)
    await page.goto(f"{at(home)}/")
    await expect(page.locator("h1")).to_have_text("Sign in to Aalto")


async def test_who_owes_a_factor_is_led_to_it_and_sets_up_an_app_without_scripts(
    home: House, chromium: Browser
) -> None:
    rows(home, EVERYONE)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await by_password(page, home, "tom@example.org")
    await expect(page.locator(".call")).to_contain_text("Your organisation asks you")
    await page.goto(f"{at(home)}/you/sessions/")
    await expect(page.locator(".call")).to_be_visible()
    await page.click("text=Use an authenticator app")
    await confirm(page)
    await expect(page.locator(".qr path")).to_be_visible()
    secret = (await page.inner_text(".secret")).replace(" ", "")
    await page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    await page.click("text=Done")
    await expect(page.locator(".codes li")).to_have_count(10)
    code = await page.locator(".codes li").first.inner_text()
    await page.click("text=I have kept them")
    await page.wait_for_url(f"{at(home)}/")
    await page.goto(f"{at(home)}/account/logout/")
    await page.click("button:has-text('Sign out')")
    await expect(page.locator("text=Sign in with a passkey")).to_be_hidden()
    await by_password(page, home, "tom@example.org")
    await page.fill("[name=code]", code)
    await page.click("form:has([name=code]) button")
    await page.wait_for_url(f"{at(home)}/")
    await context.close()
    rows(home, NOBODY)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_ones_own_pages_fit_desks_and_phones(
    home: House, page: Page, width: int, scheme: str, tmp_path: Path
) -> None:
    await authenticator(page)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    async def seen(name: str) -> None:
        await page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, name

    await page.goto(f"{at(home)}/account/login/")
    await seen("login")
    await by_password(page, home, "ida@example.org")
    for name, path in {"you": "/you/", "sessions": "/you/sessions/", "factors": "/account/2fa/"}.items():
        await page.goto(f"{at(home)}{path}")
        await seen(name)
    await page.goto(f"{at(home)}/account/2fa/totp/activate/")
    await seen("again")
    await confirm(page)
    await seen("app")
    await page.goto(f"{at(home)}/account/2fa/webauthn/add/")
    await seen("add")
    await page.click("text=Make the passkey")
    await expect(page.locator(".codes li")).to_have_count(10)
    await seen("codes")
    await page.goto(f"{at(home)}/account/2fa/")
    await seen("with-a-passkey")
    await sign_out(page, home)
    await by_password(page, home, "ida@example.org")
    await seen("second-step")
    await page.click("text=Use your passkey")
    await page.wait_for_url(f"{at(home)}/")
    home.run(RESET)
