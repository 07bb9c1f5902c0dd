"""The rows that a rule looks through, with the facts behind them where they are made of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.facts.fact import GROUP, Fact

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Blank:
    """Why a name has no value.

    Attributes:
        missing: Whether an input is missing; else the figure does not apply.
        reason: In a reader's words.
    """

    missing: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of a table, of a view, or of facts.

    Attributes:
        frame: The rows; of facts, a column for each name and its qualifiers.
        facts: The facts behind each row by name, in the order of the index of the frame; empty for a table.
        units: The unit of each name of a fact.
        blanks: Why a name has no value in some row, by name.
    """

    frame: pd.DataFrame
    facts: tuple[Mapping[str, Fact], ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, Blank] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    def of(self, frame: pd.DataFrame) -> Lines:
        """The same with other rows or columns."""
        return replace(self, frame=frame)

    def with_figures(self, figures: Lines) -> Lines:
        """The same with the single row of figures repeated in every row."""
        if figures.frame.columns.empty:
            return self
        repeated = figures.frame.iloc[[0] * len(self)].set_axis(self.frame.index)
        return Lines(
            pd.concat([self.frame, repeated], axis=1),
            self.facts,
            {**figures.units, **self.units},
            {**figures.blanks, **self.blanks},
        )

    def labelled(self, labels: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Lines:
        """The same with further columns by the value of a column: ``{column: {value: {name: words}}}``."""
        frame = self.frame
        for column, words in labels.items():
            for name in sorted({name for named in words.values() for name in named}):
                found = [words.get(value, {}).get(name) for value in frame[column]]
                frame = frame.assign(**{name: pd.Series(found, index=frame.index, dtype="str")})
        return self.of(frame)

    def ordered(self, column: str) -> Lines:
        """The same in the order of a column; ``-column`` puts the largest first."""
        if not column:
            return self
        name = column.removeprefix("-")
        return self.of(self.frame.sort_values(name, ascending=name == column, kind="stable"))

    def entity(self, column: str) -> str:
        """Whose all rows are; the group's when they are several entities', or nobody's."""
        entities = set(self.frame[column].dropna()) if column in self.frame.columns else set()
        return str(entities.pop()) if len(entities) == 1 else GROUP

    def cells(self, context: Context) -> list[Cells]:
        """The rows as plain cells: blanks are None, instants are days where the group keeps its clock."""
        names = [str(name) for name in self.frame.columns]
        columns = [_cells(self.frame[name], context) for name in self.frame.columns]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _cells(column: pd.Series[Any], context: Context) -> Sequence[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert(context.zone).dt.tz_localize(None)
    found = [None if pd.isna(cell) else cell for cell in column.tolist()]
    return [cell.date() if isinstance(cell, datetime) else cell for cell in found]
