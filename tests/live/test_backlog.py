"""A tab that lies: it takes nothing off the wire and asks for more and more."""

import asyncio
import json
from uuid import uuid4

import psutil
import pytest
from house import House, Tab
from websockets.exceptions import ConnectionClosed

from models_admin.engine.stub import reference_text

MEGABYTE = 1 << 20


async def say_again(tab: Tab, word: str) -> None:
    for _ in range(150):
        await tab.connection.send(word)
        await asyncio.sleep(0.05)


async def test_a_tab_that_asks_again_and_never_reads_is_dropped_and_nothing_is_lost(house: House) -> None:
    eve = await house.person("eve")
    question = f"greedy {uuid4()} [[words=40000]] [[rate=100000]]"
    asked = await eve.ask(question)
    async with eve.socket() as tab:
        await tab.follow(asked)
        await tab.until("answer.ended", 60)
        whole = tab.text
    assert len(whole) > 200_000
    web = psutil.Process(house.pid("web"))
    before = web.memory_info().rss
    follow = json.dumps({"type": "follow", "generation": asked.generation, "after": "0"})
    async with eve.socket(max_queue=1, max_size=None) as tab:
        with pytest.raises(ConnectionClosed):
            await say_again(tab, follow)
    assert (web.memory_info().rss - before) / MEGABYTE <= 50
    async with eve.socket() as tab:
        await tab.follow(asked)
        await tab.until("answer.ended", 60)
        assert tab.text == whole == reference_text(question, 40_000)
