"""Reading one CSV file: UTF-8 with or without BOM, CRLF or LF, blank lines; whatever else is wrong is named."""

from __future__ import annotations

import io
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import pyarrow as pa

from executive_suite.schema.quality import Fault
from executive_suite.sources import csv_bytes, csv_exact, csv_quick
from executive_suite.sources.csv_layout import PLAIN, UTF8, Body, Layout, Reader
from executive_suite.sources.raw import with_origin


def read(  # noqa: PLR0913 - a file, how it is written, and what it should have
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
        types: Arrow types by header; a large plain file is read with them at once, other columns are blank.
        known: Headers of which at least one must be there, or the first row is no header.
        large: Bytes from which that is tried; below and above the same is said of the same rows.

    Returns:
        The table (None when nothing could be read) and every fault found.
    """
    reader = Reader(file, layout, known)
    if csv_bytes.is_other_file(body, reader):
        return None, reader.faults
    given = body if layout.encoding == UTF8 else csv_bytes.recoded(body, reader)
    look = None if given is None else csv_bytes.looked_at(given, reader)
    if given is None or look is None:
        return None, reader.faults
    if types is not None and len(given) >= large and look.plain and not layout.header:
        quick = csv_quick.read(given, types, layout.delimiter)
        if quick is not None:
            return with_origin(quick, file, pa.array(np.arange(2, quick.num_rows + 2))), []
    text = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8-sig", newline="")
    return csv_exact.read(text, reader), reader.faults
