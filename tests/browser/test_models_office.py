"""The office of models in a browser: a file in the folder is hashed and gets a card; another one is uploaded."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import gguf
import numpy as np
import pytest
import pytest_asyncio
from aftermath import rows
from browsing import look, sign_in
from house import House, eventually
from playwright.async_api import Browser, Page, Request, Route, expect
from tiny_gguf import write_tiny_gguf

pytestmark = pytest.mark.slow


def described(writer: gguf.GGUFWriter) -> None:
    """Say what a file of somebody careful says of itself, and be as long as ten pieces or so."""
    writer.add_license("apache-2.0")
    writer.add_languages(["en", "fi"])
    writer.add_author("Aalto Language Bank")
    writer.add_tensor("ballast.weight", np.zeros((24 << 18, 4), np.float32))  # 96 MiB


@pytest_asyncio.fixture(loop_scope="session")
async def ada(hearth: House, chromium: Browser) -> AsyncIterator[Page]:
    """The owner, in the office of models. A script error or a breach of the policy fails the test."""
    wrong: list[str] = []
    context = await chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
    await sign_in(page, hearth)
    await page.click(".sidebar >> text=Offices")
    await page.click(".sidebar >> text=Models")
    await page.wait_for_url(f"{hearth.origin}/models/")
    yield page
    await context.close()
    assert wrong == []


async def test_a_file_in_the_folder_is_hashed_and_gets_its_card(hearth: House, ada: Page) -> None:
    folder = hearth.var / "models"
    folder.mkdir(exist_ok=True)
    path = write_tiny_gguf(folder / "letters.gguf", name="Letters 1B", add=described)
    (folder / "notes.gguf").write_text("This is no model.")
    await ada.click("text=Look again")
    await expect(ada.locator(".work-box")).to_contain_text("The folder is being looked through")
    ready = ada.locator(".of-files li", has_text="Letters 1B").locator(".tag", has_text="ready")
    await expect(ready).to_be_visible(timeout=40_000)
    refused = ada.locator(".of-files li", has_text="notes.gguf")
    await expect(refused).to_contain_text("refused", timeout=40_000)
    await look(ada, "1-list")
    await ada.fill("[name=q]", "lett")
    await expect(ada.locator("h2", has_text="1 model fits")).to_be_visible()
    await ada.click(".of-files >> text=Letters 1B")
    await expect(ada.locator("h1")).to_have_text("Letters 1B")
    for words in ("apache-2.0", "en, fi", "Aalto Language Bank", sha256(path.read_bytes()).hexdigest(), "of RAM"):
        await expect(ada.locator("main")).to_contain_text(words)
    await look(ada, "2-card")
    await ada.click("text=Edit the card")
    await ada.get_by_label("Intended use").fill("Letters to members of the club.")
    await ada.get_by_label("Known limits").fill("Sums.\nNames of people.")
    await look(ada, "3-edit")
    await ada.click("text=Save")
    await expect(ada.locator(".said")).to_have_text("The card is saved.")
    await expect(ada.locator("main")).to_contain_text("Letters to members of the club.")
    await ada.get_by_label("Deprecated: it should not be deployed any more").check()
    await ada.click("text=Save the mark")
    await expect(ada.locator(".pulse.warm")).to_contain_text("It should not be deployed any more.")
    write_tiny_gguf(path, seed=1)
    await ada.click(".crumb a")
    await ada.click("text=Look again")
    eventually(lambda: rows(hearth, "SELECT 1 FROM models_admin_modelfile WHERE state = 'refused' AND sha256 <> ''"))
    await ada.click(".of-files >> text=Letters 1B")
    await expect(ada.locator("main")).to_contain_text("It is not the file that was registered.")
    await look(ada, "4-changed")
    await ada.click("text=Register the file that is there now")
    await expect(ada.locator(".pulse", has_text="Ready.")).to_be_visible()


async def test_an_upload_goes_on_after_a_pause_and_after_a_reload(hearth: House, ada: Page, tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "uploaded.gguf", name="Uploaded", seed=3, add=described)
    sent: list[str] = []

    async def slowly(route: Route, request: Request) -> None:
        """Let pieces pass one by one, so that there is something to pause."""
        if request.method == "PUT":
            sent.append(request.headers["content-range"])
            await ada.wait_for_timeout(400)
        await route.continue_()

    await ada.route(re.compile(r"/models/uploads/"), slowly)
    await ada.set_input_files("[data-files]", path)
    row = ada.locator(".uploads li", has_text="uploaded.gguf")
    await expect(row).to_contain_text(re.compile(r"[1-9]\d* % of"))
    await look(ada, "5-uploading")
    await row.get_by_role("button", name="Pause").click()
    await expect(row).to_contain_text(re.compile(r"Paused at \d+ %"))
    paused_at = len(sent)
    await ada.wait_for_timeout(1200)
    assert len(sent) == paused_at
    await row.get_by_role("button", name="Go on").focus()
    await ada.keyboard.press("Enter")
    await expect(row).to_contain_text(re.compile(r"\d+ % of"), timeout=30_000)
    assert len(sent) > paused_at
    ada.on("dialog", lambda dialog: dialog.accept())
    await ada.reload()
    known = ada.locator(".uploads li", has_text="uploaded.gguf")
    await expect(known).to_contain_text("Choose the same file again to go on.")
    await look(ada, "6-broken-off")
    before = len(sent)
    await ada.set_input_files("[data-files]", path)
    await expect(
        ada.locator(".of-files li", has_text="Uploaded").or_(ada.locator(".work li", has_text="ploaded")).first
    ).to_be_visible(timeout=60_000)
    assert int(sent[before].split()[1].split("-")[0]) > 0, "what was there is not sent again"
    digest = sha256(path.read_bytes()).hexdigest()
    eventually(
        lambda: rows(hearth, f"SELECT 1 FROM models_admin_modelfile WHERE sha256 = '{digest}' AND state = 'ready'")
    )
    assert (hearth.var / "models" / "uploaded.gguf").read_bytes() == path.read_bytes()


async def test_a_file_that_is_no_model_s_is_refused_in_a_sentence(ada: Page, tmp_path: Path) -> None:
    (tmp_path / "holiday photo.jpg").write_bytes(b"JPEG")
    await ada.set_input_files("[data-files]", tmp_path / "holiday photo.jpg")
    row = ada.locator(".uploads li", has_text="holiday photo.jpg")
    await expect(row).to_contain_text("The file's name must end in .gguf")
    await look(ada, "7-refused")
    await row.get_by_role("button", name="Cancel").click()
    await expect(row).to_have_count(0)
