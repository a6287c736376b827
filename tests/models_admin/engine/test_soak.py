"""A hundred thousand tokens over changing widths: nothing grows, no slot is lost."""

from pathlib import Path

import psutil
import pytest
from tiny_gguf import write_tiny_gguf

from models_admin.engine.process import EngineProcess
from models_admin.engine.protocol import Ended, EngineSpec, Request, Sampling, Started, Turn

TOKENS = 100_000
WARM = 20_000  # tokens until every buffer has its size and the shelf is full
SLOTS = 8
MOST_GROWTH = 4 << 20  # bytes


def ask(engine: EngineProcess, turn: int, width: int) -> int:
    """Ask so many questions at once, some in conversations known already. Return how many tokens were said."""
    for n in range(width):
        name = f"{turn}.{n}"
        sampling = Sampling(temperature=0.8 * (n % 2), seed=turn, max_tokens=64, lookup=n % 3 == 0)
        seat = f"chat {(turn * 5 + n) % 40}"
        engine.submit(Request(name, seat, (Turn("user", f"{turn} and {n} " * (1 + n * 7)),), sampling))
    started = ended = said = 0
    while ended < width:
        for event in engine.poll(5):
            started += isinstance(event, Started)
            if isinstance(event, Ended):
                ended, said = ended + 1, said + event.output_tokens
    assert started == width, "a slot is lost"
    return said


@pytest.mark.prove
def test_a_hundred_thousand_tokens_leave_nothing_behind(tmp_path: Path) -> None:
    file = write_tiny_gguf(tmp_path / "tiny.gguf")
    spec = EngineSpec(path=str(file), slots=SLOTS, context=512, batch=128, threads=2, shelf_bytes=2_000_000)
    engine = EngineProcess(spec)
    child = psutil.Process(engine.pid)
    said = turn = warm = 0
    try:
        while said < TOKENS:
            said += ask(engine, turn, 1 + turn * 5 % SLOTS)
            turn += 1
            if not warm and said >= WARM:
                warm = child.memory_info().rss
        grew = child.memory_info().rss - warm
        print(f"{said} tokens in {turn} rounds: {grew / 1024:.0f} KiB grown after the first {WARM}")  # noqa: T201
        assert grew <= MOST_GROWTH
        assert ask(engine, turn, SLOTS) > 0, "every slot still answers"
    finally:
        engine.close()
