"""docs/scale.md: what is said to be measured stands in docs/performance.md, and its table is what its formulas give."""

import math
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# As they stand there, each with the words beside it in docs/performance.md.
MEASURED = {
    "one answer 59.1 tokens/s": "| 1 | 59.1 |",
    "eight 104.9 together": "| 8 | 104.9 |",
    "thirty-two 150.7": "| 32 | 150.7 |",
    "p95 27 ms": "| 100 | 20,405 | 0 | 2.7 ms | 27.0 ms |",
    "20,040 a second": "| 20,040 a second |",
    "a search takes 37 ms in the median": "| somebody searches | 11 | 52 ms | 37 ms |",
    "1,297 audit entries a second": "| 1,297 entries/s",
    "68 tokens/s is measured": "68 (0.88) with eight sockets that follow",
}
CPU_RATE, GPU_RATE, WEB_STREAMS = 68, 1000, 100


def words(name: str) -> str:
    """Return a document with its lines joined."""
    return " ".join((ROOT / "docs" / name).read_text().split())


def assumed() -> dict[str, float]:
    """Return the assumptions by their letters."""
    found = re.findall(r"\| (\w): [^|]+\| ([\d.]+) ?(%?) \|", words("scale.md"))
    return {letter: float(number) / (100 if share else 1) for letter, number, share in found}


def computed(people: int) -> list[float]:
    """Return a row of the table: questions a second, answers at once, tokens a second, CPU hosts, GPUs."""
    by = assumed()
    questions = people * by["a"] * by["q"] / 3600
    at_once, tokens = questions * by["n"] / by["r"] * by["k"], questions * by["n"] * by["k"]
    hosts, gpus = math.ceil(tokens / CPU_RATE), math.ceil(tokens / GPU_RATE)
    return [float(f"{questions:.2g}"), math.ceil(at_once), round(tokens), hosts, gpus]


def table() -> dict[int, list[float]]:
    """Return the rows of the table by their people."""
    lines = re.findall(r"^\| ([\d,]+) \|(.+)\|$", (ROOT / "docs/scale.md").read_text(), re.MULTILINE)
    return {
        int(people.replace(",", "")): [float(cell.replace(",", "")) for cell in cells.split("|")]
        for people, cells in lines
    }


def test_what_is_said_to_be_measured_was() -> None:
    here, there = words("scale.md"), words("performance.md")
    assert [said for said in MEASURED if said not in here] == []
    assert [said for said, stands in MEASURED.items() if stands not in there] == []


def test_the_table_is_what_the_formulas_give() -> None:
    assert set(assumed()) == set("aqnrk")
    assert table() == {people: computed(people) for people in (50, 200, 1000, 5000)}


def test_replicas_and_connections_are_what_is_said() -> None:
    at_once = [row[1] for row in table().values()]
    assert [math.ceil(one / WEB_STREAMS) for one in at_once] == [1, 1, 1, 2]
    assert "gives 1, 1, 1 and 2 replicas" in words("scale.md")
    sums = words("scale.md").replace("\u00d7", "*")
    assert f"4 * 10 + 5 * 8 + 4 + 1 = {4 * 10 + 5 * 8 + 4 + 1} (computed)" in sums


def test_what_is_no_measurement_says_so() -> None:
    text = words("scale.md")
    for said in ("**computed**", "**assumed**", "**extrapolated**", "Not measured: GPUs"):
        assert said in text
    assert "1,000 tokens/s is **assumed**" in text
