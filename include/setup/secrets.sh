#!/bin/sh
# New random secrets for docker-compose, in ./secrets (ignored by git), readable by their owner alone.
# What is there already stays: rotation is deleting a file and running this again (docs/deployment.md has the drill).
set -eu
cd "$(dirname "$0")/../.."
umask 077
mkdir -p secrets
make_secret() {
    [ -s "secrets/$1" ] || python3 -c "$2" >"secrets/$1"
}
hexadecimal='import secrets; print(secrets.token_hex(32), end="")'
for name in api_secret_key jwt_secret postgres_password results_password redis_password recipient_hash_key admin_password; do
    make_secret "$name" "$hexadecimal"
done
make_secret fernet_key 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode(), end="")'

# make_url FILE BEFORE PASSWORD HOST AFTER: a URL of a service of docker-compose.yaml, with its password as it is now.
# A URL with any other host is yours and stays.
make_url() {
    python3 - "$@" <<'PYTHON'
import pathlib, sys, urllib.parse

file, before, password, host, after = sys.argv[1:]
folder = pathlib.Path("secrets")
url = folder / file
if not url.exists() or (urllib.parse.urlsplit(url.read_text().strip()).hostname or host) == host:
    secret = urllib.parse.quote((folder / password).read_text().strip(), safe="")
    url.write_text(f"{before}:{secret}@{host}{after}")
PYTHON
}
make_url database_url postgresql+psycopg2://airflow postgres_password postgres :5432/airflow
make_url result_backend_url db+postgresql://results results_password postgres :5432/results
make_url broker_url redis:// redis_password redis :6379/0

# The private half of the distribution's reader key, if you have one: without it, mails have no link to the archive.
[ -e secrets/reader_key ] || : >secrets/reader_key
# The containers' user is not the files' owner; the folder keeps others out.
chmod 700 secrets
chmod 644 secrets/*
echo "secrets/ is ready; the administrator's password is in secrets/admin_password"
