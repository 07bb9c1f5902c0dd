"""Restatement: a past period as known then beside as known later; which figures changed, and which late rows did it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import metrics, snapshot
from executive_suite.facts import Fact, Value
from executive_suite.metrics.context import Context
from executive_suite.period import cut_off
from executive_suite.snapshot import Typed
from executive_suite.tables import RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Table, schema
from executive_suite.typed import records

EVERYTHING = datetime(2999, 1, 1, tzinfo=UTC)
"""Stands for "as known now": after anything that is recorded, so that no clock is asked."""

MOST_UNITS = 60
"""With more late transactions and rows than this, causes are told by table, not one by one."""

UNIT = {"ledger": "txn_id"}
"""Tables whose rows only make sense together, and the column that holds them together."""

Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class LateRow:
    """A row recorded after the cut-off that the period nevertheless concerns.

    Attributes:
        table: Input table.
        key: Its primary key, column to text.
        recorded_at: When it became known, ISO 8601 UTC.
        source: File and row.
        was: For a correction, what its columns said before; empty for a new row.
        now: For a correction, what the same columns say now.
        unit: What it belongs to ("ledger T0042"): changes name their causes by it.
    """

    table: str
    key: Mapping[str, str]
    recorded_at: str
    source: str
    unit: str
    was: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs.

    Attributes:
        then: The fact as known then; None when there was none.
        now: The fact as known later; None when there is none any more.
        difference: Now less then, for numbers; else None.
        causes: The units of late rows that move it, each alone; every unit of its tables where only together.
    """

    then: Fact | None
    now: Fact | None
    difference: int | Decimal | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """What became known too late for a report date.

    Attributes:
        report_date: The date restated.
        cut_off: Until when rows counted then, ISO 8601 UTC.
        known_at: Until when rows count now, ISO 8601 UTC; empty for everything recorded.
        hash_then: Dataset hash as known then.
        hash_now: Dataset hash as known now.
        changes: In the order of the fact table.
        late_rows: In order of table and key.
    """

    report_date: date
    cut_off: str
    known_at: str
    hash_then: str
    hash_now: str
    changes: tuple[Change, ...]
    late_rows: tuple[LateRow, ...]


def compare(given: Typed, report_date: date, zone: ZoneInfo, *, known_at: datetime | None = None) -> Restatement:
    """A report date as known at its cut-off beside as known later.

    Args:
        given: What the sources have.
        report_date: The period's report date; rows of business days before it count in both.
        zone: The group's time zone.
        known_at: Rows recorded before this instant count now; default everything.

    Raises:
        QualityError: the data has faults in one of the two views.
        ValueError: ``known_at`` is before the cut-off.
    """
    start, end = cut_off(report_date, zone), known_at or EVERYTHING
    if end < start:
        msg = f"known at {end.isoformat()} is before the cut-off {start.isoformat()}"
        raise ValueError(msg)
    then = snapshot.build(given, report_date, zone)
    now = snapshot.build(given, report_date, zone, known_at=end)
    late = tuple(sorted(_late_rows(given, report_date, zone, (start, end)), key=lambda row: (row.table, row.unit)))
    before, after = _by_key(then.context), _by_key(now.context)
    changed = [key for key in sorted(before.keys() | after.keys()) if _differs(before.get(key), after.get(key))]
    alone = _alone(given, late, _View(report_date, zone, start, end), before) if changed else {}
    changes = (
        Change(
            before.get(key),
            after.get(key),
            _difference(before.get(key), after.get(key)),
            _causes(alone.get(key, ()), before.get(key) or after[key], after.get(key), late),
        )
        for key in changed
    )
    return Restatement(
        report_date,
        start.isoformat(),
        "" if known_at is None else end.isoformat(),
        then.hash,
        now.hash,
        tuple(changes),
        late,
    )


@dataclass(frozen=True, slots=True)
class _View:
    report_date: date
    zone: ZoneInfo
    start: datetime
    end: datetime


Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _by_key(context: Context) -> dict[Key, Fact]:
    return {fact.sort_key: fact for fact in metrics.compute_all(context)}


def _differs(then: Fact | None, now: Fact | None) -> bool:
    if then is None or now is None:
        return True
    return (then.value, then.status, then.reason) != (now.value, now.status, now.reason)


def _difference(then: Fact | None, now: Fact | None) -> int | Decimal | None:
    one, other = _number(then.value if then else None), _number(now.value if now else None)
    return other - one if one is not None and other is not None else None


def _number(value: Value | None) -> int | Decimal | None:
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _late_rows(given: Typed, report_date: date, zone: ZoneInfo, window: tuple[datetime, datetime]) -> Iterator[LateRow]:
    start, end = (pd.Timestamp(instant) for instant in window)
    _, before = snapshot.select(given, report_date, zone, window[0])
    versions, after = snapshot.select(given, report_date, zone, window[1])
    for name, frame in after.items():
        table = schema()[name]
        if RECORDED_AT not in frame.columns:
            continue
        rows = versions[name] if table.key else frame
        late = rows[(rows[RECORDED_AT] >= start) & (rows[RECORDED_AT] < end)]
        known = _by_primary_key(before[name], table)
        counted = set(_by_primary_key(frame, table)) if table.key else None
        for record in late.to_dict("records"):
            key = _key(record, table)
            earlier = known.get(tuple(key.values())) if table.key else None
            if counted is not None and tuple(key.values()) not in counted and earlier is None:
                continue
            yield _late_row(record, table, key, earlier)


def _by_primary_key(frame: pd.DataFrame, table: Table) -> dict[tuple[str, ...], dict[str, Any]]:
    if not table.key or not set(table.key) <= set(frame.columns):
        return {}
    keys = [tuple(str(cell) for cell in row) for row in records(frame, *table.key)]
    return dict(zip(keys, frame.to_dict("records"), strict=True))  # type: ignore[arg-type] # pandas types keys as Hashable


def _key(record: Mapping[Any, Any], table: Table) -> dict[str, str]:
    return {name: str(record[name]) for name in (table.key or table.load_key) if name in record}


def _late_row(
    record: Mapping[Any, Any], table: Table, key: dict[str, str], earlier: Mapping[str, Any] | None
) -> LateRow:
    skipped = {RECORDED_AT, SOURCE_FILE, SOURCE_ROW}
    changed = (
        [
            name
            for name in table.columns
            if name in record and name not in skipped and _text(earlier[name]) != _text(record[name])
        ]
        if earlier
        else []
    )
    return LateRow(
        table=table.name,
        key=key,
        recorded_at=record[RECORDED_AT].isoformat(),
        source=f"{record[SOURCE_FILE]}, row {record[SOURCE_ROW]}",
        unit=_unit(table, key),
        was={name: _text(earlier[name]) for name in changed} if earlier else {},
        now={name: _text(record[name]) for name in changed},
    )


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload] # a cell of a frame is a scalar


def _unit(table: Table, key: Mapping[str, str]) -> str:
    return f"{table.name} {key[UNIT[table.name]]}" if table.name in UNIT else f"{table.name} {'/'.join(key.values())}"


def _alone(
    given: Typed, late: tuple[LateRow, ...], view: _View, before: Mapping[Key, Fact]
) -> dict[Key, tuple[str, ...]]:
    """For each fact the late units that move it when only they are added to what was known then."""
    units = sorted({row.unit for row in late})
    if len(units) > MOST_UNITS:
        return {}
    moved: dict[Key, list[str]] = {}
    for unit in units:
        frames = {name: _with_unit(frame, schema()[name], unit, view.start) for name, frame in given.frames.items()}
        _, used = snapshot.select(Typed(frames), view.report_date, view.zone, view.end)
        facts = _by_key(Context(used, view.report_date, view.zone))
        for key in facts.keys() | before.keys():
            if _differs(before.get(key), facts.get(key)):
                moved.setdefault(key, []).append(unit)
    return {key: tuple(names) for key, names in moved.items()}


def _with_unit(frame: pd.DataFrame, table: Table, unit: str, start: datetime) -> pd.DataFrame:
    if RECORDED_AT not in frame.columns:
        return frame
    early = (frame[RECORDED_AT].isna() | (frame[RECORDED_AT] < pd.Timestamp(start))).to_numpy(dtype=bool)
    if not unit.startswith(f"{table.name} "):
        return frame[early]
    names = [name for name in (table.key or table.load_key) if name in frame.columns]
    mine = [_unit(table, dict(zip(names, map(str, row), strict=True))) == unit for row in records(frame, *names)]
    return frame[early | mine]


def _causes(alone: tuple[str, ...], fact: Fact, now: Fact | None, late: tuple[LateRow, ...]) -> tuple[str, ...]:
    if alone:
        return alone
    tables = {given.table for given in (*fact.inputs, *(now.inputs if now else ()))}
    return tuple(sorted({row.unit for row in late if row.table in tables or not tables}))
