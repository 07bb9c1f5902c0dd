"""A Parquet file as cells: column beside column, each in one piece that takes as little room as it can."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from executive_suite.schema.quality import Fault
from executive_suite.sources.csv_layout import Body
from executive_suite.sources.raw import with_origin

BATCH = 1 << 18
"""Rows decoded at once: what is copied out of them is still in the processor's cache."""

MANY = 1 << 15
"""Different words of a column from which they are no short list any more."""

Array = np.ndarray[Any, np.dtype[Any]]


def read(
    body: Body, file: str, headers: Mapping[str, tuple[str, ...]], key: Collection[str]
) -> tuple[pa.Table | None, list[Fault]]:
    """The columns that are wanted; text that is no part of the key as words with a number a row.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        headers: The columns wanted, each with the columns in the schema that are made from it; others are blank.
        key: The columns in the schema whose text tells rows apart.

    Returns:
        The table (None when nothing could be read) and every fault found.
    """
    try:
        content = pq.ParquetFile(pa.BufferReader(pa.py_buffer(body)))
        fields = {field.name: field.type for field in content.schema_arrow}
        names = content.schema_arrow.names
        if twice := sorted({name for name in names if names.count(name) > 1}):
            rule = f"must have each column once; {', '.join(twice)} stands there several times"
            return None, [Fault(file, 0, twice[0], "", rule, "rename or remove one")]
        wanted = [name for name in names if name in headers]

        def column(name: str) -> pa.ChunkedArray:
            return _column(body, content.metadata, name, fields[name], told_apart=bool({*headers[name]} & {*key}))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            columns = dict(zip(wanted, pool.map(column, wanted), strict=True))
    except (pa.ArrowInvalid, OSError) as error:
        rule = f"must be a readable Parquet file ({error})"
        return None, [Fault(file, 0, "", "", rule, "write the file again")]
    rows = content.metadata.num_rows
    data = pa.table({**columns, **{name: pa.nulls(rows) for name in names if name not in headers}})
    return with_origin(data, file, pa.array(np.arange(2, rows + 2, dtype=np.int32))), []


def _column(
    body: Body, metadata: pq.FileMetaData, name: str, given: pa.DataType, *, told_apart: bool
) -> pa.ChunkedArray:
    """One column, decoded batch by batch into the place where it stays, so that no copy of it is ever whole."""
    text = pa.types.is_string(given) or pa.types.is_large_string(given)
    words = [name] if text and not told_apart else []

    def batches() -> Iterator[pa.Array]:
        content = pq.ParquetFile(pa.BufferReader(pa.py_buffer(body)), metadata=metadata, read_dictionary=words)
        for batch in content.iter_batches(BATCH, columns=[name], use_threads=False):
            yield batch.column(0)

    if words and (short := _words(batches, metadata.num_rows)) is not None:
        return pa.chunked_array([short])
    if pa.types.is_integer(given) or pa.types.is_date(given) or pa.types.is_timestamp(given):
        return pa.chunked_array([_numbers(batches(), metadata.num_rows, given)])
    if text and not words:
        return pa.chunked_array((batch.cast(pa.large_string()) for batch in batches()), pa.large_string())
    found = list(batches())
    return pa.chunked_array(found, found[0].type if found else given)


def _numbers(batches: Iterator[pa.Array], rows: int, given: pa.DataType) -> pa.Array:
    values = np.empty(rows, dtype=f"i{given.bit_width // 8}")
    blank = _Blanks(rows)
    at = 0
    for batch in batches:
        values[at : at + len(batch)] = _whole(batch, values.dtype)
        blank.fill(batch, at)
        at += len(batch)
    return pa.Array.from_buffers(given, rows, [blank.bits(), pa.py_buffer(values)])


def _words(batches: Callable[[], Iterator[pa.Array]], rows: int) -> pa.Array | None:
    """Words with a number a row, in as few bytes as their count allows; None when they are too many, or no text."""
    known: dict[str, int] = {}
    codes = np.empty(rows, dtype=np.int8)
    blank = _Blanks(rows)
    at = 0
    for batch in batches():
        if not pa.types.is_dictionary(batch.type) or len(batch.dictionary) >= MANY:
            return None
        try:
            numbers = [known.setdefault(word, len(known)) for word in batch.dictionary.to_pylist()]
        except UnicodeDecodeError:
            return None
        if len(known) >= MANY:
            return None
        if len(known) > np.iinfo(codes.dtype).max:
            codes = codes.astype(np.int16)
        given = batch.indices.fill_null(0) if batch.null_count else batch.indices
        if numbers:
            place = _whole(given, np.dtype(f"i{given.type.bit_width // 8}"))
            codes[at : at + len(batch)] = np.array(numbers, dtype=codes.dtype)[place]
        else:
            codes[at : at + len(batch)] = 0
        blank.fill(batch, at)
        at += len(batch)
    numbered = pa.Array.from_buffers(pa.from_numpy_dtype(codes.dtype), rows, [blank.bits(), pa.py_buffer(codes)])
    return pa.DictionaryArray.from_arrays(numbered, pa.array(known, pa.string()))


def _whole(values: pa.Array, kind: np.dtype[Any]) -> Array:
    """What stands in the memory of an array of numbers; anything where it is blank."""
    return np.frombuffer(values.buffers()[1], kind)[values.offset : values.offset + len(values)]


class _Blanks:
    """Which rows of a column are blank; takes no room as long as none is."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._there: Array | None = None

    def fill(self, batch: pa.Array, at: int) -> None:
        """Take note of the blanks of a batch that begins at a row."""
        if batch.null_count:
            if self._there is None:
                self._there = np.ones(self._rows, dtype=bool)
            self._there[at : at + len(batch)] = batch.is_valid().to_numpy(zero_copy_only=False)

    def bits(self) -> pa.Buffer | None:
        """A bit a row, as Arrow keeps it."""
        return None if self._there is None else pa.py_buffer(np.packbits(self._there, bitorder="little"))
