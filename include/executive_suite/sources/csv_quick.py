"""A large plain CSV file, read directly into typed columns by Arrow."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from executive_suite.schema.cells import BLANKS, FIRST_DAY, MOST_CENTS
from executive_suite.sources.place import Body

LARGE = 4_000_000
"""Bytes from which Arrow's reader pays off."""

BLOCK = 1 << 24
HEADER = 1 << 16
"""Bytes in which the header must end."""


def read(body: Body, types: Mapping[str, pa.DataType], delimiter: str) -> pa.Table | None:
    """The cells of a plain file; None if the exact reader might read it differently.

    Args:
        body: The file's bytes, plain as ``csv_file.is_plain`` defines it.
        types: Arrow types by header; other columns are blank.
        delimiter: What separates cells, one byte.
    """
    kept = memoryview(body)[3:] if bytes(body[:3]) == codecs.BOM_UTF8 else memoryview(body)
    if any(body.find(blank) >= 0 for blank in (b"\n\n", b"\n\r\n")):
        return None  # blank lines count as rows of the file, and Arrow skips them
    names = _header(bytes(kept[:HEADER]), delimiter)
    if len(set(names)) < len(names) or not all(names) or not set(names) & set(types):
        return None
    known = [name for name in names if name in types]
    try:
        data = pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(kept)),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types={name: types[name] for name in known},
                null_values=list(BLANKS),
                strings_can_be_null=True,
                include_columns=known,
            ),
        ).unify_dictionaries()
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if all(map(_has_blanks, data.columns)) or not all(map(_plausible, data.columns)):
        return None  # there may be blank rows, which do not count, or a fault that must quote its cell
    for name in names:
        if name not in types:
            data = data.append_column(name, pa.nulls(data.num_rows))
    return data


def _plausible(column: pa.ChunkedArray) -> bool:
    """Whether every day and number is within its limits."""
    if pa.types.is_integer(column.type):
        least, most = -MOST_CENTS, MOST_CENTS
    elif pa.types.is_temporal(column.type):
        first, last = (pa.scalar(day).cast(column.type) for day in (FIRST_DAY, date.max))
        least, most = (day.cast(_numbers(day.type)).as_py() for day in (first, last))
        column = column.cast(_numbers(column.type))
    else:
        return True
    ends = pc.min_max(column).as_py()
    return ends["min"] is None or (ends["min"] >= least and ends["max"] <= most)


def _numbers(kind: pa.DataType) -> pa.DataType:
    return pa.int32() if pa.types.is_date32(kind) else pa.int64()


def _header(start: bytes, delimiter: str) -> list[str]:
    line, end, _ = start.partition(b"\n")
    if not end or line.count(b'"') % 2:
        return [""]  # the header continues on the next line, or is too long
    return [name.strip() for name in next(csv.reader([line.decode(errors="ignore")], delimiter=delimiter))]


def _has_blanks(column: pa.ChunkedArray | pa.Array) -> bool:
    """Whether a cell may be blank."""
    if column.null_count:
        return True
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        column = column.chunk(0).dictionary
    if not pa.types.is_string(column.type):
        return False
    return bool(pc.any(pc.equal(pc.binary_length(pc.utf8_trim_whitespace(column)), 0)).as_py())
