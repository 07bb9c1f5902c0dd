"""From cells to typed columns: every cell is read exactly or named as a fault; pandera guards blanks and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite import cells
from executive_suite.cells import CellError
from executive_suite.quality import Fault, shown
from executive_suite.tables import SOURCE_FILE, SOURCE_ROW, Column, Kind, Table

ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "number": pa.string(),
    "integer": pa.int64(),
    "date": pa.timestamp("us"),
    "datetime": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be read."""

    index: int
    value: str
    error: CellError


def read(data: pa.Table, table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """The rows of a table with typed columns, and every cell that breaks a rule.

    Args:
        data: Cells as a source gave them, with ``source_file`` and ``source_row``.
        table: What they should hold.

    Returns:
        The frame (column types as ``metrics.context.Context`` states them; a faulty cell is blank) and its faults.
    """
    columns: dict[str, pd.Series[Any]] = {}
    faulty: set[tuple[int, str]] = set()
    faults: list[Fault] = []
    origin = (data.column(SOURCE_FILE), data.column(SOURCE_ROW))
    for name in data.column_names:
        column = table.columns[name]
        if name in {SOURCE_FILE, SOURCE_ROW}:
            columns[name] = series(data.column(name), column)
            continue
        values, bad = _column(data.column(name), column)
        columns[name] = series(values, column)
        for cell in bad:
            faulty.add((cell.index, name))
            file, row = (part[cell.index].as_py() for part in origin)
            faults.append(Fault(file, row, name, shown(cell.value), cell.error.rule, cell.error.advice))
    frame = pd.DataFrame(columns)
    faults += [fault for index, fault in _guarded(frame, table) if (index, fault.column) not in faulty]
    return frame, faults


def _column(data: pa.ChunkedArray, column: Column) -> tuple[pa.Array, list[Bad]]:
    text = data if pa.types.is_string(data.type) else data.cast(pa.string())
    encoded = pc.dictionary_encode(pc.utf8_trim_whitespace(text)).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    values: list[cells.Cell | None] = []
    errors: dict[int, CellError] = {}
    for index, value in enumerate(encoded.dictionary.to_pylist()):
        try:
            values.append(cells.parse(value, column) if value else None)
        except CellError as error:
            errors[index] = error
            values.append(None)
    distinct = pa.array(values, pa.date32() if column.kind == "date" else ARROW[column.kind])
    parsed = distinct.cast(ARROW[column.kind]).take(encoded.indices)
    if not errors:
        return parsed, []
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.isin(codes, list(errors)))
    texts = encoded.dictionary
    return parsed, [Bad(int(row), texts[int(codes[row])].as_py(), errors[int(codes[row])]) for row in rows]


def records(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples of some columns; an absent column is None throughout."""
    blank = [None] * len(frame)
    return zip(*(frame[name].tolist() if name in frame.columns else blank for name in columns), strict=True)


def series(values: pa.Array | pa.ChunkedArray, column: Column) -> pd.Series[Any]:
    """A pandas column of the type that ``metrics.context.Context`` states for the kind."""
    if column.kind == "integer":
        if column.required and not values.null_count:
            return pd.Series(values.to_pandas())
        return pd.Series(values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), dtype="Int64")
    if column.kind == "boolean":
        return pd.Series(values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get), dtype="boolean")
    if column.kind in {"string", "number"}:
        return pd.Series(values.cast(pa.string()).to_pandas(), dtype="str")
    return pd.Series(values.to_pandas())


def _guarded(frame: pd.DataFrame, table: Table) -> Iterator[tuple[int, Fault]]:
    import pandera.pandas as pa_  # noqa: PLC0415 - costs a second to import; a frozen snapshot does not need it
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - as above

    columns = {
        name: pa_.Column(
            nullable=not table.columns[name].required,
            checks=[pa_.Check.isin(table.columns[name].allowed)] if table.columns[name].allowed else None,
        )
        for name in frame.columns
        if name not in {SOURCE_FILE, SOURCE_ROW}
    }
    try:
        pa_.DataFrameSchema(columns).validate(frame, lazy=True)
    except SchemaErrors as error:
        for case in error.failure_cases.itertuples():
            row = frame.iloc[int(case.index)]
            if case.check == "not_nullable":
                rule, value, advice = "a value (the column may not be blank)", "", "fill the cell"
            else:
                rule = f"one of {', '.join(table.columns[case.column].allowed)}"
                value, advice = shown(case.failure_case), "use one of these words, spelled as they are"
            yield int(case.index), Fault(row[SOURCE_FILE], int(row[SOURCE_ROW]), case.column, value, rule, advice)
