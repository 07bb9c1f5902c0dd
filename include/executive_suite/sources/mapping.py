"""From a source's columns to the schema's: other names, dollars to cents, dates as written there, constants."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.facts.figures import Note
from executive_suite.identity import name_hash
from executive_suite.schema import texts
from executive_suite.schema.cells import BLANKS, REFUSED, CellError
from executive_suite.schema.quality import Fault, capped, shown
from executive_suite.schema.tables import ORIGIN, SOURCE_FILE, SOURCE_ROW, Column, Kind, Table
from executive_suite.sources import numbers, shaping, spelling
from executive_suite.sources.config import OTHERS, ColumnMapping, TableMapping
from executive_suite.sources.numbers import Side

COMMA = ","

CREDIT: dict[str, Side] = {"ledger": -1, "budget": -1, "bank_line": 1}
"""The sign of an amount marked CR: books credit what leaves an account, a bank credits what it receives."""

CURRENCY, EXPORTED = "currency", "Currency"
"""What every export calls the column of currencies: it is read without being mapped, so that no foreign amount is
taken for the base currency."""

_TIME = re.compile(r"%-?[HIMSpfXcTRszZ]")

NUMERIC: frozenset[Kind] = frozenset({"integer", "number"})

WORDS = pa.dictionary(pa.int32(), pa.string())

FAST: dict[Kind, pa.DataType] = {
    "integer": pa.int64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "string": WORDS,
    "number": WORDS,
    "boolean": WORDS,
}


def headers(table: Table, mapping: TableMapping) -> dict[str, tuple[str, ...]]:
    """Header in the source to the schema's columns that are made from it."""
    renamed: dict[str, tuple[str, ...]] = {}
    for name, mapped in mapping.columns.items():
        for header in mapped.headers:
            renamed[header] = (*renamed.get(header, ()), name)
    own = {name: (name,) for name in table.columns if name not in mapping.columns and name not in renamed}
    if mapping.columns and own.keys() & {CURRENCY} - mapping.constants.keys():
        own[EXPORTED] = (CURRENCY,)
    return {**own, **renamed}


def fast_types(table: Table, mapping: TableMapping) -> dict[str, pa.DataType]:
    """Header in the source to the Arrow type that its column can be read with directly."""
    types = {}
    for header, names in headers(table, mapping).items():
        kinds = {table.kind(name) for name in names}
        key = any(name in table.key and table.kind(name) == "string" for name in names)
        exact = len(kinds) == 1 and not any(
            _converted(mapping.columns.get(name), mapping, table.columns[name]) for name in names
        )
        types[header] = WORDS if not exact else pa.string() if key else FAST[kinds.pop()]
    return {**types, **dict.fromkeys(shaping.headers(mapping), WORDS)}


def apply(
    data: pa.Table, table: Table, mapping: TableMapping, file: str, begun: int = 0
) -> tuple[pa.Table, list[Fault], list[Note]]:
    """The cells of one file or query under the schema's names and in its units.

    Args:
        data: Columns under the source's names, with ``source_file`` and ``source_row``.
        table: Their table in the schema.
        mapping: How the source names and writes them.
        file: The source's name, for faults.
        begun: How many numbers earlier files of the table have used, for transactions that are numbered here.

    Returns:
        The cells; headers that are missing or misspelled and cells that could not be converted; harmless omissions.
    """
    data, left_out = shaping.shaped(data, mapping, begun)
    names = headers(table, mapping)
    arrays: dict[str, pa.ChunkedArray] = {}
    faults: list[Fault] = []
    for name, column in table.columns.items():
        mapped = mapping.columns.get(name)
        own = EXPORTED if name == CURRENCY and CURRENCY not in data.column_names else name
        given = [header for header in (mapped.headers if mapped else (own,)) if header in data.column_names]
        if name in ORIGIN or name in mapping.constants or not given or name not in names.get(given[0], ()):
            continue
        parts = [data.column(header) for header in given]
        if _converted(mapped, mapping, column):
            rule = mapped or ColumnMapping(**{"from": name})
            found = [
                _convert(part, column, rule, mapping, data, header, CREDIT.get(table.name, 0))
                for part, header in zip(parts, given, strict=True)
            ]
            faults += (fault for _, wrong in found for fault in wrong)
            parts = [values for values, _ in found]
        cells = parts[0] if len(parts) == 1 else _difference(*parts)
        arrays[name] = pc.fill_null(cells, mapped.default) if mapped and mapped.default else cells
    for name, value in mapping.constants.items():
        word = pa.array([value], pa.string())
        zeros = pa.nulls(data.num_rows, pa.int32()).fill_null(0)
        arrays[name] = pa.chunked_array([pa.DictionaryArray.from_arrays(zeros, word)])
    known = {*names, *shaping.headers(mapping), *ORIGIN}
    unknown = [header for header in data.column_names if header not in known]
    text = "rows that are not records, as sources.yaml says, were left out"
    notes = [Note(table.name, text, left_out)] if left_out else []
    faults += spelling.missing(data.column_names, mapping, file)
    faults += spelling.misspelled(unknown, table, arrays.keys(), file)
    if text := spelling.unknown(unknown, table, arrays.keys()):
        notes.append(Note(table.name, text))
    for name in (SOURCE_FILE, SOURCE_ROW):
        arrays[name] = data.column(name)
    return pa.table(arrays), faults, notes


def _converted(mapped: ColumnMapping | None, mapping: TableMapping, column: Column) -> bool:
    """Whether cells must be rewritten, not only the column renamed."""
    plain = mapped is None or mapped == ColumnMapping(**{"from": mapped.name or "-"})
    return not plain or (mapping.decimal == COMMA and column.kind in NUMERIC)


def _difference(debit: pa.ChunkedArray, credit: pa.ChunkedArray) -> pa.ChunkedArray:
    """Debits less credits, of cells in cents; blank where both are blank."""
    cents: list[str | None] = []
    for one, other in zip(debit.to_pylist(), credit.to_pylist(), strict=True):
        refused = next((cell for cell in (one, other) if cell and cell.startswith(REFUSED)), None)
        blank = one is None and other is None
        cents.append(refused or (None if blank else format(Decimal(one or 0) - Decimal(other or 0), "f")))
    return pa.chunked_array([pa.array(cents, pa.string())])


def _convert(
    values: pa.ChunkedArray,
    column: Column,
    mapped: ColumnMapping,
    mapping: TableMapping,
    data: pa.Table,
    header: str,
    credit: Side,
) -> tuple[pa.ChunkedArray, list[Fault]]:
    """Convert each distinct text once."""
    text = texts.as_text(values)
    encoded = text if pa.types.is_dictionary(text.type) else pc.dictionary_encode(text)
    encoded = encoded.unify_dictionaries()
    decimal = mapped.decimal or mapping.decimal
    convert = converter(column, mapped, decimal=decimal if texts.is_text(values.type) else "", credit=credit)
    words: list[str | None] = []
    errors: dict[int, CellError] = {}
    dictionary = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    for index, word in enumerate(dictionary):
        try:
            words.append(None if word.strip() in BLANKS else convert(word.strip()) or None)
        except CellError as error:
            errors[index] = error
            words.append(f"{REFUSED}{word}")
    distinct = pa.array(words, pa.string())
    chunks = [distinct.take(chunk.indices) for chunk in encoded.chunks]
    codes = (code for chunk in encoded.chunks for code in chunk.indices.to_pylist()) if errors else ()
    wrong = [(position, code) for position, code in enumerate(codes) if code in errors]

    def fault(number: int) -> Fault:
        position, code = wrong[number]
        file, row = (data.column(name)[position].as_py() for name in (SOURCE_FILE, SOURCE_ROW))
        return Fault(file, errors[code].rule, errors[code].advice, row, header, shown(dictionary[code]))

    return pa.chunked_array(chunks, pa.string()), capped([errors[code].advice for _, code in wrong], fault)


def converter(column: Column, mapped: ColumnMapping, *, decimal: str = "", credit: Side = 0) -> Callable[[str], str]:
    """The function from a trimmed cell of the source to the text that the schema wants.

    Args:
        column: What the cell becomes.
        mapped: How it is written.
        decimal: Decimal separator; default a point.
        credit: The sign of an amount marked CR.

    >>> amount = ColumnMapping(**{"from": "Amount", "unit": "dollars", "negate": True})
    >>> converter(Column("amount_cents", "integer"), amount)("(1,234.50)")
    '123450'
    """
    number = numbers.exact if mapped.unit == "cents" else numbers.cents_text

    def convert(text: str) -> str:
        word = mapped.values.get(text, mapped.values.get(OTHERS, text))
        if word in BLANKS:
            return ""
        if mapped.format or "zone" in mapped.model_fields_set:
            return _moment(word, column, mapped)
        if column.kind not in NUMERIC:
            return name_hash(word) if mapped.hash else word
        found = number(word, decimal, mapped.symbol, credit)
        return found if not mapped.negate else found[1:] if found.startswith("-") else f"-{found}"

    return convert


def _moment(text: str, column: Column, mapped: ColumnMapping) -> str:
    try:
        moment = datetime.strptime(text, mapped.format) if mapped.format else datetime.fromisoformat(text)  # noqa: DTZ007 - zone added below
    except ValueError as error:
        rule = f"must be written as {mapped.format or 'ISO 8601'} ({error})"
        raise CellError(rule, "correct the cell, or the column's format in sources.yaml") from None
    if column.kind == "date":
        if moment.tzinfo is not None:
            rule = "must be a day as the business has it, not an instant with an offset from UTC"
            raise CellError(rule, "export local days: the same instant falls on two days in two time zones")
        return moment.date().isoformat()
    if mapped.format and not _TIME.search(mapped.format) and "zone" not in mapped.model_fields_set:
        return moment.date().isoformat()  # the entity's zone says when that day begins
    if moment.tzinfo is None:
        zone = ZoneInfo(mapped.zone)
        local = moment.replace(tzinfo=zone)
        if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment and moment.time() != time.min:
            rule = f"must be a time that exists in {mapped.zone} (clocks went forward)"
            raise CellError(rule, "correct the time; if a time occurs twice, the first is used")
        moment = local
    return moment.astimezone(UTC).isoformat()
