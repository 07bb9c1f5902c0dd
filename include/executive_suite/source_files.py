"""A folder of CSV or Parquet files as a source: one file, or one folder of files, a table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from executive_suite import source_csv
from executive_suite.figures import Note
from executive_suite.quality import Fault
from executive_suite.raw import RawTables, SourceFile, with_origin
from executive_suite.tables import SOURCE_FILE, SOURCE_ROW, Table, schema

SUFFIXES = (".csv", ".parquet")


@dataclass(slots=True)
class _Found:
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    files: list[SourceFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_folder(folder: Path) -> RawTables:
    """Every table of the schema that a folder has.

    Args:
        folder: Holds ``<table>.csv``, ``<table>.parquet``, or folders ``<table>/`` of such files.

    Raises:
        FileNotFoundError: no such folder.
    """
    if not folder.is_dir():
        msg = f"data folder {folder} does not exist"
        raise FileNotFoundError(msg)
    found = _Found()
    for path in sorted(folder.iterdir()):
        if path.suffix not in SUFFIXES or not path.is_file():
            continue
        if path.stem in schema():
            _read(path, schema()[path.stem], found)
        else:
            found.notes.append(Note(path.stem, f"{path.name} is not a table of the schema and was not read"))
    tables = {name: _joined(parts) for name, parts in found.tables.items()}
    return RawTables(tables, tuple(found.files), tuple(found.faults), tuple(found.notes))


def _read(path: Path, table: Table, found: _Found) -> None:
    body = path.read_bytes()
    if path.suffix == ".csv":
        data, faults = source_csv.read(body, path.name)
    else:
        data, faults = _parquet(body, path.name)
    found.faults += faults
    if data is None:
        return
    if table.name in found.tables:
        rule = f"one file for the table {table.name}"
        found.faults.append(Fault(path.name, 0, "", "", rule, "keep either the CSV or the Parquet file"))
        return
    unknown = [name for name in data.column_names if name not in table.columns]
    if unknown:
        found.notes.append(
            Note(table.name, f"columns that the schema does not know were not read: {', '.join(unknown)}")
        )
    found.files.append(SourceFile(table.name, path.name, hashlib.sha256(body).hexdigest(), data.num_rows))
    found.tables.setdefault(table.name, []).append(data.drop_columns(unknown))


def _parquet(body: bytes, file: str) -> tuple[pa.Table | None, list[Fault]]:
    try:
        data = pq.read_table(pa.BufferReader(body))
    except (pa.ArrowInvalid, OSError) as error:
        rule = f"a readable Parquet file ({error})"
        return None, [Fault(file, 0, "", "", rule, "write the file again")]
    return with_origin(data, file, pa.array(range(2, data.num_rows + 2), pa.int64())), []


def _joined(parts: list[pa.Table]) -> pa.Table:
    return parts[0] if len(parts) == 1 else pa.concat_tables(parts, promote_options="permissive")


ORIGIN = (SOURCE_FILE, SOURCE_ROW)
