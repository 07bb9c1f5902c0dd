"""The folder of a group as adoption finds it and leaves it: tables as rows of text, and what was read so far."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.refusing import printable
from executive_suite.folders import INCLUDE
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, schema

DATA = "data"
READ = "adopted.csv"
"""Which files were read, next to the data and no table of it."""

ACCOUNTS = ", "
"""Between the accounts of one file."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A file that was read into a group: what it was, whose, of which accounts of a bank, and which days it covers."""

    sha256: str
    file: str
    program: str
    report: str
    kind: str
    entity_id: str
    account: str
    begins: str
    ends: str
    known_on: str


@dataclass(slots=True)
class Kept:
    """A group's folder.

    Attributes:
        tables: By name, the rows in their order, blank cells as empty text.
        files: What was read into it, in order.
        whole: Tables of which nothing is missing, though they may have no row: they are kept with their columns alone.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; rows that are added to the list are kept."""
        return self.tables.setdefault(table, [])


def opened(folder: Path) -> Kept:
    """What a folder has; nothing if it is not there yet.

    Raises:
        NotReadableError: it is a file, or has tables that adoption cannot extend.
    """
    kept = Kept()
    if not folder.exists():
        return kept
    if not folder.is_dir():
        msg = f"{folder}: is a file; --into names a folder"
        raise NotReadableError(msg)
    if links := sorted(path.relative_to(folder) for path in _everything(folder) if path.is_symlink()):
        msg = f"{folder}: {printable(str(links[0]))} is a link; copy here what it leads to, which would be changed"
        raise NotReadableError(msg)
    if INCLUDE in folder.resolve().parents:
        msg = f"{folder}: is part of the product; --into names a folder of your own"
        raise NotReadableError(msg)
    if (folder / "sources.yaml").exists():
        msg = f"{folder / 'sources.yaml'}: the group reads its tables from elsewhere; adopt into a folder of its own"
        raise NotReadableError(msg)
    kept.tables = dict(_tables(folder / DATA))
    if (folder / READ).exists():
        names = {one.name for one in fields(File)}
        kept.files = [File(**{name: row.get(name, "") for name in names}) for row in _read(folder / READ)]
    elif kept.tables.get("ledger") or kept.tables.get("bank_line"):
        msg = f"{folder}: has a ledger of its own and no {READ}; adopt extends folders that it made"
        raise NotReadableError(msg)
    return kept


def _everything(folder: Path) -> Iterator[Path]:
    """What adoption reads or copies of a folder: its files, and the whole of its data."""
    yield from folder.iterdir()
    if not (folder / DATA).is_symlink():
        yield from (folder / DATA).rglob("*")


def _tables(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """Every table that there is.

    Raises:
        NotReadableError: one is not one CSV file, or lacks what adoption needs.
    """
    for name in schema():
        path = folder / f"{name}.csv"
        if path.exists():
            rows = list(_read(path))
            _refuse_incomplete(path, rows, NEEDED.get(name, ()))
            yield name, rows
        elif (folder / f"{name}.parquet").exists() or (folder / name).is_dir():
            msg = f"{folder}: {name} is not one CSV file; adopt extends tables that are"
            raise NotReadableError(msg)


NEEDED = {
    "account": ("account", "type", "is_cash"),
    "bank_line": ("bank_line_id", "account", "date", "amount_cents"),
    "entity": ("entity_id", "kind", "name", "base_currency", "timezone"),
    "ledger": ("txn_id", "line", "date", "entity_id", "account", "amount_cents", "currency"),
    "param": ("param",),
}
"""Cells without which adoption cannot tell what is new."""
_NUMBERS = frozenset({"line", "amount_cents"})


def _refuse_incomplete(path: Path, rows: Sequence[Row], names: Sequence[str]) -> None:
    """Refuse a table in which a person left out what adoption needs.

    Raises:
        NotReadableError: a cell is blank or missing, no whole number, or no day.
    """
    for number, row in enumerate(rows, 2):
        for name in names:
            cell = row.get(name, "")
            try:
                wrong = not cell or (name in _NUMBERS and str(int(cell)) != cell)
                wrong = wrong or (name == "date" and date.fromisoformat(cell).isoformat() != cell)
            except ValueError:
                wrong = True
            if wrong:
                msg = f"{path}, record {number}: {name} must be filled as adopt writes it (got {cell!r})"
                raise NotReadableError(msg)


def _read(path: Path) -> Iterator[Row]:
    """The rows of a table, blank rows left out.

    Raises:
        NotReadableError: it is not CSV in UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                if any(row.values()):
                    yield {name: (cell or "").strip() for name, cell in row.items() if name}
    except (UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: is not CSV in UTF-8 ({error}); save it so"
        raise NotReadableError(msg) from None


@contextmanager
def replacing(folder: Path, kept: Kept, texts: Mapping[str, str]) -> Iterator[Path]:
    """A draft of the folder next to it, which takes its place at the end; it vanishes if something fails.

    Args:
        folder: The group's; it need not exist.
        kept: Its tables and files as they shall be.
        texts: Further files by name, which are written where they do not exist yet.
    """
    parent = folder.parent
    made = [one for one in (parent, *parent.parents) if not one.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".adopting-", dir=parent))
    try:
        _write(draft, folder, kept, texts)
        yield draft
        _into_place(draft, folder)
        made = []
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        for one in made:
            one.rmdir()


def _write(draft: Path, folder: Path, kept: Kept, texts: Mapping[str, str]) -> None:
    """Everything that the folder has, with the tables and files as they shall be."""
    if folder.exists():
        for path in folder.iterdir():
            if path.is_file() and not path.is_symlink():
                shutil.copy2(path, draft / path.name)
        if (folder / DATA).is_dir():
            shutil.copytree(folder / DATA, draft / DATA, symlinks=True)
    (draft / DATA).mkdir(exist_ok=True)
    for name, text in texts.items():
        if not (draft / name).exists():
            (draft / name).write_text(text, encoding="utf-8")
    for name in dict.fromkeys((*kept.tables, *sorted(kept.whole))):
        rows = kept.rows(name)
        if rows or name in kept.whole:
            columns = _columns(name, rows) if rows else list(schema()[name].columns)
            (draft / DATA / f"{name}.csv").write_bytes(_as_csv(columns, rows))
    names = [one.name for one in fields(File)]
    (draft / READ).write_bytes(_as_csv(names, ({name: getattr(one, name) for name in names} for one in kept.files)))


def _columns(table: str, rows: Sequence[Row]) -> list[str]:
    """The columns of a table that have a cell, in the order of the schema; then those that the schema does not know."""
    used = dict.fromkeys(name for row in rows for name, cell in row.items() if cell)
    known = [name for name in schema()[table].columns if name in used and name not in {SOURCE_FILE, SOURCE_ROW}]
    return [
        *known,
        *(name for name in (SOURCE_FILE, SOURCE_ROW) if name in used),
        *(name for name in used if name not in schema()[table].columns),
    ]


def _as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Rows as CSV; the reader of the tables takes cells as they are, so they are written so."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return buffer.getvalue().encode()


def _into_place(draft: Path, folder: Path) -> None:
    """Let the draft take the folder's place: the data in one step, so that no reader finds half of it."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = draft / ".old"
    if (folder / DATA).exists():
        (folder / DATA).rename(old)
    try:
        (draft / DATA).rename(folder / DATA)
    except OSError:
        if old.exists():
            old.rename(folder / DATA)
        raise
    for path in draft.iterdir():
        if path.is_file():
            path.replace(folder / path.name)
