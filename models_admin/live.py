"""What hosts say of themselves every second, in Redis: for whoever looks at the board. Nobody relies on it."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings

SECONDS = 5  # then it is forgotten


def _key_of(host: UUID) -> str:
    return f"host:{host}"


@cache
def _connection() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=None)


def tell(host: UUID, facts: dict[str, Any]) -> None:
    """Say how the models of a machine stand, each under its deployment's id. While Redis is away nobody hears it."""
    try:
        _connection().set(_key_of(host), json.dumps(facts), ex=SECONDS)
    except redis.RedisError:
        return


def heard(hosts: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what these machines said last; who said nothing lately is missing. While Redis is away, nothing."""
    asked = list(hosts)
    try:
        said = _connection().mget([_key_of(host) for host in asked]) if asked else []
    except redis.RedisError:
        return {}
    return {host: json.loads(one) for host, one in zip(asked, said, strict=True) if one}
