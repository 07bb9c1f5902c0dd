"""Dealings between entities of the group in registers: invoices, contracts, bookings and what is earned under them.

They count in the figures of each entity and in none of the group, as lines of the ledger do (``book.elimination``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import affiliates, ends
from executive_suite.dataset.memo import per_context

_PARTIES: Mapping[str, tuple[str, str]] = {
    "invoice": ("counterparty_id", "issued_on"),
    "payment": ("counterparty_id", "paid_on"),
    "booking": ("customer_id", "booked_at"),
    "client_contract": ("client_id", ""),
    "delivery": ("client_id", "planned_start"),
}
"""By table, the column that names the other party, and that with the day of the dealing; without one, now."""
_SOLD = (
    ("invoice", "booking_id"),
    ("invoice", "contract_id"),
    ("booking", "booking_id"),
    ("client_contract", "contract_id"),
)
"""What names the customer of a booking or contract, later ones first."""


@per_context
def sisters(context: Context) -> frozenset[str]:
    """Every entity of the group: those of the register, and those that keep books."""
    if not context.has("ledger") or "entity_id" not in context.table("ledger").columns:
        return affiliates(context)
    posted = context.table("ledger")["entity_id"]
    known = posted.cat.categories if hasattr(posted, "cat") else posted.dropna().unique()
    return affiliates(context) | frozenset(map(str, known))


@per_context
def customers(context: Context) -> Mapping[str, str]:
    """The customer of each booking and contract, as the registers name it, else its invoices."""
    found: dict[str, str] = {}
    for table, key in _SOLD:
        party, _ = _PARTIES[table]
        for row in context.rows(table) if context.has(table) else ():
            if row.get(key) and row.get(party) and row.get("direction") != "ap":
                found[row.get(key)] = row.get(party)
    return found


@per_context
def _dealt(context: Context) -> bool:
    """Whether any register names an entity of the group as the other party: most name none."""
    ours = list(sisters(context))
    tables = ((context.table(name), party) for name, (party, _) in _PARTIES.items() if context.has(name))
    return any(party in table.columns and bool(table[party].isin(ours).any()) for table, party in tables)


def ours_until(context: Context, entity_id: str | None, party: str | None) -> date | None:
    """The last day on which two parties are different entities of the group; None if they never are."""
    if party is None or party == entity_id or party not in sisters(context):
        return None
    return min(ends(context).get(name, date.max) for name in (entity_id or "", party))


def is_between(context: Context, entity_id: str | None, party: str | None, day: date | None = None) -> bool:
    """Whether two parties are different entities of the group on a day (default: the report date)."""
    last = ours_until(context, entity_id, party)
    return last is not None and (day or context.report_date) <= last


def ours_with_us(context: Context, row: Any) -> bool:
    """Whether a row is a dealing between entities of the group.

    Args:
        context: The run.
        row: A row of a register or of the metrics' own kind. What has a ``party`` or a ``day`` says so itself.
    """
    if hasattr(row, "party"):
        return is_between(context, row.entity_id, row.party, getattr(row, "day", None))
    plain = getattr(row, "row", row)
    name, on = _PARTIES.get(getattr(plain, "table", ""), ("", ""))
    if not name:
        return False
    party = plain.get(name)
    if party is None and plain.table == "booking":
        party = customers(context).get(plain.get("booking_id"))
    day = row.day if hasattr(row, "day") else plain.get(on) if on else None
    if isinstance(day, datetime):
        day = context.local_day(day, plain.get("entity_id"))
    return is_between(context, row.entity_id if hasattr(row, "entity_id") else plain.get("entity_id"), party, day)


def of_group(context: Context, rows: Iterable[Any]) -> Iterator[Any]:
    """The rows that count in figures of the group; what is one in part comes as its ``of_group`` says."""
    if not _dealt(context):
        yield from rows
        return
    for row in rows:
        if not ours_with_us(context, row):
            yield row.of_group(context) if hasattr(row, "of_group") else row
