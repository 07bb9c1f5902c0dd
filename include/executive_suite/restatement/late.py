"""What was recorded after a report's cut-off about its period: new rows, changed cells, and rows that are gone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from executive_suite.dataset.quality_rules import WHOLE
from executive_suite.dataset.row_rules import plain
from executive_suite.dataset.snapshot import Typed
from executive_suite.restatement import bills
from executive_suite.restatement.concern import Cells, keyed, referred, register
from executive_suite.restatement.view import View
from executive_suite.schema.tables import ORIGIN, RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Table, schema
from executive_suite.schema.typed import records

Frames = Mapping[str, pd.DataFrame]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class LateRow:
    """What one row said after the cut-off about the period.

    Attributes:
        table: Input table.
        key: Its primary key, column to text.
        recorded_at: When it became known, ISO 8601 UTC.
        source: File and row; for a row that is gone, where it was.
        unit: What it belongs to ("ledger T0042"), by which changes name their causes.
        was: For a correction, the cells that it changed as known at the cut-off; empty for a new row.
        now: For a correction, the same cells as known later.
        change: Whether the row is new, changed, or gone (of a bill that was loaded again).
        entity_id: The entity that the row names; blank if it names none.
    """

    table: str
    key: Mapping[str, str]
    recorded_at: str
    source: str
    unit: str
    was: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)
    change: Literal["new", "changed", "gone"] = "new"
    entity_id: str = ""


def rows(concerned: Typed, then: tuple[Frames, Frames], now: Frames, view: View) -> Iterator[LateRow]:
    """The late rows that concern the period.

    Args:
        concerned: The rows as ``concern.concerning`` leaves them.
        then: The latest version of every row as known at the cut-off, and those that the report date used.
        now: The rows that it uses as known later.
        view: The two points of view.
    """
    for name, frame in now.items():
        table = schema()[name]
        if RECORDED_AT not in frame.columns:
            continue
        if table.load_key:
            yield from _of_bills(then[1][name], frame, table, view)
        elif table.key and set(table.key) <= set(frame.columns):
            yield from _of_table(concerned.frames[name], (then[0][name], then[1][name]), frame, table, view)


def _of_table(
    everything: pd.DataFrame, then: tuple[pd.DataFrame, pd.DataFrame], now: pd.DataFrame, table: Table, view: View
) -> Iterator[LateRow]:
    late = everything[view.since(everything)]
    known, used, counted = (dict(keyed(_sharing(frame, late, table), table)) for frame in (*then, now))
    for key, since in _versions(late, used.keys() | counted.keys(), table):
        if key not in known:
            yield _row(since[-1], table)
        else:
            yield from _corrections(known[key], since, table)


def went_on(given: Typed, concerned: Typed, view: View) -> Iterator[LateRow]:
    """The cells of registers that changed since and restate nothing, because they are about later days.

    Args:
        given: The rows of the sources.
        concerned: The same as ``concern.concerning`` leaves them.
        view: The two points of view.
    """
    for name, frame in given.frames.items():
        table, since = schema()[name], view.since(frame)
        if since.any() and register(table) and set(table.key) <= set(frame.columns):
            late, whole = frame[since], concerned.frames[name]
            known = whole[~view.late(whole) | view.since(whole)].sort_values(
                RECORDED_AT, na_position="first", kind="stable"
            )
            restated = dict(keyed(_sharing(known, late, table), table))
            for key, versions in _versions(late, restated.keys(), table):
                yield from _corrections(restated[key], versions, table)


def _versions(late: pd.DataFrame, keys: Collection[Key], table: Table) -> Iterator[tuple[Key, list[Cells]]]:
    """The late versions of some rows, each row's in the order in which they were recorded."""
    found: dict[Key, list[Cells]] = {}
    for key, cells in keyed(_among(late, {key[0] for key in keys}, table), table):
        if key in keys:
            found.setdefault(key, []).append(cells)
    for key, versions in found.items():
        yield key, sorted(versions, key=lambda cells: cells[RECORDED_AT])


def _sharing(frame: pd.DataFrame, late: pd.DataFrame, table: Table) -> pd.DataFrame:
    return _among(frame, late[table.key[0]].unique(), table)


def _among(frame: pd.DataFrame, first: Any, table: Table) -> pd.DataFrame:
    return frame[frame[table.key[0]].isin(first)]


def _corrections(was: Cells, since: list[Cells], table: Table) -> Iterator[LateRow]:
    """The cells that differ, by the version that gave them their latest value."""
    last, by_version = since[-1], dict[int, list[str]]()
    for column in table.columns:
        if column in ORIGIN | {RECORDED_AT} or column not in last or plain(was[column]) == plain(last[column]):
            continue
        before = [plain(cells[column]) for cells in (was, *since)]
        origin = max(at for at in range(len(since)) if before[at] != before[at + 1])
        by_version.setdefault(origin, []).append(column)
    for at, columns in sorted(by_version.items()):
        changed = {column: (plain(was[column]), plain(last[column])) for column in columns}
        yield replace(
            _row(since[at], table),
            was={column: then for column, (then, _) in changed.items()},
            now={column: now for column, (_, now) in changed.items()},
            change="changed",
        )


def _of_bills(then: pd.DataFrame, now: pd.DataFrame, table: Table, view: View) -> Iterator[LateRow]:
    for was, cells, recorded in bills.differences(then, now[view.late(now)], table):
        shown = cells or was or {}
        row = replace(_row(shown, table), recorded_at=recorded.isoformat())
        if was is None:
            yield row
        elif cells is None:
            yield replace(row, change="gone")
        else:
            differ = [name for name in bills.content(table, cells) if plain(was[name]) != plain(cells[name])]
            yield replace(
                row,
                was={name: plain(was[name]) for name in differ},
                now={name: plain(cells[name]) for name in differ},
                change="changed",
            )


def _row(cells: Mapping[Any, Any], table: Table) -> LateRow:
    key = {name: plain(cells[name]) for name in (table.key or table.load_key) if name in cells}
    return LateRow(
        table=table.name,
        key=key,
        recorded_at=cells[RECORDED_AT].isoformat(),
        source=f"{cells[SOURCE_FILE]}, row {cells[SOURCE_ROW]}",
        unit=unit_of(table, key),
        entity_id=plain(cells.get("entity_id", "")),
    )


def unit_of(table: Table, key: Mapping[str, str]) -> str:
    """What a row belongs to, with its table: its transaction, its bill, or itself."""
    return f"{table.name} {key[WHOLE[table.name]] if table.name in WHOLE else '/'.join(key.values())}"


def with_only(given: Typed, view: View, wanted: Callable[[str, str], bool]) -> Typed:
    """What was known at the cut-off, with the late rows of the wanted tables and units, and what they refer to."""
    frames, added, new = dict(given.frames), dict[str, pd.DataFrame](), dict[str, pd.DataFrame]()
    for name, frame in given.frames.items():
        table, late = schema()[name], view.late(frame)
        if not late.any():
            continue
        names = [column for column in (table.key or table.load_key) if column in frame.columns]
        units = (dict(zip(names, map(plain, row), strict=True)) for row in records(frame[late], *names))
        kept = ~late
        kept[late] = [wanted(name, unit_of(table, unit)) for unit in units]
        frames[name], added[name] = frame[kept], frame[late & kept]
        if register(table) and table.key[0] in frame.columns:
            left = frame[~kept]
            new[name] = left[~left[table.key[0]].isin(frame.loc[~late, table.key[0]])]
    while needed := {
        name: frame[flags] for name, frame in new.items() if (flags := referred(frame, name, added)).any()
    }:
        for name, rows in needed.items():
            frames[name] = pd.concat([frames[name], rows]).sort_index()
            new[name] = new[name].drop(rows.index)
        added = needed
    return replace(given, frames=frames)
