"""The dump takes the place of what is in the database, in one transaction: all of it, or nothing has happened."""

import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO

from django.core.management import call_command
from django.db import connection

from audit import grants
from audit.migrations._first_schema import RIGHTS
from backup import programs
from backup.copying import BITE
from backup.progress import Progress
from backup.refused import Refused, Unfinished
from config.supervisor.process import die_with_parent

# What is ours goes, whatever version made it; what belongs to an extension stays.
CLEAR = """
DO $clear$
DECLARE statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN
            'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass)
        FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid
            AND (deptype = 'e' OR deptype IN ('i', 'a') AND refclassid = 'pg_class'::regclass))
    LOOP EXECUTE statement; END LOOP;
    FOR statement IN
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    LOOP EXECUTE statement; END LOOP;
END $clear$;
"""
BEFORE = f"BEGIN;\nSET LOCAL client_min_messages = warning;\n{CLEAR}\n"
NOT_OURS = " SCHEMA - "
CONNECTION_LOST = 2  # how psql ends then, and where there never was one
NEVER_CONNECTED = "psql: error: "


def load(dump: Path, progress: Progress) -> None:
    """Put the dump in the place of everything that Hearth has in the database. Raises Refused: nothing changed."""
    wanted = programs.server_version()
    restore = [programs.program("pg_restore", at_least=wanted), "--no-owner", "--no-acl", "--no-comments"]
    psql = [
        programs.program("psql", at_least=wanted),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        "-",
        "-o",
        "/dev/null",
    ]
    connection.close()
    progress.begin("database")
    last = _last_statements()
    with NamedTemporaryFile("w") as contents, TemporaryFile("w+") as said:
        contents.write(_contents(restore[0], dump))
        contents.flush()
        command = [*restore, f"--use-list={contents.name}", "--file=-", str(dump)]
        with subprocess.Popen(
            psql, env=programs.environment(), stdin=subprocess.PIPE, stderr=said, preexec_fn=die_with_parent
        ) as client:
            assert client.stdin is not None
            whole = _poured(command, client.stdin, last, said, progress)
        said.seek(0)
        _judge(client.returncode, whole, said.read())


def _judge(code: int, whole: bool, said: str) -> None:
    """Raise Refused where nothing was committed, and Unfinished where that may have been the last that was heard."""
    if code == CONNECTION_LOST and whole and NEVER_CONNECTED not in said:
        raise Unfinished(
            "The connection was lost at the end: nobody can say whether the database is the backup's. Leave Hearth "
            "stopped, and run the same command again with --replace."
        )
    if code or not whole:
        raise Refused(f"The database could not be restored, and is what it was. {_first_error(said)}")


def _last_statements() -> str:
    """Return what ends the transaction.

    A dump is restored without rights, since roles may have other names here. By default the application's role may
    write every new table, the log's as well: what it may not is said before anybody can see the tables, not by the
    migrations alone, which can fail.
    """
    return f"SET search_path = public;\n{RIGHTS}\n{grants.statements()}\nCOMMIT;\n"


def _contents(program: str, dump: Path) -> str:
    """Return the dump's table of contents, without what belongs to the database itself. Raises Refused."""
    listed = subprocess.run([program, "--list", str(dump)], capture_output=True, text=True, check=False)
    if listed.returncode:
        raise Refused(f"pg_restore cannot read {dump.name}: {programs.last_words(listed.stderr)}")
    return "\n".join(line for line in listed.stdout.splitlines() if NOT_OURS not in line) + "\n"


def _poured(command: list[str], client: IO[bytes], last: str, said: IO[str], progress: Progress) -> bool:
    """Hand everything to psql. Without the last line nothing holds. Return whether it was all handed over."""
    try:
        client.write(BEFORE.encode())
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, preexec_fn=die_with_parent, env=programs.environment()
        ) as process:
            assert process.stdout is not None
            while bite := process.stdout.read(BITE):
                client.write(bite)
                progress.add(len(bite))
        if process.returncode == 0:
            client.write(last.encode())
        client.close()
        return process.returncode == 0
    except BrokenPipeError:  # psql has ended, and has said why
        with suppress(BrokenPipeError):
            client.close()
        return False


def _first_error(said: str) -> str:
    """Return what was wrong first, without the row that it was about. What psql says comes before what follows it."""
    errors = [line for line in said.splitlines() if "ERROR" in line or "error" in line or "FATAL" in line]
    errors.sort(key=lambda line: not line.startswith("psql"))
    return errors[0][:300] if errors else programs.last_words(said)


def bring_up_to_date() -> None:
    """Migrate from the backup's version to this one, and let the application do its work. Raises CommandError."""
    connection.close()
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
