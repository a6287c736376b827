"""A container's share of the processor counts: more threads than it has cores would wait for one another."""

from pathlib import Path

import pytest

from models_admin.engine import cores, memory


@pytest.mark.parametrize(
    ("text", "expected"),
    [("max 100000", 0), ("200000 100000", 2), ("150000 100000", 2), ("5000 100000", 1), ("nonsense", 0)],
)
def test_a_groups_share_is_rounded_up(tmp_path: Path, text: str, expected: int) -> None:
    (tmp_path / "cpu.max").write_text(text + "\n")
    assert cores.cores_in(tmp_path) == expected
    assert cores.cores_in(tmp_path / "elsewhere") == 0


def test_the_smallest_share_around_us_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "OURS", tmp_path / "ours")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)))
    assert cores.cores() == 64
    (tmp_path / "ours").write_text("0::/house/host\n")
    (tmp_path / "house" / "host").mkdir(parents=True)
    (tmp_path / "house" / "cpu.max").write_text("800000 100000")
    (tmp_path / "house" / "host" / "cpu.max").write_text("max 100000")
    assert cores.cores() == 8
