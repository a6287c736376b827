"""Tombstones and files of each test lie in a folder of its own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_ledger(settings: Any, tmp_path: Path) -> None:
    settings.TOMBSTONES = tmp_path / "tombstones" / "tombstones.jsonl"
    settings.EXPORTS = tmp_path / "exports"
    settings.FILES = tmp_path / "files"
    from retention import gate  # Django is set up by now

    gate.look_again()
