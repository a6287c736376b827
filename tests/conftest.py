"""The real servers under every test: PostgreSQL and Valkey from their wheels, started once, gone at the end."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from servers import Servers

_state: dict[str, Any] = {}


def _start() -> None:
    """Start the servers before Django's settings are read; tests never touch an operator's own."""
    if _state:
        return
    from servers import start_servers

    directory = tempfile.TemporaryDirectory(prefix="hearth-")
    _state["directory"] = directory
    _state["servers"] = servers = start_servers(Path(directory.name))
    os.environ |= {
        "HEARTH_VAR": directory.name,
        "HEARTH_DATABASE_URL": servers.database_url,
        "HEARTH_OWNER_DATABASE_URL": servers.owner_url,
        "HEARTH_REDIS_URL": servers.redis_url,
        "HEARTH_ORIGINS": "http://testserver,http://localhost:8000",
        "HEARTH_AUTHORITY_SECONDS": "2",
        "HEARTH_ANSWERS_AT_ONCE": "0",
        "HEARTH_ANSWERS_WAITING": "1000",
        "HEARTH_ROLE": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django

    django.setup()
    _hash_cheaply()


def _hash_cheaply() -> None:
    """Passwords are hashed as they are shipped, with less to do: thousands are. What it costs has a test of its own."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    for name, cheap in (("time_cost", 1), ("memory_cost", 64), ("parallelism", 1)):
        _state[f"shipped {name}"] = getattr(Argon2PasswordHasher, name)
        setattr(Argon2PasswordHasher, name, cheap)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) is None or hasattr(config, "workerinput"):
        _start()  # who only hands out the tests needs none


def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := _state.pop("servers", None):
        servers.close()
    if directory := _state.pop("directory", None):
        directory.cleanup()


@pytest.fixture
def dear_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost where Hearth runs."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    for name in ("time_cost", "memory_cost", "parallelism"):
        monkeypatch.setattr(Argon2PasswordHasher, name, _state[f"shipped {name}"])


@pytest.fixture(scope="session")
def servers() -> "Servers":
    """The servers of this session, with ways to take them away."""
    found: Servers = _state["servers"]
    return found


@pytest.fixture
def clean_redis() -> Iterator[None]:
    """An empty Redis before and after."""
    import redis
    from django.conf import settings

    connection = redis.Redis.from_url(settings.REDIS_URL)
    connection.flushdb()
    yield
    connection.flushdb()
    connection.close()


@pytest.fixture(autouse=True)
def _fresh_limits(request: pytest.FixtureRequest) -> None:
    """Let no test pay for the sign-ins of another: the cache's table is none of a model's, so no flush empties it."""
    if request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        request.getfixturevalue("_django_db_helper")
        cache.clear()


@pytest.fixture(autouse=True)
def _empty_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begin the audit log anew behind a test that commits: what it leaves there nobody else may delete."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        import psycopg
        from chains import forget_everything
        from django.conf import settings

        name = str(settings.DATABASES["default"]["NAME"])
        with psycopg.connect(_state["servers"].postgres.superuser_url(name)) as connection:
            forget_everything(connection)
