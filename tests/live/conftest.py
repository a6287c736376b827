"""One house for all live tests of a module's kind: real processes, the stub engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, link_in

MODEL = "stub:?words=60&rate=30&slots=8"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from running(tmp_path_factory.mktemp("house"), MODEL)


def running(var: Path, model: str, **extra: str) -> Iterator[House]:
    import httpx
    from house import PASSWORD, TOKEN

    house = House(var, model, extra={"HEARTH_AUTHORITY_SECONDS": "2", **extra})
    link = link_in(house.start())
    with httpx.Client() as client:
        token = TOKEN.search(client.get(link).text)
        assert token
        form = {"organisation": "Aalto", "display_name": "Ada", "email": "ada@example.org"}
        form |= {"password1": PASSWORD, "password2": PASSWORD, "csrfmiddlewaretoken": token[1]}
        assert client.post(link, data=form, headers={"Origin": house.origin}).status_code == 302
    house.people.add("ada")
    yield house
    assert house.stop() < 10
