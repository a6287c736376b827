"""The application's role can add to the log, and nothing else; what it sends beside the body is not taken."""

from collections.abc import Callable

import psycopg
import pytest
from chains import Connection, body_of, link, micros
from servers import Servers

pytestmark = pytest.mark.django_db  # only so that the database is made
REFUSED = [
    "UPDATE audit_entry SET body = '{}'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "DROP TABLE audit_entry",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_chain",
    "ALTER TABLE audit_entry ALTER COLUMN verb DROP EXPRESSION",
    "DROP TRIGGER audit_refuse ON audit_entry",
    "CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SELECT audit_chain()",
    "SET session_replication_role = replica",
    "SET ROLE hearth_owner",
    "SET SESSION AUTHORIZATION hearth_owner",
    "ALTER ROLE hearth_app SUPERUSER",
    "INSERT INTO audit_entry (seq, body) VALUES (1, '{}')",
    f"INSERT INTO audit_entry (hash, body) VALUES ('{'0' * 64}', '{{}}')",
    "INSERT INTO audit_entry (at, body) VALUES ('2020-01-01', '{}')",
    "INSERT INTO audit_entry (verb, body) VALUES ('audit.read', '{}')",
    "UPDATE audit_head SET seq = 0",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head VALUES (1, 0, '', 1, '')",
    "CREATE TABLE public.mine (n integer)",
    "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TEMPORARY TABLE audit_head (n integer)",
    "UPDATE django_migrations SET name = ''",
    "COPY audit_entry TO PROGRAM 'true'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_applications_role_is_refused(as_app: Callable[..., Connection], statement: str) -> None:
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.GeneratedAlways)):
        as_app().execute(statement)


def test_it_reads_and_adds_and_the_trigger_sets_the_rest(as_app: Callable[..., Connection]) -> None:
    connection, body = as_app(), body_of("models.deployed", result="refused")
    head = connection.execute("SELECT seq, hash FROM audit_head").fetchone()
    connection.execute("INSERT INTO audit_entry (body) VALUES (%s)", [body])
    row = connection.execute(
        "SELECT seq, prev, hash, at, verb, result, actor_kind, actor_id, target_ids, now() FROM audit_entry "
        "ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert head is not None
    assert row is not None
    assert (row[0], row[1]) == (head[0] + 1, head[1])
    assert row[2] == link(row[1], row[0], micros(row[3]), body)
    assert row[4:9] == ("models.deployed", "refused", "person", "a", ["t"])
    assert 0 <= (row[3] - row[9]).total_seconds() < 5
    connection.rollback()


@pytest.mark.parametrize("body", ["", "nothing", "{}", "[]", '{"verb":"a.b"}', body_of(target="x" * 70_000)])
def test_a_body_of_another_shape_is_no_entry(as_app: Callable[..., Connection], body: str) -> None:
    with pytest.raises(psycopg.Error):
        as_app().execute("INSERT INTO audit_entry (body) VALUES (%s)", [body])


def test_everything_else_is_its_to_read_and_write(as_app: Callable[..., Connection]) -> None:
    rows = as_app().execute(
        "SELECT tablename, has_table_privilege(tablename, 'UPDATE') AND has_table_privilege(tablename, 'DELETE') "
        "FROM pg_tables WHERE schemaname = 'public'"
    )
    assert sorted(name for name, may in rows.fetchall() if not may) == [
        "audit_entry",
        "audit_head",
        "django_migrations",
    ]


def test_tables_that_come_later_are_its_as_well(
    servers: Servers, test_database: str, as_app: Callable[..., Connection]
) -> None:
    with psycopg.connect(servers.owner_url.replace("/hearth?", f"/{test_database}?")) as owner:
        owner.execute("CREATE TABLE later (n integer)")
    try:
        as_app(autocommit=True).execute("INSERT INTO later VALUES (1)")
    finally:
        with psycopg.connect(servers.owner_url.replace("/hearth?", f"/{test_database}?")) as owner:
            owner.execute("DROP TABLE later")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET body = '{}'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("more", ["", " WHERE false"])
def test_the_owner_does_not_change_it_by_mistake(
    servers: Servers, test_database: str, statement: str, more: str
) -> None:
    url = servers.owner_url.replace("/hearth?", f"/{test_database}?")
    with psycopg.connect(url) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner.execute(statement + more)
