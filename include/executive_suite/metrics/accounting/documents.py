"""Invoices, payments and leases: what their marks mean, and what is still owed. Every figure reads them here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.accounting.deposits import deposits

NOT_ISSUED = ("draft", "void")
"""An invoice that was never sent or was taken back: nobody owes it, and what was paid on it is unapplied cash."""
NOT_OWED = (*NOT_ISSUED, "written_off")
OPEN_ON = "open_on"
"""The column of an invoice that says that its total is only what was open on a day."""
NEVER_IN_FORCE = ("draft", "void", "cancelled", "canceled")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("invoice_id", "direction", "entity_id", "issued_on", "due_on", "total_cents", "status"),
    "payment": ("invoice_id", "paid_on", "amount_cents"),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """An issued invoice that is not written off, and its open balance in cents: below zero when overpaid."""

    invoice: Any
    open_cents: int

    @property
    def row(self) -> Any:
        """The invoice."""
        return self.invoice

    @property
    def entity_id(self) -> str:
        """The entity that issued or received the invoice."""
        return str(self.invoice.entity_id)

    @property
    def party(self) -> str | None:
        """To or from whom it is."""
        party: str | None = self.invoice.get("counterparty_id")
        return party

    @property
    def assumed(self) -> bool:
        """Whether the invoice is marked ``assumed``."""
        return bool(self.invoice.assumed)


def balances(context: Context, direction: str) -> tuple[Balance, ...]:
    """The issued invoices of one direction (ar, ap) that are not written off, each with its open balance.

    Payments dated before the report date decide what is open, not the mark on the invoice; the deposit of its booking
    counts as paid.

    Raises:
        MissingInputError: as ``require_payments``.
    """
    paid, back = settled(context)
    require_payments(context, issued(context, direction))
    held = _deposits(context) if direction == "ar" else {}
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


def require_payments(context: Context, invoices: Iterable[Any]) -> None:
    """Refuse invoices that are marked as paid where no payment says so: what is open would be all of them.

    Raises:
        MissingInputError: no payment names an invoice, and one of these is marked as paid.
    """
    paid, back = settled(context)
    if not paid and not back and any(row.status == "paid" for row in invoices):
        recorded = "names its invoice" if context.rows("payment") else "is recorded"
        msg = f"no payment {recorded}, though invoices are marked as paid"
        raise MissingInputError(msg)


@per_context
def _deposits(context: Context) -> Mapping[str, int]:
    return deposits(context, issued(context, "ar"))


def open_cents(total: int, paid: int, back: int) -> int:
    """The open balance of an invoice, cents.

    Args:
        total: What was charged.
        paid: What was paid, less payments that bounced.
        back: What was refunded, zero or below. A refund on a paid invoice gives back an overpayment or lowers the
            price, and makes nothing due again; a refund of a part payment does.

    >>> open_cents(1_000, 400, 0), open_cents(1_000, 1_000, -300), open_cents(1_000, 400, -400)
    (600, 0, 1000)
    """
    rest = total - paid
    return rest - back if rest > 0 else min(0, rest - back)


@per_context
def settled(context: Context) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Cents paid and cents refunded before the report date, by invoice."""
    paid: dict[str, int] = {}
    back: dict[str, int] = {}
    for payment in context.rows("payment", *NEEDS["payment"]):
        if payment.paid_on < context.report_date and payment.invoice_id is not None:
            sums = back if is_refund(payment) else paid
            sums[payment.invoice_id] = sums.get(payment.invoice_id, 0) + cash(payment)
    return paid, back


def issued(context: Context, direction: str) -> tuple[Any, ...]:
    """Invoices of one direction issued before the report date, also those written off later: they were sales once."""
    return tuple(
        row
        for row in context.rows("invoice", *NEEDS["invoice"])
        if row.direction == direction and row.status not in NOT_ISSUED and row.issued_on < context.report_date
    )


def is_refund(payment: Any) -> bool:
    """Whether a payment gives money back: one marked so, or a negative one that the table does not mark as bounced."""
    marked = payment.get("is_refund")
    return payment.amount_cents < 0 if marked is None else bool(marked)


def cash(payment: Any) -> int:
    """What a payment moved, cents: below zero when it gave money back, whatever sign its table writes that with."""
    return -abs(payment.amount_cents) if is_refund(payment) else int(payment.amount_cents)


def agreed(lease: Any) -> bool:
    """Whether a lease was ever agreed: it is no draft and was not called off."""
    return lease.text("status").lower() not in NEVER_IN_FORCE
