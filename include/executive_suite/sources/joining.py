"""Tables of several files or sources as one: a column that a part lacks is blank there, an account appears once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import texts
from executive_suite.schema.cells import TRUE
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.sources.raw import RawTables

CLASSIFYING = ("type", "normal_side", "is_cash")
"""What books that share an account must agree on; a journal that does not call an account cash says nothing."""


def joined(parts: Sequence[pa.Table]) -> pa.Table:
    """The rows of all parts of a table; a column that a part lacks is blank there."""
    if len(parts) == 1:
        return parts[0]
    names = list(dict.fromkeys(name for part in parts for name in part.column_names))
    types = {name: _shared({p.schema.field(name).type for p in parts if name in p.column_names}) for name in names}
    aligned = [
        pa.table(
            {
                name: (part.column(name) if name in part.column_names else pa.nulls(part.num_rows)).cast(types[name])
                for name in names
            }
        )
        for part in parts
    ]
    return pa.concat_tables(aligned).unify_dictionaries()


def _shared(types: set[pa.DataType]) -> pa.DataType:
    """One type for a column of several parts: words stay words, with four-byte numbers."""
    if all(pa.types.is_dictionary(given) and pa.types.is_string(given.value_type) for given in types):
        return pa.dictionary(pa.int32(), pa.string())
    return next(iter(types)) if len(types) == 1 else pa.string()


def charts(parts: Sequence[tuple[pa.Table, bool]]) -> tuple[pa.Table, list[Fault]]:
    """The accounts of several sources, each once, and where the sources contradict each other.

    Args:
        parts: The chart of each source, and whether it is a journal. An account that several list is the first one's,
            and cash if one of them says so.
    """
    faults: list[Fault] = []
    known: dict[str, Mapping[str, str]] = {}
    cash: set[str] = set()
    kept = []
    for part, journal in parts:
        rows = list(_accounts(part, journal=journal))
        faults += (
            fault for row in rows if row["account"] in known for fault in _contradicted(row, known[row["account"]])
        )
        kept.append(part.filter(pa.array([row["account"] not in known for row in rows], pa.bool_())))
        cash |= {row["account"] for row in rows if row["is_cash"].casefold() in TRUE}
        known = {row["account"]: row for row in reversed(rows)} | known
    chart = joined(kept)
    if "is_cash" not in chart.column_names or not known:
        return chart, faults
    names = texts.words(chart.column("account"))
    is_cash = texts.words(chart.column("is_cash"))
    merged = pa.array(["true" if name in cash else own for name, own in zip(names, is_cash, strict=True)], pa.string())
    return chart.set_column(chart.column_names.index("is_cash"), "is_cash", merged), faults


def _accounts(chart: pa.Table, *, journal: bool) -> Iterator[dict[str, str]]:
    names = [name for name in ("account", *CLASSIFYING, SOURCE_FILE, SOURCE_ROW) if name in chart.column_names]
    blank = dict.fromkeys(("account", *CLASSIFYING), "")
    for row in zip(*(texts.words(chart.column(name)) for name in names), strict=True):
        given = blank | dict(zip(names, row, strict=True))
        if journal and given["is_cash"].casefold() not in TRUE:
            given["is_cash"] = ""
        yield given


def _contradicted(row: Mapping[str, str], first: Mapping[str, str]) -> Iterator[Fault]:
    for column in CLASSIFYING:
        if row[column] and first[column] and row[column].casefold() != first[column].casefold():
            place = f"{first[SOURCE_FILE]}, row {first[SOURCE_ROW]}"
            rule = f"must be {first[column]} for the account {row['account']}, as {place} says: the books share it"
            advice = "correct one of them, or give the account another name in one source (`values`)"
            yield Fault(row[SOURCE_FILE], rule, advice, int(row[SOURCE_ROW]), column, shown(row[column]))


def distinguished(parts: Sequence[tuple[str, RawTables]]) -> list[RawTables]:
    """Parts whose files have names of their own: a name that several sources have is preceded by the source's."""
    names = [{file.name for file in part.files} | {fault.file for fault in part.faults} for _, part in parts]
    often = Counter(name for own in names for name in own)
    return [
        _renamed(part, {name: f"{source}:{name}" for name in own if often[name] > 1})
        for (source, part), own in zip(parts, names, strict=True)
    ]


def _renamed(part: RawTables, names: Mapping[str, str]) -> RawTables:
    if not names:
        return part
    return replace(
        part,
        tables={table: _with_files(data, names) for table, data in part.tables.items()},
        files=tuple(replace(file, name=names.get(file.name, file.name)) for file in part.files),
        faults=tuple(replace(fault, file=names.get(fault.file, fault.file)) for fault in part.faults),
    )


def _with_files(data: pa.Table, names: Mapping[str, str]) -> pa.Table:
    given = data.column(SOURCE_FILE).cast(pa.string())
    for name, other in names.items():
        given = pc.if_else(pc.equal(given, name), other, given)
    return data.set_column(data.column_names.index(SOURCE_FILE), SOURCE_FILE, given.dictionary_encode())
