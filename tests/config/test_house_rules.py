"""The layout, and that what can be set or said is documented."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
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
    of_compose = set(re.findall(r"\$\{HEARTH_(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert explained == {name.upper() for name in Env.model_fields} | of_set_up | of_compose


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


@pytest.mark.parametrize(
    ("role", "signs"), [("web", False), ("host", False), ("beat", False), ("housekeeping", True), ("", True)]
)
def test_a_process_that_talks_with_people_has_no_key(role: str, signs: bool) -> None:
    code = "from config import settings; print(settings.ANCHOR_KEY)"
    env = os.environ | {"HEARTH_ROLE": role, "HEARTH_ANCHOR_KEY": "/somewhere/key"}
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout
    assert shown.strip() == ("/somewhere/key" if signs else "None")


def test_a_wheel_carries_the_builtin_model(tmp_path: Path) -> None:
    for name in ("pyproject.toml", ".gitignore"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    model = tmp_path / "models_admin" / "builtin" / "hearth-demo.gguf"
    model.parent.mkdir(parents=True)
    model.touch()
    (tmp_path / "models_admin" / "other.gguf").touch()
    carried = {file.distribution_path for file in WheelBuilder(str(tmp_path)).recurse_included_files()}
    assert carried == {"models_admin/builtin/hearth-demo.gguf"}


def test_a_child_that_keeps_dying_waits_longer_each_time() -> None:
    assert [pause_after(n) for n in (1, 2, 3, 4, 20)] == [0.5, 1.0, 2.0, 4.0, 8.0]
