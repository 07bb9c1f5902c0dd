"""A table of the frozen dataset as bytes: Parquet that is the same for the same rows, and a hash of its content."""

from __future__ import annotations

import hashlib
import io
import struct
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from executive_suite.schema import keys, typed
from executive_suite.schema.tables import ORIGIN, Table

SLICE = 1 << 20


def to_arrow(frame: pd.DataFrame, table: Table) -> pa.Table:
    """The frame with the column types of the frozen dataset, in schema order, without a library's metadata."""
    names = [name for name in table.columns if name in frame.columns]
    arrays = []
    for name in names:
        values = pa.Array.from_pandas(frame[name])
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        if pa.types.is_dictionary(values.type):
            values = values.cast(pa.dictionary(pa.int32(), pa.string()))
        else:
            values = values.cast(typed.ARROW[table.kind(name)])
        arrays.append(values)
    return pa.table(arrays, names=names)


def parquet(frame: pd.DataFrame, table: Table) -> bytes:
    """The frame as Parquet; the same rows give the same bytes under one version of Arrow."""
    buffer = io.BytesIO()
    pq.write_table(to_arrow(frame, table), buffer, compression="zstd", row_group_size=SLICE, store_schema=True)
    return buffer.getvalue()


def from_parquet(body: bytes, table: Table) -> pd.DataFrame:
    """The frame that ``parquet`` wrote, column types as ``dataset.context.Context`` states them."""
    data = pq.read_table(pa.BufferReader(body))
    large = data.num_rows >= typed.LARGE
    columns: dict[str, Any] = {
        name: typed.series(data.column(name), table.columns[name], categories=large) for name in data.column_names
    }
    return pd.DataFrame(columns, copy=False)


def in_key_order(frame: pd.DataFrame, table: Table, *, rising: bool = False) -> pd.DataFrame:
    """Rows in key order (by every column if the table has no key), columns in schema order.

    Args:
        frame: The rows.
        table: Their table.
        rising: Whether the rows are known to be in strictly rising key order.
    """
    names = [name for name in table.columns if name in frame.columns]
    own = [name for name in names if name not in ORIGIN]
    ordered = frame if list(frame.columns) == names else frame[names]
    if rising:
        return ordered.reset_index(drop=True)
    columns = [name for name in table.key if name in own] or own
    if columns != own and keys.repeated(frame, columns).any():
        columns += [name for name in own if name not in columns]
    positions = keys.order(frame, columns)
    if positions is not None:
        ordered = ordered.iloc[positions]
    return ordered.reset_index(drop=True)


def update(running: Any, frame: pd.DataFrame, table: Table) -> None:
    """Add a table's content to a hash: names, kinds, lengths and values, but not its rows' files and row numbers."""
    data = to_arrow(frame, table)
    names = [name for name in data.column_names if name not in ORIGIN]
    running.update(f"{table.name}\0{data.num_rows}\0{len(names)}\0".encode())
    for name in names:
        running.update(f"{name}\0{table.kind(name)}\0".encode())
        column = data.column(name)
        for start in range(0, data.num_rows, SLICE):
            _update_values(running, column.slice(start, SLICE).combine_chunks())


def _update_values(running: Any, values: pa.Array) -> None:
    valid = np.asarray(values.is_valid().to_numpy(zero_copy_only=False), dtype=bool)
    running.update(np.packbits(valid).tobytes())
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.string())
    if pa.types.is_string(values.type):
        lengths = pc.fill_null(pc.binary_length(values), 0).to_numpy(zero_copy_only=False)
        running.update(lengths.astype("<i8").tobytes())
        running.update(_letters(values.drop_null()))
        return
    numbers = values.cast(pa.int64()) if not pa.types.is_boolean(values.type) else values.cast(pa.int8())
    running.update(numbers.fill_null(0).to_numpy(zero_copy_only=False).astype("<i8").tobytes())


def _letters(texts: pa.StringArray) -> memoryview:
    """The UTF-8 bytes of texts without a blank, one after the other, as they are in memory."""
    if not len(texts):
        return memoryview(b"")
    ends = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(texts.buffers()[2] or b"")[ends[0] : ends[-1]]


def digest(header: bytes, tables: dict[str, tuple[pd.DataFrame, Table]]) -> str:
    """SHA-256 over a header and every table in order of name, hexadecimal."""
    running = hashlib.sha256()
    running.update(struct.pack("<Q", len(header)))
    running.update(header)
    for name in sorted(tables):
        update(running, *tables[name])
    return running.hexdigest()
