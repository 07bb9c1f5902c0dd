"""Late rows: recorded after a report's cut-off, but about its period."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from executive_suite.dataset import snapshot
from executive_suite.dataset.quality_rules import WHOLE
from executive_suite.dataset.row_rules import plain
from executive_suite.dataset.snapshot import Typed
from executive_suite.schema.tables import ORIGIN, RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Table, schema
from executive_suite.schema.typed import records

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class View:
    """A report date, its cut-off, and the later instant it is viewed from."""

    report_date: date
    zone: ZoneInfo
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class LateRow:
    """A row recorded after the cut-off, but about the period.

    Attributes:
        table: Input table.
        key: Its primary key, column to text.
        recorded_at: When it became known, ISO 8601 UTC.
        source: File and row.
        unit: What it belongs to ("ledger T0042"), by which changes name their causes.
        was: For a correction, the earlier values of its columns; empty for a new row.
        now: For a correction, the current values of the same columns.
    """

    table: str
    key: Mapping[str, str]
    recorded_at: str
    source: str
    unit: str
    was: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)


def concerning(given: Typed, view: View) -> Typed:
    """The rows without those recorded late about later events.

    A late row concerns the period if it happened in it (tables with a business day, and receipts of transactions), or
    if its subject began in it (budgets, contracts, parameters …). A register without days (systems, roles, assets …)
    describes the moment it is recorded, so a later version restates nothing; only new keys that other tables refer to
    (accounts, entities …) are included, because late rows may need them.
    """
    frames = {name: frame[~_went_on(frame, schema()[name], view)] for name, frame in given.frames.items()}
    return replace(given, frames=frames)


@functools.cache
def _referred_to() -> frozenset[str]:
    return frozenset(reference.table for table in schema().values() for reference in table.references)


def _went_on(frame: pd.DataFrame, table: Table, view: View) -> Flags:
    if RECORDED_AT not in frame.columns or table.business_date in frame.columns or table.happens_with:
        return np.zeros(len(frame), dtype=bool)
    late = (frame[RECORDED_AT] >= pd.Timestamp(view.start)).to_numpy(dtype=bool)
    if table.concerns in frame.columns:
        return late & (frame[table.concerns] >= pd.Timestamp(view.report_date)).to_numpy(dtype=bool)
    if table.name in _referred_to() and set(table.key) <= set(frame.columns):
        known = frame.loc[~late, table.key[0]]
        return late & frame[table.key[0]].isin(known).to_numpy(dtype=bool)
    return late


def dated(table: Table) -> bool:
    """Whether its rows belong to days, so that a row can be late."""
    return bool(table.business_date or table.concerns or table.happens_with)


def rows(given: Typed, view: View) -> Iterator[LateRow]:
    """The late rows that concern the period, by table and key; ``given`` as ``concerning`` leaves it."""
    _, before = snapshot.select(given, view.report_date, view.zone, view.start)
    versions, after = snapshot.select(given, view.report_date, view.zone, view.end)
    for name, frame in sorted(after.items()):
        table = schema()[name]
        if RECORDED_AT not in frame.columns or not dated(table):
            continue
        known = _by_key(before[name], table)
        counted = _by_key(frame, table)
        shown = versions[name] if table.key else frame
        late = shown[(shown[RECORDED_AT] >= pd.Timestamp(view.start)).to_numpy(dtype=bool)]
        for record in late.to_dict("records"):
            key = _key(record, table)
            earlier = known.get(tuple(key.values()))
            if not table.key or tuple(key.values()) in counted or earlier is not None:
                yield _row(record, table, key, earlier)


def _by_key(frame: pd.DataFrame, table: Table) -> dict[tuple[str, ...], Mapping[Any, Any]]:
    if not table.key or not set(table.key) <= set(frame.columns):
        return {}
    keys = [tuple(plain(cell) for cell in row) for row in records(frame, *table.key)]
    return dict(zip(keys, frame.to_dict("records"), strict=True))


def _key(record: Mapping[Any, Any], table: Table) -> dict[str, str]:
    return {name: plain(record[name]) for name in (table.key or table.load_key) if name in record}


def _row(record: Mapping[Any, Any], table: Table, key: dict[str, str], earlier: Mapping[Any, Any] | None) -> LateRow:
    given = [name for name in table.columns if name in record and name not in ORIGIN | {RECORDED_AT}]
    changed = [name for name in given if earlier is not None and plain(earlier[name]) != plain(record[name])]
    return LateRow(
        table=table.name,
        key=key,
        recorded_at=record[RECORDED_AT].isoformat(),
        source=f"{record[SOURCE_FILE]}, row {record[SOURCE_ROW]}",
        unit=unit_of(table, key),
        was={name: plain(earlier[name]) for name in changed} if earlier is not None else {},
        now={name: plain(record[name]) for name in changed},
    )


def unit_of(table: Table, key: Mapping[str, str]) -> str:
    """What a row belongs to, with its table: its transaction, its bill, or itself."""
    return f"{table.name} {key[WHOLE[table.name]] if table.name in WHOLE else '/'.join(key.values())}"


def with_only(given: Typed, view: View, wanted: Callable[[str, str], bool]) -> Typed:
    """What was known at the cut-off, plus the late rows of the wanted tables and units."""
    frames = {}
    for name, frame in given.frames.items():
        table = schema()[name]
        if RECORDED_AT not in frame.columns or not dated(table):
            frames[name] = frame
            continue
        late = (frame[RECORDED_AT] >= pd.Timestamp(view.start)).to_numpy(dtype=bool)
        names = [column for column in (table.key or table.load_key) if column in frame.columns]
        units = (dict(zip(names, map(plain, row), strict=True)) for row in records(frame[late], *names))
        kept = ~late
        kept[late] = [wanted(name, unit_of(table, unit)) for unit in units]
        frames[name] = frame[kept]
    return Typed(frames)
