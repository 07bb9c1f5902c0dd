"""Exports made regular: without rows that are not records, with cells that repeat the one above, with numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import texts
from executive_suite.schema.cells import BLANKS
from executive_suite.sources.config import TableMapping


def headers(mapping: TableMapping) -> tuple[str, ...]:
    """The headers that the shape of a table depends on."""
    return (*mapping.skip, *mapping.fill, *mapping.numbered.values())


def shaped(data: pa.Table, mapping: TableMapping, begun: int = 0) -> tuple[pa.Table, int]:
    """The records of a table, and how many rows were not records.

    Args:
        data: As the source has it; headers that it lacks are ignored.
        mapping: States which rows are not records, and which cells repeat.
        begun: The last number that is taken.
    """
    dropped: pa.ChunkedArray | None = None
    for header, words in mapping.skip.items():
        if header in data.column_names:
            met = pc.is_in(_text(data.column(header)), pa.array(words))
            dropped = met if dropped is None else pc.or_(dropped, met)
    before = data.num_rows
    numbers = {
        name: _numbers(data.column(header), begun)
        for name, header in mapping.numbered.items()
        if header in data.column_names
    }
    for name, values in numbers.items():
        kept = data.drop([name]) if name in data.column_names else data
        data = kept.append_column(name, values)
    if dropped is not None and before:
        data = data.filter(pc.invert(dropped))
    for header in mapping.fill:
        if header in data.column_names:
            text = _text(data.column(header))
            filled = pc.fill_null_forward(pc.if_else(pc.equal(text, ""), None, text))
            data = data.set_column(data.column_names.index(header), header, filled)
    return data, before - data.num_rows


def _numbers(values: pa.ChunkedArray, begun: int) -> pa.ChunkedArray:
    """A number per row that increases at every filled cell, six digits, so that text order is number order."""
    begins = pc.not_equal(_text(values), "").to_numpy(zero_copy_only=False)
    return pa.chunked_array([pa.array([f"{number:06d}" for number in begun + np.cumsum(begins)], pa.string())])


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trimmed text; null markers are blank."""
    text = pc.fill_null(pc.utf8_trim_whitespace(texts.as_text(values).cast(pa.string())), "")
    return pc.if_else(pc.is_in(text, pa.array(BLANKS)), "", text)
