"""Rules for single rows: numbers within their limits, nothing that ends before it begins, one group."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.schema.quality import MOST, Fault, first, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, Column, Table
from executive_suite.schema.typed import records

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def out_of_range(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Numbers outside their limits: shares above the whole, ratings off the scale."""
    for column in table.columns.values():
        if column.name in frame.columns and (column.least is not None or column.most is not None):
            rule = f"must be from {column.least} to {column.most}"
            wrong = _outside(frame[column.name], column)
            yield from _faults(frame, wrong, column.name, rule, "correct the number; 100% is 10,000 basis points")


def _outside(values: pd.Series[Any], column: Column) -> Flags:
    numbers = values if column.kind == "integer" else values.map(Decimal, na_action="ignore")
    wrong = pd.Series(data=False, index=values.index)
    if column.least is not None:
        wrong |= (numbers < column.least).fillna(value=False)
    if column.most is not None:
        wrong |= (numbers > column.most).fillna(value=False)
    return wrong.to_numpy(dtype=bool)


def ends_before_start(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Spans that end before they begin: such a row would never be in force, and the error would go unnoticed."""
    for start, end in table.spans:
        if {start, end} <= set(frame.columns):
            wrong = (frame[end] < frame[start]).to_numpy(dtype=bool)
            yield from _faults(frame, wrong, end, f"must not be before {start}", f"correct {start} or {end}")


def several_groups(entities: pd.DataFrame) -> Iterator[Fault]:
    """More than one entity of kind group: whose currency and time zone would apply?"""
    if {"kind", "entity_id"} <= set(entities.columns):
        groups = (entities["kind"] == "group").to_numpy(dtype=bool)
        if groups.sum() > 1:
            advice = "leave one entity of kind group; the others are of kind business or domain"
            yield from _faults(
                entities, groups, "kind", f"must be one entity of kind group, not {groups.sum()}", advice
            )


def _faults(frame: pd.DataFrame, wrong: Flags, column: str, rule: str, advice: str) -> Iterator[Fault]:
    if wrong.any():
        cells = records(frame[wrong].head(MOST), column, SOURCE_FILE, SOURCE_ROW)
        found = (Fault(str(file), rule, advice, int(row), column, shown(plain(value))) for value, file, row in cells)
        yield from first(found, int(wrong.sum()))


def plain(value: Any) -> str:
    """A value as a file writes it: a blank as nothing, ``true`` for yes, a day without the midnight of a frame."""
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    text = "" if pd.isna(value) else value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
    return text.removesuffix("T00:00:00")
