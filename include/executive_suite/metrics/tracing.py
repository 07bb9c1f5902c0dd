"""From figures back to the rows behind them: metrics run again, and keep the rows they hand to their facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from executive_suite import metrics
from executive_suite.dataset import behind
from executive_suite.dataset.behind import Among, Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.rows import Row
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Evidence
from executive_suite.facts.sources import LISTED, Sources, SourceTable, Used
from executive_suite.metrics.book.amounts import Sum
from executive_suite.metrics.book.places import Ledger
from executive_suite.schema.tables import ORIGIN, SOURCE_FILE, SOURCE_ROW, schema


def traced(context: Context, fact_ids: Collection[str]) -> tuple[tuple[Fact, ...], Sources]:
    """The facts of every field, and what some of them rest on.

    Args:
        context: The run.
        fact_ids: Those to be traced; ids that the run does not have are left out.
    """
    wanted = frozenset(fact_ids)
    with behind.keeping({one.partition("/")[0] for one in wanted}) as kept:
        facts = metrics.compute_all(context)
    places = _Places(context)
    found = {one: tuple(places.used(kept.inputs[one])) for one in sorted(wanted & kept.inputs.keys())}
    return facts, Sources(found, places.tables(used for parts in found.values() for used in parts))


@dataclass(frozen=True)
class _Places:
    """Where rows are in the frozen tables: by the row itself, or by its key."""

    context: Context

    def used(self, inputs: Mapping[str, Behind]) -> Iterator[Used]:
        """What a fact used, by table."""
        for table, given in sorted(inputs.items()):
            rows = given.few if isinstance(given, Among) else given
            count = behind.count(rows)
            if added := behind.amounts(rows):
                yield self._added(table, added)
            elif not isinstance(rows, Iterable):
                yield Used(table, count)
            else:
                yield self._rows_used(table, count, rows)

    def _rows_used(self, table: str, count: int, rows: Behind) -> Used:
        if rows is self.context.tables.get(table) and count > LISTED:
            return Used(table, count, named=count)
        places = self._of(table, rows)
        whole = table in self.context.tables and len(places) == len(self.context.tables[table])
        return Used(table, count, () if whole and len(places) > LISTED else tuple(places[:LISTED]), len(places))

    def _added(self, table: str, added: Sequence[Sum]) -> Used:
        parts = [part for amount in added for part in amount.parts]
        count, amounts = sum(one.lines for one in added), tuple((one.cents, one.lines) for one in added)
        if table != "ledger":
            places = self._of(table, [row for part in parts for row in part.found(self.context)])
            return Used(table, count, tuple(places[:LISTED]), len(places), amounts=amounts)
        listed, posted, named = self._ledger.behind(parts)
        return Used(table, count, listed, named, posted, amounts)

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.context)

    def _of(self, table: str, rows: Behind) -> list[int]:
        """Places of the rows that can be named, in order of the table, each once."""
        if isinstance(rows, pd.DataFrame):
            return sorted(rows.index.tolist())
        found = {place for row in rows for one in _own(row) for place in self._place(table, one)}
        return sorted(found)

    def _place(self, table: str, row: Any) -> Iterator[int]:
        known = self.context.tables.get(table)
        if known is None:
            return
        if isinstance(row, Row) and row.table == table:
            place = self._by_row(table).get(id(row))
            if place is not None:
                yield place
                return
        key = self._key(table, row)
        if key is not None and key in self._by_key(table):
            yield self._by_key(table)[key]

    def _by_row(self, table: str) -> Mapping[int, int]:
        if table not in self._rows:
            known = {} if table == "ledger" else {id(row): at for at, row in enumerate(self.context.rows(table))}
            for made, index in self.context.made_from.get(table, ()):
                known |= dict(zip(map(id, made), index.tolist(), strict=True))
            self._rows[table] = known
        return self._rows[table]

    @cached_property
    def _rows(self) -> dict[str, Mapping[int, int]]:
        return {}

    def _by_key(self, table: str) -> Mapping[tuple[str, ...], int]:
        if table not in self._keys:
            names = schema()[table].key
            frame = self.context.tables[table]
            cells = [frame[name].astype(str).tolist() for name in names if name in frame.columns]
            places = {key: place for place, key in enumerate(zip(*cells, strict=True))}
            # The latest version of a row is what its first column alone means.
            self._keys[table] = {**{key[:1]: place for key, place in places.items()}, **places}
        return self._keys[table]

    @cached_property
    def _keys(self) -> dict[str, Mapping[tuple[str, ...], int]]:
        return {}

    def _key(self, table: str, row: Any) -> tuple[str, ...] | None:
        names = schema()[table].key
        if isinstance(row, str):
            return (row,)
        cells = [row.key.get(n) if isinstance(row, Evidence) else getattr(row, n, None) for n in names]
        return None if not names or None in cells else tuple(map(str, cells))

    def tables(self, used: Iterable[Used]) -> dict[str, SourceTable]:
        """The rows that are listed."""
        wanted: dict[str, set[int]] = {}
        for one in used:
            wanted.setdefault(one.table, set()).update(one.listed)
        return {name: self._cells(name, sorted(places)) for name, places in sorted(wanted.items()) if places}

    def _cells(self, table: str, places: list[int]) -> SourceTable:
        frame = self.context.tables[table].iloc[places]
        own = [name for name in schema()[table].columns if name in frame.columns and name not in ORIGIN]
        shown = [name for name in own if frame[name].notna().any()]
        origin = [_texts(frame[c]) if c in frame.columns else [""] * len(places) for c in (SOURCE_FILE, SOURCE_ROW)]
        cells = zip(*origin, *(_texts(frame[name]) for name in shown), strict=True)
        return SourceTable(tuple(shown), dict(zip(places, cells, strict=True)))


def _own(row: Any) -> Iterator[Any]:
    """The rows of tables behind what a metric made of them; itself if it does not say."""
    if isinstance(row, Row | str | Evidence):
        yield row
    elif getattr(row, "row", None) is not None:
        yield from _own(row.row)
    elif isinstance(several := getattr(row, "rows", None), tuple):
        for one in several:
            yield from _own(one)
    else:
        yield row


def _texts(column: pd.Series[Any]) -> list[str]:
    """Cells as text, blanks empty; days and instants in ISO form."""
    if pd.api.types.is_datetime64_any_dtype(column):
        zoned = isinstance(column.dtype, pd.DatetimeTZDtype)
        form = "%Y-%m-%dT%H:%M:%SZ" if zoned else "%Y-%m-%d"
        return [str(text) for text in column.dt.strftime(form).fillna("")]
    values: list[Any] = column.array.to_numpy(dtype=object, na_value=None).tolist()
    return ["" if value is None else str(value) for value in values]
