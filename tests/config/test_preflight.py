"""Each check of `manage.py preflight`: what it says of good and of bad, and that errors end it with 1."""

import json
import socket
import sys
from io import StringIO
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from config.preflight import Finding, Level, decisive, gathering, installation, machine, servers
from config.preflight.findings import GIB, error, ok

TLS, PLAIN = "https://chat.example.org", "http://chat.example.org"
GPU: dict[str, Any] = {"name": "H", "free": 70 * GIB, "total": 80 * GIB}


def levels(found: Any) -> list[tuple[str, str]]:
    return [(finding.name, str(finding.level)) for finding in found]


@pytest.mark.parametrize(("free", "level"), [(0.5, "error"), (3, "warning"), (50, "ok")])
def test_room_on_a_disk(free: float, level: str) -> None:
    assert machine.disk("var", int(free * GIB)).level == level


def test_folders_on_one_device_are_one_finding_and_one_that_is_not_there_is_looked_for_above(tmp_path: Path) -> None:
    [found] = machine.disks({"var": tmp_path, "files": tmp_path / "not" / "there"})
    assert found.says.endswith(" GiB are free for var, files.") or "for var, files. " in found.says


@pytest.mark.parametrize(("free", "level"), [(0.5, "error"), (1.5, "warning"), (8, "ok")])
def test_memory(free: float, level: str) -> None:
    assert machine.memory(int(free * GIB)).level == level


def test_llama_that_aborts_is_an_error_and_ends_only_its_own_process() -> None:
    found, offloads = machine.llama(probe="import os; os.abort()")
    assert (found.level, offloads) == ("error", False)
    assert "cannot be loaded here" in found.says
    assert machine.llama(probe="print(1)")[1] is True


def test_gpus_beside_what_llama_was_compiled_for() -> None:
    assert levels(machine.graphics([], offloads=False)) == [("gpu", "ok")]
    assert levels(machine.graphics([], offloads=True)) == [("gpu", "advice")]
    assert levels(machine.graphics([GPU], offloads=True)) == [("gpu", "ok")]
    [idle] = machine.graphics([GPU], offloads=False)
    assert (idle.level, "HEARTH_CUDA=1" in idle.says) == ("warning", True)


def test_a_port_that_somebody_else_has(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert machine.port(taken.getsockname()[1], host="127.0.0.1", var=tmp_path).level == "warning"


@pytest.mark.parametrize(("number", "level"), [(160_009, "error"), (170_000, "ok"), (180_006, "ok")])
def test_versions_of_postgresql(number: int, level: str) -> None:
    assert servers.postgres_version(number).level == level


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"redis_version": "7.0.15"}, "error"),
        ({"redis_version": "7.2.4", "valkey_version": "9.1.2"}, "ok"),
        ({"redis_version": "8.0.1"}, "ok"),
        ({}, "error"),
    ],
)
def test_versions_of_redis(told: dict[str, Any], level: str) -> None:
    assert servers.valkey(told).level == level


@pytest.mark.parametrize(("apart", "level"), [(0.1, "ok"), (-5.0, "warning"), (3600.0, "error"), (-90.0, "error")])
def test_clocks(apart: float, level: str) -> None:
    assert servers.clock("Redis", apart).level == level


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9/0", "127.0.0.1:6379", "http://127.0.0.1"])
def test_a_redis_that_is_away_or_has_no_address_is_one_error(address: str) -> None:
    assert levels(servers.redis_checks(address)) == [("redis", "error")]


@pytest.mark.parametrize(
    ("origins", "proxies", "debug", "found"),
    [
        (["http://127.0.0.1:8000"], False, False, [("origins", "ok")]),
        ([TLS], True, False, [("origins", "ok")]),
        ([TLS], False, False, [("proxies", "warning"), ("origins", "ok")]),
        ([PLAIN], False, False, [("origins", "warning")]),
        ([TLS, PLAIN], True, False, [("origins", "warning"), ("origins", "warning")]),
        ([TLS], True, True, [("debug", "error")]),
        (["https://chat.example.org/path"], True, False, [("origins", "error")]),
    ],
)
def test_where_people_arrive(origins: list[str], proxies: bool, debug: bool, found: list[tuple[str, str]]) -> None:
    assert levels(installation.origins(origins, debug=debug, proxies=proxies)) == found


def test_who_is_believed() -> None:
    networks = [ip_network(text) for text in ("10.1.2.3/32", "0.0.0.0/0", "::/0", "10.0.0.0/7", "fd00::/16")]
    assert [level for _, level in levels(installation.believed(networks))] == ["error", "error", "warning", "warning"]


def test_secrets(tmp_path: Path) -> None:
    good, short = tmp_path / "good", tmp_path / "short"
    good.write_text("an unguessable line of letters 4711")
    good.chmod(0o600)
    short.write_text("x")
    short.chmod(0o600)
    assert levels(installation.secrets([], [good, tmp_path / "not made yet"])) == [("secrets", "ok")]
    assert levels(installation.secrets(["One is bad."], [good, short])) == [("secrets", "error")] * 2


def test_what_proves_the_log_is_best_kept_elsewhere(tmp_path: Path) -> None:
    assert installation.anchors(tmp_path / "anchors.jsonl", tmp_path).level == "advice"
    assert installation.anchors(tmp_path / "anchors.jsonl", None).level == "ok"
    assert installation.tombstones(tmp_path / "a", tmp_path).level == "advice"


@pytest.mark.django_db
@override_settings(ORIGINS=[TLS], PROXIES=[ip_network("10.1.2.3/32")])
def test_the_real_servers_are_good_enough() -> None:
    found = list(gathering.gather(port=None))
    named = {finding.name for finding in found}
    assert named >= {"disk", "memory", "python", "llama.cpp", "gpu", "postgresql", "redis", "clock", "schema", "roles"}
    troubled = {finding.says for finding in found if finding.level in (Level.WARNING, Level.ERROR)}
    assert [says for says in troubled if "GiB" not in says] == []


@pytest.mark.django_db
def test_nothing_forbids_to_migrate_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(decisive(connection)) == []
    monkeypatch.setattr(machine, "FULL", 10**18)
    assert levels(decisive(connection)) == [("disk", "error")]
    with pytest.raises(CommandError, match="make room before you start or upgrade"):
        call_command("migrate", verbosity=0)


def run(*words: str) -> tuple[str, str]:
    out, said = StringIO(), ""
    try:
        call_command("preflight", *words, stdout=out)
    except CommandError as reason:
        said = str(reason)
    return out.getvalue(), said


def test_errors_end_the_command_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from config.management.commands import preflight

    monkeypatch.setattr(preflight, "gather", lambda port: [ok("disk", "Room."), error("redis", "Away.")])
    out, said = run()
    assert out.splitlines() == ["ok      disk        Room.", "ERROR   redis       Away."]
    assert said == "1 of 2 checks keep Hearth from working."
    out, _ = run("--json")
    assert json.loads(out)[1] == {"name": "redis", "level": "error", "says": "Away."}
    monkeypatch.setattr(preflight, "gather", lambda port: [Finding("disk", Level.WARNING, "Little.")])
    assert run() == ("WARNING disk        Little.\n", "")


@override_settings(REDIS_URL="redis://127.0.0.1:9/0")
@pytest.mark.django_db
def test_what_is_away_is_said_beside_the_rest() -> None:
    found = levels(gathering.gather(port=None))
    assert ("redis", "error") in found
    assert ("postgresql", "ok") in found


def test_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert machine.python().level == "error"
