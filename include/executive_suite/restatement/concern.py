"""Which of the rows recorded after a cut-off are about the period before it, and which only tell how things went on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.dataset.row_rules import plain
from executive_suite.dataset.snapshot import Typed
from executive_suite.restatement.view import Flags, View
from executive_suite.schema.tables import ORIGIN, RECORDED_AT, Table, schema
from executive_suite.schema.typed import records

Cells = dict[Any, Any]


def register(table: Table) -> bool:
    """Whether its rows have no day of their own: charts of accounts, entities, assets, roles and others."""
    return bool(table.key) and not (
        table.business_date or table.concerns or table.happens_with or table.load_key or table.concerns_with
    )


def concerning(given: Typed, view: View) -> Typed:
    """The rows without those recorded late about later events.

    A late row concerns the period if it happened in it (tables with a business day, and receipts of transactions), or
    if its subject began in it (budgets, contracts, parameters …). In a register without days, a late version concerns
    it cell by cell: a day if it or the one before lies in the period, the state of things (``Table.state``) if the row
    says that they have been so since a day of the period, and any other cell always, because it says what the row
    means. A new row concerns it if a day in it lies in the period, or if a row that concerns the period refers to it.
    """
    frames = dict(given.frames)
    unused: dict[str, pd.DataFrame] = {}
    for name, frame in given.frames.items():
        table, late = schema()[name], view.late(frame)
        if not late.any():
            continue
        if register(table) and set(table.key) <= set(frame.columns):
            frames[name], unused[name] = _versions(frame, late, table, view)
        else:
            frames[name] = frame[~(late & _ahead(frame, late, table, given, view))]
    return _with_referred(replace(given, frames=frames), unused, view)


def _ahead(frame: pd.DataFrame, late: Flags, table: Table, given: Typed, view: View) -> Flags:
    """Which rows are about days from the report date on, and have always been."""
    first = _first_day(frame, table, given)
    if first is None:
        return np.zeros(len(frame), dtype=bool)
    ahead = (first >= pd.Timestamp(view.report_date)).to_numpy(dtype=bool)
    if not set(table.key) <= set(frame.columns):
        return ahead
    known = set(records(frame[~late & ~ahead], *table.key))
    always = np.fromiter((key not in known for key in records(frame, *table.key)), dtype=bool, count=len(frame))
    return np.asarray(ahead & always, dtype=bool)


def _first_day(frame: pd.DataFrame, table: Table, given: Typed) -> pd.Series[Any] | None:
    if table.concerns in frame.columns:
        return frame[table.concerns]
    if table.concerns_with is None:
        return None
    name, column = table.concerns_with
    other, day = given.frames.get(name), schema()[name].concerns or schema()[name].business_date
    if other is None or column not in frame.columns or not {column, day} <= set(other.columns):
        return None
    first = other.drop_duplicates(column).set_index(column)[day]
    if isinstance(first.dtype, pd.DatetimeTZDtype):
        first = first.dt.tz_localize(None)
    return first.reindex(frame[column]).set_axis(frame.index)


def _versions(frame: pd.DataFrame, late: Flags, table: Table, view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A register with what concerns the period of its late versions; and the late new rows that do not, as they are."""
    columns = [name for name in table.columns if name in frame.columns]
    kept = frame[view.since(frame)].sort_values(RECORDED_AT, kind="stable")
    again = frame[~late & frame[table.key[0]].isin(kept[table.key[0]]).to_numpy(dtype=bool)]
    known = dict(keyed(again.sort_values(RECORDED_AT, na_position="first", kind="stable"), table))
    changed: list[Any] = []
    unused: list[Any] = []
    put_back: dict[str, dict[Any, Any]] = {}
    for index, (key, now) in zip(kept.index, keyed(kept, table), strict=True):
        was = known.get(key)
        if was is None:
            if _any_day_before(now, table, view):
                known[key] = now
                changed.append(index)
            else:
                unused.append(index)
            continue
        cells = dict(now)
        for column in columns:
            if column not in ORIGIN and not _concerns(column, was, now, table, view):
                cells[column] = was[column]
                put_back.setdefault(column, {})[index] = was[column]
        known[key] = cells
        changed.append(index)
    effective = frame.loc[changed].copy()
    for column, values in put_back.items():
        there = list(values)
        effective.loc[there, column] = pd.Series(list(values.values()), index=there, dtype=frame[column].dtype)
    return pd.concat([frame[~late], effective]).sort_index(), frame.loc[unused]


def keyed(frame: pd.DataFrame, table: Table) -> Iterator[tuple[tuple[Any, ...], Cells]]:
    """The rows as cells by column, each with its key."""
    for cells in frame.to_dict("records"):
        yield tuple(cells[name] for name in table.key), cells


def _concerns(column: str, was: Cells, now: Cells, table: Table, view: View) -> bool:
    """Whether the new cell of a register's row is about the period."""
    if column == RECORDED_AT:
        return True
    if column in table.state or column == table.state_since:
        since = now.get(table.state_since)
        return since is not None and plain(since) != plain(was[table.state_since]) and _before(since, view)
    if table.kind(column) in {"date", "datetime"}:
        return _before(was[column], view) or _before(now[column], view)
    return True


def _before(day: Any, view: View) -> bool:
    if pd.isna(day):
        return False
    return bool(day < pd.Timestamp(view.report_date if day.tzinfo is None else view.start))


def _any_day_before(cells: Mapping[Any, Any], table: Table, view: View) -> bool:
    days = (name for name in table.columns if table.kind(name) in {"date", "datetime"} and name != RECORDED_AT)
    return any(_before(cells[name], view) for name in days if name in cells)


def _with_referred(given: Typed, unused: Mapping[str, pd.DataFrame], view: View) -> Typed:
    """The rows, and those of the unused ones that rows of the period refer to."""
    waiting = {name: frame for name, frame in unused.items() if len(frame)}
    while waiting:
        used = view.selected(given)
        needed = {name: frame[flags] for name, frame in waiting.items() if (flags := referred(frame, name, used)).any()}
        if not needed:
            break
        whole = {name: pd.concat([given.frames[name], rows]).sort_index() for name, rows in needed.items()}
        given = replace(given, frames={**given.frames, **whole})
        waiting |= {name: waiting[name].drop(rows.index) for name, rows in needed.items()}
    return given


def referred(frame: pd.DataFrame, name: str, others: Mapping[str, pd.DataFrame]) -> Flags:
    """Which rows of a register other rows refer to, by a reference of the schema or a column of the key's name."""
    found = np.zeros(len(frame), dtype=bool)
    if len(schema()[name].key) != 1:
        return found
    (key,) = schema()[name].key
    for other, rows in others.items():
        columns = {reference.column for reference in schema()[other].references if reference.table == name}
        for column in (columns | {key}) & set(rows.columns) if other != name else ():
            found |= frame[key].isin(rows[column].unique()).to_numpy(dtype=bool)
    return found
