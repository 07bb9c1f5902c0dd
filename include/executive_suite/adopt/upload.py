"""A file that a person brings, before anything of it is understood: its bytes, its text, its tables as rows of text."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from executive_suite.adopt.reading import Kind, NotReadableError, Reading

MOST_BYTES = 200_000_000
"""Size of a file up to which it is read: a journal of a million lines has about 100 MB."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of text: a CSV file, or a sheet of a workbook.

    Attributes:
        sheet: The sheet's name; empty for CSV.
        rows: Cells, trimmed, blank rows included, so that row n of the file is ``rows[n - 1]``.
        typed: Whether amounts are plain (``1234.5``) and days ISO, because the file has types (a workbook). A workbook
            in which amounts or days are text as well is not: how those are written is found out as in CSV.
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
        text: Its text without a byte order mark, line ends as they are; empty if it is not text.
        day_order: Which of two figures of a day is the month (``mdy``, ``dmy``), as whoever brings it says or as the
            group's zone suggests; it counts only where nothing in the file decides. Empty if nobody says.
        zone: Of the group, in which an instant has its day (IANA name); empty if nobody says.
        types: Account to its type, from a chart that was brought as well or that the group has already.
    """

    path: Path
    name: str
    body: bytes
    sha256: str
    grids: tuple[Grid, ...] = ()
    text: str = ""
    day_order: Literal["", "mdy", "dmy"] = ""
    zone: str = ""
    types: Mapping[str, str] = field(default_factory=dict)

    def reading(self, program: str, report: str, kind: Kind) -> Reading:
        """The reading of this file, before it says anything."""
        return Reading(self.name, self.sha256, program, report, kind)


def opened(path: Path) -> Upload:
    """A file of whatever encoding, delimiter or kind of workbook, read within bounds.

    Args:
        path: A regular file; a link must lead to a file of the same folder.

    Raises:
        NotReadableError: it is missing, no regular file, a link to elsewhere, too large, a workbook that cannot be
            opened, or a table of which nobody can say where its cells end.
    """
    from executive_suite.adopt import tables, workbook  # heavy: a help text comes without them

    body = _bytes_of(path)
    sha256 = hashlib.sha256(body).hexdigest()
    if workbook.is_one(body):
        return Upload(path, path.name, body, sha256, workbook.grids(body, path.name))
    text = tables.text_of(body, path.name)
    return Upload(path, path.name, body, sha256, tables.grids(text, path.name), text)


def _bytes_of(path: Path) -> bytes:
    """All bytes of a file; opened once, so that what is checked is what is read."""
    try:
        if path.is_symlink() and Path(os.path.realpath(path)).parent != Path(os.path.realpath(path.parent)):
            msg = f"{path.name}: is a link to another folder; bring the file itself"
            raise NotReadableError(msg)
        # Without waiting for whoever writes into a pipe.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                msg = f"{path.name}: is not a file"
                raise NotReadableError(msg)
            if not 0 < status.st_size <= MOST_BYTES:
                size = f"is larger than {MOST_BYTES // 1_000_000} MB; export a shorter period" if status.st_size else ""
                msg = f"{path.name}: {size or 'is empty'}"
                raise NotReadableError(msg)
            return file.read(MOST_BYTES)
    except OSError as error:
        msg = f"{path}: {error.strerror or error}"
        raise NotReadableError(msg) from None
