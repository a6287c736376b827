#!/usr/bin/env bash
# Run once, when the database is made: the role that owns the tables and the application's, each with its own password.
# Tables of an earlier version, which the superuser owned, are handed over; then it is run by hand.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -q --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v owner="$(cat "${OWNER_PASSWORD_FILE:-/run/secrets/database_owner_password}")" \
  -v app="$(cat "${APP_PASSWORD_FILE:-/run/secrets/database_app_password}")" <<'SQL'
CREATE ROLE hearth_owner LOGIN PASSWORD :'owner';
CREATE ROLE hearth_app LOGIN PASSWORD :'app';
SELECT format('ALTER DATABASE %I OWNER TO hearth_owner', current_database()) \gexec
SELECT format('ALTER TABLE %s OWNER TO hearth_owner', oid::regclass) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') \gexec
SQL
