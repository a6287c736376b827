"""Each requirement of ASVS 5.0.0, levels 1 and 2, has an answer that holds: a test, a reason, or a gap (B99)."""

import ast
import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["id", "level", "topic", "answer", "evidence"]
ANSWERS = ("test", "reason", "gap")
# How many requirements of levels 1 and 2 each chapter has, V1 to V17.
CHAPTERS = (27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7)
# A path of the repository: with a folder, or one of the files at its root that are named.
PATH = re.compile(
    r"(?<![\w/.])(?:(?:[\w.-]+/)+[\w.-]*\w"
    r"|(?:SECURITY|README)\.md|\.env\.example|\.dockerignore|Makefile|Dockerfile"
    r"|pyproject\.toml|docker-compose\.yml|package(?:-lock)?\.json)(?!\w)"
)
PLACEHOLDER = re.compile(r"\b(?:TODO|TBD|FIXME|XXX|n/a)\b|\.\.\.|…|\?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement and what is said to it."""

    id: str
    level: int
    topic: str
    answer: str
    evidence: str

    @property
    def place(self) -> tuple[int, ...]:
        """Return its id as numbers, in whose order rows stand."""
        return tuple(map(int, self.id.removeprefix("V").split(".")))


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of the table."""
    with (ROOT / "docs/asvs.csv").open(newline="") as file:
        reader = csv.reader(file)
        assert next(reader) == COLUMNS
        return tuple(Row(row[0], int(row[1]), *row[2:]) for row in reader)


def files_in(evidence: str) -> list[str]:
    """Return the paths that are named in a reason."""
    return PATH.findall(evidence)


@cache
def titles_in(file: str) -> frozenset[str]:
    """Return the names of the tests in a file: functions in Python, titles in JavaScript."""
    text = (ROOT / file).read_text()
    if file.endswith(".mjs"):
        return frozenset(re.findall(r'^test\("([^"]+)"', text, re.MULTILINE))
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in found if node.name.startswith("test_"))


def of(answer: str) -> list[Row]:
    """Return the rows with this answer."""
    return [row for row in rows() if row.answer == answer]


def test_every_requirement_has_one_row() -> None:
    assert Counter(row.level for row in rows()) == {1: 70, 2: 183}
    assert [row.place for row in rows()] == sorted({row.place for row in rows()})
    chapters = Counter(row.place[0] for row in rows())
    assert tuple(chapters[n] for n in range(1, 18)) == CHAPTERS
    assert all(row.id == "V" + ".".join(map(str, row.place)) and len(row.place) == 3 for row in rows())


def test_every_row_has_an_answer_in_words_of_ours() -> None:
    assert {row.answer for row in rows()} == set(ANSWERS)
    assert [row.id for row in rows() if not 1 <= len(row.topic.split()) <= 12] == []
    assert [row.id for row in rows() if row.topic.startswith("Verify")] == []
    assert [row.id for row in rows() if len(row.evidence) < 20 or PLACEHOLDER.search(row.evidence)] == []


@pytest.mark.parametrize("row", of("test"), ids=lambda row: row.id)
def test_a_test_that_is_named_is_there(row: Row) -> None:
    for one in row.evidence.split("; "):
        file, mark, name = one.partition("::")
        assert mark, one
        assert (ROOT / file).is_file(), one
        assert name in titles_in(file), one


@pytest.mark.parametrize("row", [*of("reason"), *of("gap")], ids=lambda row: row.id)
def test_a_reason_names_what_is_there(row: Row) -> None:
    files = files_in(row.evidence)
    assert files, "a reason names where it can be read"
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_a_gap_says_why_it_is_accepted() -> None:
    assert [row.id for row in of("gap") if "Accepted" not in row.evidence] == []


def test_what_is_missing_would_be_seen() -> None:
    named = ["docs/nowhere.md", "Dockerfile", ".env.example"]
    assert files_in("See docs/nowhere.md, the Dockerfile (and .env.example).") == named
    assert "test_what_is_missing_would_be_seen" in titles_in("tests/config/test_asvs.py")
    assert "test_nothing" not in titles_in("tests/config/test_asvs.py")
