"""A CSV file before its cells are read: how it is written, whether it is text, whether every reader agrees about it."""

from __future__ import annotations

import codecs
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np

from executive_suite.schema.quality import Fault, shown
from executive_suite.sources.place import Body

UTF8 = "utf-8"
PART = 1 << 22
QUOTE = ord('"')

_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32 (little endian)"),
    (codecs.BOM_UTF32_BE, "UTF-32 (big endian)"),
    (codecs.BOM_UTF16_LE, "UTF-16 (little endian)"),
    (codecs.BOM_UTF16_BE, "UTF-16 (big endian)"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "a ZIP archive or a workbook (.xlsx, .ods)"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"<", "a page of HTML or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is written.

    Attributes:
        delimiter: What separates cells.
        encoding: Name of a codec.
        header: The row of the header; 0 for the first row that is not blank.
        nameless: Whether to ignore columns without a name.
    """

    delimiter: str = ","
    encoding: str = UTF8
    header: int = 0
    nameless: bool = False


PLAIN = Layout()


@dataclass(slots=True)
class Reader:
    """One file being read: its name, its layout, the headers it may have, and its faults so far."""

    file: str
    layout: Layout
    known: AbstractSet[str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, advice: str, *, row: int = 0, column: str = "", value: object = "") -> None:
        """Add a fault of the file, or of one of its rows."""
        self.faults.append(Fault(self.file, rule, advice, row, column, shown(value)))


def recoded(body: Body, reader: Reader) -> bytes | None:
    """The bytes of a file in another encoding as UTF-8; None, with a fault, if it is not in that encoding."""
    try:
        return bytes(body).decode(reader.layout.encoding).encode()
    except UnicodeError as error:
        at = f"; byte offset {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        rule = f"must be {reader.layout.encoding}, as sources.yaml says{at}"
        reader.fault(rule, "correct `encoding` in sources.yaml, or save the file in that encoding")
        return None


def is_other_file(body: Body, reader: Reader) -> bool:
    """Whether the first bytes are those of another kind of file; adds a fault if so."""
    start = bytes(body[:16]).removeprefix(codecs.BOM_UTF8)
    name = next((name for mark, name in _OTHER_FILES if start.startswith(mark)), "")
    if name:
        reader.fault(f"must be CSV text, is {name}", "export the table as CSV, or unpack the file")
    return bool(name)


def is_text(body: Body, reader: Reader) -> bool:
    """Whether the bytes are UTF-8 text and not blank; adds a fault if not."""
    for mark, name in _MARKS:
        if bytes(body[:4]).startswith(mark):
            reader.fault(f"must be UTF-8, is {name} (byte offset 0)", "save the file as UTF-8")
            return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    row, blank = 1, True
    for start in range(0, len(body), PART):
        part = bytes(body[start : start + PART])
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
            rule = f"must be text; there is a NUL byte at byte offset {start + found}"
            reader.fault(rule, advice, row=row + part.count(b"\n", 0, found))
            return False
        row += part.count(b"\n")
        blank = blank and not text.lstrip("\ufeff").strip()
    if blank:
        reader.fault("must have a header row; the file is empty", "write the header row, or remove the file")
    return not blank


def is_plain(body: Body, delimiter: bytes) -> bool:
    """Whether every reader finds the same cells in a text; if not, only the exact reader may read it.

    Not plain are a quote within a cell that it does not enclose, a line that ends with a carriage return alone, and
    hexadecimal numbers, which Arrow would read as amounts.
    """
    if len(delimiter) != 1:
        return False
    first = len(codecs.BOM_UTF8) if bytes(body[:3]) == codecs.BOM_UTF8 else 0
    quotes = 0
    for start in range(first, len(body), PART):
        part, after = bytes(body[start : start + PART]), bytes(body[start + PART : start + PART + 1])
        part = (bytes(body[start - 1 : start]) if start > first else b"\n") + part
        # One letter is found much faster than two.
        if any(mark in part and b"0" + mark in part + after for mark in (b"x", b"X")):
            return False
        if b"\r" in part and part.count(b"\r") != (part + after).count(b"\r\n"):
            return False
        if count := part.count(b'"', 1):
            if _misplaced(part + (after or b"\n"), quotes, delimiter):
                return False
            quotes += count
    return quotes % 2 == 0


def _misplaced(text: bytes, quotes: int, delimiter: bytes) -> bool:
    """Whether a quote does not enclose its cell: RFC 4180, section 2, rules 5 to 7.

    Every second quote opens: a cell begins there, or the one before closed and both are one doubled quote.

    Args:
        text: With the byte before it and the byte after it.
        quotes: How many quotes come before it.
        delimiter: What separates cells.
    """
    around = np.frombuffer(text, "u1")
    at = np.flatnonzero(around[1:-1] == QUOTE) + 1
    ends = np.zeros(256, dtype=bool)
    ends[[QUOTE, ord("\n"), ord("\r"), *delimiter]] = True
    opens = (np.arange(len(at)) + quotes) % 2 == 0
    return not (ends[around[at[opens] - 1]].all() and ends[around[at[~opens] + 1]].all())
