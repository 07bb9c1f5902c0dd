"""Rows that conditions look through: plain dictionaries, column to value, blanks None."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
_BLOCK = 100_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table, of a view or of facts.

    Attributes:
        columns: The columns of every row.
        cells: The rows.
    """

    columns: tuple[str, ...]
    cells: Sequence[Cells]

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[Cells]:
        return iter(self.cells)

    def where(self, test: Test, reads: Collection[str]) -> Rows:
        """The rows that pass a test, which reads these columns."""
        if isinstance(self.cells, LedgerLines):
            return Rows(self.columns, self.cells.where(test, reads))
        return Rows(self.columns, tuple([row for row in self.cells if test(row)]))

    def having(self, column: str, values: Collection[Any]) -> Rows:
        """The rows with one of these values in a column."""
        if isinstance(self.cells, LedgerLines):
            frame = self.cells.frame
            return Rows(self.columns, LedgerLines(frame[frame[column].isin(values)], self.cells.more))
        return self.where(lambda row: row[column] in values, {column})

    def including(self, more: More) -> Rows:
        """The rows with further columns, each a function of the row; columns that there are already stay."""
        more = {name: value for name, value in more.items() if name not in self.columns}
        columns = (*self.columns, *more)
        if isinstance(self.cells, LedgerLines):
            return Rows(columns, self.cells.including(more))
        return Rows(columns, tuple([_more(row, more) for row in self.cells]))

    def combinations(self, columns: Collection[str]) -> Iterable[Cells]:
        """At least one row for each combination of values that these columns have."""
        return self.cells.combinations(columns) if isinstance(self.cells, LedgerLines) else self.cells


class LedgerLines(Sequence[Cells]):
    """Lines of the ledger, which may be millions: they become rows only when they are looked at."""

    def __init__(self, frame: pd.DataFrame, more: tuple[More, ...] = ()) -> None:
        self.frame = frame
        self.more = more

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return LedgerLines(self.frame.iloc[place], self.more)
        return next(iter(LedgerLines(self.frame.iloc[[place]], self.more)))

    def __iter__(self) -> Iterator[Cells]:
        for start in range(0, len(self.frame), _BLOCK):
            for line in rows_of(self.frame.iloc[start : start + _BLOCK], LEDGER):
                row = line._asdict()
                for more in self.more:
                    row = _more(row, more)
                yield row

    def where(self, test: Test, reads: Collection[str]) -> LedgerLines:
        """The lines that pass a test; each combination of the columns that it reads is tested once."""
        if not reads or not set(reads) <= set(self.frame.columns):
            return LedgerLines(self.frame[[bool(test(row)) for row in self]], self.more)
        alike = self.frame[list(reads)].drop_duplicates()
        met = [bool(test(row)) for row in LedgerLines(alike)]
        return LedgerLines(self.frame.merge(alike[met], on=list(reads)), self.more)

    def including(self, more: More) -> LedgerLines:
        """The same lines with further columns."""
        return LedgerLines(self.frame, (*self.more, more))

    def combinations(self, columns: Collection[str]) -> LedgerLines:
        """One line for each combination of values that these columns have, without the other columns."""
        return LedgerLines(self.frame[list(columns)].drop_duplicates())


def _more(row: Cells, more: More) -> Cells:
    return {**row, **{name: value(row) for name, value in more.items()}}


def of_table(context: Context, table: str, chosen: Iterable[Any] | None = None) -> Rows:
    """The rows of an input table, or those of its typed rows (``dataset.rows.Row``) that are given.

    Raises:
        MissingInputError: the table is absent.
    """
    frame = context.table(table)
    columns = tuple(str(name) for name in frame.columns if name in schema()[table].columns)
    if table == LEDGER:
        return Rows(columns, LedgerLines(frame))
    if chosen is not None:
        return Rows(columns, tuple([row._asdict() for row in chosen]))
    known = _whole(context)
    if table not in known:
        known[table] = Rows(columns, tuple([row._asdict() for row in context.rows(table)]))
    return known[table]


@per_context
def _whole(_context: Context) -> dict[str, Rows]:
    """Tables of which every row was asked for."""
    return {}
