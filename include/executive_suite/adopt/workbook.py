"""Workbooks that people bring (.xlsx, .xlsm, .xls, .ods): their visible sheets as rows of text.

A few bytes can name the last cell of a sheet, or one long text in every cell; the library then takes all memory that
there is and ends its process. So ``python -m`` of this module reads a workbook in a process of its own, with bounds.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import CalamineWorkbook

from executive_suite.adopt import formulas
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.tables import MOST_CELLS
from executive_suite.adopt.upload import Grid
from executive_suite.folders import PACKAGES
from executive_suite.sources import confined

ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 1_000_000_000
"""Bytes that a packed workbook may have unpacked."""
MEMORY, SECONDS = 3 << 30, 300
_DIGITS = ".15g"
"""Digits that spreadsheets show of a number; the rest is how binary fractions are kept."""
_WRITTEN = re.compile(r"[^0-9A-Za-z]*\d+[.,'/ \u00a0-]\d.*", re.ASCII)


def is_one(body: bytes) -> bool:
    """Whether bytes are those of a workbook, or of another packed file."""
    return body.startswith((ZIP, OLD))


def grids(body: bytes, name: str) -> tuple[Grid, ...]:
    """The visible sheets that hold something.

    Args:
        body: Of the workbook.
        name: The file's, for messages.

    Raises:
        NotReadableError: it is packed but no workbook, is protected by a password, damaged or too large.
    """
    if body.startswith(ZIP):
        _refuse_bomb(body, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(body)
        command = [sys.executable, "-B", "-P", "-m", __name__, str(path)]
        done = confined.run(command, {"PYTHONPATH": str(PACKAGES)}, reads=path, seconds=SECONDS, memory=MEMORY)
    if done.complaint:
        msg = f"{name}: asks for more memory or time than a workbook may take; export it as CSV, or a shorter period"
        raise NotReadableError(msg)
    found = json.loads(done.printed)
    if isinstance(found, str):
        msg = f"{name}: {found}"
        raise NotReadableError(msg)
    return tuple(Grid(sheet, tuple(map(tuple, rows)), typed=typed) for sheet, rows, typed in found)


def _read(body: bytes) -> list[tuple[str, Any, bool]] | str:
    """What ``grids`` makes of a workbook, in plain values; or why it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        made = formulas.results(body) if body.startswith(ZIP) else {}
        seen = [one.name for one in book.sheets_metadata if _is_shown(one)]
        found = []
        for sheet in map(book.get_sheet_by_name, seen):
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                return f"sheet {sheet.name} has more than {MOST_CELLS:,} cells; export a shorter period"
            found.append(_grid(sheet.name, sheet.to_python(skip_empty_area=False), made.get(sheet.name, {})))
    except python_calamine.PasswordError:
        return "is protected by a password; save it without one"
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        return f"is neither a workbook nor text that can be read ({error}); export it as CSV or .xlsx"
    return [(grid.sheet, grid.rows, grid.typed) for grid in found if any(any(row) for row in grid.rows)]


def _is_shown(sheet: python_calamine.SheetMetadata) -> bool:
    return (
        sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    )


def _refuse_bomb(body: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        msg = f"{name}: is damaged: its end is missing"
        raise NotReadableError(msg) from None
    if size > MOST_UNPACKED:
        msg = f"{name}: unpacks to more than {MOST_UNPACKED // 1_000_000:,} MB; export a shorter period"
        raise NotReadableError(msg)


def _grid(sheet: str, rows: Sequence[Sequence[object]], made: formulas.Cells) -> Grid:
    cells = tuple(
        tuple(made.get((number, column), _text(cell)) for column, cell in enumerate(row))
        for number, row in enumerate(rows)
    )
    written = any(isinstance(cell, str) and _WRITTEN.fullmatch(cell.strip()) for row in rows for cell in row)
    return Grid(sheet, cells, typed=not written)


def _text(cell: object) -> str:
    """A cell as text: amounts plain, days ISO, without the noise of binary fractions.

    >>> _text(1234.0), _text(0.1 + 0.2), _text(date(2025, 1, 15)), _text(datetime(2025, 1, 15))
    ('1234', '0.3', '2025-01-15', '2025-01-15')
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return format(Decimal(format(cell, _DIGITS)), "f")
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


if __name__ == "__main__":
    json.dump(_read(Path(sys.argv[1]).read_bytes()), sys.stdout)
