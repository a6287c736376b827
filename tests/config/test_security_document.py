"""SECURITY.md says what it must, and every file that it names is there (B100)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = [
    "Reporting",
    "Supported versions",
    "Advisories",
    "What is protected",
    "Boundaries",
    "Actors",
    "Prompt injection",
    "Keys",
    "Logs",
    "Decisions",
    "What is not defended",
]
ACTORS = [
    "employee",
    "team administrator",
    "organisation's administrator",
    "auditor",
    "operator",
    "database's superuser",
    "author of a model file",
    "author of a document or prompt",
    "neighbour in the network",
    "finder of a laptop or a session",
]
# A path in backticks, or a link's target.
NAMED = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)`|`(docker-compose\.yml|package-lock\.json)`|\]\(([\w./-]+\.(?:md|csv))\)")


def text() -> str:
    return (ROOT / "SECURITY.md").read_text()


def section(name: str) -> str:
    """Return what stands under a heading."""
    return text().split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_it_has_its_sections_in_order_and_is_short() -> None:
    assert re.findall(r"^## (.+)$", text(), re.MULTILINE) == SECTIONS
    assert len(text().splitlines()) <= 200


def test_files_that_it_names_are_there() -> None:
    named = ["".join(found) for found in NAMED.findall(text())]
    assert len(set(named)) >= 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_actor_has_a_row_with_what_stops_them_and_what_does_not() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section("Actors").splitlines() if line[:1] == "|"
    ]
    assert [row[0] for row in rows[2:]] == ACTORS
    assert all(len(row) == 4 and all(row) for row in rows)


def test_every_boundary_of_the_picture_says_what_guards_it() -> None:
    picture, _, table = section("Boundaries").partition("| | boundary |")
    numbers = sorted(
        {int(number) for number in re.findall(r"─(\d)─|^ +(\d):", picture, re.MULTILINE) for number in number if number}
    )
    rows = re.findall(r"^\| (\d) \|.+\| .*`.+` ?.*\|$", table, re.MULTILINE)
    assert numbers == [int(row) for row in rows] == [1, 2, 3, 4, 5, 6, 7]


def test_it_promises_times_and_names_the_version_that_gets_fixes() -> None:
    version = re.search(r'^version = "(\d+\.\d+)', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"| {version[1]} (the newest release) | yes |" in section("Supported versions")
    assert len(re.findall(r"\b\d+ (?:working )?days", section("Reporting"))) >= 5
    assert "None so far." in section("Advisories")


def test_the_readme_leads_to_it() -> None:
    readme = (ROOT / "README.md").read_text()
    assert all(f"]({name})" in readme for name in ("SECURITY.md", "docs/scale.md", "docs/asvs.csv"))
