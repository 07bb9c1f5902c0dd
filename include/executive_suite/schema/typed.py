"""From cells to typed columns: every cell is read exactly or reported as a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import cells, texts
from executive_suite.schema.cells import CellError
from executive_suite.schema.quality import Fault, capped, shown
from executive_suite.schema.tables import ORIGIN, SOURCE_FILE, SOURCE_ROW, Column, Kind, Table

Positions = np.ndarray[Any, np.dtype[np.int64]]
NOWHERE: Positions = np.empty(0, dtype=np.int64)

ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "number": pa.string(),
    "integer": pa.int64(),
    "date": pa.timestamp("us"),
    "datetime": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
}

LARGE = 1_000_000
"""Rows from which text columns become categories: each word once, and a number per row."""

REPEATS = 20
"""How often a word must repeat on average for its column to become a category."""

SAMPLE = 100_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = (datetime.combine(cells.FIRST_DAY, time(), UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Bad:
    """An unreadable cell; without an error if the source has reported it already."""

    index: int
    value: str
    error: CellError | None


@dataclass(frozen=True)
class Rows:
    """The typed rows of one table.

    Attributes:
        frame: Column types as ``dataset.context.Context`` states them; a faulty cell is blank.
        faults: Every cell that breaks a rule.
        faulty: Positions of the rows with such a cell; rules across rows ignore them.
        days: By column of instants, the positions of cells that state a day alone; as midnight UTC until somebody says
            whose day it is.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    faulty: frozenset[int] = frozenset()
    days: Mapping[str, Positions] = field(default_factory=dict)


def read(data: pa.Table, table: Table, *, large: int = LARGE) -> Rows:
    """The rows of a table with typed columns, and every cell that breaks a rule.

    Args:
        data: Cells as the source has them, with ``source_file`` and ``source_row``.
        table: What they should hold.
        large: Rows from which text columns become categories.
    """
    given = dict(zip(data.column_names, data.columns, strict=True))
    categories = data.num_rows >= large
    del data  # the only reference: each column is freed once it is typed
    columns: dict[str, pd.Series[Any]] = {}
    faults: list[Fault] = []
    faulty: set[int] = set()
    days: dict[str, Positions] = {}
    files, rows = given[SOURCE_FILE], given[SOURCE_ROW]
    for name in list(given):
        column = table.columns[name]
        if name in ORIGIN:
            values: pa.Array | pa.ChunkedArray = given.pop(name)
            bad: list[Bad] = []
            alone = NOWHERE
        else:
            values, bad, alone = _column(given.pop(name), column)
        if len(alone):
            days[name] = alone
        columns[name] = series(values, column, categories=categories)
        del values
        unreadable = {cell.index for cell in bad}
        refused = [cell for cell in _refused(columns[name], column) if cell.index not in unreadable]
        faults += [*_faults(bad, name, files, rows), *_faults(refused, name, files, rows)]
        faulty |= unreadable.union(cell.index for cell in refused)
    return Rows(pd.DataFrame(columns, copy=False), tuple(faults), frozenset(faulty), days)


def _faults(bad: Sequence[Bad], name: str, files: pa.ChunkedArray, rows: pa.ChunkedArray) -> list[Fault]:
    found = [(cell, cell.error) for cell in bad if cell.error is not None]

    def fault(position: int) -> Fault:
        cell, error = found[position]
        file, row = files[cell.index].as_py(), rows[cell.index].as_py()
        return Fault(file, error.rule, error.advice, row, name, shown(cell.value))

    return capped([error.advice for _, error in found], fault)


def _refused(values: pd.Series[Any], column: Column) -> list[Bad]:
    """The cells that are blank where they must not be, or hold a word that is not allowed."""
    found = []
    if column.required:
        blank = CellError("must not be blank", "fill the cell")
        found += [Bad(int(index), "", blank) for index in np.flatnonzero(values.isna())]
    if column.allowed:
        words = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values.dropna().unique()
        if not set(words) <= set(column.allowed):
            rule = f"must be one of: {', '.join(column.allowed)}"
            error = CellError(rule, "use one of these words, spelled as they are")
            wrong = np.flatnonzero(values.notna() & ~values.isin(column.allowed))
            found += [Bad(int(index), str(values.iloc[index]), error) for index in wrong]
    return sorted(found, key=lambda cell: cell.index)


def _column(data: pa.ChunkedArray, column: Column) -> tuple[pa.Array | pa.ChunkedArray, list[Bad], Positions]:
    native = _native(data, column)
    return (native, [], NOWHERE) if native is not None else _from_text(texts.as_text(data), column)


def _native(data: pa.ChunkedArray, column: Column) -> pa.ChunkedArray | None:
    """A column whose type in the source already is what the schema wants; None if its cells must be parsed."""
    given, wanted = data.type, ARROW[column.kind]
    if column.kind == "integer" and pa.types.is_integer(given):
        exact = True
    elif column.kind == "integer" and (pa.types.is_floating(given) or pa.types.is_decimal(given)):
        data = pc.if_else(pc.is_nan(data), None, data) if pa.types.is_floating(given) else data
        whole = data.fill_null(0)
        exact = pc.all(pc.equal(whole, pc.round(whole))).as_py() is not False
    elif column.kind == "string" and texts.is_text(given):
        return texts.trimmed(data.cast(pa.string()) if pa.types.is_string_view(given) else data)
    elif column.kind == "date":
        exact = pa.types.is_date(given)
    elif column.kind == "datetime":
        exact = pa.types.is_timestamp(given)
    else:
        exact = column.kind == "boolean" and pa.types.is_boolean(given)
    if not exact:
        return None
    try:
        typed = data.cast(wanted, safe=column.kind != "datetime")
    except pa.ArrowInvalid:
        return None
    return typed if _plausible(typed, column) else None


def _plausible(data: pa.ChunkedArray, column: Column) -> bool:
    """Whether every day and amount is within its limits; if not, reading cell by cell finds the wrong ones."""
    if column.kind in {"date", "datetime"}:
        ends = pc.min_max(data.cast(pa.int64())).as_py()
        return ends["min"] is None or (ends["min"] >= _FIRST and ends["max"] <= _LAST)
    if column.money:
        ends = pc.min_max(data).as_py()
        return ends["min"] is None or (ends["min"] >= -cells.MOST_CENTS and ends["max"] <= cells.MOST_CENTS)
    return True


def _from_text(text: pa.ChunkedArray, column: Column) -> tuple[pa.Array, list[Bad], Positions]:
    """Parse each distinct text once; also where a column of instants has a day alone."""
    encoded = text if pa.types.is_dictionary(text.type) else pc.dictionary_encode(text)
    encoded = encoded.unify_dictionaries().combine_chunks()
    values: list[cells.Cell | None] = []
    errors: dict[int, CellError | None] = {}
    days: list[int] = []
    for index, value in enumerate(encoded.dictionary.to_pylist()):
        if value.startswith(cells.REFUSED):
            errors[index] = None
            values.append(None)
            continue
        try:
            trimmed = value.strip()
            cell = None if trimmed in cells.BLANKS else cells.parse(trimmed, column)
            if column.kind == "datetime" and isinstance(cell, date) and not isinstance(cell, datetime):
                days.append(index)
                cell = datetime.combine(cell, time(), UTC)
            values.append(cell)
        except CellError as error:
            errors[index] = error
            values.append(None)
    distinct = pa.array(values, pa.date32() if column.kind == "date" else ARROW[column.kind])
    parsed = distinct.cast(ARROW[column.kind]).take(encoded.indices)
    if not errors and not days:
        return parsed, [], NOWHERE
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(np.isin(codes, list(errors)))
    words = encoded.dictionary
    bad = [Bad(int(row), words[int(codes[row])].as_py(), errors[int(codes[row])]) for row in rows]
    return parsed, bad, np.flatnonzero(np.isin(codes, days))


def records(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows as tuples of some columns; an absent column is None throughout."""
    blank = [None] * len(frame)
    return zip(*(frame[name].tolist() if name in frame.columns else blank for name in columns), strict=True)


def series(values: pa.Array | pa.ChunkedArray, column: Column, *, categories: bool = False) -> pd.Series[Any]:
    """A pandas column of the type that ``dataset.context.Context`` states for the kind.

    Args:
        values: Arrow values of the column's kind.
        column: The column.
        categories: Keep text as categories, for tables too large for one string per row.
    """
    if column.kind == "integer":
        if (column.required or column.name in ORIGIN) and not values.null_count:
            return pd.Series(values.to_pandas())
        return pd.Series(values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get), dtype="Int64")
    if column.kind == "boolean":
        return pd.Series(values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get), dtype="boolean")
    if column.kind in {"string", "number"}:
        words = _few_words(values) if categories and column.kind == "string" else None
        if words is not None:
            return pd.Series(words.to_pandas(), dtype="category")
        text = values.cast(pa.string()) if texts.is_words(values.type) else values
        return pd.Series(text.to_pandas(), dtype="str")
    return _moments(values.cast(ARROW[column.kind]))


def _moments(values: pa.Array | pa.ChunkedArray) -> pd.Series[Any]:
    """Days or instants; without a copy if they are one chunk without a blank."""
    whole = values.chunk(0) if isinstance(values, pa.ChunkedArray) and values.num_chunks == 1 else values
    if whole.null_count or isinstance(whole, pa.ChunkedArray):
        return pd.Series(values.to_pandas())
    numbers = whole.view(pa.int64()).to_numpy()
    kind = pd.DatetimeTZDtype("us", "UTC") if values.type.tz else np.dtype("datetime64[us]")
    return pd.Series(pd.DatetimeIndex(numbers, dtype=kind, copy=False), copy=False)


def _few_words(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray | None:
    """The values as words with a number per row, if words repeat often enough; else None."""
    encoded = values
    if not texts.is_words(values.type):
        head = values.slice(0, SAMPLE)
        if pc.count_distinct(head).as_py() * REPEATS > len(head):
            return None
        encoded = pc.dictionary_encode(values)
    encoded = (encoded if isinstance(encoded, pa.ChunkedArray) else pa.chunked_array([encoded])).unify_dictionaries()
    words = len(encoded.chunk(0).dictionary) if encoded.num_chunks else 0
    return encoded if words * REPEATS <= len(values) else None
