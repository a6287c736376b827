"""The layout, and that what can be set or said is documented."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from chat.frames import FRAMES
from config.env import Env
from config.supervisor.process import pause_after

ROOT = Path(__file__).resolve().parents[2]


def test_platform_is_a_folder_and_not_a_package() -> None:
    import platform

    assert not list((ROOT / "platform").glob("*.py"))
    assert platform.python_version()
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_variable_is_explained() -> None:
    explained = set(re.findall(r"^HEARTH_(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_set_up = set(re.findall(r"HEARTH_(\w+)", (ROOT / "tools/setup").read_text()))
    assert explained == {name.upper() for name in Env.model_fields} | of_set_up


def test_every_frame_is_documented() -> None:
    text = (ROOT / "docs/architecture.md").read_text()
    assert [frame.type for frame in FRAMES if f"`{frame.type}`" not in text] == []


def test_no_file_names_a_registry() -> None:
    for name in (
        "requirements/run.txt",
        "requirements/dev.txt",
        "requirements/fetch.txt",
        "package-lock.json",
        ".npmrc",
    ):
        assert not re.search(r"index-url|registry=|\"resolved\"", (ROOT / name).read_text()), name


def test_compose_runs_the_same_processes_and_publishes_the_edge_alone() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = compose["services"]
    assert set(services) == {"database", "redis", "migrate", "web", "edge", "host", "housekeeping", "beat"}
    assert [name for name, service in services.items() if "ports" in service] == ["edge"]
    assert services["edge"]["ports"] == ["127.0.0.1:8000:8000"]
    for name in ("migrate", "web", "host", "housekeeping", "beat"):
        service = services[name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["user"] == "10001:10001", name


def test_compose_leaves_no_way_out_to_whoever_knows_people_or_models() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services, networks = compose["services"], compose["networks"]
    outward = {name for name, network in networks.items() if not (network or {}).get("internal")}
    assert outward == {"edge"}
    assert {name for name, one in services.items() if outward & set(one["networks"])} == {"edge"}
    assert not any("network_mode" in one or "extra_hosts" in one for one in services.values())
    edge = services["edge"]
    assert (edge["read_only"], edge["cap_drop"], "secrets" in edge) == (True, ["ALL"], False)
    believed = services["web"]["environment"]["HEARTH_PROXIES"]
    assert edge["networks"]["inside"]["ipv4_address"] == believed


def test_compose_gives_the_key_that_signs_to_housekeeping_alone() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    key = [name for name, service in services.items() if "anchor_key" in json.dumps(service)]
    assert key == ["housekeeping"]
    assert services["web"]["secrets"] == ["database_app_password", "redis_password", "secret_key"]
    anchors = {name: [v for v in service.get("volumes", []) if "anchors" in v] for name, service in services.items()}
    assert {name: found for name, found in anchors.items() if found} == {
        "web": ["anchors:/var/lib/hearth/anchors:ro"],
        "housekeeping": ["anchors:/var/lib/hearth/anchors"],
    }


@pytest.mark.parametrize(
    ("role", "signs"), [("web", False), ("host", False), ("beat", False), ("housekeeping", True), ("", True)]
)
def test_a_process_that_talks_with_people_has_no_key(role: str, signs: bool) -> None:
    code = "from config import settings; print(settings.ANCHOR_KEY)"
    env = os.environ | {"HEARTH_ROLE": role, "HEARTH_ANCHOR_KEY": "/somewhere/key"}
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
    assert shown.strip() == ("/somewhere/key" if signs else "None")


def test_compose_hosts_the_builtin_model_where_nothing_else_is_chosen() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    [_, _, script] = compose["services"]["migrate"]["command"]
    assert script.endswith("&& HEARTH_ROLE=host exec python manage.py deploy_model --builtin --unless-chosen")
    assert "models_admin" not in (ROOT / ".dockerignore").read_text()


def test_a_wheel_carries_the_builtin_model(tmp_path: Path) -> None:
    for name in ("pyproject.toml", ".gitignore"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    model = tmp_path / "models_admin" / "builtin" / "hearth-demo.gguf"
    model.parent.mkdir(parents=True)
    model.touch()
    (tmp_path / "models_admin" / "other.gguf").touch()
    carried = {file.distribution_path for file in WheelBuilder(str(tmp_path)).recurse_included_files()}
    assert carried == {"models_admin/builtin/hearth-demo.gguf"}


def test_compose_holds_no_password() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert not re.search(r"PASSWORD: |PASSWORD=", text)


def test_a_child_that_keeps_dying_waits_longer_each_time() -> None:
    assert [pause_after(n) for n in (1, 2, 3, 4, 20)] == [0.5, 1.0, 2.0, 4.0, 8.0]
