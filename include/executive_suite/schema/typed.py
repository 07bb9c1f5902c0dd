"""From cells to typed columns: every cell is read exactly or named as a fault; pandera guards blanks and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import cells, texts
from executive_suite.schema.cells import CellError
from executive_suite.schema.quality import MOST, Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, Column, Kind, Table

ARROW: dict[Kind, pa.DataType] = {
    "string": pa.string(),
    "number": pa.string(),
    "integer": pa.int64(),
    "date": pa.timestamp("us"),
    "datetime": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
}


LARGE = 1_000_000
"""Rows from which text columns are kept as categories: each word once, and a number a row."""


REPEATS = 20
"""How often words repeat on average, at least, in a column that is kept as categories."""

SAMPLE = 100_000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = (datetime.combine(cells.FIRST_DAY, time(), UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)

ORIGIN = frozenset({SOURCE_FILE, SOURCE_ROW})


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be read; without an error where that has been told already."""

    index: int
    value: str
    error: CellError | None


@dataclass(frozen=True)
class Rows:
    """The rows of one table, typed.

    Attributes:
        frame: Column types as ``metrics.context.Context`` states them; a faulty cell is blank.
        faults: Every cell that breaks a rule.
        faulty: Positions of the rows that have such a cell; rules over several rows leave them out.
    """

    frame: pd.DataFrame
    faults: tuple[Fault, ...] = ()
    faulty: frozenset[int] = frozenset()


def read(data: pa.Table, table: Table, *, large: int = LARGE) -> Rows:
    """The rows of a table with typed columns, and every cell that breaks a rule.

    Args:
        data: Cells as a source gave them, with ``source_file`` and ``source_row``.
        table: What they should hold.
        large: Rows from which text columns become categories.
    """
    given = dict(zip(data.column_names, data.columns, strict=True))
    categories = data.num_rows >= large
    del data  # nobody else may hold it: each column is let go once it is typed
    columns: dict[str, pd.Series[Any]] = {}
    faults: list[Fault] = []
    unreadable: dict[str, frozenset[int]] = {}
    files, rows = given[SOURCE_FILE], given[SOURCE_ROW]
    for name in list(given):
        column = table.columns[name]
        values, bad = (given.pop(name), []) if name in ORIGIN else _column(given.pop(name), column)
        columns[name] = series(values, column, categories=categories)
        del values
        unreadable[name] = frozenset(cell.index for cell in bad)
        faults += _told(bad, name, files, rows)
    frame = pd.DataFrame(columns, copy=False)
    faulty = set[int]().union(*unreadable.values())
    for name, guarded in _guarded(frame, table):
        bad = [cell for cell in guarded if cell.index not in unreadable[name]]
        faulty.update(cell.index for cell in bad)
        faults += _told(bad, name, files, rows)
    return Rows(frame, tuple(faults), frozenset(faulty))


def _told(bad: Sequence[Bad], name: str, files: pa.ChunkedArray, rows: pa.ChunkedArray) -> Iterator[Fault]:
    """The faults of one column's cells: the first one by one, the rest counted by kind."""
    kinds: dict[str, Fault] = {}
    told = [(cell, cell.error) for cell in bad if cell.error is not None]
    for cell, error in told[:MOST]:
        file, row = files[cell.index].as_py(), rows[cell.index].as_py()
        fault = Fault(file, row, name, shown(cell.value), error.rule, error.advice)
        kinds.setdefault(fault.advice, fault)
        yield fault
    rest = Counter((error.rule, error.advice) for _, error in told[MOST:])
    for (rule, advice), times in rest.items():
        alike = kinds.get(advice) or Fault(files[told[MOST][0].index].as_py(), 0, name, "", rule, advice)
        yield alike.more(times)


def _column(data: pa.ChunkedArray, column: Column) -> tuple[pa.Array | pa.ChunkedArray, list[Bad]]:
    native = _native(data, column)
    return (native, []) if native is not None else _from_text(texts.as_text(data), column)


def _native(data: pa.ChunkedArray, column: Column) -> pa.ChunkedArray | None:
    """A column that the source has typed already, when its type says exactly what the schema wants."""
    given, wanted = data.type, ARROW[column.kind]
    if column.kind == "integer" and pa.types.is_integer(given):
        exact = True
    elif column.kind == "integer" and (pa.types.is_floating(given) or pa.types.is_decimal(given)):
        whole = (
            data.fill_null(0) if pa.types.is_decimal(given) else pc.fill_null(pc.if_else(pc.is_nan(data), 0, data), 0)
        )
        exact = bool(pc.all(pc.equal(whole, pc.round(whole))).as_py()) if len(data) else True
        data = pc.if_else(pc.is_nan(data), None, data) if pa.types.is_floating(given) else data
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
    """Whether no day lies before all business and no amount is digits run together; cell by cell says which."""
    if column.kind in {"date", "datetime"}:
        ends = pc.min_max(data.cast(pa.int64())).as_py()
        return ends["min"] is None or (ends["min"] >= _FIRST and ends["max"] <= _LAST)
    if column.money:
        ends = pc.min_max(data).as_py()
        return ends["min"] is None or (ends["min"] >= -cells.MOST_CENTS and ends["max"] <= cells.MOST_CENTS)
    return True


def _from_text(text: pa.ChunkedArray, column: Column) -> tuple[pa.Array, list[Bad]]:
    """Parse each distinct text once."""
    encoded = text if pa.types.is_dictionary(text.type) else pc.dictionary_encode(text)
    encoded = encoded.unify_dictionaries().combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.chunk(0) if encoded.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    values: list[cells.Cell | None] = []
    errors: dict[int, CellError | None] = {}
    for index, value in enumerate(encoded.dictionary.to_pylist()):
        if value.startswith(cells.REFUSED):
            errors[index] = None
            values.append(None)
            continue
        try:
            trimmed = value.strip()
            values.append(None if trimmed in cells.BLANKS else cells.parse(trimmed, column))
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


def series(values: pa.Array | pa.ChunkedArray, column: Column, *, categories: bool = False) -> pd.Series[Any]:
    """A pandas column of the type that ``metrics.context.Context`` states for the kind.

    Args:
        values: Arrow values of the kind.
        column: Whose they are.
        categories: Keep text as categories (each word once), for tables too large for one string a row.
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
    """Days or instants; where they lie in one piece without a blank, as they lie there."""
    whole = values.chunk(0) if isinstance(values, pa.ChunkedArray) and values.num_chunks == 1 else values
    if whole.null_count or isinstance(whole, pa.ChunkedArray):
        return pd.Series(values.to_pandas())
    numbers = whole.view(pa.int64()).to_numpy()
    kind = pd.DatetimeTZDtype("us", "UTC") if values.type.tz else np.dtype("datetime64[us]")
    return pd.Series(pd.DatetimeIndex(numbers, dtype=kind, copy=False), copy=False)


def _few_words(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray | None:
    """The values as words with a number a row, when words repeat often enough to be worth it."""
    encoded = values if texts.is_words(values.type) else None
    if encoded is None:
        head = values.slice(0, SAMPLE)
        if pc.count_distinct(head).as_py() * REPEATS > len(head):
            return None
        encoded = pc.dictionary_encode(values)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries()
        words = len(encoded.chunk(0).dictionary) if encoded.num_chunks else 0
    else:
        words = len(encoded.dictionary)
    return encoded if words * REPEATS <= len(values) else None


def _guarded(frame: pd.DataFrame, table: Table) -> Iterator[tuple[str, list[Bad]]]:
    """By column the cells that are blank where they must not be, or hold a word that is not allowed."""
    names = [name for name in frame.columns if name not in ORIGIN and _suspicious(frame[name], table.columns[name])]
    if not names:
        return
    import pandera.pandas as pa_
    from pandera.errors import SchemaErrors

    columns = {
        name: pa_.Column(
            nullable=not table.columns[name].required,
            checks=[pa_.Check.isin(table.columns[name].allowed)] if table.columns[name].allowed else None,
        )
        for name in names
    }
    try:
        pa_.DataFrameSchema(columns).validate(frame, lazy=True)
    except SchemaErrors as error:
        blank = CellError("must not be blank", "fill the cell")
        cases = error.failure_cases
        for name in dict.fromkeys(cases["column"]):
            rule = f"must be one of: {', '.join(table.columns[name].allowed)}"
            word = CellError(rule, "use one of these words, spelled as they are")
            found = [
                Bad(int(index), "", blank) if check == "not_nullable" else Bad(int(index), str(value), word)
                for index, check, value in records(cases[cases["column"] == name], "index", "check", "failure_case")
            ]
            yield name, sorted(found, key=lambda cell: cell.index)


def _suspicious(values: pd.Series[Any], column: Column) -> bool:
    """Whether a column may break its rule, seen from its blanks and its distinct words."""
    if column.required and values.isna().any():
        return True
    if not column.allowed:
        return False
    words = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else values.dropna().unique()
    return not set(words) <= set(column.allowed)
