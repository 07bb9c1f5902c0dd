"""Keys as numbers: order, repetition and equality of rows told by integers, cheap for millions of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

BLANK = np.iinfo(np.int64).min


def codes(values: pd.Series[Any]) -> tuple[Numbers, pa.Array | None]:
    """A number a value, equal for equal values; for text also the words that the numbers stand for."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.asarray(values.cat.codes, dtype=np.int64), pa.array(values.cat.categories, pa.string())
    if pd.api.types.is_string_dtype(values.dtype):
        encoded = pc.dictionary_encode(pa.array(values, pa.string(), from_pandas=True))
        return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary
    if values.dtype == "boolean":
        return np.asarray(values.astype("Int8").fillna(-1), dtype=np.int64), None
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.to_numpy(dtype="datetime64[us]").view(np.int64), None
    return np.asarray(values.fillna(BLANK), dtype=np.int64), None


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


def rising(numbers: Sequence[Numbers]) -> bool:
    """Whether every row comes strictly after the one before, compared column by column."""
    if not numbers or len(numbers[0]) < 2:  # noqa: PLR2004 - one row is in order
        return True
    after = np.zeros(len(numbers[0]) - 1, dtype=bool)
    for column in reversed(numbers):
        step, before = column[1:], column[:-1]
        after = (step > before) | ((step == before) & after)
    return bool(after.all())


def repeated(frame: pd.DataFrame, columns: Sequence[str]) -> Flags:
    """Which rows have a key that an earlier row has."""
    numbers = [codes(frame[column])[0] for column in columns]
    again = np.zeros(len(frame), dtype=bool)
    if rising(numbers):
        return again
    order = np.lexsort(numbers[::-1])
    same = np.ones(len(order) - 1, dtype=bool)
    for column in numbers:
        same &= column[order[1:]] == column[order[:-1]]
    again[order[1:][same]] = True
    return again


def order(frame: pd.DataFrame, columns: Sequence[str]) -> Numbers | None:
    """The positions that put the rows in key order; None when they stand so already."""
    numbers = [ranks(frame[column]) for column in columns]
    return None if rising(numbers) else np.lexsort(numbers[::-1])
