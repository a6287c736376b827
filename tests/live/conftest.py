"""One house for all live tests of a module's kind: real processes, the stub engine."""

from collections.abc import Iterator

import pytest
from aftermath import left_in_peace, rows
from house import House, in_use

LONGEST = "UPDATE models_admin_deployment SET max_tokens = 100000"  # the questions say how long their answers are
MODEL = "stub:?words=60&rate=30&slots=8"
PROXY = "127.0.0.7"  # what comes from here may say for whom
PEOPLE = ("bob", "carol", "dave", "eve", "late", "leaver", "shutout", "talker", *(f"person{n}" for n in range(9)))


@pytest.fixture(scope="session")
def standing_house(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with people in it. Long proofs wait for a lease as everybody does; the others have shorter ones."""
    proving = pytestconfig.getoption("markexpr") == "prove"
    leases = {} if proving else {"HEARTH_ANSWER_LEASE_SECONDS": "3"}
    for house in in_use(tmp_path_factory.mktemp("house"), MODEL, HEARTH_PROXIES=PROXY, **leases):
        rows(house, LONGEST)
        house.add_people(*PEOPLE)
        yield house


@pytest.fixture(scope="module")
def house(standing_house: House) -> Iterator[House]:
    """The house, which a module leaves as calm as it has found it."""
    yield standing_house
    if standing_house.is_running:
        left_in_peace(standing_house)
