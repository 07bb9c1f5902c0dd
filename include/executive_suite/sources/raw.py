"""What a source has: tables of cells, still as written, each row with its file and row number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.facts.figures import Note
from executive_suite.schema import texts
from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import ORIGIN, SOURCE_FILE, SOURCE_ROW

_NUMBER = r"^[1-9][0-9]{0,8}$"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, query or journal that was read.

    Attributes:
        table: The table in it.
        name: File name or name of the source; never a machine's path, never a password.
        sha256: Hash of its bytes (for a query, of the result), hexadecimal.
        rows: Data rows read.
    """

    table: str
    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class RawTables:
    """Everything in the sources, before it is checked.

    Attributes:
        tables: By table name: text cells, or typed ones if the source has types, with ``source_file`` and
            ``source_row`` (row number in the file, the header being row 1).
        files: What was read.
        faults: What could not be read.
        notes: Harmless omissions (a column that the schema does not know).
        sample: Whether the source marks its data as a sample.
    """

    tables: Mapping[str, pa.Table]
    files: tuple[SourceFile, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    sample: bool = False


def together(parts: Sequence[RawTables], tables: Mapping[str, pa.Table], faults: Sequence[Fault] = ()) -> RawTables:
    """Some tables with the files, faults and notes of all parts, and further faults."""
    return RawTables(
        tables,
        tuple(file for part in parts for file in part.files),
        (*faults, *(fault for part in parts for fault in part.faults)),
        tuple(note for part in parts for note in part.notes),
    )


def with_origin(table: pa.Table, file: str | Sequence[str], rows: pa.Array) -> pa.Table:
    """The table with ``source_file`` and ``source_row``.

    Rows that were copied from another file keep its name and row, if they state both: a folder that was adopted from
    exports shows each export's own rows.

    Args:
        table: Cells of one file.
        file: Its name, or one name per row.
        rows: Row number in the file, one per row.
    """
    if isinstance(file, str):
        words = pa.array([file] if table.num_rows else [], pa.string())
        origin = pa.DictionaryArray.from_arrays(pa.array(np.zeros(table.num_rows, np.int8)), words)
    else:
        origin = pa.array(file, pa.string()).dictionary_encode()
    rows = rows.cast(pa.int64())
    if set(table.column_names) >= ORIGIN:
        files, numbers = (
            texts.trimmed(texts.as_text(table.column(name)).cast(pa.string())) for name in (SOURCE_FILE, SOURCE_ROW)
        )
        stated = pc.and_(pc.is_valid(files), pc.fill_null(pc.match_substring_regex(numbers, _NUMBER), fill_value=False))
        origin = pc.if_else(stated, files, origin.cast(pa.string())).combine_chunks().dictionary_encode()
        rows = pc.if_else(stated, pc.if_else(stated, numbers, "0").cast(pa.int64()), rows)
    kept = [name for name in table.column_names if name not in ORIGIN]
    return table.select(kept).append_column(SOURCE_FILE, origin).append_column(SOURCE_ROW, rows)
