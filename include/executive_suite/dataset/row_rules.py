"""Rules over single rows: numbers within their limits, nothing that ends before it begins, one group."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from executive_suite.schema.quality import MOST, Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, Column, Table
from executive_suite.schema.typed import records

Flags = np.ndarray[Any, np.dtype[np.bool_]]


def out_of_range(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Numbers below or above what they can be: shares beyond the whole, ratings off the scale."""
    for column in table.columns.values():
        if column.name in frame.columns and (column.least is not None or column.most is not None):
            rule = f"must be from {column.least} to {column.most}"
            wrong = _outside(frame[column.name], column)
            yield from _faults(frame, wrong, column.name, rule, "correct the number; 100 % is 10,000 basis points")


def _outside(values: pd.Series[Any], column: Column) -> Flags:
    numbers = values if column.kind == "integer" else values.map(Decimal, na_action="ignore")
    low = numbers < column.least if column.least is not None else pd.Series(data=False, index=values.index)
    high = numbers > column.most if column.most is not None else pd.Series(data=False, index=values.index)
    return (low | high).fillna(value=False).to_numpy(dtype=bool)


def ends_before_start(frame: pd.DataFrame, table: Table) -> Iterator[Fault]:
    """Spans whose last day lies before their first: such a row would never be valid, and nobody would notice."""
    for first, last in table.spans:
        if {first, last} <= set(frame.columns):
            wrong = (frame[last] < frame[first]).to_numpy(dtype=bool)
            yield from _faults(frame, wrong, last, f"must not lie before {first}", f"correct {first} or {last}")


def several_groups(entities: pd.DataFrame) -> Iterator[Fault]:
    """More than one entity of kind group: which one's currency and zone would hold?"""
    if not {"kind", "entity_id"} <= set(entities.columns):
        return
    groups = (entities["kind"] == "group").to_numpy(dtype=bool)
    if groups.sum() > 1:
        advice = "leave one entity of kind group; the others are of kind business or domain"
        yield from _faults(entities, groups, "kind", f"must be one entity of kind group, not {groups.sum()}", advice)


def _faults(frame: pd.DataFrame, wrong: Flags, column: str, rule: str, advice: str) -> Iterator[Fault]:
    if not wrong.any():
        return
    rows = frame[wrong]
    for value, file, row in records(rows.head(MOST), column, SOURCE_FILE, SOURCE_ROW):
        text = value.isoformat().removesuffix("T00:00:00") if isinstance(value, pd.Timestamp) else value
        found = Fault(str(file), int(row), column, shown(text), rule, advice)
        yield found
    if (rest := len(rows) - MOST) > 0:
        yield found.more(rest)
