"""What is owed on the day of an aging: documents that it no longer has are settled, whichever aging is read first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Reading, Record
from executive_suite.adopt.recording import Count

TABLE, PAYMENTS = "invoice", "payment"
MEASURES = {"receivables": "ar", "payables": "ap"}
"""What an aging sums, to the direction of its documents."""
_COMPARED = ("counterparty_id", "issued_on", "due_on", "total_cents")
_SETTLED = "0"


def directions(reading: Reading) -> frozenset[str]:
    """Of which documents a file has all that are open; empty if it is no aging in detail."""
    if reading.kind != "register":
        return frozenset()
    return frozenset(MEASURES[total.measure] for total in reading.totals if total.measure in MEASURES)


def laid(kept: Kept, entity: str, reading: Reading, known_at: str, other: Mapping[str, str]) -> Count:
    """Lay the open documents of a day over those of other days.

    A document has one version per day on which its open balance is another; one that is settled comes to nothing.
    Which payment did it is not in the file, and none is made up: the table of payments is there, as far as it is known.

    Args:
        kept: Receives the versions.
        entity: Whose documents.
        reading: An aging in detail.
        known_at: The end of its day, as an instant.
        other: The same of the agings that were read before, to their days.
    """
    kept.whole.add(PAYMENTS)
    count = Count()
    for direction in directions(reading):
        prefix = f"{entity}:{direction}:"
        now = {row["invoice_id"]: row for row in _rows(reading.records, entity, direction)}
        later = min((stamp for stamp in other if stamp > known_at), default="")
        then = _open_at(kept, prefix, later) if later else {}
        before = _open_at(kept, prefix, known_at)
        for key, row in now.items():
            old = before.get(key)
            count.new += old is None
            count.same += old is not None and _told(old) == _told(row)
            count.changed += old is not None and _told(old) != _told(row)
        _set(kept, prefix, now, known_at, reading.exported_on.isoformat() if reading.exported_on else "")
        if later:
            _set(kept, prefix, then, later, other[later])
    return count


def _rows(records: Iterable[Record], entity: str, direction: str) -> Iterable[Row]:
    for record in records:
        if record.table == TABLE and record.values["direction"] == direction:
            origin = {"source_file": record.origin.file, "source_row": str(record.origin.row)}
            key = f"{entity}:{record.values['invoice_id']}"
            yield {**record.values, "invoice_id": key, "entity_id": entity, **origin}


def _set(kept: Kept, prefix: str, wanted: Mapping[str, Row], stamp: str, day: str) -> None:
    """Make what is open at an instant what is wanted, by new versions where it is not."""
    there = _open_at(kept, prefix, stamp)
    new = [row for key, row in wanted.items() if key not in there or _told(there[key]) != _told(row)]
    new += [{**row, "total_cents": _SETTLED, "open_on": day} for key, row in there.items() if key not in wanted]
    changed = {row["invoice_id"] for row in new}
    table = kept.rows(TABLE)
    table[:] = [row for row in table if row["invoice_id"] not in changed or row.get("recorded_at", "") != stamp]
    table += ({**row, "recorded_at": stamp} for row in new)


def _open_at(kept: Kept, prefix: str, stamp: str) -> dict[str, Row]:
    """The documents that are open at an instant, each in its version then."""
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in kept.rows(TABLE):
        if row["invoice_id"].startswith(prefix) and row.get("recorded_at", "") <= stamp:
            versions[row["invoice_id"]].append(row)
    last = {key: max(rows, key=lambda row: row.get("recorded_at", "")) for key, rows in versions.items()}
    return {key: row for key, row in last.items() if row["total_cents"] != _SETTLED}


def _told(row: Row) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in _COMPARED)
