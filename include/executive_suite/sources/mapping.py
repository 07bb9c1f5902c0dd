"""From a source's columns to the schema's: other names, dollars to cents, dates as written there, constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import typed
from executive_suite.schema.cells import BLANKS, CellError, decimal_text
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW, Column, Kind, Table
from executive_suite.sources.config import ColumnMapping, TableMapping

CENTS = Decimal(100)

WORDS = pa.dictionary(pa.int32(), pa.string())

FAST: dict[Kind, pa.DataType] = {
    "integer": pa.int64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "string": WORDS,
    "number": WORDS,
    "boolean": WORDS,
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """Cells under the schema's names.

    Attributes:
        data: With ``source_file`` and ``source_row``.
        faults: Cells that could not be converted.
        unknown: Headers that lead nowhere in the schema.
    """

    data: pa.Table
    faults: tuple[Fault, ...]
    unknown: tuple[str, ...]


def headers(table: Table, mapping: TableMapping) -> dict[str, str]:
    """Header in the source to column in the schema."""
    renamed = {mapped.name: name for name, mapped in mapping.columns.items()}
    own = {name: name for name in table.columns if name not in mapping.columns and name not in renamed}
    return {**own, **renamed}


def fast_types(table: Table, mapping: TableMapping) -> dict[str, pa.DataType]:
    """Header in the source to the Arrow type that its column can be read with at once."""
    types = {}
    for header, name in headers(table, mapping).items():
        plain = pa.string() if name in table.key and table.kind(name) == "string" else FAST[table.kind(name)]
        types[header] = WORDS if _converted(mapping.columns.get(name)) else plain
    return types


def apply(data: pa.Table, table: Table, mapping: TableMapping) -> Mapped:
    """The cells of one file or query under the schema's names and in its units.

    Args:
        data: As the source calls its columns, with ``source_file`` and ``source_row``.
        table: What they should become.
        mapping: What the source calls them.
    """
    names = headers(table, mapping)
    origin = {SOURCE_FILE, SOURCE_ROW}
    arrays: dict[str, pa.ChunkedArray] = {}
    faults: list[Fault] = []
    unknown = []
    for header in data.column_names:
        if header in origin:
            continue
        if header not in names:
            unknown.append(header)
            continue
        column = table.columns[names[header]]
        mapped = mapping.columns.get(column.name)
        values = data.column(header)
        if mapped is not None and _converted(mapped):
            values, found = _convert(values, column, mapped, data)
            faults += found
        arrays[column.name] = values
    for name, value in mapping.constants.items():
        word = pa.array([value], pa.string())
        arrays[name] = pa.chunked_array([pa.DictionaryArray.from_arrays(_zeros(data.num_rows), word)])
    missing = sorted(mapped.name for mapped in mapping.columns.values() if mapped.name not in data.column_names)
    if missing and data.num_rows:
        file = data.column(SOURCE_FILE)[0].as_py()
        rule = f"must have the columns that sources.yaml names; {', '.join(missing)} not found"
        faults.append(Fault(file, 1, ", ".join(missing), "", rule, "correct the export, or `from` in sources.yaml"))
    for name in (SOURCE_FILE, SOURCE_ROW):
        arrays[name] = data.column(name)
    return Mapped(pa.table(arrays), tuple(faults), tuple(unknown))


def _zeros(rows: int) -> pa.Array:
    return pa.nulls(rows, pa.int32()).fill_null(0)


def _converted(mapped: ColumnMapping | None) -> bool:
    return mapped is not None and mapped != ColumnMapping(**{"from": mapped.name})


def _convert(
    values: pa.ChunkedArray, column: Column, mapped: ColumnMapping, data: pa.Table
) -> tuple[pa.ChunkedArray, list[Fault]]:
    """Convert each distinct text once."""
    text = typed.as_text(values)
    encoded = text if pa.types.is_dictionary(text.type) else pc.dictionary_encode(text)
    encoded = encoded.unify_dictionaries()
    convert = converter(column, mapped)
    words: list[str | None] = []
    errors: dict[int, CellError] = {}
    dictionary = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    for index, word in enumerate(dictionary):
        try:
            words.append(None if word.strip() in BLANKS else convert(word.strip()))
        except CellError as error:
            errors[index] = error
            words.append(None)
    distinct = pa.array(words, pa.string())
    chunks = [distinct.take(chunk.indices) for chunk in encoded.chunks]
    faults = []
    if errors:
        position = 0
        for chunk in encoded.chunks:
            for offset, code in enumerate(chunk.indices.to_pylist()):
                if code in errors:
                    file, row = (data.column(name)[position + offset].as_py() for name in (SOURCE_FILE, SOURCE_ROW))
                    broken = errors[code]
                    faults.append(Fault(file, row, mapped.name, shown(dictionary[code]), broken.rule, broken.advice))
            position += len(chunk)
    return pa.chunked_array(chunks, pa.string()), faults


def converter(column: Column, mapped: ColumnMapping) -> Callable[[str], str]:
    """The function from a trimmed cell of the source to the text that the schema wants.

    >>> amount = ColumnMapping(**{"from": "Amount", "unit": "dollars", "negate": True})
    >>> converter(Column("amount_cents", "integer"), amount)("(1,234.50)")
    '123450'
    """

    def convert(text: str) -> str:
        word = _word(text, mapped.values)
        if mapped.format or mapped.zone != "UTC":
            return _moment(word, column, mapped)
        if mapped.unit == "dollars":
            word = cents_text(word)
        if mapped.negate:
            number = decimal_text(word)
            word = number[1:] if number.startswith("-") else f"-{number}"
        return word

    return convert


def _word(text: str, values: Mapping[str, str]) -> str:
    return values.get(text, text)


def cents_text(text: str) -> str:
    """An amount in a currency's main unit as text of whole cents, exactly.

    Raises:
        CellError: not a number, or more than two decimals.

    >>> cents_text("1,234.5"), cents_text("(0.07)")
    ('123450', '-7')
    """
    sign = ""
    inner = text
    if text.startswith("(") and text.endswith(")"):
        sign, inner = "-", text[1:-1].strip()
    number = Decimal(decimal_text(inner)) * CENTS
    if number != number.to_integral_value():
        rule = "must be an amount with at most two decimals"
        raise CellError(rule, "round it to the cent where it is made, not here")
    whole = int(number)
    return str(-whole if sign else whole)


def _moment(text: str, column: Column, mapped: ColumnMapping) -> str:
    try:
        moment = datetime.strptime(text, mapped.format) if mapped.format else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone follows below
    except ValueError as error:
        rule = f"must be written as {mapped.format or 'ISO 8601'} ({error})"
        raise CellError(rule, "correct the cell, or the column's format in sources.yaml") from None
    if column.kind == "date":
        return moment.date().isoformat()
    if moment.tzinfo is None:
        zone = ZoneInfo(mapped.zone)
        local = moment.replace(tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
            rule = f"must be a time that exists in {mapped.zone} (clocks went forward)"
            raise CellError(rule, "correct the time; of a time that comes twice the first is taken")
        moment = local
    return moment.astimezone(UTC).isoformat()
