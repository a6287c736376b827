"""Places of a test's own for everything that lies beside the database."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, settings: Any) -> Path:
    """Let everything beside the database lie in a folder of this test's own."""
    settings.ANCHOR_KEY = tmp_path / "here" / "anchor_key"
    settings.ANCHORS = tmp_path / "here" / "anchors.jsonl"
    settings.TOMBSTONES = tmp_path / "here" / "tombstones.jsonl"
    settings.FILES = tmp_path / "here" / "files"
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Any]:
    """Makes backups of nothing, see tests/backups.py."""
    from backups import make_backup

    return partial(make_backup, tmp_path / "backups")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the one backup of a test lies."""
    return tmp_path / "backups" / "hearth-20261129T020000Z"
