#!/usr/bin/env bash
# Makes every secret that is missing, each in a file of its own, and the folders that containers write to:
# sudo tools/compose/secrets.sh, or with a folder for the secrets alone.
# What is there stays. Containers run as 10001 and read them by their group; nobody else on this server can.
set -euo pipefail
folder=${1:-$(dirname "$0")/../../secrets}
group=${HEARTH_GROUP:-10001}
umask 077
mkdir -p "$folder"

make_secret() { # name, hex digits
  local file=$folder/$1
  if [ ! -e "$file" ]; then
    od -An -v -tx1 -N "$(($2 / 2))" /dev/urandom | tr -d ' \n' >"$file.new"
    printf '\n' >>"$file.new"
    mv "$file.new" "$file"
    echo "made $1"
  fi
  chown "$group:$group" "$file" 2>/dev/null || { echo "Only root can give $file to user $group: run this with sudo." >&2; exit 1; }
  chmod 0440 "$file"
}

for name in database_password database_owner_password database_app_password redis_password grafana_password; do
  make_secret "$name" 48
done
make_secret secret_key 96
make_secret anchor_key 64
for name in metrics_token vllm_key backup_passphrase; do make_secret "$name" 64; done
chown "$group:$group" "$folder"
chmod 0750 "$folder"

# What containers mount from here: models to write, backups to write, a certificate to read.
[ $# -gt 0 ] || (cd "$folder/.." && mkdir -p models backup-data tls && chown "$group:$group" models backup-data tls)
