"""Old backups go in time: what a receipt says to be gone by a day is gone by that day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backup.expiring import is_over, remove_old

NOW = datetime(2026, 11, 29, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("keep", [2, 7, 30])
def test_with_a_backup_a_day_nothing_outlives_what_was_promised(keep: int) -> None:
    """A simulated clock: runs come a little earlier or later each day, and each one removes what is over then."""
    runs = [NOW + day * DAY + timedelta(minutes=(day * 37) % 60) for day in range(90)]
    for made in runs:
        kept_at = [run for run in runs if run > made and not is_over(made, days=keep, now=run)]
        removed_at = next((run for run in runs if run > made and run not in kept_at), None)
        assert removed_at is None or removed_at - made <= timedelta(days=keep)


def backup_of(make: Any, days: int) -> str:
    at = NOW - days * DAY
    return str(make(f"hearth-{at:%Y%m%dT%H%M%SZ}", made_at=at.isoformat()).name)


def test_only_old_backups_of_hearths_own_go(make: Any, tmp_path: Path) -> None:
    names = [backup_of(make, days) for days in (0, 3, 29, 31, 60)]
    place = tmp_path / "backups"
    for stranger in ("photos", "hearth-20200101T000000Z", "hearth-20200102T000000Z.old"):
        (place / stranger).mkdir()
    (place / "hearth-20200103T000000Z").symlink_to(tmp_path)
    renamed = backup_of(make, 40)
    (place / renamed).rename(place / "hearth-20210101T000000Z")
    assert remove_old(place, days=30, now=NOW, but=names[0]) == sorted(names[2:])
    left = {path.name for path in place.iterdir()}
    assert left == {*names[:2], "photos", "hearth-20200101T000000Z", "hearth-20200102T000000Z.old"} | {
        "hearth-20200103T000000Z",
        "hearth-20210101T000000Z",
    }


def test_the_one_that_was_just_made_stays(make: Any, tmp_path: Path) -> None:
    name = backup_of(make, 60)
    assert remove_old(tmp_path / "backups", days=1, now=NOW, but=name) == []
    assert (tmp_path / "backups" / name).is_dir()
