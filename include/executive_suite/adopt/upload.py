"""A file that a person brings, before anything of it is understood: its bytes, and its tables as rows of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of text: a CSV file, or a sheet of a workbook.

    Attributes:
        sheet: The sheet's name; empty for CSV.
        rows: Cells, trimmed, blank rows included, so that row n of the file is ``rows[n - 1]``.
        typed: Whether amounts are plain (``1234.5``) and days ISO, because the file has types (a workbook).
    """

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was brought.

    Attributes:
        path: Where it is; programs that read files themselves (hledger, SQLite) open it there.
        name: Shown to people.
        body: Its bytes.
        sha256: Of them.
        grids: Its tables of text; none if it is no table.
    """

    path: Path
    name: str
    body: bytes
    sha256: str
    grids: tuple[Grid, ...] = ()
