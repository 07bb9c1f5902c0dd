"""Text as people's programs write it: its encoding, and where the cells of a table end."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.upload import Grid

DELIMITERS = ",;\t|"
LONGEST_CELL = 1_000_000
MOST_CELLS = 20_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL = "cp1252"
_OTHERS = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "cp850", "cp437"),
    *("cp932", "gb18030", "big5", "cp949"),
)
"""Encodings in which exports come, besides UTF-8 and that of Windows in the West."""
_TABLES = (".csv", ".tsv", ".tab")
_BINARY = 32
_LOOKED_AT = 1 << 16
_MOST_LINES = 0.5
_SURELY_COLUMNS = 3
_PADDING = " \t\r\n\v\f\u00a0\u200b\u200e\u200f\u202a\u202c\ufeff"
"""Spaces and marks that are not seen; some programs put marks of writing direction around numbers."""


def text_of(body: bytes, name: str) -> str:
    """The text of a file; empty if it is not text.

    Args:
        body: All bytes.
        name: The file's, for messages.

    Raises:
        NotReadableError: a byte order mark promises an encoding that the bytes are not in.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body, encoding, name)
    if wide := _without_mark(body):
        return _decoded(body, wide, name)
    start = body[:_LOOKED_AT]
    if b"\0" in start or sum(byte < _BINARY and byte not in b"\t\n\v\f\r\x1a\x1b" for byte in start[:4096]):
        return ""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_guessed(body))


def _decoded(body: bytes, encoding: str, name: str) -> str:
    try:
        return body.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        at = error.start + len(codecs.BOM_UTF8) * encoding.endswith("-sig")
        msg = f"{name}: begins as {encoding.removesuffix('-sig').upper()}, but byte {at} is not"
        raise NotReadableError(msg) from None


def _without_mark(body: bytes) -> str:
    """UTF-16 without a mark shows by the zeros of its ASCII letters, all on one side."""
    start = body[: _LOOKED_AT & ~1]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 <= len(start) or min(even, odd):
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _guessed(body: bytes) -> str:
    """The encoding of text that is not UTF-8: that of Windows in the West unless another one reads much better."""
    import charset_normalizer

    found = charset_normalizer.from_bytes(body[: _LOOKED_AT * 4], cp_isolation=[_USUAL, *_OTHERS])
    best = found.best()
    if best is None:
        return "latin-1"
    usual = next((one for one in found if one.encoding == _USUAL or _USUAL in one.could_be_from_charset), None)
    chosen = usual if usual is not None and usual.chaos <= best.chaos else best
    try:
        body.decode(chosen.encoding)
    except UnicodeDecodeError:
        return "latin-1"
    return str(chosen.encoding)


def grids(text: str, name: str) -> tuple[Grid, ...]:
    """The table that a text is; none if its lines have no cells in common.

    The delimiter is the one that gives most lines the same number of cells; a line ``sep=;`` says it.

    Args:
        text: Decoded.
        name: The file's, for messages.

    Raises:
        NotReadableError: a quote is not closed, or the table is too large.
    """
    if not text.strip(_PADDING) or text.lstrip(_PADDING)[:1] in {"<", "{"}:
        return ()
    csv.field_size_limit(LONGEST_CELL)
    first = text.split("\n", 1)[0].strip().strip('"')
    stated = first[4:5] if first.casefold().startswith("sep=") and len(first) == len("sep=") + 1 else ""
    delimiter = stated or _delimiter(text)
    if not delimiter:
        return ()
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(tuple(cell.strip(_PADDING) for cell in record))
            cells += len(record)
            if cells > MOST_CELLS:
                msg = f"{name}: has more than {MOST_CELLS:,} cells; export a shorter period"
                raise NotReadableError(msg)
    except csv.Error as error:
        if not name.casefold().endswith(_TABLES):
            return ()  # a journal may have a quote anywhere
        msg = f"{name}: row {len(rows) + 1}: a quote that does not enclose its cell ({error}); correct the file"
        raise NotReadableError(msg) from None
    return (Grid("", tuple(rows)),)


def _delimiter(text: str) -> str:
    """What separates the cells; empty if nothing does.

    That with which most cells lie in rows of one width: lines of title above a table have fewer.
    """
    lines = text[: _LOOKED_AT * 4].splitlines()[:2000]
    if len(text) > _LOOKED_AT * 4:
        lines = lines[:-1]
    best, score, share, width = "", 0, 0.0, 0
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(lines, delimiter=delimiter):
                if any(cell.strip() for cell in record):
                    widths[len(record)] += 1
        except csv.Error:
            continue
        cells, columns = max(((count * (wide - 1), wide) for wide, count in widths.items() if wide > 1), default=(0, 0))
        if cells > score:
            best, score, width = delimiter, cells, columns
            share = widths[columns] / widths.total()
    return best if share >= _MOST_LINES or width >= _SURELY_COLUMNS else ""
