"""Weights are laid out for a processor's tiles only where a first step with them goes well."""

import subprocess
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from asking import request, run

from models_admin import builtin
from models_admin.engine import tiles
from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import EngineSpec


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    tiles.are_sound.cache_clear()
    yield
    tiles.are_sound.cache_clear()


def test_who_claims_no_tiles_is_not_tried() -> None:
    with patch.object(tiles, "are_claimed", return_value=False), patch.object(subprocess, "run") as tried:
        assert tiles.are_sound()
    tried.assert_not_called()


@pytest.mark.parametrize(("code", "sound"), [(0, True), (-11, False), (-4, False), (1, False)])
def test_a_first_step_decides(code: int, sound: bool) -> None:
    done: subprocess.CompletedProcess[bytes] = subprocess.CompletedProcess([], code)
    with patch.object(tiles, "are_claimed", return_value=True), patch.object(subprocess, "run", return_value=done):
        assert tiles.are_sound() is sound


def test_a_step_that_never_ends_is_none() -> None:
    late = subprocess.TimeoutExpired([], 1)
    with patch.object(tiles, "are_claimed", return_value=True), patch.object(subprocess, "run", side_effect=late):
        assert not tiles.are_sound()


def test_a_machine_that_cannot_answers_all_the_same() -> None:
    """What this machine says of itself: its answer is the same with tiles and without."""
    with patch.object(tiles, "are_sound", return_value=False):
        engine = BatchingEngine(EngineSpec(path=str(builtin.FILE), slots=1, context=256))
        try:
            assert run(engine, request("a", "Who are you?"))["a"].text
        finally:
            engine.close()
