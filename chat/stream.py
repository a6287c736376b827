"""The words of a running answer in a Redis stream: the worker adds, sockets follow.

The stream is the live edge, not the truth: its ids are the resume cursor, it ends by itself after an hour, and
whatever it has lost stands in PostgreSQL within a second. Offsets count UTF-16 code units, as browsers do.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings

from chat.frames import utf16_head, utf16_length, utf16_tail

TTL_SECONDS = 3600
LONGEST = 20_000  # entries; about half an hour at ten a second
START = "0-0"


def key_of(generation: UUID | str) -> str:
    """Return the stream's key."""
    return f"answer:{generation}"


@cache
def _connection() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1, retry=None)


def add(entries: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    """Append frames, each as (generation, fields), in one round trip. Raises redis.RedisError; then none is certain.

    They come at once: who reads all of these streams wakes once.
    """
    pipeline = _connection().pipeline(transaction=True)
    for generation, fields in entries:
        key = key_of(generation)
        pipeline.xadd(key, {"f": json.dumps(fields)}, maxlen=LONGEST, approximate=True)
        pipeline.expire(key, TTL_SECONDS)
    pipeline.execute()


def read(fields: dict[bytes, bytes]) -> dict[str, Any]:
    """Return one stream entry's frame."""
    frame: dict[str, Any] = json.loads(fields[b"f"])
    return frame


def shown(generation: UUID, stored: str) -> str:
    """Return the longest text that anybody can have seen: what is stored, and the words only the stream has yet."""
    try:
        entries = _connection().xrange(key_of(generation))
    except redis.RedisError:
        return stored
    return said_in([read(fields) for _, fields in entries], stored)


def said_in(entries: Iterable[dict[str, Any]], stored: str) -> str:
    """Return the stored text with the words that follow it in the entries.

    A worker that was replaced without knowing may still add words: behind those of its heir they are left out, and
    where the heir began (`at`) they end. What is stored is fenced, so it stays.
    """
    text, attempt, certain = stored, 0, utf16_length(stored)
    for entry in entries:
        if entry["attempt"] < attempt:
            continue
        if attempt and entry["attempt"] > attempt and entry["type"] == "answer.started":
            text = utf16_head(text, max(entry["at"], certain))
        attempt = entry["attempt"]
        if entry["type"] == "answer.grew":
            text = joined(text, entry["at"], entry["text"])
    return text


def joined(text: str, at: int, piece: str) -> str:
    """Return the text with a piece that begins at a UTF-16 offset; pieces behind a gap change nothing."""
    missing = utf16_length(text) - at
    if missing < 0:
        return text
    return text + utf16_tail(piece, missing)


def forget(generations: Iterable[UUID]) -> None:
    """Delete the streams of these answers."""
    keys = [key_of(generation) for generation in generations]
    if keys:
        _connection().delete(*keys)
