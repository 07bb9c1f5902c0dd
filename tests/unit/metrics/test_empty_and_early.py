"""Any table may be absent, empty or one row long, and any report date may lie before its first row.

Every field is computed from the dataset that a run freezes: from CSV through Parquet and back, as Airflow does.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Collection, ItemsView, Iterator, KeysView, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from csv_tables import raw
from executive_suite import config, metrics, reports
from executive_suite.dataset import frozen, snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.snapshot import Snapshot, Typed
from executive_suite.facts.fact import Fact
from executive_suite.metrics.registry import Calculation
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
CALCULATIONS = [calculation for field in metrics.FIELDS for calculation in metrics.load(field)]
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


def _facts(run: Context, calculations: Collection[Calculation] = CALCULATIONS) -> tuple[Fact, ...]:
    """Every metric has a fact, and every fact a value or the reason why it has none."""
    facts = tuple(fact for calculation in calculations for fact in calculation.run(run))
    assert {fact.metric_id for fact in facts} == {one for each in calculations for one in each.metric_ids}
    assert [fact for fact in facts if (fact.value is None) == (fact.status == "ok")] == []
    assert [fact for fact in facts if fact.value is None and not fact.reason] == []
    return facts


class _Looked(dict[str, pd.DataFrame]):
    """Tables that remember which of them somebody looked for; whoever goes through them all looked for all."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        super().__init__(tables)
        self.asked: set[str] = set()

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> pd.DataFrame:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self.asked.update(SAMPLE)
        return super().__iter__()

    def keys(self) -> KeysView[str]:
        self.asked.update(SAMPLE)
        return super().keys()

    def items(self) -> ItemsView[str, pd.DataFrame]:
        self.asked.update(SAMPLE)
        return super().items()


@pytest.fixture(scope="module")
def looked_for(small: Context) -> Sequence[frozenset[str]]:
    """The tables that each calculation looks for, computed on its own: others cannot change what it says."""
    found = []
    for calculation in CALCULATIONS:
        tables = _Looked(small.tables)
        calculation.run(replace(small, tables=tables))
        found.append(frozenset(tables.asked))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.fixture(scope="module")
def small(folder: Path) -> Context:
    """The small dataset, frozen."""
    run = _context(_frozen(_raw(folder, _small())))
    assert {one for each in CALCULATIONS for one in each.metric_ids} == set(metrics.definitions())
    assert sum(fact.status == "ok" for fact in _facts(run)) > 1_000
    return run


def _changed(folder: Path, run: Context, differing: Tables, absent: Collection[str]) -> Context:
    """A frozen dataset with the tables that differ frozen again: one after the other would take minutes."""
    typed = snapshot.read(_raw(folder, differing))
    assert typed.faults == ()
    again = {
        name: frozen.from_parquet(frozen.parquet(f, schema()[name]), schema()[name]) for name, f in typed.frames.items()
    }
    return replace(run, tables={**{name: run.tables[name] for name in SAMPLE if name not in absent}, **again})


@pytest.mark.parametrize("name", SAMPLE)
def test_a_table_may_be_empty_absent_or_one_row_long(
    folder: Path, small: Context, looked_for: Sequence[frozenset[str]], name: str
) -> None:
    rest = {other: rows for other, rows in _small().items() if other != name}
    for tables in (_pruned({**rest, name: _small()[name][:1]}), rest, _pruned({**rest, name: _least(name)})):
        differing = {other: rows for other, rows in tables.items() if rows != _small()[other]}
        absent = set(SAMPLE) - tables.keys()
        moved = differing.keys() | absent
        concerned = [one for one, asked in zip(CALCULATIONS, looked_for, strict=True) if asked & moved]
        assert concerned or not moved
        _facts(_changed(folder, small, differing, absent), concerned)


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
def _whole() -> tuple[RawTables, Typed]:
    given = reading.of(INCLUDE / "data", INCLUDE / "config")
    return given, snapshot.read(given)


def _without_rows(*names: str) -> Typed:
    """The whole sample, read with only the header of some tables."""
    given, typed = _whole()
    empty = snapshot.read(replace(given, tables={name: given.tables[name].slice(0, 0) for name in names}))
    return replace(typed, frames={name: {**typed.frames, **empty.frames}[name] for name in typed.frames})


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
    folder, given = INCLUDE / "config", _without_rows(*empty)
    kept = _frozen(given, day)
    run = pipeline.context_of(kept, folder, pipeline.before(given, day, folder).earlier)
    figures = pipeline.judge(kept, run, _facts(run), folder)
    for report in config.load(folder).reports:
        document = reports.build(figures, report.model_copy(update={"formats": ("txt", "html")}))
        assert "nan" not in document.text.lower().split()
