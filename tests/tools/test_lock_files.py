"""What is installed is what was locked: every requirement has its hash, and the list of parts is whole."""

import json
import re
from pathlib import Path

import pytest

from tools.locked import ROOT, front_end, product_version, requirements
from tools.sbom import SERVED, sbom

SETS = sorted(file.stem for file in (ROOT / "requirements").glob("*.txt"))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize("name", SETS)
def test_every_requirement_has_a_version_and_a_hash(name: str) -> None:
    file = ROOT / "requirements" / f"{name}.txt"
    found = requirements(file)
    assert [one.name for one in found if not one.hashes] == []
    lines = [line for line in file.read_text().splitlines() if line and line[0] not in " #"]
    assert len(found) == len(lines), "a line that names no exact version"


def test_every_front_end_package_has_its_integrity() -> None:
    found = front_end(ROOT / "package-lock.json")
    assert found
    assert [one.name for one in found if not one.integrity.startswith("sha512-")] == []


@pytest.mark.parametrize("name", ["run", "dev"])
def test_versions_that_must_not_be_are_not(name: str) -> None:
    versions = {one.name: numbers(one.version) for one in requirements(ROOT / "requirements" / f"{name}.txt")}
    assert versions["daphne"] >= (4, 2, 2)
    assert (6, 4) <= versions["redis"] < (8,)
    assert (5, 2) <= versions["django"] < (5, 3)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text(
        "# made\na-b==1.0 ; python_version >= '3.12' \\\n    --hash=sha256:" + "1" * 64 + " \\\n    --hash=sha256:"
        "" + "2" * 64 + "\n    # via c\nc[extra]==2.0 \\\n    --hash=sha256:" + "3" * 64 + "\n"
    )
    first, second = requirements(file)
    assert (first.name, first.version, first.marker) == ("a-b", "1.0", "python_version >= '3.12'")
    assert first.hashes == ("1" * 64, "2" * 64)
    assert (second.name, second.version, second.hashes) == ("c", "2.0", ("3" * 64,))


def test_the_list_of_parts_is_whole_and_the_same_each_time() -> None:
    document = sbom()
    assert document == sbom()
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["version"] == product_version()
    parts = {one["purl"]: one for one in document["components"]}
    assert len(parts) == len(document["components"])
    run = {f"pkg:pypi/{one.name}@{one.version}" for one in requirements(ROOT / "requirements" / "run.txt")}
    assert run <= {purl for purl, one in parts.items() if one["scope"] == "required"}
    assert all(one.get("hashes") or one.get("properties") for one in parts.values())
    served = {
        one["name"] for one in parts.values() if one["purl"].startswith("pkg:npm/") and one["scope"] == "required"
    }
    assert served >= SERVED
    assert "esbuild" not in served
    assert json.dumps(document).count("hearth:file:sha256") > 100
