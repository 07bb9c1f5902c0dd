"""A table with a header and no row is read like any other: from every kind of source, and again once frozen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from csv_tables import ENTITIES, folder
from executive_suite.dataset import snapshot
from executive_suite.schema.tables import ORIGIN, Kind, Table, schema
from executive_suite.sources import files, reading
from executive_suite.sources.config import Sources
from executive_suite.stores.memory import MemoryStore

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

# the column types that dataset.context.Context promises
DTYPES: dict[Kind, frozenset[str]] = {
    "string": frozenset({"str"}),
    "number": frozenset({"str"}),
    "integer": frozenset({"int64", "Int64"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"datetime64[us]"}),
    "datetime": frozenset({"datetime64[us, UTC]"}),
}
ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "number": pa.decimal128(12, 2),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
SQL = {"integer": "integer", "boolean": "boolean", "date": "date", "datetime": "timestamp"}


def columns(table: Table) -> list[str]:
    return [name for name in table.columns if name not in ORIGIN]


def from_csv(path: Path) -> snapshot.Typed:
    tables = {name: ",".join(columns(table)) + "\n" for name, table in schema().items()}
    return snapshot.read(files.read_folder(folder(path, **(tables | {"entity": ENTITIES}))))


def from_parquet(path: Path, *, typed: bool) -> snapshot.Typed:
    place = folder(path, entity=ENTITIES)
    for name, table in schema().items():
        if name != "entity":
            fields = [pa.field(c, ARROW[table.kind(c)] if typed else pa.null()) for c in columns(table)]
            pq.write_table(pa.schema(fields).empty_table(), place / f"{name}.parquet")
    return snapshot.read(files.read_folder(place))


def from_sql(path: Path, monkeypatch: pytest.MonkeyPatch) -> snapshot.Typed:
    folder(path, entity=ENTITIES)
    url = f"sqlite:///{path / 'books.db'}"
    with sa.create_engine(url).begin() as connection:
        for name, table in schema().items():
            named = ", ".join(f'"{column}" {SQL.get(table.kind(column), "text")}' for column in columns(table))
            if name != "entity":
                connection.execute(sa.text(f"create table {name} ({named})"))
    monkeypatch.setenv("BOOKS_URL", url)
    both = [
        {"name": "books", "kind": "sql", "url_from": "BOOKS_URL"},
        {"name": "files", "kind": "folder", "location": str(path)},
    ]
    return snapshot.read(reading.read(Sources.model_validate({"sources": both})))


@pytest.mark.parametrize("kind", ["csv", "typed parquet", "untyped parquet", "sql"])
def test_a_table_without_rows_has_the_types_of_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "sql":
        given = from_sql(tmp_path, monkeypatch)
    else:
        given = from_csv(tmp_path) if kind == "csv" else from_parquet(tmp_path, typed=kind.startswith("typed"))
    assert not given.faults
    assert given.frames.keys() == schema().keys()
    built = snapshot.build(given, MAY, PACIFIC)
    store = MemoryStore()
    kept = snapshot.load(store, snapshot.freeze(store, built))
    for name, table in schema().items():
        for frames in (built.tables, kept.tables) if name != "entity" else ():
            frame = frames[name]
            assert frame.empty
            wrong = {c: str(frame[c].dtype) for c in columns(table) if str(frame[c].dtype) not in DTYPES[table.kind(c)]}
            assert not wrong, name
        assert kept.tables[name].dtypes.to_dict() == built.tables[name].dtypes.to_dict(), name
    assert kept.hash == built.hash
