"""Records of registers (bookings, opportunities, contacts …) laid over the tables that a folder has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Record
from executive_suite.schema.tables import RECORDED_AT, Table, schema


@dataclass(slots=True)
class Count:
    """How many records of a table came first, are known, or are told otherwise."""

    new: int = 0
    same: int = 0
    changed: int = 0


def merged(kept: Kept, entity: str, records: Iterable[Record], known_at: str) -> dict[str, Count]:
    """Lay records over the tables, by their keys; one without a key is the same if all of it is.

    Args:
        kept: Receives what is new, and a new version of what is told otherwise.
        entity: Whose records.
        records: As read.
        known_at: When a record that is told otherwise counts from.
    """
    found: dict[str, Count] = {}
    records = list(records)
    for name in {one.table for one in records if schema()[one.table].load_key}:
        bill = [_row(one, schema()[name], entity) for one in records if one.table == name]
        found[name] = _loaded(kept.rows(name), bill, schema()[name], known_at)
    there: dict[str, dict[tuple[str, ...], Row]] = {}
    for record in records:
        table = schema()[record.table]
        if table.load_key:
            continue
        rows = kept.rows(record.table)
        if record.table not in there:
            there[record.table] = {_key(row, table): row for row in rows}
        count = found.setdefault(record.table, Count())
        row = _row(record, table, entity)
        before = there[record.table].get(_key(row, table))
        if before is not None and all(
            before.get(name, "") == cell for name, cell in row.items() if name in _told(table)
        ):
            count.same += 1
            continue
        count.new += before is None
        count.changed += before is not None
        if before is None:
            rows.append(row)
        else:
            row[RECORDED_AT] = known_at
            if before.get(RECORDED_AT, "") == known_at:
                before.update(row)
                row = before
            else:
                rows.append(row)
        there[record.table][_key(row, table)] = row
    return found


def _loaded(there: list[Row], rows: list[Row], table: Table, known_at: str) -> Count:
    """A bill is one as a whole: one that is told otherwise is kept again, with when it was."""
    count = Count()
    names = sorted(_told(table))
    for bill in dict.fromkeys(tuple(row.get(name, "") for name in table.load_key) for row in rows):
        now, before = (
            [row for row in side if tuple(row.get(name, "") for name in table.load_key) == bill]
            for side in (rows, there)
        )
        last = max((row.get(RECORDED_AT, "") for row in before), default="")
        known = [row for row in before if row.get(RECORDED_AT, "") == last]
        content = [sorted(tuple(row.get(name, "") for name in names) for row in side) for side in (now, known)]
        if content[0] == content[1]:
            count.same += len(now)
        elif not before:
            count.new += len(now)
            there += now
        else:
            count.changed += len(now)
            there[:] = [row for row in there if row not in known or last != known_at]
            there += ({**row, RECORDED_AT: known_at} for row in now)
    return count


def _told(table: Table) -> set[str]:
    return {*table.columns} - {RECORDED_AT, "source_file", "source_row"}


def _key(row: Row, table: Table) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in table.key or sorted(_told(table)))


def _row(record: Record, table: Table, entity: str) -> Row:
    row = dict(record.values)
    if "entity_id" in table.columns and not row.get("entity_id"):
        row["entity_id"] = entity
    return {**row, "source_file": record.origin.file, "source_row": str(record.origin.row) if record.origin.row else ""}
