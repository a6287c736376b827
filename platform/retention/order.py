"""Who comes first: a hold, a change of rules, or a purge. A lock of the database decides.

A chunk of a purge takes it shared; placing a hold and changing rules take it alone. So whatever was committed first
holds: a chunk that begins behind a hold sees it, and a hold that comes during a chunk waits for its end, some
milliseconds. Chunks do not wait for each other. It ends with the transaction, also where its process dies.
"""

from django.db import connection

KEY = 0x4845415254  # shared by everything that purges or says what must stay


def purging() -> None:
    """In a transaction: let no hold be placed and no rule be changed until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY])


def deciding() -> None:
    """In a transaction: wait for the chunks that are under way, and let none begin until its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEY])
