"""A database and a role of its own for what Celery's workers report: they never hold the key to Airflow's database.

Run by ``set-up`` on every start. A backend elsewhere, or in Airflow's own database, is left as it is.
"""

from __future__ import annotations

import os
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg2
from psycopg2 import sql


def main() -> None:
    """Make the role of the result backend's URL, with its password, and its database."""
    ours = urlsplit(os.environ.get("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "").replace("+psycopg2", "", 1))
    theirs = urlsplit(os.environ.get("AIRFLOW__CELERY__RESULT_BACKEND", "").removeprefix("db+"))
    if not _apart(ours, theirs):
        return
    role, database = sql.Identifier(str(theirs.username)), sql.Identifier(theirs.path.strip("/"))
    password = sql.Literal(unquote(theirs.password or ""))
    connection = psycopg2.connect(ours.geturl())
    connection.autocommit = True  # a database is not made within a transaction
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s", (theirs.username,))
        verb = sql.SQL("alter" if cursor.fetchone() else "create")
        cursor.execute(sql.SQL("{} role {} login password {}").format(verb, role, password))
        cursor.execute("select 1 from pg_database where datname = %s", (theirs.path.strip("/"),))
        if not cursor.fetchone():
            cursor.execute(sql.SQL("create database {} owner {}").format(database, role))
        # By default every role may connect to every database.
        airflow = sql.Identifier(ours.path.strip("/"))
        cursor.execute(sql.SQL("revoke connect on database {} from public").format(airflow))
    connection.close()


def _apart(ours: SplitResult, theirs: SplitResult) -> bool:
    """Whether both are PostgreSQL on one server, with a role and a database of the results' own."""
    return (
        ours.scheme == theirs.scheme == "postgresql"
        and (ours.hostname, ours.port) == (theirs.hostname, theirs.port)
        and ours.username != theirs.username
        and ours.path != theirs.path
    )


if __name__ == "__main__":
    main()
