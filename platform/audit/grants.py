"""What the application's database role may do. Set anew after every migration, by the role that owns the tables.

The owner's role migrates. The application's role reads and writes rows everywhere, but to the log it can only add:
it may send an entry's body, the trigger sets the rest.
"""

import sys
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

WARNING = (
    "HEARTH_OWNER_DATABASE_URL is not set: the application owns its tables, so whoever takes it over could change the "
    "audit log. See docs/operations.md."
)

GRANTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app};
REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {app};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app};
REVOKE ALL ON audit_entry, audit_head, django_migrations FROM {app};
GRANT SELECT ON audit_entry, audit_head, django_migrations TO {app};
GRANT INSERT (body) ON audit_entry TO {app};
GRANT EXECUTE ON FUNCTION audit_prune(integer, bigint, text) TO {app};
"""


def statements(alias: str = "default") -> str:
    """Return what lets the application's role do its work, and no more. Nothing: one role does everything."""
    address, role = connections[alias].settings_dict, settings.APPLICATION_ROLE
    if not role or role == address["USER"]:
        return ""
    return (
        sql.SQL(GRANTS).format(app=sql.Identifier(role), database=sql.Identifier(str(address["NAME"]))).as_string(None)
    )


def after_migrations(sender: Any, *, using: str = "default", **kwargs: Any) -> None:
    """Django's own signal: grant to the application's role, or say that one role does everything."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_entry') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
    if granting := statements(using):
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute(granting)
    elif kwargs.get("verbosity", 1):
        sys.stderr.write(WARNING + "\n")
