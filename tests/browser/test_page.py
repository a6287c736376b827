"""What the page makes of what a model wrote, and the small things people reach for."""

import asyncio
from uuid import uuid4

import pytest
from browsing import sign_in
from house import House
from playwright.async_api import BrowserContext, Page, expect

RICH = r"""
Some **bold** words and [a link](https://example.org/a), [a trap](javascript:alert(1)) and ![a picture](http://evil.example/x.png).

| Fuel | kWh |
| :--- | ---: |
| Oak | 4.2 |

The power is $P = \sigma A T^4$ and

$$ Q = \int_0^1 x \, dx $$

```python
def heat() -> float:
    return 4.2
```

<script>alert(1)</script><img src=x onerror=alert(1)> costs $5 and $6 <b style="color:red">x</b>

$\href{javascript:alert(1)}{x}$ and $\broken{$
"""
WRITE = """
import sys
from uuid import uuid4
from django.db import transaction
from accounts.models import User
from chat import actions
from chat.models import Generation, Message
from models_admin.models import Deployment
with transaction.atomic():
    g = actions.begin(
        User.objects.get(email="ada@example.org"),
        text=sys.argv[1], deployment=Deployment.objects.get(enabled=True), client_id=uuid4(),
    )
    Message.objects.for_housekeeping().filter(pk=g.message_id).update(text=sys.argv[2])
    Generation.objects.for_housekeeping().filter(pk=g.pk).update(state="done", output_tokens=40, decode_seconds=2)
print(g.message.conversation_id)
"""


async def written(house: House, page: Page, text: str, question: str = "") -> None:
    """Open a conversation whose answer is this text."""
    chat = await asyncio.to_thread(house.run, WRITE, question or f"asked {uuid4()}", text)
    await sign_in(page, house)
    await page.goto(f"{house.origin}/chats/{chat.strip()}/")


@pytest.mark.slow
async def test_markdown_code_tables_and_formulas_are_set_and_traps_are_text(hearth: House, page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if hearth.origin not in request.url else None)
    page.on("dialog", lambda dialog: foreign.append(dialog.message))
    await written(hearth, page, RICH)
    answer = page.locator(".answer [data-prose]")
    await expect(answer.locator("td.align-right")).to_have_text("4.2")
    await expect(answer.locator(".hljs-keyword").first).to_have_text("def")
    await expect(answer.locator(".katex-display .katex")).to_have_count(1)
    await expect(answer.locator("a")).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert await answer.locator("a").get_attribute("href") == "https://example.org/a"
    assert await answer.locator("img, script, b, [style*=red]").count() == 0
    text = await answer.inner_text()
    for shown in ("<script>alert(1)</script>", "![a picture](http://evil.example/x.png)", "costs $5 and $6"):
        assert shown in text
    assert foreign == []


async def test_the_whole_answer_and_one_block_of_code_can_be_copied(
    hearth: House, page: Page, context: BrowserContext
) -> None:
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    await written(hearth, page, RICH)
    await page.click(".code [data-copy-code]")
    await expect(page.locator(".code [data-copy-code]")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "def heat() -> float:\n    return 4.2\n"
    await page.click(".answer .tools [data-copy='']")
    await expect(page.locator(".answer .tools [data-copy='']")).to_have_text("Copied")
    assert (await page.evaluate("navigator.clipboard.readText()")).strip() == RICH.strip()


async def test_light_and_dark_are_remembered(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    colour = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(colour)
    await page.click("[data-theme-switch]")
    dark = await page.evaluate(colour)
    assert light != dark
    await page.reload()
    assert await page.evaluate(colour) == dark


async def test_on_a_phone_nothing_overflows_and_the_list_opens(hearth: House, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await written(hearth, page, RICH + "\n\n`" + "x" * 300 + "`")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await expect(page.locator(".sidebar")).not_to_be_in_viewport()
    await page.click(".open")
    await expect(page.locator(".sidebar")).to_be_in_viewport()
    await page.click(".sidebar .close")
    await expect(page.locator(".sidebar")).not_to_be_in_viewport()


async def test_a_long_answer_opens_at_its_end_and_reading_up_is_not_disturbed(hearth: House, page: Page) -> None:
    await written(hearth, page, RICH * 6)
    await expect(page.locator(".answer .tools")).to_be_in_viewport()
    await page.evaluate("document.querySelector('[data-scroll]').scrollTop = 0")
    await expect(page.locator("[data-latest]")).to_be_visible()
    await page.click("[data-latest]")
    await expect(page.locator(".answer .tools")).to_be_in_viewport()


async def test_a_title_with_markup_is_text_everywhere(hearth: House, page: Page) -> None:
    title = f"<img src=x onerror=alert(1)> {uuid4().hex[:8]}"
    await written(hearth, page, "fine", question=title)
    await expect(page.locator("[data-page-title]")).to_have_text(title)
    await expect(page.locator(".sidebar [aria-current] [data-title]")).to_have_text(title)
    assert await page.locator(".main img").count() == 0


@pytest.mark.slow
async def test_a_socket_that_was_lost_comes_back_by_itself(hearth: House, page: Page) -> None:
    await sign_in(page, hearth)
    hearth.kill("web")
    await expect(page.locator("[data-connection]")).to_contain_text("Connecting again")
    await expect(page.locator("[data-connection]")).to_be_hidden(timeout=20_000)


async def test_who_signs_out_in_one_tab_leaves_nothing_to_be_read_in_another(hearth: House, page: Page) -> None:
    word = f"kindling{uuid4().hex[:8]}"
    await written(hearth, page, f"Some {word}.", question=f"What of {word}?")
    await page.locator("[data-composer] textarea").fill("half a thought")
    beside = await page.context.new_page()
    await beside.goto(f"{hearth.origin}/account/logout/")
    await beside.click("button[type=submit]")
    await expect(page.locator("[data-connection]")).to_contain_text("You are signed out.")
    assert word not in await page.content()
    assert word not in await page.title()
    await expect(page.locator("[data-composer] textarea")).to_have_value("half a thought")
    await beside.close()
