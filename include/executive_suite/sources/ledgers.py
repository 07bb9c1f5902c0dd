"""The lines of several sources as one ledger: numbered alike, and no transaction of one taken for another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from executive_suite.schema import texts
from executive_suite.schema.quality import Fault, shown
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.sources.joining import joined

SEPARATOR = ":"
SAME = ("date", "account", "amount_cents")
"""What makes two lines of one number the same line."""

Lines = dict[tuple[str, str], list[tuple[str, ...]]]
"""Transaction number and entity to its lines: the columns of ``SAME``, then file and row."""


def joined_ledgers(parts: Sequence[tuple[str, pa.Table]]) -> tuple[pa.Table, list[Fault]]:
    """The lines of several sources, and transactions that two of them state.

    Sources number independently: a number that two of them use for different transactions of one entity is preceded by
    the source's name. (Numbers of two entities are kept apart later, for any files.) Lines are numbered in a ledger
    without numbers if another has them.

    Args:
        parts: The name and the ledger of each source.
    """
    if len(parts) == 1:
        return parts[0][1], []
    numbered = any("line" in ledger.column_names for _, ledger in parts)
    ledgers = [ledger if "line" in ledger.column_names or not numbered else _numbered(ledger) for _, ledger in parts]
    if any("txn_id" not in ledger.column_names for ledger in ledgers):
        return joined(ledgers), []
    often = Counter(number for ledger in ledgers for number in set(texts.words(ledger.column("txn_id"))))
    shared = {number for number, count in often.items() if count > 1}
    lines = [_lines(ledger, shared) for ledger in ledgers] if shared else []
    faults: list[Fault] = []
    taken: Counter[str] = Counter()
    first: Lines = {}
    for own in lines:
        for key, rows in own.items():
            if key not in first:
                first[key] = rows
            elif _same(first[key]) == _same(rows):
                faults.append(_twice(key[0], rows, first[key]))
            else:
                taken[key[0]] += 1
    renamed = (
        [_renamed(ledger, name, taken) for (name, _), ledger in zip(parts, ledgers, strict=True)] if taken else ledgers
    )
    return joined(renamed), faults


def _numbered(ledger: pa.Table) -> pa.Table:
    """Lines numbered within their transaction, in the order of the file."""
    seen: Counter[str] = Counter()
    lines = []
    for txn in texts.words(ledger.column("txn_id")) if "txn_id" in ledger.column_names else [""] * ledger.num_rows:
        seen[txn] += 1
        lines.append(seen[txn])
    return ledger.append_column("line", pa.array(lines, pa.int64()))


def _lines(ledger: pa.Table, numbers: set[str]) -> Lines:
    wanted = pc.is_in(pa.array(texts.words(ledger.column("txn_id"))), pa.array(sorted(numbers), pa.string()))
    rows = ledger.filter(wanted)
    names = ("txn_id", "entity_id", *SAME, SOURCE_FILE, SOURCE_ROW)
    blank = [""] * rows.num_rows
    cells = [texts.words(rows.column(name)) if name in rows.column_names else blank for name in names]
    found: Lines = {}
    for number, entity, *line in zip(*cells, strict=True):
        found.setdefault((number, entity), []).append(tuple(line))
    return found


def _same(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(row[: len(SAME)] for row in rows)


def _twice(number: str, rows: list[tuple[str, ...]], first: list[tuple[str, ...]]) -> Fault:
    *_, file, row = rows[0]
    *_, other, at = first[0]
    rule = f"must be in one source; {other}, row {at} has the same transaction {number}"
    return Fault(file, rule, "remove it from one of the sources", int(row), "txn_id", shown(number))


def _renamed(ledger: pa.Table, source: str, numbers: Mapping[str, int]) -> pa.Table:
    for name in ("txn_id", "reverses_txn_id"):
        if name in ledger.column_names:
            words = texts.words(ledger.column(name))
            named = [f"{source}{SEPARATOR}{word}" if word in numbers else word or None for word in words]
            ledger = ledger.set_column(ledger.column_names.index(name), name, pa.array(named, pa.string()))
    return ledger
