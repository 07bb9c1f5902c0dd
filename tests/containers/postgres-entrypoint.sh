#!/bin/sh
# What the entry point of the image `postgres` does, as far as a first start and every later one need it: the data folder
# is the user postgres's, a new one gets user, password and database while a server for itself runs on the socket only,
# and then the server becomes the container's process.
set -eu
become() {
    setpriv --reuid=999 --regid=999 --clear-groups --pdeathsig=KILL -- "$@"
}
mkdir -p "$PGDATA"
chown 999:999 "$PGDATA"
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    cp "$POSTGRES_PASSWORD_FILE" /tmp/password
    chown 999:999 /tmp/password
    become initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile=/tmp/password --auth-host=scram-sha-256 \
        --auth-local=trust --no-sync --encoding=UTF8 --locale=C
    rm /tmp/password
    become postgres -D "$PGDATA" -c listen_addresses= -c unix_socket_directories=/var/run/postgresql &
    until become pg_isready -q -h /var/run/postgresql -d postgres -U "$POSTGRES_USER"; do sleep 0.1; done
    sleep "${INITIALISATION_SECONDS:-0}"
    become createdb -h /var/run/postgresql -U "$POSTGRES_USER" "$POSTGRES_DB"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    kill %1
    wait
fi
exec setpriv --reuid=999 --regid=999 --clear-groups --pdeathsig=KILL -- \
    "$@" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
