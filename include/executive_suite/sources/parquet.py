"""A Parquet file as cells: columns read in parallel, each as one compact chunk."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from executive_suite.schema.quality import Fault
from executive_suite.sources.place import Body
from executive_suite.sources.raw import with_origin

MOST_ROWS = 200_000_000
MOST_COLUMNS = 2_000
MOST_BYTES = 16 << 30
FREE_ROWS, ROWS_PER_BYTE = 1_000_000, 4
"""Rows that any file may claim, and how many more for each of its bytes: rows that differ take room."""
FREE_BYTES, BYTES_PER_BYTE = 256 << 20, 200
"""The same for what it unpacks to."""
_COMPLAINT = 300
"""Letters of a library's complaint that a fault quotes."""
NARROW = (pa.int8(), pa.int16())


def read(
    body: Body, file: str, headers: Mapping[str, tuple[str, ...]], key: Collection[str]
) -> tuple[pa.Table | None, list[Fault]]:
    """The wanted columns; text outside the key as words with a number per row.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        headers: The wanted columns, each with the schema's columns that are made from it; others are blank.
        key: The schema's key columns, whose words rarely repeat.

    Returns:
        The table (None if nothing could be read) and every fault found.
    """
    try:
        content = pq.ParquetFile(pa.BufferReader(pa.py_buffer(body)))
        if too_much := _refusal(content.metadata, content.schema_arrow, headers, len(body)):
            return None, [Fault(file, too_much, "export plain columns of the rows that are needed")]
        names = content.schema_arrow.names
        if twice := sorted({name for name in names if name in headers and names.count(name) > 1}):
            rule = f"must have each column once; {', '.join(twice)} is repeated"
            return None, [Fault(file, rule, "rename or remove one", column=twice[0])]
        texts = {field.name for field in content.schema_arrow if _is_text(field.type)}
        wanted = [name for name in names if name in headers]
        words = [name for name in wanted if name in texts and not {*headers[name]} & {*key}]

        keys = [name for name in wanted if name in texts and name not in words]
        if long := [name for name in keys if _unpacked(body, content, name) > MOST_BYTES]:
            return None, [_too_long(file, long[0])]

        def column(name: str) -> pa.ChunkedArray:
            # One call per column, so that threads read columns in parallel.
            source = pa.BufferReader(pa.py_buffer(body))
            own = pq.ParquetFile(source, metadata=content.metadata, read_dictionary=words)
            return _in_one_piece(own.read([name], use_threads=False).column(name))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            columns = dict(zip(wanted, pool.map(column, wanted), strict=True))
        if long := [name for name, values in columns.items() if _meant(values) > _most(len(body))]:
            return None, [_too_long(file, long[0])]
        rows = content.metadata.num_rows
        data = pa.table({**columns, **{name: pa.nulls(rows) for name in names if name not in headers}})
    except (pa.ArrowException, OSError, ValueError) as error:
        complaint = " ".join(str(error).split())[:_COMPLAINT]
        return None, [Fault(file, f"must be a readable Parquet file ({complaint})", "write the file again")]
    return with_origin(data, file, pa.array(np.arange(2, data.num_rows + 2))), []


def _refusal(claims: pq.FileMetaData, kinds: pa.Schema, headers: Collection[str], size: int) -> str:
    """Why a file of some bytes is not read, by what its metadata claims: a small one can ask for any memory."""
    rows = min(MOST_ROWS, FREE_ROWS + ROWS_PER_BYTE * size)
    if claims.num_rows > rows or claims.num_columns > MOST_COLUMNS:
        return (
            f"must have at most {rows:,} rows in {size:,} bytes and {MOST_COLUMNS:,} columns "
            f"(it claims {claims.num_rows:,} and {claims.num_columns:,})"
        )
    groups = [claims.row_group(number) for number in range(claims.num_row_groups)]
    if sum(group.num_rows for group in groups) != claims.num_rows:
        return "must have as many rows as its parts claim"
    unpacked, most = sum(group.total_byte_size for group in groups), _most(size)
    if unpacked > most:
        return f"must have at most {most >> 20:,} MiB when unpacked (it claims {unpacked >> 20:,} MiB)"
    nested = sorted(field.name for field in kinds if field.name in headers and pa.types.is_nested(field.type))
    return f"must have plain values, not lists or records ({', '.join(nested)})" if nested else ""


def _most(size: int) -> int:
    """The bytes that a file of some bytes may unpack to."""
    return min(MOST_BYTES, FREE_BYTES + BYTES_PER_BYTE * size)


def _is_text(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _too_long(file: str, name: str) -> Fault:
    rule = "must have words that fit into memory; a long one is repeated in too many rows"
    return Fault(file, rule, "export plain columns of the rows that are needed", column=name)


def _unpacked(body: Body, content: pq.ParquetFile, name: str) -> int:
    """What a column of keys would take at most: a few bytes can hold one long word that many rows mean.

    The first row of each group is read as the number of a word, which brings all of the group's words with it.
    """
    source = pa.BufferReader(pa.py_buffer(body))
    reader = pq.ParquetFile(source, metadata=content.metadata, read_dictionary=[name])
    total = 0
    for group in range(content.metadata.num_row_groups):
        part = next(reader.iter_batches(1, [group], [name], use_threads=False), None)
        longest = pc.max(pc.binary_length(part.column(0).dictionary)).as_py() if part else 0
        total += content.metadata.row_group(group).num_rows * (longest or 0)
    return total


def _meant(values: pa.ChunkedArray) -> int:
    """What the words of a column would take, each as often as rows mean it."""
    total = 0
    for chunk in values.chunks if pa.types.is_dictionary(values.type) and _is_text(values.type) else ():
        lengths = pc.binary_length(chunk.dictionary).fill_null(0).to_numpy(zero_copy_only=False)
        times = np.bincount(chunk.indices.drop_null().to_numpy(zero_copy_only=False), minlength=len(lengths))
        total += int(times @ lengths.astype(np.int64))
    return total


def _in_one_piece(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values as one chunk: text as pandas keeps it, word numbers in as few bytes as their count allows."""
    given = values.type
    if pa.types.is_string(given):
        return values.cast(pa.large_string())
    if not pa.types.is_dictionary(given) or not values.num_chunks:
        return values
    chunks = values.unify_dictionaries().chunks
    words = chunks[0].dictionary
    numbers = pa.chunked_array([chunk.indices for chunk in chunks])
    for narrow in NARROW:
        if len(words) <= np.iinfo(narrow.to_pandas_dtype()).max:
            numbers = numbers.cast(narrow)
            break
    whole = pa.concat_arrays(numbers.chunks)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(whole, words.cast(pa.string()))])
