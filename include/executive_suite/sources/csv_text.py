"""Reading one CSV file: UTF-8 with or without BOM, CRLF or LF, blank lines; whatever else is wrong is named."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from executive_suite.schema.cells import BLANKS
from executive_suite.schema.quality import Fault, shown
from executive_suite.sources.raw import with_origin

Body = bytes | mmap.mmap

FIELD_LIMIT = 1_000_000
BATCH = 50_000

LARGE = 4_000_000
"""Bytes from which Arrow's reader is worth its start; a file that it cannot take is read by the exact one."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32 (little endian)"),
    (codecs.BOM_UTF32_BE, "UTF-32 (big endian)"),
    (codecs.BOM_UTF16_LE, "UTF-16 (little endian)"),
    (codecs.BOM_UTF16_BE, "UTF-16 (big endian)"),
)


@dataclass(slots=True)
class _Reader:
    """The faults of one file while it is read."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, advice: str, *, row: int = 0, column: str = "", value: object = "") -> None:
        self.faults.append(Fault(self.file, row, column, shown(value), rule, advice))


def read(
    body: Body, file: str, *, delimiter: str = ",", types: Mapping[str, pa.DataType] | None = None, large: int = LARGE
) -> tuple[pa.Table | None, list[Fault]]:
    """The cells of a CSV file, trimmed, with their row numbers.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        delimiter: What separates cells.
        types: Arrow types by header; a large well-formed file is read with them at once, other columns are blank.
        large: Bytes from which that is tried.

    Returns:
        The table (None when nothing could be read) and every fault found.
    """
    reader = _Reader(file)
    if not _is_text(body, reader):
        return None, reader.faults
    if types is not None and len(body) >= large:
        quick = _quick(body, types, delimiter)
        if quick is not None:
            return with_origin(quick, file, pa.array(np.arange(2, quick.num_rows + 2))), []
    text = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", newline="")
    exact = _records(text, delimiter, reader)
    return exact, reader.faults


def _is_text(body: Body, reader: _Reader) -> bool:
    for mark, name in _MARKS:
        if bytes(body[:4]).startswith(mark):
            reader.fault(f"must be UTF-8, is {name} (byte offset 0)", "save the file as UTF-8")
            return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    row, blank = 1, True
    for start in range(0, len(body), 1 << 22):
        part = bytes(body[start : start + (1 << 22)])
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(part, final=start + len(part) == len(body))
        except UnicodeDecodeError as error:
            at = start - pending + error.start
            rule = f"must be UTF-8; byte 0x{body[at]:02X} at byte offset {at} is not"
            advice = "save the file as UTF-8 (it may be Latin-1 or Windows-1252)"
            reader.fault(rule, advice, row=row + part.count(b"\n", 0, max(0, at - start)))
            return False
        if (found := part.find(b"\0")) >= 0:
            advice = "save the file as UTF-8 text; a NUL often means UTF-16 without a mark, or a damaged file"
            rule = f"must be text; a NUL byte stands at byte offset {start + found}"
            reader.fault(rule, advice, row=row + part.count(b"\n", 0, found))
            return False
        row += part.count(b"\n")
        blank = blank and not text.lstrip("\ufeff").strip()
    if blank:
        reader.fault("must have a header row; the file is empty", "write the header row, or remove the file")
    return not blank


def _quick(body: Body, types: Mapping[str, pa.DataType], delimiter: str) -> pa.Table | None:
    """The file read by Arrow with types at once; None when it is not plain enough for that."""
    kept = memoryview(body)[3:] if bytes(body[:3]) == codecs.BOM_UTF8 else memoryview(body)
    if any(body.find(blank) >= 0 for blank in (b"\n\n", b"\n\r\n", b"\r\r")):
        return None  # blank lines count as rows of the file, which Arrow would not say
    header = next(csv.reader([bytes(kept[:65536]).decode(errors="ignore").partition("\n")[0]], delimiter=delimiter))
    names = [name.strip() for name in header]
    if len(set(names)) < len(names) or not all(names) or not set(names) & set(types):
        return None
    known = [name for name in names if name in types]
    try:
        data = pacsv.read_csv(
            pa.BufferReader(pa.py_buffer(kept)),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows=1, block_size=1 << 24),
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
    for name in names:
        if name not in types:
            data = data.append_column(name, pa.nulls(data.num_rows))
    return data


def _records(text: Iterator[str], delimiter: str, reader: _Reader) -> pa.Table | None:
    csv.field_size_limit(FIELD_LIMIT)
    records = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] = []
    cells: list[list[str]] = []
    rows: list[int] = []
    batches: list[pa.Table] = []
    number = 0
    try:
        for number, record in enumerate(records, 1):
            if len(record) <= 1 and not "".join(record).strip():
                continue
            if not header:
                header = [name.strip() for name in record]
                if not _header_holds(header, number, delimiter, reader):
                    return None
            elif len(record) != len(header):
                rule = f"must have {len(header)} cells as the header has, not {len(record)}"
                advice = "quote cells that hold the separator, or complete the row"
                reader.fault(rule, advice, row=number, value=delimiter.join(record))
            else:
                cells.append(record)
                rows.append(number)
                if len(rows) == BATCH:
                    batches.append(_batch(header, cells, rows, reader.file))
                    cells, rows = [], []
    except csv.Error as error:
        advice = "close every quote, and double a quote inside a quoted cell"
        reader.fault(f"must be CSV ({error})", advice, row=number + 1)
        return None
    batches.append(_batch(header, cells, rows, reader.file))
    return pa.concat_tables(batches).unify_dictionaries()


def _batch(header: list[str], cells: list[list[str]], rows: list[int], file: str) -> pa.Table:
    columns = zip(*cells, strict=True) if cells else ([] for _ in header)
    arrays = [pa.array([cell.strip() for cell in column], pa.string()) for column in columns]
    return with_origin(pa.table(arrays, names=header), file, pa.array(rows, pa.int64()))


def _header_holds(header: list[str], number: int, delimiter: str, reader: _Reader) -> bool:
    before = len(reader.faults)
    for name in sorted({name for name in header if header.count(name) > 1 and name}):
        reader.fault("must stand once in the header", "rename or remove one", row=number, column=name, value=name)
    blank = [str(index) for index, name in enumerate(header, 1) if not name]
    if blank:
        advice = "name the column or remove it"
        reader.fault(f"must have a name for every column (missing at position {', '.join(blank)})", advice, row=number)
    if len(header) == 1 and delimiter == "," and (";" in header[0] or "\t" in header[0]):
        advice = "export with commas, or state the delimiter in sources.yaml"
        reader.fault("must have columns separated by commas", advice, row=number, value=header[0])
    return len(reader.faults) == before
