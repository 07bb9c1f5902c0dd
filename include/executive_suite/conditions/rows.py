"""Rows that conditions look through: plain dictionaries, column to value, blanks None."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.rows import rows_of
from executive_suite.schema.tables import schema

if TYPE_CHECKING:
    import pandas as pd

Cells = dict[str, Any]
Test = Callable[[Cells], bool | None]
More = Mapping[str, Callable[[Cells], Any]]

LEDGER = "ledger"
_BLOCK = 10_000


class Rows:
    """Rows of a table, of a view or of facts, all with the same columns."""

    def __init__(self, columns: Iterable[str], cells: Sequence[Cells] = ()) -> None:
        self.columns = tuple(columns)
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    def __iter__(self) -> Iterator[Cells]:
        return iter(self._cells)

    def where(self, test: Test, _reads: Collection[str]) -> Rows:
        """The rows that pass a test, which reads these columns."""
        return Rows(self.columns, [row for row in self if test(row)])

    def having(self, column: str, values: Collection[Any]) -> Rows:
        """The rows with one of these values in a column."""
        return self.where(lambda row: row[column] in values, (column,))

    def including(self, more: More, _reads: Collection[str] = ()) -> Rows:
        """The rows with further columns, each a function of the row, which reads these columns."""
        return Rows(dict.fromkeys((*self.columns, *more)), [_more(row, more) for row in self])

    def combinations(self, _columns: Collection[str]) -> Iterable[Cells]:
        """At least one row for each combination of values that these columns have."""
        return self


class LedgerRows(Rows):
    """Lines of the ledger, which may be millions: they become rows only when they are looked at."""

    def __init__(
        self, columns: Iterable[str], frame: pd.DataFrame, more: Sequence[More] = (), reads: Collection[str] = ()
    ) -> None:
        super().__init__(columns)
        self.frame, self.more, self.reads = frame, more, reads

    def __len__(self) -> int:
        return len(self.frame)

    def __iter__(self) -> Iterator[Cells]:
        for start in range(0, len(self.frame), _BLOCK):
            for line in rows_of(self.frame.iloc[start : start + _BLOCK], LEDGER):
                yield functools.reduce(_more, self.more, line._asdict())

    def _of(self, frame: pd.DataFrame) -> LedgerRows:
        return LedgerRows(self.columns, frame, self.more, self.reads)

    def where(self, test: Test, reads: Collection[str]) -> Rows:
        """The lines that pass a test; each combination of the columns that it reads is tested once."""
        columns = [name for name in self.frame.columns if name in {*reads, *self.reads}] or [self.frame.columns[0]]
        alike = self.frame[columns].drop_duplicates()
        met = [bool(test(row)) for row in self._of(alike)]
        return self._of(self.frame.merge(alike[met], on=columns))

    def having(self, column: str, values: Collection[Any]) -> Rows:
        """The lines with one of these values in a column of the ledger."""
        return self._of(self.frame[self.frame[column].isin(values)])

    def including(self, more: More, reads: Collection[str] = ()) -> Rows:
        """The lines with further columns, added to each when it is looked at."""
        return LedgerRows(dict.fromkeys((*self.columns, *more)), self.frame, (*self.more, more), {*self.reads, *reads})

    def combinations(self, columns: Collection[str]) -> Iterable[Cells]:
        """One line for each combination of values that these columns have, without the other columns."""
        return LedgerRows(columns, self.frame[list(columns)].drop_duplicates())


def _more(row: Cells, more: More) -> Cells:
    return {**{name: value(row) for name, value in more.items()}, **row}


def of_table(context: Context, table: str, chosen: Iterable[Any] | None = None) -> Rows:
    """The rows of an input table, or those of its typed rows (``dataset.rows.Row``) that are given.

    Raises:
        MissingInputError: the table is absent.
    """
    frame = context.table(table)
    columns = tuple(str(name) for name in frame.columns if name in schema()[table].columns)
    if table == LEDGER:
        return LedgerRows(columns, frame)
    if chosen is not None:
        return Rows(columns, [row._asdict() for row in chosen])
    known = _whole(context)
    if table not in known:
        known[table] = Rows(columns, [row._asdict() for row in context.rows(table)])
    return known[table]


@per_context
def _whole(_context: Context) -> dict[str, Rows]:
    """Tables of which every row was asked for."""
    return {}
