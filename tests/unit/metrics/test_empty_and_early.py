"""Any table may be absent, empty or one row long, and any report date may lie before its first row.

Every field is computed from the dataset that a run freezes: from CSV through Parquet and back, as Airflow does.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from csv_tables import raw
from executive_suite import config, metrics, reports
from executive_suite.dataset import frozen, snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.snapshot import Snapshot, Typed
from executive_suite.facts.fact import Fact
from executive_suite.run import pipeline
from executive_suite.schema.tables import schema
from executive_suite.sources import reading
from executive_suite.sources.raw import RawTables
from executive_suite.stores.memory import MemoryStore
from group_data import INCLUDE, REPORT_DATE

Rows = tuple[tuple[str, ...], ...]
Tables = Mapping[str, Rows]
"""By table, the rows of its file, header first."""

SAMPLE = sorted(path.stem for path in (INCLUDE / "data").glob("*.csv"))
SINCE = "2026-03-01"
FEW = 40
"""The small dataset: two months of what is dated, and few rows of the rest."""


@functools.cache
def _file(name: str) -> Rows:
    with (INCLUDE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(map(tuple, csv.reader(file)))


@functools.cache
def _small() -> Tables:
    """Two months of the sample, with what its rows refer to."""

    def few(name: str) -> Rows:
        header, *rows = _file(name)
        if not (day := schema()[name].business_date) or len(rows) < FEW:
            return (header, *rows[: 20 * FEW if name in {"param", "counterparty"} else FEW])
        return (header, *[row for row in rows if row[header.index(day)] >= SINCE])

    return _pruned({name: few(name) for name in SAMPLE})


def _pruned(tables: Tables) -> Tables:
    """The tables without the rows that refer to a row that is not there."""
    while True:
        kept = {}
        for name, (header, *rows) in tables.items():
            known = [
                (header.index(one.column), {row[tables[one.table][0].index(one.target)] for row in tables[one.table]})
                for one in schema()[name].references
                if one.table in tables and one.column in header
            ]
            kept[name] = (header, *[row for row in rows if all(not row[at] or row[at] in ids for at, ids in known)])
        if kept == tables:
            return kept
        tables = kept


def _least(name: str) -> Rows:
    """The first row, or the first rows that hold together: a transaction, the holders of an entity."""
    header, *rows = _small()[name]
    if by := {"ledger": "txn_id", "equity_holder": "entity_id"}.get(name):
        return (header, *[row for row in rows if row[header.index(by)] == rows[0][header.index(by)]])
    return (header, *rows[:1])


@functools.cache
def _table(folder: Path, name: str, rows: Rows) -> pa.Table:
    """Rows as the source of a folder of CSV gives them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return raw(folder, **{name: text.getvalue().encode()}).tables[name]


def _raw(folder: Path, tables: Tables) -> RawTables:
    return RawTables({name: _table(folder, name, rows) for name, rows in tables.items()})


def _frozen(given: RawTables | Typed, day: date = REPORT_DATE) -> Snapshot:
    """The dataset of a day as a run keeps and reads it: the same types as before, also of columns without a row."""
    built, store = pipeline.dataset(given, day), MemoryStore()
    kept = snapshot.load(store, snapshot.freeze(store, built), whole=False)
    assert {name: dict(kept.tables[name].dtypes) for name in built.tables} == {
        name: dict(frame.dtypes) for name, frame in built.tables.items()
    }
    return kept


def _context(kept: Snapshot) -> Context:
    return pipeline.context_of(kept, INCLUDE / "config")


def _facts(run: Context) -> tuple[Fact, ...]:
    """Every metric has a fact, and every fact a value or the reason why it has none."""
    facts = metrics.compute_all(run)
    assert {fact.metric_id for fact in facts} == set(metrics.definitions())
    assert [fact for fact in facts if (fact.value is None) == (fact.status == "ok")] == []
    assert [fact for fact in facts if fact.value is None and not fact.reason] == []
    return facts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def small(folder: Path) -> Context:
    """The small dataset, frozen."""
    run = _context(_frozen(_raw(folder, _small())))
    assert sum(fact.status == "ok" for fact in _facts(run)) > 1_000
    return run


def _changed(folder: Path, run: Context, tables: Tables) -> Context:
    """A frozen dataset with the tables that differ frozen again: one after the other would take minutes."""
    differing = {name: rows for name, rows in tables.items() if rows != _small()[name]}
    typed = snapshot.read(_raw(folder, differing))
    assert typed.faults == ()
    again = {
        name: frozen.from_parquet(frozen.parquet(f, schema()[name]), schema()[name]) for name, f in typed.frames.items()
    }
    return replace(run, tables={**{name: run.tables[name] for name in tables}, **again})


@pytest.mark.parametrize("name", SAMPLE)
def test_a_table_may_be_empty_absent_or_one_row_long(folder: Path, small: Context, name: str) -> None:
    rest = {other: rows for other, rows in _small().items() if other != name}
    _facts(_changed(folder, small, _pruned({**rest, name: _small()[name][:1]})))
    _facts(_changed(folder, small, rest))
    _facts(_changed(folder, small, _pruned({**rest, name: _least(name)})))


@pytest.mark.parametrize("rows", ["none", "one", "no table"])
def test_every_table_may_be_so_at_once(folder: Path, rows: str) -> None:
    tables = {"none": {n: t[:1] for n, t in _small().items()}, "one": _pruned({n: _least(n) for n in SAMPLE})}
    _facts(_context(_frozen(_raw(folder, tables.get(rows, {})))))


@pytest.mark.parametrize("name", ["asset", "booking", "client_contract", "delivery", "ledger", "work_log", "param"])
def test_a_table_may_be_the_only_one_with_rows(folder: Path, name: str) -> None:
    wanted = {name, "entity", *(one.table for one in schema()[name].references)}
    alone = {other: rows if other in wanted else rows[:1] for other, rows in _small().items()}
    _facts(_context(_frozen(_raw(folder, _pruned(alone)))))


def _first_days() -> list[str]:
    """For each dated table, the day of its first row: on it, the table has none yet."""
    found = set()
    for name, (header, *rows) in _small().items():
        if (day := schema()[name].business_date) and (known := [row[header.index(day)] for row in rows]):
            found.add(min(filter(None, known))[:10])
    return sorted(found)


@pytest.mark.parametrize("day", ["1999-12-31", "2020-02-29", *_first_days()[::3]])
def test_a_report_date_may_lie_before_the_first_row_of_a_table(folder: Path, day: str) -> None:
    _facts(_context(_frozen(_raw(folder, _small()), date.fromisoformat(day))))


@functools.cache
def _whole() -> RawTables:
    return reading.of(INCLUDE / "data", INCLUDE / "config")


def _without_rows(*names: str) -> RawTables:
    given = _whole()
    return replace(given, tables={n: t.slice(0, 0) if n in names else t for n, t in given.tables.items()})


WORK = ("client_contract", "work_log")
BOOKS = ("entity", "account", "ledger", "param", "counterparty")
SELECTION = {
    "no table has a row": (SAMPLE, REPORT_DATE),
    "only the books have rows": ([name for name in SAMPLE if name not in BOOKS], REPORT_DATE),
    "no schedule of revenue": (["rev_schedule"], REPORT_DATE),
    "no contract and no work": (WORK, REPORT_DATE),
    "the day of the first posting": ((), date(2023, 5, 1)),
    "the opening month": ((), date(2023, 6, 1)),
    "the first day of 2024": ((), date(2024, 1, 1)),
}


@pytest.mark.parametrize("name", SELECTION)
def test_rules_and_reports_hold_too(name: str) -> None:
    empty, day = SELECTION[name]
    folder, given = INCLUDE / "config", snapshot.read(_without_rows(*empty))
    kept = _frozen(given, day)
    run = pipeline.context_of(kept, folder, pipeline.before(given, day, folder).earlier)
    figures = pipeline.judge(kept, run, _facts(run), folder)
    for report in config.load(folder).reports:
        document = reports.build(figures, report.model_copy(update={"formats": ("txt", "html")}))
        assert "nan" not in document.text.lower().split()
