"""Rows of a frame with typed cells, for tables small enough to be walked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a blank cell and a column that is absent read the same."""

    cells: Mapping[str, Any]

    def _cell(self, column: str) -> Any:
        value = self.cells.get(column)
        return None if value is None or pd.isna(value) else value

    def has(self, column: str) -> bool:
        """Whether the cell holds a value."""
        return self._cell(column) is not None

    def text(self, column: str) -> str:
        """Text; empty when blank."""
        value = self._cell(column)
        return "" if value is None else str(value)

    def whole(self, column: str, blank: int = 0) -> int:
        """An integer; ``blank`` when there is none."""
        value = self._cell(column)
        return blank if value is None else int(value)

    def number(self, column: str) -> Decimal:
        """An exact number; zero when blank."""
        value = self._cell(column)
        return Decimal(0) if value is None else Decimal(str(value))

    def flag(self, column: str) -> bool:
        """Whether a boolean cell is true."""
        value = self._cell(column)
        return value is not None and bool(value)

    def day(self, column: str) -> date | None:
        """The day of a date cell (of an instant, its UTC day); None when blank."""
        value = self._cell(column)
        return None if value is None else pd.Timestamp(value).date()

    def on(self, column: str) -> date:
        """The day of a date cell that a schema requires.

        Raises:
            ValueError: the cell is blank.
        """
        found = self.day(column)
        if found is None:
            msg = f"column {column} is blank, expected a date"
            raise ValueError(msg)
        return found

    @property
    def assumed(self) -> bool:
        """Whether the row is marked ``assumed``."""
        return self.flag("assumed")


def rows(frame: pd.DataFrame) -> Iterator[Row]:
    """The rows of a frame, in its order."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].tolist() for name in frame.columns]
    return (Row(dict(zip(names, cells, strict=True))) for cells in zip(*columns, strict=True))


def entity_names(context: Context) -> Mapping[str, str]:
    """Entity id to the name a reader knows; empty when the entities are not registered."""
    if not context.has("entity"):
        return {}
    frame = context.table("entity", "entity_id")
    return {row.text("entity_id"): row.text("name") for row in rows(frame) if row.has("name")}


def any_assumed(frame: pd.DataFrame) -> bool:
    """Whether a row of the frame is marked ``assumed``."""
    return "assumed" in frame.columns and bool(frame["assumed"].astype("boolean").fillna(value=False).any())
