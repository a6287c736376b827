"""Signs of life of nobody, and probes that have asked nothing yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def fresh(clean_redis: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    """No pulse, no anchor, and nothing that was answered a moment ago."""
    from health import figures, probing  # the settings are read now

    settings.ANCHOR_KEY, settings.ANCHORS = tmp_path / "anchor_key", tmp_path / "anchors.jsonl"
    probing.sources.cache_clear()
    figures.sources.cache_clear()
    yield
    probing.sources.cache_clear()
    figures.sources.cache_clear()
