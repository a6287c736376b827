"""A real, tiny model in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_gguf import write_tiny_gguf

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import EngineSpec


@pytest.fixture(scope="module")
def gguf_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture
def engine(gguf_file: Path) -> Iterator[BatchingEngine]:
    engine = BatchingEngine(EngineSpec(path=str(gguf_file), slots=8, context=512, batch=256, threads=1))
    yield engine
    engine.close()
