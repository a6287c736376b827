"""What the containers may do, read from docker-compose.yml and the Dockerfile: there is no engine here to ask (B38)."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from composed import EDGE, caddy, command_of_edge, compose, interpolated

from config.env import ROOT, Env

SERVICES: dict[str, dict[str, Any]] = compose()["services"]
OURS = {"migrate", "web", "host", "housekeeping", "beat", "backup", "restore", "gpu0", "gpu1", "gpu2", "gpu3"}
OTHERS = {"database", "redis", "edge", "vllm", "prometheus", "grafana", "grafana-edge"}
DOORS = {"edge", "grafana-edge"}
ONCE = {"migrate", "backup", "restore"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")


def test_the_file_is_what_compose_reads() -> None:
    """The schema of the Compose specification, as check-jsonschema brings it along."""
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_service_is_known_here() -> None:
    assert set(SERVICES) == OURS | OTHERS


@pytest.mark.parametrize("name", sorted(OURS | OTHERS))
def test_a_container_may_as_little_as_can_be(name: str) -> None:
    service = SERVICES[name]
    user = str(service["user"]).partition(":")[0]
    assert user.isdigit()
    assert int(user) > 0
    assert (service["read_only"], service["cap_drop"], service["init"]) == (True, ["ALL"], True)
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"cap_add", "privileged", "network_mode", "pid", "ipc", "extra_hosts", "devices", "env_file"} & set(
        service
    )
    assert "docker.sock" not in json.dumps(service)
    assert name not in OURS or service["user"] == "10001:10001"


@pytest.mark.parametrize("name", sorted(OURS | OTHERS))
def test_a_container_has_limits_health_and_time_to_end(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert re.fullmatch(r"\d+s", service["stop_grace_period"])
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    health = service["healthcheck"]
    assert health == {"disable": True} if name in ONCE else health["test"][0] in ("CMD", "CMD-SHELL")
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")


def test_a_host_may_end_what_it_has_begun_before_it_is_killed() -> None:
    """Celery waits this long for tasks, and the host gives back what it was writing before."""
    from django.conf import settings

    for name in ("host", "gpu0", "housekeeping"):
        assert int(SERVICES[name]["stop_grace_period"][:-1]) >= settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 10


def test_only_the_doors_are_published_and_have_a_way_out() -> None:
    networks = compose()["networks"]
    outward = {name for name, network in networks.items() if not (network or {}).get("internal")}
    assert outward == {"outward"}
    assert {name for name, one in SERVICES.items() if outward & set(one["networks"])} == DOORS
    assert {name for name, one in SERVICES.items() if "ports" in one} == DOORS
    assert SERVICES["grafana-edge"]["ports"] == ["127.0.0.1:${HEARTH_GRAFANA_PORT:-3000}:3000"]
    assert set(SERVICES["edge"]["networks"]) == {"outward", "door"}


def test_the_door_reaches_the_web_alone() -> None:
    near = {name for name, one in SERVICES.items() if "door" in one["networks"]}
    assert near == {"edge", "web", "prometheus"}
    data = {name for name, one in SERVICES.items() if "inside" in one["networks"]}
    assert data == (OURS | {"database", "redis", "vllm"})
    believed = SERVICES["web"]["environment"]["HEARTH_PROXIES"]
    assert SERVICES["edge"]["networks"]["door"]["ipv4_address"] == believed
    assert "secrets" not in SERVICES["edge"]


def test_no_secret_stands_in_the_environment_or_on_a_command_line() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(variable):
                assert str(value).startswith("/run/secrets/"), f"{name}: {variable}"
        assert not re.search(r"://[^/@\s]*:[^/@\s]*@", json.dumps(service)), name
    assert "--requirepass" not in json.dumps(SERVICES)


def test_every_secret_is_made_by_the_script_and_given_to_whoever_needs_it() -> None:
    script = (ROOT / "tools/compose/secrets.sh").read_text()
    made = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", script)) & set(compose()["secrets"])
    assert made == set(compose()["secrets"])
    needs = {name: set(one.get("secrets", [])) for name, one in SERVICES.items()}
    assert {name for name, has in needs.items() if "anchor_key" in has} == {"housekeeping", "backup", "restore"}
    assert {name for name, has in needs.items() if "database_owner_password" in has} == {
        "database",
        "migrate",
        "restore",
    }
    assert {name for name, has in needs.items() if "database_password" in has} == {"database"}
    for name, service in SERVICES.items():
        named = set(re.findall(r"/run/secrets/(\w+)", json.dumps(service)))
        assert named <= needs[name], name


def test_the_web_reads_anchors_and_tombstones_and_never_writes_them() -> None:
    for folder in ("anchors", "tombstones"):
        mounted = {
            name: [v for v in one.get("volumes", []) if v.startswith(f"{folder}:")] for name, one in SERVICES.items()
        }
        for name, [volume] in ((name, found) for name, found in mounted.items() if found):
            assert volume.endswith(":ro") == (name not in ("housekeeping", "restore")), f"{name}: {volume}"


def test_every_variable_of_a_container_is_one_that_hearth_reads() -> None:
    known = {f"HEARTH_{name.upper()}" for name in Env.model_fields}
    for name in OURS:
        said = {variable for variable in SERVICES[name]["environment"] if variable.startswith("HEARTH_")}
        assert said <= known, name
    assert {name: SERVICES[name]["environment"].get("HEARTH_ROLE", "") for name in OURS} == {
        **dict.fromkeys(("host", "gpu0", "gpu1", "gpu2", "gpu3"), "host"),
        **{name: name for name in ("web", "housekeeping", "beat")},
        **dict.fromkeys(ONCE, ""),
    }


def test_every_variable_that_the_edge_reads_is_given_or_has_a_default() -> None:
    read = {
        found for file in EDGE.iterdir() if file.is_file() for found in re.findall(r"\{\$(\w+)(:?)", file.read_text())
    }
    given = set(SERVICES["edge"]["environment"])
    assert {name for name, default in read if not default} <= given
    assert given <= {name for name, _ in read}


def test_the_edge_knows_as_many_replicas_as_there_are() -> None:
    replicas = int(interpolated(SERVICES["web"]["deploy"]["replicas"], {}))
    to = interpolated(SERVICES["edge"]["environment"]["EDGE_TO"], {}).split()
    assert to == [f"{compose()['name']}-web-{n + 1}:8000" for n in range(replicas)]


def test_the_builtin_model_is_hosted_where_nothing_else_is_chosen() -> None:
    [_, _, script] = SERVICES["migrate"]["command"]
    assert script.endswith("&& HEARTH_ROLE=host exec python manage.py deploy_model --builtin --unless-chosen")
    for name in OURS - {"migrate", "restore"}:
        waits = SERVICES[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}, name


def test_each_gpu_has_a_host_of_its_own_with_a_name_of_its_own() -> None:
    hosts = {name: one for name, one in SERVICES.items() if name.startswith("gpu")}
    devices = [one["deploy"]["resources"]["reservations"]["devices"][0]["device_ids"] for one in hosts.values()]
    assert devices == [["0"], ["1"], ["2"], ["3"]]
    assert [one["environment"]["HEARTH_HOST"] for one in hosts.values()] == list(hosts)
    assert all(one["profiles"] for one in hosts.values())


@pytest.mark.parametrize("mode", ["internal", "files", "acme", "off"])
@pytest.mark.parametrize("origins", ["https://chat.example.org", "https://chat.example.org, https://hearth.local"])
def test_the_edges_file_is_one_that_caddy_reads(mode: str, origins: str, tmp_path: Path) -> None:
    env = {
        name: interpolated(str(value), {"HEARTH_TLS": mode, "HEARTH_ORIGINS": origins})
        for name, value in SERVICES["edge"]["environment"].items()
    }
    command = [caddy(), "adapt", *command_of_edge()[2:]]
    words = [word.replace("/etc/caddy", str(EDGE)) for word in command]
    done = subprocess.run(
        words, env={**os.environ, **env, "HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[0])
    assert told["admin"] == {"disabled": True}
    text = json.dumps(told)
    assert ('"private_ranges"' in text or "10.0.0.0/8" in text) == (mode == "off")
    assert ('"module": "acme"' in text) == (mode == "acme")
    assert ("/tls/certificate.pem" in text) == (mode == "files")


def test_the_edges_pages_are_without_script_and_style() -> None:
    page = (EDGE / "pages" / "away.html").read_text()
    assert not re.search(r"<script|<style|style=|https?://", page)


def stages() -> dict[str, str]:
    """Return the Dockerfile's stages by name."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_target_that_is_built_is_there_and_runs_as_nobody_special() -> None:
    targets = {one["build"]["target"] for one in SERVICES.values() if "build" in one}
    assert targets == {"web", "worker-cpu", "worker-cuda", "edge"}
    found = stages()
    assert targets <= set(found)
    for name in ("on-cpu", "worker-cuda", "edge"):
        assert "USER 10001:10001" in found[name], name
    for name in targets:
        assert "HEALTHCHECK" in found[name], name
        assert "CMD" in found[name], name


def test_images_start_the_same_commands_as_the_file() -> None:
    for target, service in (("web", "web"), ("worker-cpu", "host"), ("worker-cuda", "gpu0")):
        [command] = re.findall(r"^CMD (\[.*\])$", stages()[target], re.MULTILINE)
        assert json.loads(command) == SERVICES[service]["command"], target


def test_packages_come_by_hash_and_images_by_a_version() -> None:
    installs = re.findall(r"^.*pip install .*$", DOCKERFILE, re.MULTILINE)
    assert len(installs) == 4
    assert all("--require-hashes" in line for line in installs)
    assert "npm ci --ignore-scripts" in DOCKERFILE
    named = re.findall(r"^ARG \w+=(\S+:\S+)$", DOCKERFILE, re.MULTILINE)
    named += [interpolated(one["image"], {}) for one in SERVICES.values()]
    assert all(not image.endswith(":latest") and re.search(r":\S*\d", image) for image in named), named


LOADED = """
import sys, django
django.setup()
import config.asgi
from config.celery import app
app.loader.import_default_modules()
from django.core.management import get_commands, load_command_class
[load_command_class(where, name) for name, where in get_commands().items() if isinstance(where, str)]
print(*(module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)), sep="\\n")
"""


@pytest.mark.slow
def test_an_image_gets_all_that_runs_and_nothing_else(tmp_path: Path) -> None:
    """A tree of what .dockerignore lets in is enough for every process and command; secrets and tests are not in it."""
    listed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert not {"secrets", "var", "models", "tests", ".git", ".env", "tls"} & set(listed)
    for name in listed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    env = os.environ | {
        "PYTHONPATH": f"{tmp_path}:{tmp_path / 'platform'}",
        "HEARTH_ROLE": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    here = [Path(line) for line in done.stdout.splitlines() if Path(line).is_relative_to(ROOT)]
    assert [file for file in here if not file.is_relative_to(ROOT / ".venv")] == []


def environment_of(service: str, tmp_path: Path) -> dict[str, str]:
    """Return what a container's process is given, with secrets made by the script."""
    subprocess.run(
        [ROOT / "tools/compose/secrets.sh", tmp_path],
        env=os.environ | {"HEARTH_GROUP": str(os.getuid())},
        check=True,
        capture_output=True,
    )
    said = SERVICES[service]["environment"]
    shown = {
        name: interpolated(str(value), {"HEARTH_ORIGINS": "https://chat.example.org"}) for name, value in said.items()
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "DJANGO_"))}
    return kept | {name: value.replace("/run/secrets", str(tmp_path)) for name, value in shown.items()}


@pytest.mark.slow
def test_djangos_checks_for_deployment_find_nothing(tmp_path: Path) -> None:
    """B7, with exactly what the shipped file gives the web."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment_of("web", tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.parametrize(
    ("secret", "mode", "said"),
    [
        ("changeme", 0o440, "everybody tries first"),
        ("", 0o440, "is empty"),
        ("k7Qp2", 0o440, "has 5 characters"),
        ("d1f0c9e2b8a74635d1f0c9e2b8a74635", 0o444, "is open to everybody"),
        (None, 0, "is missing"),
    ],
)
def test_no_process_starts_with_a_bad_secret(tmp_path: Path, secret: str | None, mode: int, said: str) -> None:
    env = environment_of("web", tmp_path)
    file = tmp_path / "redis_password"
    file.unlink()
    if secret is not None:
        file.write_text(secret)
        file.chmod(mode)
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("Hearth does not start. HEARTH_REDIS_PASSWORD_FILE")
    assert said in line
    assert not secret or secret not in line


def test_the_script_makes_good_secrets_and_keeps_those_that_are_there(tmp_path: Path) -> None:
    environment_of("web", tmp_path)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert set(before) == set(compose()["secrets"])
    assert len(set(before.values())) == len(before)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o440}
    assert all(re.fullmatch(r"[0-9a-f]{48,96}\n", text) for text in before.values())
    environment_of("web", tmp_path)
    assert before == {file.name: file.read_text() for file in tmp_path.iterdir()}
