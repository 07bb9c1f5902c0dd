#!/bin/sh
# What the entry point of the image `postgres` does, as far as a first start and every later one need it: it gives the
# data to the user postgres and becomes that user; new data get user, password and database while a server for itself
# runs on the socket only; then the server becomes the container's process.
set -eu
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown 999:999 "$PGDATA"
    chmod 700 "$PGDATA"
    exec setpriv --reuid=999 --regid=999 --clear-groups --pdeathsig=KILL -- "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -D "$PGDATA" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-host=scram-sha-256 \
        --auth-local=trust --no-sync --encoding=UTF8 --locale=C
    postgres -D "$PGDATA" -c listen_addresses= -c unix_socket_directories=/var/run/postgresql &
    server=$!
    until pg_isready -q -h /var/run/postgresql -d postgres -U "$POSTGRES_USER"; do sleep 0.1; done
    createdb -h /var/run/postgresql -U "$POSTGRES_USER" "$POSTGRES_DB"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    kill "$server"
    wait
fi
exec "$@" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
