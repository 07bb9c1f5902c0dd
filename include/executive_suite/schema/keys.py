"""Keys as numbers: order, repetition and equality of rows, cheap for millions of them."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Integers = np.ndarray[Any, np.dtype[np.integer[Any]]]
Runs = np.ndarray[Any, np.dtype[np.int32]]

BLANK = np.iinfo(np.int64).min

BLOCK = 1 << 16
"""Rows processed together: few enough for the processor's cache."""

MANY = 1 << 20
"""Rows below which a second thread costs more than it saves."""

_runs: dict[int, Runs | None] = {}


def codes(values: pd.Series[Any]) -> tuple[Numbers, pa.Array | None]:
    """A number per value, equal for equal values; for text also the words that the numbers index."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.cat.codes, dtype=np.int64), _text(values.cat.categories)
    if pd.api.types.is_string_dtype(values.dtype):
        encoded = pc.dictionary_encode(_text(values))
        return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary
    if values.dtype == "boolean":
        return np.asarray(values.astype("Int8").fillna(-1), dtype=np.int64), None
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.to_numpy(dtype="datetime64[us]").view(np.int64), None
    return np.asarray(values.fillna(BLANK), dtype=np.int64), None


def _text(values: pd.Series[Any] | pd.Index[Any]) -> pa.Array:
    array = pa.array(values, from_pandas=True)
    return (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).cast(pa.string())


def ranks(values: pd.Series[Any]) -> Numbers:
    """Numbers in the order of the values, blanks first; text in the order of its UTF-8 bytes."""
    numbers, words = codes(values)
    if words is None or len(words) < 2:  # noqa: PLR2004 - one word is in order
        return numbers
    if pc.all(pc.less(words.slice(0, len(words) - 1), words.slice(1))).as_py():
        return numbers
    order = pc.sort_indices(words).to_numpy()
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    rank[-1] = -1
    return rank[numbers]


def runs(values: pd.Series[Any]) -> Runs | None:
    """For sorted text without blanks, a number per row from 0 that increases at each new value; else None.

    Computed once per column and kept as long as its text.
    """
    if isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_string_dtype(values.dtype):
        return None
    text = pa.array(values, from_pandas=True)
    if id(text) not in _runs:
        _runs[id(text)] = _in_order(text)
        weakref.finalize(text, _runs.pop, id(text), None)
    return _runs[id(text)]


def _in_order(text: pa.Array | pa.ChunkedArray) -> Runs | None:
    if text.null_count:
        return None
    if len(text) < 2:  # noqa: PLR2004 - one row is in order
        return np.zeros(len(text), dtype=np.int32)
    found = np.zeros(len(text), dtype=np.int32)
    share = max(MANY, -(-(len(text) - 1) // (os.cpu_count() or 1)))

    def part(start: int) -> Flags | None:
        # Whether each row differs from the one before; Arrow compares the parts in parallel.
        rows = min(share, len(text) - 1 - start)
        before, after = text.slice(start, rows), text.slice(start + 1, rows)
        if not pc.all(pc.less_equal(before, after)).as_py():
            return None
        return np.asarray(pc.not_equal(before, after).to_numpy(zero_copy_only=False))

    starts = range(0, len(text) - 1, share)
    if len(starts) == 1:
        parts = [part(0)]
    else:
        with ThreadPoolExecutor(len(starts)) as pool:
            parts = list(pool.map(part, starts))
    new = [flags for flags in parts if flags is not None]
    if len(new) < len(parts):
        return None
    np.cumsum(np.concatenate(new), dtype=np.int32, out=found[1:])
    return found


def blocks(numbers: Integers, rows: int = BLOCK) -> Iterator[slice]:
    """Slices of the rows that never split a run of one number; one slice if the numbers are not sorted.

    Args:
        numbers: One per row.
        rows: Approximate rows per slice; a longer run makes it longer.
    """
    parts = (numbers[start : start + rows + 1] for start in range(0, len(numbers), rows))
    if not all((part[1:] >= part[:-1]).all() for part in parts):
        yield slice(0, len(numbers))
        return
    start = 0
    while start < len(numbers):
        end = start + rows
        if end < len(numbers):
            end = int(np.searchsorted(numbers, numbers[end], "left"))
            end = end if end > start else int(np.searchsorted(numbers, numbers[start], "right"))
        yield slice(start, end)
        start = end


def steps(values: pd.Series[Any]) -> tuple[Flags, Flags]:
    """For each row but the first, whether its value is greater than the one before, and whether it is equal."""
    in_order = runs(values)
    words = isinstance(values.dtype, pd.CategoricalDtype)
    if in_order is None and not words and pd.api.types.is_string_dtype(values.dtype):
        text = _text(values)
        if text.null_count == 0:
            before, after = text.slice(0, len(text) - 1), text.slice(1)
            more, same = pc.greater(after, before), pc.equal(after, before)
            return more.to_numpy(zero_copy_only=False), same.to_numpy(zero_copy_only=False)
    numbers: Integers = ranks(values) if in_order is None else in_order
    return numbers[1:] > numbers[:-1], numbers[1:] == numbers[:-1]


def rising(frame: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Whether every row is strictly greater than the one before, compared column by column."""
    if len(frame) < 2:  # noqa: PLR2004 - one row is in order
        return True
    after = np.zeros(len(frame) - 1, dtype=bool)
    for column in reversed(columns):
        more, same = steps(frame[column])
        after = more | (same & after)
    return bool(after.all())


def repeated(frame: pd.DataFrame, columns: Sequence[str]) -> Flags:
    """Which rows repeat the key of an earlier row."""
    again = np.zeros(len(frame), dtype=bool)
    if rising(frame, columns):
        return again
    numbers = [codes(frame[column])[0] for column in columns]
    order = np.lexsort(numbers[::-1])
    same = np.ones(len(order) - 1, dtype=bool)
    for column in numbers:
        same &= column[order[1:]] == column[order[:-1]]
    again[order[1:][same]] = True
    return again


def order(frame: pd.DataFrame, columns: Sequence[str]) -> Numbers | None:
    """The positions that sort the rows by key; None if they are sorted."""
    if rising(frame, columns):
        return None
    return np.lexsort([ranks(frame[column]) for column in columns][::-1])


def sums(values: pd.Series[Any], amounts: Numbers) -> pd.Series[Any]:
    """The sums of the amounts by value, where they are not zero.

    Args:
        values: Text; blanks are ignored.
        amounts: Integers, one per row.
    """
    in_order = runs(values)
    if in_order is not None and len(in_order):
        parts = [_off(in_order[block], amounts[block], block.start) for block in blocks(in_order)]
        names = values.iloc[np.concatenate([begins for begins, _ in parts])].to_list()
        return pd.Series(np.concatenate([off for _, off in parts]), index=names, dtype=np.int64)
    numbers, words = codes(values)
    if words is None or not len(words):
        return pd.Series(dtype=np.int64)
    there = numbers >= 0
    totals = np.zeros(len(words), dtype=np.int64)
    np.add.at(totals, numbers[there], amounts[there])
    off = np.flatnonzero(totals)
    return pd.Series(totals[off], index=words.take(pa.array(off)).to_pylist(), dtype=np.int64)


def _off(numbers: Integers, amounts: Numbers, start: int) -> tuple[Numbers, Numbers]:
    """Where runs whose amounts do not sum to zero begin, counted from ``start``, and their sums."""
    begins = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    totals = np.add.reduceat(amounts, begins)
    off = np.flatnonzero(totals)
    return begins[off] + start, totals[off]
