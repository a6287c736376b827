"""One house for all live tests of a module's kind: real processes, the stub engine."""

from collections.abc import Iterator

import pytest
from house import House, in_use

MODEL = "stub:?words=60&rate=30&slots=8"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from in_use(tmp_path_factory.mktemp("house"), MODEL)
