"""A database as a source, through SQLAlchemy: whole tables or queries, all from one consistent view."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import sqlalchemy as sa

from executive_suite.config import ConfigError
from executive_suite.facts.figures import Note
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import Table, schema
from executive_suite.sources import adding, mapping
from executive_suite.sources.config import UNMAPPED, SqlSource, TableMapping
from executive_suite.sources.raw import RawTables, SourceFile, with_origin

BATCH = 50_000
SECONDS = 1800
"""How long one source may be read; half of what its step may take."""
MOST_ROWS = 50_000_000
LONGEST_CELL = 16 << 20
"""Bytes of one cell that SQLite makes; a query can ask for a gigabyte in a word."""

AIRFLOW_DRIVERS = {"postgres": "postgresql", "mysql": "mysql", "sqlite": "sqlite", "mssql": "mssql"}


def read(source: SqlSource) -> RawTables:
    """Every table of the schema in a database.

    Raises:
        ConfigError: the variable is missing or not a URL, or the database fails; never shows the URL.
    """
    engine = _engine(source)
    tables: dict[str, pa.Table] = {}
    files: list[SourceFile] = []
    faults: list[Fault] = []
    notes: list[Note] = []
    asked = ""
    try:
        with _one_view(engine) as connection:
            there = _relations(connection, source)
            for name, table in schema().items():
                mapped = source.tables.get(name, UNMAPPED)
                relation = mapped.relation or name
                if not mapped.query and (relation not in there or (source.only and name not in source.tables)):
                    if name in source.tables:
                        rule = f"must exist: a table or view {relation}"
                        faults.append(Fault(source.name, rule, "create it, or correct sources.yaml"))
                    continue
                origin = f"{source.name}:{name if mapped.query else relation}"
                asked = f"{'the query' if mapped.query else relation} for the table {name}: "
                data, digest = _rows(connection, _select(source, table, mapped, there.get(relation, ())), origin)
                cells, wrong, left_out = mapping.apply(data, table, mapped, origin)
                tables[name], contradictions = adding.added(cells, table, mapped.sum)
                faults += [*wrong, *contradictions]
                notes += left_out
                files.append(SourceFile(name, origin, digest, data.num_rows))
    except sa.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        reason = shown(str(cause).partition("\n")[0])
        msg = f"{source.name}: the database in {source.url_from} failed: {asked}{reason}"
        raise ConfigError(msg) from None
    finally:
        engine.dispose()
    return RawTables(tables, tuple(files), tuple(faults), tuple(notes))


def _engine(source: SqlSource) -> sa.Engine:
    text = os.environ.get(source.url_from, "").strip()
    if not text:
        msg = f"{source.name}: the variable {source.url_from} is missing or blank; set it to the database's URL"
        raise ConfigError(msg)
    try:
        return _reading(sa.create_engine(_existing(url(text))))
    except (sa.exc.ArgumentError, ValueError, ImportError) as error:
        msg = (
            f"{source.name}: the variable {source.url_from} is not a database URL ({type(error).__name__}); correct it"
        )
        raise ConfigError(msg) from None


def url(text: str) -> sa.URL:
    """A SQLAlchemy URL from its text, or from an Airflow connection as a URI or JSON.

    Raises:
        sqlalchemy.exc.ArgumentError: not a URL.
        ValueError: not an Airflow connection.

    >>> url('{"conn_type": "postgres", "host": "db", "login": "reader", "schema": "books"}').render_as_string()
    'postgresql://reader@db/books'
    """
    if text.startswith("{"):
        given = json.loads(text)
        return sa.URL.create(
            AIRFLOW_DRIVERS.get(given.get("conn_type", ""), given.get("conn_type", "")),
            username=given.get("login"),
            password=given.get("password"),
            host=given.get("host"),
            port=given.get("port"),
            database=given.get("schema"),
        )
    driver, mark, rest = text.partition("://")
    return sa.make_url(f"{AIRFLOW_DRIVERS.get(driver, driver)}{mark}{rest}")


def _existing(address: sa.URL) -> sa.URL:
    """The URL, for SQLite as one that only reads: by default, it creates a file that is not there."""
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return address
    if address.database.startswith("file:"):
        msg = "a path, not a URI, names a database file"
        raise ValueError(msg)
    return address.set(database=f"file:{quote(address.database)}").update_query_dict({"mode": "ro", "uri": "true"})


def _reading(engine: sa.Engine) -> sa.Engine:
    """The engine, whose connections refuse changes and end what takes too long, as far as the database can."""
    first = {
        "sqlite": "PRAGMA query_only = ON",
        "mysql": "SET SESSION TRANSACTION READ ONLY",
        "postgresql": f"SET SESSION statement_timeout = '{SECONDS}s'",
    }.get(engine.dialect.name)
    if first:

        @sa.event.listens_for(engine, "connect")
        def _(connection: Any, _: object) -> None:
            cursor = connection.cursor()
            cursor.execute(first)
            cursor.close()
            connection.commit()  # a setting of a transaction that is rolled back would be none
            if engine.dialect.name == "sqlite":
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
                end = time.monotonic() + SECONDS
                connection.set_progress_handler(lambda: time.monotonic() > end, 1_000_000)

    return engine


@contextlib.contextmanager
def _one_view(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection on which every SELECT sees the same state, and which changes nothing."""
    strict = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as plain:
        connection = plain.execution_options(**strict) if engine.dialect.name == "postgresql" else plain
        with connection.begin():
            yield connection.execution_options(stream_results=True, max_row_buffer=BATCH)


def _relations(connection: sa.Connection, source: SqlSource) -> dict[str, tuple[str, ...]]:
    """Tables and views that may be read, with their columns."""
    inspector = sa.inspect(connection)
    names = {*inspector.get_table_names(source.schema_name), *inspector.get_view_names(source.schema_name)}
    wanted = {source.tables.get(name, UNMAPPED).relation or name for name in schema()}
    return {
        name: tuple(column["name"] for column in inspector.get_columns(name, source.schema_name))
        for name in sorted(names & wanted)
    }


def _select(
    source: SqlSource, table: Table, mapped: TableMapping, columns: Sequence[str]
) -> sa.Select[Any] | sa.TextClause:
    if mapped.query:
        return sa.text(mapped.query)
    relation = sa.table(
        mapped.relation or table.name, *(sa.column(name) for name in columns), schema=source.schema_name
    )
    header_of = {name: header for header, names in mapping.headers(table, mapped).items() for name in names}
    key = [header_of[name] for name in table.key if header_of.get(name) in columns]
    return sa.select(*(relation.c[name] for name in columns)).order_by(*(relation.c[name] for name in key))


def _rows(connection: sa.Connection, query: sa.Select[Any] | sa.TextClause, origin: str) -> tuple[pa.Table, str]:
    result = connection.execute(query)
    names = list(result.keys())
    if twice := sorted({name for name in names if names.count(name) > 1}):
        msg = f"{origin}: must have each column once; {', '.join(twice)} is repeated; rename or remove one"
        raise ConfigError(msg)
    running = hashlib.sha256(json.dumps(names).encode())
    columns: dict[str, list[pa.Array]] = {name: [] for name in names}
    count, end = 0, time.monotonic() + SECONDS
    for batch in result.partitions(BATCH):
        count += len(batch)
        if count > MOST_ROWS or time.monotonic() > end:
            msg = (
                f"{origin}: must give at most {MOST_ROWS:,} rows, in {SECONDS // 60} minutes (it gave {count:,} so far)"
            )
            raise ConfigError(msg)
        for row in batch:
            running.update(json.dumps([None if cell is None else str(cell) for cell in row]).encode())
        for name, values in zip(names, zip(*batch, strict=True), strict=True):
            columns[name].append(_array(values))
    data = pa.table({name: _chunked(arrays) for name, arrays in columns.items()})
    return with_origin(data, origin, pa.array(range(1, count + 1), pa.int64())), running.hexdigest()


def _array(values: Sequence[Any]) -> pa.Array:
    """The values of one column with their own type if it is a plain one, else as text."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) == 1 and kinds <= {int, bool, str, float, datetime, date, Decimal}:
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, OverflowError):
            pass
    return pa.array(map(_text, values), pa.string())


def _chunked(arrays: list[pa.Array]) -> pa.ChunkedArray:
    if len({array.type for array in arrays}) > 1:
        arrays = [pa.array(map(_text, array.to_pylist()), pa.string()) for array in arrays]
    return pa.chunked_array(arrays) if arrays else pa.chunked_array([pa.array([], pa.string())])


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
