"""The rows of an IIF file by their kind: each kind has a header of its own, which begins with an exclamation mark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

KNOWN = re.compile(
    r"\s*\"?!(HDR|TRNS|SPL|ENDTRNS|ACCNT|CUST|VEND|EMP|INVITEM|CLASS|TERMS|BUD|TIMEACT|TIMERHDR)\"?[\t,\r\n]"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: Of its line.
        kind: Its first cell (``TRNS``, ``SPL`` …).
        cells: Column of the latest header of its kind to its text; columns without a name are left out.
    """

    number: int
    kind: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """A cell; empty if its header has no such column, or the row ends before it."""
        return self.cells.get(column, "")


def rows(text: str) -> Iterator[Row]:
    """Every row that is no header. A line is a row: QuickBooks writes no line breaks into cells."""
    headers: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        kind = cells[0].upper()
        if kind.startswith("!"):
            headers[kind[1:]] = [name.upper() for name in cells]
        elif any(cells):
            names = headers.get(kind, [])
            yield Row(number, kind, {name: cell for name, cell in zip(names[1:], cells[1:], strict=False) if name})


def _cells(line: str) -> list[str]:
    """The cells of a line: by tabs, with quotation marks only around a whole cell; by commas if it has no tabs."""
    by_commas = "\t" not in line and "," in line and len(line) < csv.field_size_limit()
    cells = next(csv.reader([line]), [""]) if by_commas else line.split("\t")
    return [_unquoted(cell.strip()) for cell in cells] or [""]


def _unquoted(cell: str) -> str:
    """A cell without the marks around it; a lone mark is an inch."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell
