"""Reading one CSV file: UTF-8 with or without BOM, CRLF or LF, blank lines; whatever else is wrong is named."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field

import pyarrow as pa

from executive_suite.quality import Fault, shown
from executive_suite.raw import with_origin

FIELD_LIMIT = 1_000_000

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


def read(body: bytes, file: str, *, delimiter: str = ",") -> tuple[pa.Table | None, list[Fault]]:
    """The cells of a CSV file as text, trimmed, with their row numbers.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        delimiter: What separates cells.

    Returns:
        The table (None when nothing could be read) and every fault found.
    """
    reader = _Reader(file)
    text = _text(body, reader)
    if text is None:
        return None, reader.faults
    table = _records(text, delimiter, reader)
    return table, reader.faults


def _text(body: bytes, reader: _Reader) -> str | None:
    for mark, name in _MARKS:
        if body.startswith(mark):
            reader.fault(f"encoded as {name}, expected UTF-8 (byte offset 0)", "save the file as UTF-8", value=mark)
            return None
    if (at := body.find(b"\0")) >= 0:
        row = body.count(b"\n", 0, at) + 1
        advice = "save the file as UTF-8 text; a NUL often means UTF-16 without a mark, or a damaged file"
        reader.fault(f"a NUL byte at byte offset {at}, expected text", advice, row=row)
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = body.count(b"\n", 0, error.start) + 1
        rule = f"not UTF-8: byte 0x{body[error.start]:02X} at byte offset {error.start}"
        reader.fault(rule, "save the file as UTF-8 (it may be Latin-1 or Windows-1252)", row=row)
        return None
    if not text.strip():
        reader.fault("an empty file, expected a header row", "write the header row, or remove the file")
        return None
    return text


def _records(text: str, delimiter: str, reader: _Reader) -> pa.Table | None:
    csv.field_size_limit(FIELD_LIMIT)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    cells: list[list[str]] = []
    rows: list[int] = []
    number = 0
    try:
        for number, record in enumerate(records, 1):
            if not any(cell.strip() for cell in record) and (not record or len(record) == 1 or not header):
                continue
            if not header:
                header = [name.strip() for name in record]
                if not _header_holds(header, number, delimiter, reader):
                    return None
            elif len(record) != len(header):
                rule = f"{len(record)} cells, the header has {len(header)}"
                reader.fault(rule, "quote cells that hold the separator; complete the row", row=number, value=record[0])
            else:
                cells.append(record)
                rows.append(number)
    except csv.Error as error:
        reader.fault(f"not CSV: {error}", "close every quote, and double a quote inside a quoted cell", row=number + 1)
        return None
    columns = zip(*cells, strict=True) if cells else [[] for _ in header]
    arrays = [pa.array([cell.strip() for cell in column], pa.string()) for column in columns]
    return with_origin(pa.table(arrays, names=header), reader.file, pa.array(rows, pa.int64()))


def _header_holds(header: list[str], number: int, delimiter: str, reader: _Reader) -> bool:
    before = len(reader.faults)
    for name in sorted({name for name in header if header.count(name) > 1 and name}):
        reader.fault(
            "a column name that stands once", "rename or remove one of them", row=number, column=name, value=name
        )
    blank = [str(index) for index, name in enumerate(header, 1) if not name]
    if blank:
        advice = "name the column or remove it"
        reader.fault(f"a name for every column (missing at position {', '.join(blank)})", advice, row=number)
    if len(header) == 1 and delimiter == "," and (";" in header[0] or "\t" in header[0]):
        advice = "export with commas, or state the delimiter in sources.yaml"
        reader.fault("columns separated by commas", advice, row=number, value=header[0])
    return len(reader.faults) == before
