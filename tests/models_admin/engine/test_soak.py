"""A hundred thousand tokens over changing widths: nothing grows, no slot is lost."""

from pathlib import Path
from statistics import median

import pytest
from tiny_gguf import write_tiny_gguf

from models_admin.engine.process import EngineProcess
from models_admin.engine.protocol import Ended, EngineSpec, Request, Sampling, Started, Turn

TOKENS = 100_000
WARM = 20_000  # tokens until every buffer has its size and the shelf is full
WINDOW = 20_000  # tokens: the first behind the warm-up is compared with the last
SLOTS = 8
MOST_GROWTH = 3072  # KiB from window to window, 60,000 tokens
OWN = ("RssAnon:", "RssShmem:", "VmSwap:")


def own_memory(pid: int) -> int:
    """Return the KiB that only the process itself gives back, in memory or swapped out.

    Pages of files do not count: how many of those stay is up to whoever else is on the machine.
    """
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return sum(int(words[1]) for words in lines if words and words[0] in OWN)


def growth(samples: list[tuple[int, int]]) -> float:
    """Return the KiB between the windows' medians; samples are (tokens said, KiB)."""
    first = [size for said, size in samples if WARM <= said < WARM + WINDOW]
    last = [size for said, size in samples if said >= TOKENS - WINDOW]
    return median(last) - median(first)


def test_a_leak_is_found_and_one_round_that_stands_out_is_not() -> None:
    steady = [(said, 50_000 + 9_000 * (said in (WARM, TOKENS))) for said in range(0, TOKENS + 1, 500)]
    assert growth(steady) == 0
    leaking = [(said, 50_000 + said // 16) for said in range(0, TOKENS + 1, 500)]  # 64 bytes a token
    assert growth(leaking) > MOST_GROWTH


def ask(engine: EngineProcess, turn: int, width: int) -> int:
    """Ask so many questions at once, some in conversations known already. Return how many tokens were said."""
    for n in range(width):
        name = f"{turn}.{n}"
        sampling = Sampling(temperature=0.8 * (n % 2), seed=turn, max_tokens=64, lookup=n % 3 == 0)
        seat = f"chat {(turn * 5 + n) % 40}"
        engine.submit(Request(name, seat, (Turn("user", f"{turn} and {n} " * (1 + n * 5)),), sampling))
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
    said = turn = 0
    samples: list[tuple[int, int]] = []
    try:
        while said < TOKENS:
            said += ask(engine, turn, 1 + turn * 5 % SLOTS)
            turn += 1
            samples.append((said, own_memory(engine.pid)))
        grew = growth(samples)
        print(f"{said} tokens in {turn} rounds: {grew:.0f} KiB grown after the first {WARM}")  # noqa: T201
        assert grew <= MOST_GROWTH
        assert ask(engine, turn, SLOTS) > 0, "every slot still answers"
    finally:
        engine.close()
