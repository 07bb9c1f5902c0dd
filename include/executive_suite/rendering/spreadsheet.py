"""CSV as people open it: in a spreadsheet, which takes the text of a record for a formula if it begins like one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""OWASP, "CSV injection": what spreadsheets begin to calculate, look up or run at; also in full width."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """The rows as CSV, in UTF-8; a blank cell for None."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(cell, headings))
    writer.writerows(map(cell, row) for row in rows)
    return buffer.getvalue().encode()


def cell(value: object) -> object:
    """The value, with an apostrophe before text that begins a formula; numbers stay numbers.

    Line breaks become line feeds: the writer puts those in quotes, and a carriage return would begin a row.

    >>> [cell(value) for value in ("=cmd|' /C calc'!A0", "-5.25", -5, "-5+cmd", "Smith", None)]
    ["'=cmd|' /C calc'!A0", '-5.25', -5, "'-5+cmd", 'Smith', None]
    """
    if not isinstance(value, str):
        return value
    mark = "'" if value.startswith(BEGINS_A_FORMULA) and _NUMBER.fullmatch(value) is None else ""
    return mark + value.replace("\r\n", "\n").replace("\r", "\n")
