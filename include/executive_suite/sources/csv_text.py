"""Reading one CSV file: UTF-8 with or without BOM, CRLF or LF, blank lines; anything else is a fault."""

from __future__ import annotations

import io
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pyarrow as pa

from executive_suite.schema.quality import Fault
from executive_suite.sources import csv_exact, csv_file, csv_quick
from executive_suite.sources.csv_file import PLAIN, UTF8, Layout, Reader
from executive_suite.sources.place import Body
from executive_suite.sources.raw import with_origin


def read(
    body: Body,
    file: str,
    *,
    layout: Layout = PLAIN,
    types: Mapping[str, pa.DataType] | None = None,
    known: AbstractSet[str] = frozenset(),
    large: int = csv_quick.LARGE,
) -> tuple[pa.Table | None, list[Fault]]:
    """The cells of a CSV file, trimmed, with their row numbers.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        layout: How it is written.
        types: Arrow types by header, for reading a large plain file directly; other columns are then blank.
        known: Headers of which a header row must have at least one.
        large: Bytes from which direct reading is tried; rows and faults are the same either way.

    Returns:
        The table (None if nothing could be read) and every fault found.
    """
    reader = Reader(file, layout, known)
    if csv_file.is_other_file(body, reader):
        return None, reader.faults
    given = body if layout.encoding == UTF8 else csv_file.recoded(body, reader)
    if given is None or not csv_file.is_text(given, reader):
        return None, reader.faults
    large_enough = len(given) >= large and not layout.header
    if types is not None and large_enough and csv_file.is_plain(given, layout.delimiter.encode()):
        quick = csv_quick.read(given, types, layout.delimiter)
        if quick is not None:
            return with_origin(quick, file, pa.array(np.arange(2, quick.num_rows + 2))), []
    text = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8-sig", newline="")
    return csv_exact.read(text, reader), reader.faults
