"""The self-test of a whole house: every process knocks for itself, whoever asks. Nothing outside is ever asked here."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from house import ROOT, House, eventually, in_use

pytestmark = pytest.mark.slow

NEAR = "from config.settings import *\nEGRESS_PLACES = (('127.0.0.1', 9), ('127.0.0.2', 9))\n"
PLACES = {"127.0.0.1:9", "127.0.0.2:9"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose self-tests knock at this machine alone."""
    settings = tmp_path_factory.mktemp("settings")
    (settings / "near_settings.py").write_text(NEAR)
    extra = {"DJANGO_SETTINGS_MODULE": "near_settings", "PYTHONPATH": str(settings), "HEARTH_HOST": "here"}
    yield from in_use(tmp_path_factory.mktemp("var"), "stub:?words=5&rate=0&slots=2", **extra)


def test_the_command_hears_every_host_and_housekeeping(house: House) -> None:
    eventually(lambda: "here" in house.run(HOSTS), what="a host")
    command = [sys.executable, str(ROOT / "manage.py"), "egress", "--self-test", "--json"]
    done = subprocess.run(
        command, env=house.env | house.servers, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    found = {(probe["process"], probe["place"]): probe["outcome"] for probe in told["probes"]}
    assert found == {
        (f"{role} on here", place): "refused" for role in ("command", "host", "housekeeping") for place in PLACES
    }
    assert (told["verdict"], told["silent"]) == ("unsure", [])


async def test_the_page_shows_what_each_process_found(house: House) -> None:
    ada = await house.person("ada")
    begun = await ada.post("/egress/test/")
    assert (begun.status_code, begun.headers["Location"]) == (302, "/egress/")
    page = ""
    for _ in range(100):
        page = (await ada.http.get("/egress/", headers={"X-Hearth-Partial": "1"})).text
        if "data-wait" not in page:
            break
        await asyncio.sleep(0.1)
    assert "Nothing was reached, but something refused." in page
    assert [name for name in ("web on here", "host on here", "housekeeping on here") if name not in page] == []


HOSTS = "from models_admin.queries import alive\nprint([host.name for host in alive()])"
