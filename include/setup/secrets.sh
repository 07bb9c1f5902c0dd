#!/bin/sh
# New random secrets for docker-compose, in ./secrets (ignored by git), readable by their owner alone.
# What is there already stays: rotation is deleting a file and running this again (docs/deployment.md has the drill).
set -eu
cd "$(dirname "$0")/../.."
umask 077
mkdir -p secrets
python3 - <<'PYTHON'
import base64, os, pathlib, secrets, urllib.parse

FOLDER = pathlib.Path("secrets")
PASSWORDS = ("postgres_password", "results_password", "redis_password", "admin_password")


def said(name):
    path = FOLDER / name
    return path.read_text().strip() if path.exists() else ""


def write(name, content):
    (FOLDER / name).write_text(content)


for name in ("api_secret_key", "jwt_secret", "recipient_hash_key", *PASSWORDS):
    if not said(name):
        write(name, secrets.token_hex(32))
if not said("fernet_key"):
    write("fernet_key", base64.urlsafe_b64encode(os.urandom(32)).decode())

# The URLs of the services in docker-compose.yaml, with their passwords as they are now. One with another host is yours
# and stays.
for name, scheme, user, password, host, rest in (
    ("database_url", "postgresql+psycopg2", "airflow", "postgres_password", "postgres", ":5432/airflow"),
    ("result_backend_url", "db+postgresql", "results", "results_password", "postgres", ":5432/results"),
    ("broker_url", "redis", "", "redis_password", "redis", ":6379/0"),
):
    if (urllib.parse.urlsplit(said(name)).hostname or host) == host:
        write(name, f"{scheme}://{user}:{urllib.parse.quote(said(password), safe='')}@{host}{rest}")

# The private half of the distribution's reader key, if you have one: without it, mails have no link to the archive.
if not (FOLDER / "reader_key").exists():
    write("reader_key", "")
PYTHON
# The containers' user is not the files' owner; the folder keeps others out.
chmod 700 secrets
chmod 644 secrets/*
echo "secrets/ is ready; the administrator's password is in secrets/admin_password"
