"""Open balances: what is still owed on each invoice at the report date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.metrics.accounting.deposits import deposits
from executive_suite.metrics.accounting.documents import NOT_OWED, issued, open_cents, settled


@dataclass(frozen=True, slots=True)
class Balance:
    """An issued invoice that is not written off, and its open balance in cents: below zero when overpaid."""

    invoice: Any
    open_cents: int

    @property
    def entity_id(self) -> str:
        """The entity that issued or received the invoice."""
        return str(self.invoice.entity_id)

    @property
    def assumed(self) -> bool:
        """Whether the invoice is marked ``assumed``."""
        return bool(self.invoice.assumed)


def balances(context: Context, direction: str) -> tuple[Balance, ...]:
    """The issued invoices of one direction (ar, ap) that are not written off, each with its open balance.

    Payments dated before the report date decide what is open, not the mark on the invoice; the deposit of its booking
    counts as paid.
    """
    paid, back = settled(context)
    held = deposits(context) if direction == "ar" else {}
    return tuple(
        Balance(
            row,
            open_cents(
                row.total_cents,
                paid.get(row.invoice_id, 0) + held.get(row.invoice_id, 0),
                back.get(row.invoice_id, 0),
            ),
        )
        for row in issued(context, direction)
        if row.status not in NOT_OWED
    )
