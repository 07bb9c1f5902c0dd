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
    except (pa.ArrowInvalid, OSError) as error:
        return None, [Fault(file, f"must be a readable Parquet file ({error})", "write the file again")]
    rows = content.metadata.num_rows
    data = pa.table({**columns, **{name: pa.nulls(rows) for name in names if name not in headers}})
    return with_origin(data, file, pa.array(np.arange(2, data.num_rows + 2))), []


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
