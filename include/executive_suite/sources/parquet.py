"""A Parquet file as cells: columns read in parallel, each as one compact chunk."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from executive_suite.schema.quality import Fault
from executive_suite.sources.place import Body
from executive_suite.sources.raw import with_origin

MOST_ROWS = 200_000_000
MOST_COLUMNS = 2_000
MOST_BYTES = 16 << 30
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
        if too_much := _refusal(content.metadata, content.schema_arrow, headers):
            return None, [Fault(file, too_much, "export plain columns of the rows that are needed")]
        names = content.schema_arrow.names
        if twice := sorted({name for name in names if name in headers and names.count(name) > 1}):
            rule = f"must have each column once; {', '.join(twice)} is repeated"
            return None, [Fault(file, rule, "rename or remove one", column=twice[0])]
        texts = {
            field.name
            for field in content.schema_arrow
            if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        }
        wanted = [name for name in names if name in headers]
        words = [name for name in wanted if name in texts and not {*headers[name]} & {*key}]

        def column(name: str) -> pa.ChunkedArray:
            # One call per column, so that threads read columns in parallel.
            source = pa.BufferReader(pa.py_buffer(body))
            own = pq.ParquetFile(source, metadata=content.metadata, read_dictionary=words)
            return _in_one_piece(own.read([name], use_threads=False).column(name))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            columns = dict(zip(wanted, pool.map(column, wanted), strict=True))
        rows = content.metadata.num_rows
        data = pa.table({**columns, **{name: pa.nulls(rows) for name in names if name not in headers}})
    except (pa.ArrowException, OSError, ValueError) as error:
        complaint = " ".join(str(error).split())[:_COMPLAINT]
        return None, [Fault(file, f"must be a readable Parquet file ({complaint})", "write the file again")]
    return with_origin(data, file, pa.array(np.arange(2, data.num_rows + 2))), []


def _refusal(claims: pq.FileMetaData, kinds: pa.Schema, headers: Collection[str]) -> str:
    """Why a file is not read, by what its metadata claims: a small file can ask for any amount of memory."""
    if claims.num_rows > MOST_ROWS or claims.num_columns > MOST_COLUMNS:
        return (
            f"must have at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns "
            f"(it claims {claims.num_rows:,} and {claims.num_columns:,})"
        )
    groups = [claims.row_group(number) for number in range(claims.num_row_groups)]
    if sum(group.num_rows for group in groups) != claims.num_rows:
        return "must have as many rows as its parts claim"
    if (size := sum(group.total_byte_size for group in groups)) > MOST_BYTES:
        return f"must have at most {MOST_BYTES >> 30} GiB when unpacked (it claims {size >> 20:,} MiB)"
    nested = sorted(field.name for field in kinds if field.name in headers and pa.types.is_nested(field.type))
    return f"must have plain values, not lists or records ({', '.join(nested)})" if nested else ""


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
