"""Rows of a frozen table as plain typed values: one tuple per row, columns by name."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from executive_suite.facts.fact import MissingInputError
from executive_suite.schema.tables import Kind, schema


class Row:
    """One row of a table. Each cell is an attribute: ``row.amount_cents``; a blank cell is None.

    Types by column kind: text ``str``, integer ``int``, number ``Decimal``, boolean ``bool``, date ``date``, datetime
    ``datetime`` (UTC). ``assumed`` is always there, False when blank or absent.

    Raises:
        MissingInputError: on reading a column of the schema that the dataset lacks; the message names it.
    """

    __slots__ = ()
    table = ""

    def __getattr__(self, name: str) -> Any:
        """A column that the row does not have: ``assumed`` is False, any other of the schema is missing input."""
        if name == "assumed":
            return False
        if name in schema()[self.table].columns:
            msg = f"column {self.table}.{name} is absent"
            raise MissingInputError(msg)
        msg = f"{self.table} has no column {name!r}"
        raise AttributeError(msg)

    def get(self, column: str) -> Any:
        """The cell, or None when the dataset lacks the column: for columns that only refine a figure."""
        return getattr(self, column) if column in self._fields else None

    def text(self, column: str) -> str:
        """The cell as text; empty when blank or absent."""
        value = self.get(column)
        return "" if value is None else str(value)

    @property
    def _fields(self) -> tuple[str, ...]:
        raise NotImplementedError


@cache
def _row_type(table: str, columns: tuple[str, ...]) -> type[Any]:
    """A row class with exactly these columns."""
    base = namedtuple(f"{table}_row", columns)  # type: ignore[misc]  # noqa: PYI024 - the columns are known at run time
    return type(base.__name__, (base, Row), {"__slots__": (), "table": table})


def rows_of(frame: pd.DataFrame, table: str) -> tuple[Any, ...]:
    """The rows of a frame of ``table``, in its order.

    Args:
        frame: Columns of the schema, or some of them; others are left out.
        table: Its name in the schema.
    """
    known = schema()[table].columns
    names = tuple(str(name) for name in frame.columns if name in known)
    cells = [_cells(frame[name], known[name].kind, name) for name in names]
    made = _row_type(table, names)
    return tuple(map(made._make, zip(*cells, strict=True))) if len(frame) else ()


def _cells(column: pd.Series[Any], kind: Kind, name: str) -> Iterable[Any]:
    """A column as plain values, None where blank."""
    if kind == "date":
        return column.to_numpy().astype("datetime64[D]").tolist()
    if kind == "datetime":
        instants = pd.DatetimeIndex(column)
        known = instants.tz_localize(UTC) if instants.tz is None else instants
        return [None if at is pd.NaT else at for at in known.to_pydatetime().tolist()]
    values: list[Any] = column.array.to_numpy(dtype=object, na_value=None).tolist()
    if name == "assumed":
        return map(bool, values)
    if kind == "number":
        return [None if value is None else Decimal(value) for value in values]
    return values


def any_assumed(*groups: Iterable[Any]) -> bool:
    """Whether a row of any of the groups is marked ``assumed``."""
    return any(row.assumed for rows in groups for row in rows)
