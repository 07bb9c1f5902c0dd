"""A folder or bucket of CSV or Parquet files as a source: one file, or one folder of files, per table."""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.facts.figures import Note
from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import Table, schema
from executive_suite.sources import adding, csv_text, joining, mapping, parquet, shaping, spelling
from executive_suite.sources.config import UNMAPPED, TableMapping
from executive_suite.sources.csv_file import PLAIN, Layout
from executive_suite.sources.place import Body, Folder, Place
from executive_suite.sources.raw import RawTables, SourceFile

SUFFIXES = (".csv", ".parquet")
PACKAGE = "datapackage.json"
HOLDERS = frozenset(
    {".csv", ".parquet", ".pq", ".tsv", ".txt", ".json", ".xls", ".xlsx", ".ods", ".gz", ".zip", ".bz2", ".xz", ".zst"}
)
"""Suffixes of files that may hold a table: one with a missing table's name is a fault, if it cannot be read."""


@dataclass(slots=True)
class _Found:
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_folder(folder: Path) -> RawTables:
    """Every table of the schema in a folder on this machine.

    Args:
        folder: Has ``<table>.csv``, ``<table>.parquet``, or folders ``<table>/`` of such files.

    Raises:
        FileNotFoundError: no such folder.
    """
    return read(Folder(folder))


def read(place: Place, mapping: Callable[[str], TableMapping] = lambda _: UNMAPPED) -> RawTables:
    """Every table of the schema in a place.

    Args:
        place: A folder or a bucket's prefix.
        mapping: What the place calls the file and the columns of a table; by default as in the schema.
    """
    found = _Found()
    names = place.names()
    taken: set[str] = set()
    of_table = {name: _files_of(table, mapping(name), names) for name, table in schema().items()}
    # Parquet first: its threads decode while pandas is imported.
    for name in sorted(of_table, key=lambda name: not any(map(_is_parquet, of_table[name]))):
        table, mapped, files = schema()[name], mapping(name), of_table[name]
        taken.update(files)
        if mapped.file and not files:
            rule = f"must exist: a file {mapped.file} for the table {name}"
            found.faults.append(Fault(mapped.file, rule, "add it, or correct `file` in sources.yaml"))
        stems = {PurePosixPath(file).suffix for file in files if "/" not in file}
        if len(stems) > 1 and not mapped.file:
            rule = f"must be the only file for the table {name} (found {', '.join(files)})"
            found.faults.append(Fault(files[0], rule, "keep either the CSV or the Parquet file"))
            continue
        for file in files:
            try:
                body = place.read(file)
                _read(body, file, table, mapped, found)
                changed = place.changed(file)
            except OSError as error:
                rule = f"must be a readable file ({error.strerror or error})"
                found.faults.append(Fault(file, rule, "restore the file, or grant permission to read it"))
                continue
            if changed:
                rule = "must not change while it is read; it has changed"
                found.faults.append(Fault(file, rule, "try again when the export has ended"))
        if not files:
            found.faults += _unread(name, names)
    for file in names:
        if "/" not in file and PurePosixPath(file).suffix in SUFFIXES and file not in taken:
            _ignored(file, found)
    tables = {name: _whole(name, mapping(name), found) for name in found.tables}
    return RawTables(tables, tuple(found.files), tuple(found.faults), tuple(found.notes), sample=_sample(place, names))


def _whole(table: str, mapped: TableMapping, found: _Found) -> pa.Table:
    """A table of all its files, the rows of one record added up."""
    data, faults = adding.added(joining.joined(found.tables[table]), schema()[table], mapped.sum)
    found.faults += faults
    return data


def _unread(table: str, names: list[str]) -> Iterator[Fault]:
    """Files that have the name of an absent table, but cannot be read."""
    for file in names:
        stem, _, rest = file.partition(".")
        if "/" not in file and stem.casefold() == table and PurePosixPath(file).suffix.casefold() in HOLDERS:
            rule = f"must be a file {table}.csv or {table}.parquet to be read as the table {table}"
            advice = "unpack or export it as CSV" if f".{rest}".casefold() not in SUFFIXES else "rename it"
            yield Fault(file, rule, f"{advice}; or remove it")


def _ignored(file: str, found: _Found) -> None:
    """Report a file that is not a table: as a fault if it is probably meant for an absent table, else as a note."""
    stem = PurePosixPath(file).stem
    if stem.casefold() in schema():
        return  # it is a fault already, or the table is read from another file
    guess = spelling.closest(stem, schema())
    if guess and guess not in found.tables:
        rule = f"must be named {guess}{PurePosixPath(file).suffix} to be read as the table {guess}"
        found.faults.append(Fault(file, rule, "rename it, name it in sources.yaml, or remove it"))
    else:
        found.notes.append(Note(stem, f"{file} is not a table of the schema and was not read"))


def _files_of(table: Table, mapped: TableMapping, names: list[str]) -> list[str]:
    if mapped.file:
        return fnmatch.filter(names, mapped.file)
    wanted = [f"{table.name}{suffix}" for suffix in SUFFIXES]
    folders = (table.name, *wanted)
    parts = (name for name in names if name.endswith(SUFFIXES) and name.rpartition("/")[0] in folders)
    return sorted({*parts, *set(names).intersection(wanted)})


def _is_parquet(file: str) -> bool:
    return file.endswith(".parquet")


def _read(body: Body, file: str, table: Table, mapped: TableMapping, found: _Found) -> None:
    if _is_parquet(file):
        shape = dict.fromkeys(shaping.headers(mapped), ())
        data, faults = parquet.read(body, file, {**shape, **mapping.headers(table, mapped)}, table.key)
    else:
        types = mapping.fast_types(table, mapped)
        layout = Layout(
            delimiter=mapped.delimiter or PLAIN.delimiter,
            encoding=mapped.encoding or PLAIN.encoding,
            header=mapped.header,
            nameless=bool(mapped.columns),
        )
        data, faults = csv_text.read(body, file, layout=layout, types=types, known=frozenset(types))
    found.faults += faults
    if data is None:
        return
    before = found.tables.get(table.name, [])
    part, faults, notes = mapping.apply(
        data, table, mapped, file, max((_number(part, mapped) for part in before), default=0)
    )
    found.faults += faults
    found.notes += notes
    found.files.append(SourceFile(table.name, file, hashlib.sha256(body).hexdigest(), part.num_rows))
    found.tables.setdefault(table.name, []).append(part)


def _number(part: pa.Table, mapped: TableMapping) -> int:
    """The last number that an earlier file of a table has used: the next file goes on counting."""
    used = (pc.max(part.column(name)).as_py() for name in mapped.numbered if name in part.column_names)
    return max((int(number) for number in used if number), default=0)


def _sample(place: Place, names: list[str]) -> bool:
    """Whether the place's data package says that its data is a sample."""
    if PACKAGE not in names:
        return False
    try:
        package = json.loads(bytes(place.read(PACKAGE)[:]))
    except ValueError:
        return False
    return isinstance(package, dict) and package.get("sample") is True
