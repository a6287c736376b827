"""Both set-ups make the two roles, and only the migration is the owner."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import yaml
from servers import Servers

from config.env import ROOT
from config.supervisor.servers import postgres_program


def role_of(env: dict[str, str]) -> str:
    """Return which role Django's settings connect as."""
    code = "from django.conf import settings; print(settings.DATABASES['default']['USER'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_who_has_a_role_in_the_house_never_is_the_owner() -> None:
    assert role_of({"HEARTH_ROLE": ""}) == "hearth_owner"
    for role in ("web", "host", "housekeeping", "beat"):
        assert role_of({"HEARTH_ROLE": role}) == "hearth_app"


def test_with_containers_only_the_migration_and_a_restore_know_the_owner() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    knows = [name for name, one in services.items() if "database_owner_password" in one.get("secrets", [])]
    assert knows == ["database", "migrate", "restore"]
    named = [name for name, one in services.items() if "HEARTH_OWNER_DATABASE_URL" in one.get("environment", {})]
    assert named == ["migrate", "restore"]
    superuser = [name for name, one in services.items() if "database_password" in one.get("secrets", [])]
    assert superuser == ["database"]


def test_the_containers_script_makes_both_roles_and_hands_tables_over(servers: Servers, tmp_path: Path) -> None:
    admin = psycopg.connect(servers.postgres.superuser_url("postgres"), autocommit=True)
    for name in ("owner", "app"):
        (tmp_path / name).write_text(f"{name}'s secret\n")
    script = (ROOT / "tools/compose/roles.sh").read_text().replace("hearth_", "container_")
    admin.execute("CREATE DATABASE container")
    env = {
        "PATH": f"{Path(postgres_program('psql')).parent}:{os.environ['PATH']}",
        "POSTGRES_USER": "hearth",
        "POSTGRES_DB": "container",
        "PGHOST": str(servers.postgres.run),
        "PGPASSWORD": servers.postgres.password,
        "OWNER_PASSWORD_FILE": str(tmp_path / "owner"),
        "APP_PASSWORD_FILE": str(tmp_path / "app"),
    }
    try:
        with psycopg.connect(servers.postgres.superuser_url("container")) as connection:
            connection.execute("CREATE TABLE earlier (n integer)")
        subprocess.run(["bash", "-c", script], env=env, check=True, capture_output=True, text=True)
        with psycopg.connect(
            host=str(servers.postgres.run), user="container_owner", password="owner's secret", dbname="container"
        ) as owner:
            row = owner.execute(
                "SELECT pg_get_userbyid(datdba), pg_get_userbyid(relowner) FROM pg_database, pg_class "
                "WHERE datname = 'container' AND relname = 'earlier'"
            ).fetchone()
        assert row == ("container_owner", "container_owner")
        psycopg.connect(
            host=str(servers.postgres.run), user="container_app", password="app's secret", dbname="container"
        ).close()
    finally:
        admin.execute("DROP DATABASE container WITH (FORCE)")
        admin.execute("DROP ROLE container_owner")
        admin.execute("DROP ROLE container_app")
        admin.close()
