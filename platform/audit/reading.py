"""The chain in its order, read in chunks: no long snapshot, which would slow down everybody who writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

CHUNK = 10_000
COLUMNS = "seq, (extract(epoch FROM at) * 1000000)::bigint, prev, hash, body"


class Connection(Protocol):
    """Django's connection or psycopg's own."""

    def cursor(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the chain ends and begins, as the head row says."""

    seq: int
    hash: str
    first_seq: int
    first_prev: str


def ends_of(connection: Connection) -> Ends | None:
    """Return what the head row says, or None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash, first_seq, first_prev FROM audit_head WHERE id = 1")
        row = cursor.fetchone()
    return Ends(*row) if row else None


Row = tuple[int, int, str, str, str]  # seq, microseconds since 1970, prev, hash, body


def rows_of(connection: Connection, *, after: int, to: int | None = None) -> Iterator[list[Row]]:
    """Yield the entries behind `after`, up to and with `to`, oldest first, in chunks."""
    where = "seq > %s" if to is None else "seq > %s AND seq <= %s"
    while True:
        with connection.cursor() as cursor:
            values = [after] if to is None else [after, to]
            cursor.execute(f"SELECT {COLUMNS} FROM audit_entry WHERE {where} ORDER BY seq LIMIT {CHUNK}", values)
            rows: list[Row] = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def hashes_of(connection: Connection, *, after: int, to: int) -> Iterator[tuple[int, str]]:
    """Yield (seq, hash) of the entries behind `after`, up to and with `to`."""
    while after < to:
        with connection.cursor() as cursor:
            query = f"SELECT seq, hash FROM audit_entry WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT {CHUNK}"
            cursor.execute(query, [after, to])
            rows: list[tuple[int, str]] = cursor.fetchall()
        if not rows:
            return
        yield from rows
        after = rows[-1][0]
