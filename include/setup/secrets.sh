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
for name in api_secret_key jwt_secret postgres_password redis_password recipient_hash_key admin_password; do
    make_secret "$name" "$hexadecimal"
done
make_secret fernet_key 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode(), end="")'
# The private half of the distribution's reader key, if you have one: without it, mails have no link to the archive.
[ -e secrets/reader_key ] || : >secrets/reader_key
# The containers' user is not the files' owner; the folder keeps others out.
chmod 700 secrets
chmod 644 secrets/*
echo "secrets/ is ready; the administrator's password is in secrets/admin_password"
