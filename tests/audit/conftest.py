"""A key and anchors for each test, and the database in other roles than the tests' own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from chains import Connection, forget_everything
from django.conf import settings as django_settings
from django.core.cache import cache
from servers import Servers

from audit import sealing

Connect = Callable[..., Connection]


@pytest.fixture(autouse=True)
def anchors_file(tmp_path: Path, settings: Any) -> Path:
    """Where this test's anchors are; its key lies beside them."""
    settings.ANCHOR_KEY = tmp_path / "anchor_key"
    settings.ANCHORS = tmp_path / "anchors.jsonl"
    return tmp_path / "anchors.jsonl"


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> Iterator[None]:
    """No limit of sign-ins outlives its test. The cache needs no database here."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def housekeeping() -> Iterator[None]:
    """Housekeeping, which answers at once."""
    with patch("audit.sealing.current_app.send_task", lambda name, args, **options: sealing.answer(*args)):
        yield


@pytest.fixture
def test_database(django_db_setup: None) -> str:
    """The tests' database, once it is there."""
    return str(django_settings.DATABASES["default"]["NAME"])


@pytest.fixture
def as_app(servers: Servers, test_database: str) -> Iterator[Connect]:
    """Connects with the application's role."""
    opened: list[Connection] = []

    def connect(**more: Any) -> Connection:
        url = servers.database_url.replace("/hearth?", f"/{test_database}?")
        opened.append(psycopg.connect(url, **more))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def superuser(servers: Servers, test_database: str) -> Iterator[Connection]:
    """A superuser before an empty log; whatever they do is undone after the test."""
    with psycopg.connect(servers.postgres.superuser_url(test_database)) as connection:
        forget_everything(connection)
        yield connection
        connection.rollback()
