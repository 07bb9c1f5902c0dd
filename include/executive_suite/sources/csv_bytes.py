"""The bytes of a CSV file before anything is read from them: whether they are text, and how plain it is."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import numpy as np

from executive_suite.sources.csv_layout import Body, Reader

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


def recoded(body: Body, reader: Reader) -> bytes | None:
    """The bytes in UTF-8, of a file that is known to be in another encoding."""
    try:
        return bytes(body).decode(reader.layout.encoding).encode()
    except UnicodeError as error:
        at = f"; byte offset {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        rule = f"must be {reader.layout.encoding}, as sources.yaml says{at}"
        reader.fault(rule, "correct `encoding` in sources.yaml, or save the file in that encoding")
        return None


def is_other_file(body: Body, reader: Reader) -> bool:
    """Whether the bytes are no text by their first few; that is told."""
    start = bytes(body[:16]).removeprefix(codecs.BOM_UTF8)
    for mark, name in _OTHER_FILES:
        if start.startswith(mark):
            reader.fault(f"must be CSV text, is {name}", "export the table as CSV, or unpack the file")
            return True
    return False


@dataclass(slots=True)
class Look:
    """What is seen of a text while it is checked; each of these leaves it to the exact reader.

    Attributes:
        delimiter: What separates its cells.
        quotes: How many quotes it has so far.
        odd_quotes: Whether one is where none may be: within a cell that it does not enclose.
        hexadecimal: Whether it may hold hexadecimal numbers, which Arrow would take for amounts.
        returns: Whether a line ends with a carriage return alone.
    """

    delimiter: bytes
    quotes: int = 0
    odd_quotes: bool = False
    hexadecimal: bool = False
    returns: bool = False

    @property
    def plain(self) -> bool:
        """Whether every reader takes it for the same cells."""
        return not (self.odd_quotes or self.quotes % 2 or self.hexadecimal or self.returns) and len(self.delimiter) == 1

    def watch(self, body: Body, start: int, part: bytes) -> None:
        """Look at the next part of the text."""
        if count := part.count(b'"'):
            self.odd_quotes = self.odd_quotes or self._misplaced(body, start, part)
            self.quotes += count
        # a single letter is found much faster than two; one that a part begins with may belong to the part before
        marks = [mark for mark in (b"x", b"X") if mark in part]
        self.hexadecimal |= any(b"0" + mark in part or part.startswith(mark) for mark in marks)
        if b"\r" in part and not self.returns:
            following = part + bytes(body[start + len(part) : start + len(part) + 1])
            self.returns = part.count(b"\r") != following.count(b"\r\n")

    def _misplaced(self, body: Body, start: int, part: bytes) -> bool:
        """Whether a quote does not enclose its cell: RFC 4180, section 2, rules 5 to 7.

        Every second quote opens: a cell begins there, or the one before closed and the two are one quote doubled.
        """
        before = bytes(body[start - 1 : start]) if start > _mark_of(body) else b"\n"
        around = np.frombuffer(before + part + (bytes(body[start + len(part) : start + len(part) + 1]) or b"\n"), "u1")
        at = np.flatnonzero(around[1:-1] == QUOTE) + 1
        if start < _mark_of(body):
            around = around.copy()
            around[_mark_of(body)] = ord("\n")
        ends = np.zeros(256, dtype=bool)
        ends[[QUOTE, ord("\n"), ord("\r"), *self.delimiter]] = True
        opens = (np.arange(len(at)) + self.quotes) % 2 == 0
        return not (ends[around[at[opens] - 1]].all() and ends[around[at[~opens] + 1]].all())


def _mark_of(body: Body) -> int:
    """How many bytes of a mark of UTF-8 the text begins with."""
    return len(codecs.BOM_UTF8) if bytes(body[:3]) == codecs.BOM_UTF8 else 0


def looked_at(body: Body, reader: Reader) -> Look | None:
    """How plain a text is; None when the bytes are no UTF-8 text, which is told."""
    for mark, name in _MARKS:
        if bytes(body[:4]).startswith(mark):
            reader.fault(f"must be UTF-8, is {name} (byte offset 0)", "save the file as UTF-8")
            return None
    look = Look(reader.layout.delimiter.encode())
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
            return None
        if (found := part.find(b"\0")) >= 0:
            advice = "save the file as UTF-8 text; a NUL often means UTF-16 without a mark, or a damaged file"
            rule = f"must be text; there is a NUL byte at byte offset {start + found}"
            reader.fault(rule, advice, row=row + part.count(b"\n", 0, found))
            return None
        row += part.count(b"\n")
        look.watch(body, start, part)
        blank = blank and not text.lstrip("\ufeff").strip()
    if blank:
        reader.fault("must have a header row; the file is empty", "write the header row, or remove the file")
        return None
    return look
