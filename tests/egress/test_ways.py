"""Every way out is on the list, with what opens it; and no code opens a connection that the list does not know."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from egress.ways import QUIET, Reach, hub_places, modules, nameservers, reach_of, shown, ways
from models_admin.engine.outbound import Rules, near_from
from models_admin.models import Endpoint, OutsidePolicy

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("platform", "models_admin", "prompts", "chat", "sharing", "moving", "finding", "health", "backup", "egress")
# What opens connections, or brings along something that does.
OPENERS = re.compile(
    r"socket|ssl|http\.client|smtplib|ftplib|imaplib|poplib|telnetlib|xmlrpc(\..+)?|urllib\.request|httpx|requests|"
    r"aiohttp|urllib3|websockets(\..+)?|huggingface_hub(\..+)?|redis(\.asyncio|\.client)?|psycopg|psycopg_pool|"
    r"django\.core\.mail(\..+)?|kombu(\..+)?|multiprocessing\.connection|"
    r"logging\.handlers|paramiko|grpc|boto3"
)
HARMLESS = re.compile(r"\w*(Error|Exception|Result)|sql|errors|exceptions")  # of their modules, these open nothing
CALLS = re.compile(r"\b(open_connection|create_connection|create_datagram_endpoint|open_unix_connection)\b")


def _source() -> Iterator[tuple[str, str]]:
    """Yield each module of the product and its text."""
    for package in PACKAGES:
        base = ROOT / package if package == "platform" else ROOT
        for file in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in file.parts:
                yield ".".join(file.relative_to(base).with_suffix("").parts).removesuffix(".__init__"), file.read_text()


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [alias.name for alias in node.names if not HARMLESS.fullmatch(alias.name)]
            yield from (name for one in names for name in (node.module, f"{node.module}.{one}"))


def opens(text: str) -> bool:
    """Whether a module's code can open a connection."""
    return any(OPENERS.fullmatch(name) for name in _imported(ast.parse(text))) or bool(CALLS.search(text))


@pytest.mark.slow
@pytest.mark.django_db
def test_no_code_opens_a_connection_that_the_list_does_not_know() -> None:
    listed = modules().keys() | QUIET.keys()
    found = {name for name, text in _source() if opens(text)}
    assert sorted(found - listed) == []


@pytest.mark.django_db
def test_the_list_names_no_module_that_is_not_there() -> None:
    there = {name for name, _ in _source()}
    assert sorted((modules().keys() | QUIET.keys()) - there) == []


@pytest.mark.parametrize(
    "text",
    [
        "import socket",
        "from urllib.request import urlopen",
        "def f():\n    import httpx",
        "from django.core.mail import send_mail",
        "async def f():\n    await asyncio.open_connection('a', 1)",
        "from redis.asyncio import Redis",
        "from django.core.mail.backends.smtp import EmailBackend",
        "from http import client\nimport http.client",
    ],
)
def test_code_that_opens_connections_is_seen(text: str) -> None:
    assert opens(text)


def test_code_that_opens_none_is_not_seen() -> None:
    assert not opens("from urllib.parse import urlsplit\nimport redis.exceptions\nfrom psycopg import Error, sql")


def by_key() -> dict[str, Any]:
    return {way.key: way for way in ways()}


@pytest.mark.django_db
def test_a_house_that_is_set_up_for_nothing_reaches_its_own_servers_alone() -> None:
    found = by_key()
    assert {key for key, way in found.items() if way.is_open} == {"database", "redis"}
    assert {way.reach for way in found.values() if way.is_open} == {Reach.HERE}
    assert found["database"].where[0].startswith("/")


@pytest.mark.django_db
@override_settings(
    MAIL_IS_SET_UP=True,
    EMAIL_HOST="mail.example.org",
    EMAIL_PORT=587,
    ANCHOR_SYSLOG="tcp://10.1.2.3:601",
    ANCHOR_HTTPS="https://anchors.example.org/hearth?key=secret",
    SIEM="udp://192.0.2.9",
    HUB=True,
    REDIS_URL="redis://:secret@redis:6379/0",
)
def test_each_switch_opens_its_way_and_no_secret_is_shown() -> None:
    found = by_key()
    assert found["mail"].where == ("mail.example.org:587",)
    assert found["anchor_syslog"].where == ("tcp://10.1.2.3:601",)
    assert found["anchor_https"].where == ("https://anchors.example.org:443",)
    assert found["siem"].where == ("udp://192.0.2.9",)
    assert found["hub"].where[0] == "https://huggingface.co:443"
    assert found["redis"].where == ("redis://redis:6379",)
    assert found["names"].is_open == bool(nameservers(Path("/etc/resolv.conf")))
    assert "secret" not in repr(ways())


@pytest.mark.django_db
def test_an_endpoint_is_open_as_far_as_the_rules_let_it_be() -> None:
    Endpoint.objects.create(name="Hall", url="http://10.1.2.3:8000/v1")
    Endpoint.objects.create(name="Cloud", url="https://models.example.org/v1", leaves=True, sealed_key="sealed")
    assert _endpoints() == {"Endpoint Hall": (), "Endpoint Cloud": ()}
    with override_settings(OUTBOUND=Rules((near_from("10.1.0.0/16"),), outside=True)):
        assert _endpoints() == {"Endpoint Hall": ("http://10.1.2.3:8000",), "Endpoint Cloud": ()}
        OutsidePolicy.objects.create(allowed=True)
        assert _endpoints()["Endpoint Cloud"] == ("https://models.example.org",)
        found = by_key()
        assert found["on_premises"].where == ("10.1.0.0/16",)
        assert found["outside"].reach is Reach.WORLD


@pytest.mark.django_db
def test_where_any_server_may_be_entered_names_are_asked_for() -> None:
    there = bool(nameservers(Path("/etc/resolv.conf")))
    assert not by_key()["names"].is_open
    with override_settings(OUTBOUND=Rules((), outside=True)):
        assert by_key()["names"].is_open == there


def test_a_hub_sends_on_to_its_stores_and_may_be_behind_a_proxy() -> None:
    assert list(hub_places({})) == [
        "https://huggingface.co:443",
        "https://*.huggingface.co:443",
        "https://*.hf.co:443",
    ]
    own = {"HF_ENDPOINT": "https://hub.example.org/x", "HTTPS_PROXY": "http://me:secret@proxy:3128", "all_proxy": ""}
    assert list(hub_places(own)) == ["https://hub.example.org:443", "http://proxy:3128"]


def _endpoints() -> dict[str, tuple[str, ...]]:
    return {str(way.name): way.where for way in ways() if way.key == "endpoint"}


@pytest.mark.parametrize(
    ("where", "reach"),
    [
        ("/run/hearth", Reach.HERE),
        ("127.0.0.1:5432", Reach.HERE),
        ("localhost:5432", Reach.HERE),
        ("[::1]:6379", Reach.HERE),
        ("redis://10.0.0.7:6379", Reach.HOUSE),
        ("fd00::1", Reach.HOUSE),
        ("10.1.0.0/16", Reach.HOUSE),
        ("https://8.8.8.8:443", Reach.WORLD),
        ("::/0", Reach.WORLD),
        ("0.0.0.0/0", Reach.WORLD),
        ("vllm:8000", Reach.NAME),
        ("https://hub.example.org:443", Reach.NAME),
    ],
)
def test_how_far_an_address_is(where: str, reach: Reach) -> None:
    assert reach_of(where) is reach


def test_addresses_are_shown_without_what_is_secret() -> None:
    assert shown("redis://user:pw@redis:6380/2") == "redis://redis:6380"
    assert shown("unix:///dev/log") == "/dev/log"
    assert shown("https://[fd00::1]/x?y", 443) == "https://[fd00::1]:443"


def test_name_servers(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("# made\nsearch lan\nnameserver 10.0.0.1\nnameserver fd00::53\n")
    assert nameservers(file) == ["10.0.0.1:53", "[fd00::53]:53"]
    assert nameservers(tmp_path / "none") == []
