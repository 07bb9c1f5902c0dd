"""Unapplied cash: payments on no invoice, on one that was never sent, or on one that was voided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.documents import NEEDS, NOT_ISSUED, cash, is_refund, open_cents

SIDES: Mapping[str, str] = {"customer": "ar", "vendor": "ap", "employee": "ap", "owner": "ap"}
"""Who pays us (ar) and whom we pay (ap), by kind of party; for an agency, the direction of its invoices decides."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What one party has paid an entity, or an entity one party, on no document.

    Attributes:
        direction: ar for what we received, ap for what we paid.
        open_cents: Below zero, as an overpaid invoice.
        payments: How many payments.
    """

    direction: str
    entity_id: str
    counterparty_id: str
    open_cents: int
    payments: int
    assumed: bool = False

    @property
    def party(self) -> str:
        """Whose it is."""
        return self.counterparty_id


@per_context
def unapplied(context: Context) -> tuple[tuple[Credit, ...], int]:
    """The unapplied cash of each party before the report date, and how many payments name neither party nor invoice.

    A refund lowers what the party has paid and makes nothing due.
    """
    paid: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    unknown = 0
    for payment, document in loose_payments(context):
        party = (document or payment).get("counterparty_id")
        side = document.direction if document else sides(context).get(party)
        if side is None or party is None:
            unknown += 1
        else:
            paid[side, (document or payment).get("entity_id") or GROUP, party].append(payment)
    found = []
    for (side, entity_id, party), own in sorted(paid.items()):
        back = sum(cash(payment) for payment in own if is_refund(payment))
        received = sum(map(cash, own)) - back
        if cents := min(0, open_cents(0, received, back)):
            found.append(Credit(side, entity_id, party, cents, len(own), any(payment.assumed for payment in own)))
    return tuple(found), unknown


def loose_payments(context: Context) -> Iterator[tuple[Any, Any]]:
    """The payments before the report date that settle no document, each with the invoice it names, if any."""
    known = {row.invoice_id: row for row in context.rows("invoice", *NEEDS["invoice"])}
    for payment in context.rows("payment", *NEEDS["payment"]):
        document = known.get(payment.invoice_id)
        if payment.paid_on < context.report_date and (document is None or document.status in NOT_ISSUED):
            yield payment, document


@per_context
def sides(context: Context) -> Mapping[str | None, str]:
    """By party, whether a party pays us or we pay it: by its kind, else by its invoices if all have one direction."""
    sides: dict[str, set[str]] = defaultdict(set)
    for row in context.rows("invoice", *NEEDS["invoice"]):
        sides[row.get("counterparty_id")].add(row.direction)
    found: dict[str | None, str] = {party: min(both) for party, both in sides.items() if len(both) == 1}
    for row in context.rows("counterparty", "counterparty_id", "kind") if context.has("counterparty") else ():
        if row.kind in SIDES:
            found[row.counterparty_id] = SIDES[row.kind]
    return found
