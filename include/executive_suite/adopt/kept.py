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
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; rows that are added to the list are kept."""
        return self.tables.setdefault(table, [])

    def last_day(self) -> date | None:
        """The last day that a file covers."""
        ends = [one.ends for one in self.files if one.ends]
        return date.fromisoformat(max(ends)) if ends else None


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
    if (folder / "sources.yaml").exists():
        msg = f"{folder / 'sources.yaml'}: the group reads its tables from elsewhere; adopt into a folder of its own"
        raise NotReadableError(msg)
    for name in schema():
        path = folder / DATA / f"{name}.csv"
        if path.exists():
            kept.tables[name] = list(_read(path))
        elif (folder / DATA / f"{name}.parquet").exists() or (folder / DATA / name).is_dir():
            msg = f"{folder / DATA}: {name} is not one CSV file; adopt extends tables that are"
            raise NotReadableError(msg)
    if (folder / READ).exists():
        names = {one.name for one in fields(File)}
        kept.files = [File(**{name: row.get(name, "") for name in names}) for row in _read(folder / READ)]
    return kept


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            if any(row.values()):
                yield {name: (cell or "").strip() for name, cell in row.items() if name}


@contextmanager
def replacing(folder: Path, kept: Kept, texts: Mapping[str, str]) -> Iterator[Path]:
    """A draft of the folder next to it, which takes its place at the end; nothing is left of it if something fails.

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
    draft.chmod(0o755)
    (draft / DATA).mkdir(exist_ok=True)
    for name, text in texts.items():
        if not (draft / name).exists():
            (draft / name).write_text(text, encoding="utf-8")
    for name, rows in kept.tables.items():
        if rows:
            (draft / DATA / f"{name}.csv").write_bytes(_as_csv(_columns(name, rows), rows))
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
