"""Reading one CSV file: UTF-8 with or without BOM, CRLF or LF, blank lines; whatever else is wrong is named."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from executive_suite.schema.cells import BLANKS
from executive_suite.schema.quality import MOST, Fault, shown
from executive_suite.schema.tables import bare
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


UTF8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is written.

    Attributes:
        delimiter: What separates cells.
        encoding: Name of a codec.
        header: The row of the header; 0 is the first that is not blank.
        nameless: Whether columns without a name are passed over, whatever stands there.
    """

    delimiter: str = ","
    encoding: str = UTF8
    header: int = 0
    nameless: bool = False


PLAIN = Layout()


@dataclass(slots=True)
class _Reader:
    """The faults of one file while it is read, how many quotes it has, and whether it may hold hexadecimal numbers."""

    file: str
    layout: Layout
    known: AbstractSet[str]
    faults: list[Fault] = field(default_factory=list)
    quotes: int = 0
    hexadecimal: bool = False

    def fault(self, rule: str, advice: str, *, row: int = 0, column: str = "", value: object = "") -> None:
        self.faults.append(Fault(self.file, row, column, shown(value), rule, advice))


def read(  # noqa: PLR0913 - a file, how it is written, and what is expected of it
    body: Body,
    file: str,
    *,
    layout: Layout = PLAIN,
    types: Mapping[str, pa.DataType] | None = None,
    known: AbstractSet[str] = frozenset(),
    large: int = LARGE,
) -> tuple[pa.Table | None, list[Fault]]:
    """The cells of a CSV file, trimmed, with their row numbers.

    Args:
        body: The file's bytes.
        file: Its name, for faults and evidence.
        layout: How it is written.
        types: Arrow types by header; a large well-formed file is read with them at once, other columns are blank.
        known: Headers of which at least one must be there, or the first row is no header.
        large: Bytes from which that is tried.

    Returns:
        The table (None when nothing could be read) and every fault found.
    """
    reader = _Reader(file, layout, known)
    given = body if layout.encoding == UTF8 else _recoded(body, reader)
    if given is None or not _is_text(given, reader):
        return None, reader.faults
    # Arrow makes one cell of all that follows a quote that nobody closes, and takes hexadecimal numbers for amounts
    plain = reader.quotes % 2 == 0 and not reader.hexadecimal and not layout.header
    if types is not None and len(given) >= large and plain:
        quick = _quick(given, types, layout.delimiter)
        if quick is not None:
            return with_origin(quick, file, pa.array(np.arange(2, quick.num_rows + 2))), []
    text = io.TextIOWrapper(io.BytesIO(given), encoding="utf-8-sig", newline="")
    exact = _records(text, reader)
    return exact, reader.faults


def _recoded(body: Body, reader: _Reader) -> bytes | None:
    """The bytes in UTF-8, of a file that is known to be in another encoding."""
    try:
        return bytes(body).decode(reader.layout.encoding).encode()
    except UnicodeError as error:
        at = f"; byte offset {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        rule = f"must be {reader.layout.encoding}, as sources.yaml says{at}"
        reader.fault(rule, "correct `encoding` in sources.yaml, or save the file in that encoding")
        return None


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
        reader.quotes += part.count(b'"')
        # a single letter is found much faster than two; one that a part begins with may belong to the part before
        marks = [mark for mark in (b"x", b"X") if mark in part]
        reader.hexadecimal |= any(b"0" + mark in part or part.startswith(mark) for mark in marks)
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
    if all(column.null_count for column in data.columns):
        return None  # there may be rows without any cell, which are none
    for name in names:
        if name not in types:
            data = data.append_column(name, pa.nulls(data.num_rows))
    return data


def _records(text: Iterator[str], reader: _Reader) -> pa.Table | None:
    csv.field_size_limit(FIELD_LIMIT)
    records = csv.reader(text, delimiter=reader.layout.delimiter, strict=True)
    header: _Header | None = None
    cells: list[list[str]] = []
    rows: list[int] = []
    batches: list[pa.Table] = []
    number = 0
    try:
        for number, record in enumerate(records, 1):
            if number < reader.layout.header or not any(cell.strip() for cell in record):
                continue
            if header is None:
                header = _header(record, number, reader)
                if header is None:
                    return None
            elif len(record) != len(header.names):
                header.ragged(record, number, reader)
            else:
                header.watch(record)
                cells.append(record)
                rows.append(number)
                if len(rows) == BATCH:
                    batches.append(_batch(header, cells, rows, reader.file))
                    cells, rows = [], []
    except csv.Error as error:
        advice = "close every quote, and double a quote inside a quoted cell"
        reader.fault(f"must be CSV ({error})", advice, row=number + 1)
        return None
    if header is None:
        rule = f"must have its header in row {reader.layout.header}, as sources.yaml says; it ends before"
        reader.fault(rule, "correct `header` in sources.yaml")
        return None
    header.settle(reader)
    batches.append(_batch(header, cells, rows, reader.file))
    return pa.concat_tables(batches).unify_dictionaries()


def _batch(header: _Header, cells: list[list[str]], rows: list[int], file: str) -> pa.Table:
    columns = zip(*cells, strict=True) if cells else ([] for _ in header.names)
    named = [(name, column) for name, column in zip(header.names, columns, strict=True) if name]
    arrays = [pa.array([cell.strip() for cell in column], pa.string()) for _, column in named]
    return with_origin(pa.table(arrays, names=[name for name, _ in named]), file, pa.array(rows, pa.int64()))


@dataclass(slots=True)
class _Header:
    """The header row, and what is seen of it while the rows below are read.

    Attributes:
        names: One a column; blank where there is none, which is no fault as long as nothing stands below.
        row: Its number.
        nameless: Positions of the columns without a name, from 0.
        used: Those of them that have a cell.
        ragged_rows: Rows so far that have more or fewer cells.
    """

    names: list[str]
    row: int
    nameless: list[int]
    used: set[int] = field(default_factory=set)
    ragged_rows: int = 0

    def watch(self, record: list[str]) -> None:
        """See whether something stands below no name."""
        if len(self.used) < len(self.nameless):
            self.used |= {position for position in self.nameless if record[position].strip()}

    def ragged(self, record: list[str], number: int, reader: _Reader) -> None:
        """Name a row that has more or fewer cells than the header."""
        self.ragged_rows += 1
        if self.ragged_rows <= MOST:
            rule = f"must have {len(self.names)} cells as the header has, not {len(record)}"
            reader.fault(rule, _RAGGED, row=number, value=reader.layout.delimiter.join(record))

    def settle(self, reader: _Reader) -> None:
        """Name what only the last row could tell."""
        if self.ragged_rows > MOST:
            rule = f"must have {len(self.names)} cells as the header has"
            reader.faults.append(Fault(reader.file, 0, "", "", rule, _RAGGED, times=self.ragged_rows - MOST))
        if self.used and not reader.layout.nameless:
            positions = ", ".join(str(position + 1) for position in sorted(self.used))
            rule = f"must have a name for every column (missing at position {positions})"
            reader.fault(rule, "name the column or remove it", row=self.row)


_RAGGED = "quote cells that hold the separator, or complete the row; if the header stands lower, say so in sources.yaml"


def _header(record: list[str], number: int, reader: _Reader) -> _Header | None:
    names = [name.strip() for name in record]
    before = len(reader.faults)
    for name in sorted({name for name in names if names.count(name) > 1 and name}):
        reader.fault("must stand once in the header", "rename or remove one", row=number, column=name, value=name)
    delimiter = reader.layout.delimiter
    other = next((mark for mark in ",;\t|" if mark != delimiter and mark in names[0]), "")
    if len(names) == 1 and other:
        said = {",": "commas", "\t": "tabs"}.get(delimiter, repr(delimiter))
        rule = f"must have columns separated by {said}; these seem separated by {other!r}"
        reader.fault(rule, "export with commas, or state the delimiter in sources.yaml", row=number, value=names[0])
    elif reader.known and not {bare(name) for name in names} & {bare(name) for name in reader.known}:
        rule = f"must be the header row; none of its {len(names)} cells is a column of the table"
        advice = "remove the rows above the header, or state its row as `header` in sources.yaml"
        reader.fault(rule, advice, row=number, value=delimiter.join(names))
    if len(reader.faults) > before:
        return None
    return _Header(names, number, [position for position, name in enumerate(names) if not name])
