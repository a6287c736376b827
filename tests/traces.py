"""What an act leaves behind: a digest of every table that it could have changed."""

from django.db import connection

# Looking is written down: in the log, under a glass, and when a session was seen last.
TOLD_OF_LOOKING = ("audit_", "breakglass_look", "accounts_session", "hearth_cache")


def tables() -> dict[str, str]:
    """Return a digest of every table that looking, and whatever is refused, must leave alone."""
    names = [name for name in connection.introspection.table_names() if not name.startswith(TOLD_OF_LOOKING)]
    sums = [f"SELECT '{name}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t" for name in names]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sums))
        return dict(cursor.fetchall())
