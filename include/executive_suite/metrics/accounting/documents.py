"""Invoices and what was paid on them, as known at the report date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

NOT_ISSUED = ("draft", "void")
NOT_OWED = (*NOT_ISSUED, "written_off")
NEVER_IN_FORCE = ("draft", "void", "cancelled")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("invoice_id", "direction", "entity_id", "issued_on", "due_on", "total_cents", "status"),
    "payment": ("invoice_id", "paid_on", "amount_cents"),
}


def invoices(context: Context, direction: str) -> pd.DataFrame:
    """Issued invoices of one direction (ar, ap) with what is still open, column open_cents added.

    Drafts, void and written-off invoices are left out. An invoice marked paid is open as long as its payments dated
    before the report date fall short: the payments decide, not the mark. A refund on an invoice that was paid in full
    gives back what was overpaid or lowers what was charged, and makes nothing due again; a part payment given back and
    a payment that bounced (negative, but no refund) do.

    Raises:
        MissingInputError: invoice, payment or a column that they need is absent.
    """
    rows = context.table("invoice", *NEEDS["invoice"])
    day = pd.Timestamp(context.report_date)
    chosen = rows[(rows["direction"] == direction) & ~rows["status"].isin(NOT_OWED) & (rows["issued_on"] < day)]
    payments = context.table("payment", *NEEDS["payment"])
    known = payments[payments["paid_on"] < day]
    back = refunds(known)

    def sums(part: pd.DataFrame) -> pd.Series:
        paid = part.groupby("invoice_id", observed=True)["amount_cents"].sum()
        return chosen["invoice_id"].map(paid).fillna(0).astype("int64")

    rest = chosen["total_cents"].astype("int64") - sums(known[~back])
    kept = rest - sums(known[back])
    return chosen.assign(open_cents=kept.where(rest > 0, kept.clip(upper=0)))


def charged(context: Context, direction: str) -> pd.DataFrame:
    """Issued invoices of one direction, those written off later among them: they were sales when they were made.

    Raises:
        MissingInputError: invoice or a column that is needed is absent.
    """
    rows = context.table("invoice", *NEEDS["invoice"])
    known = (rows["direction"] == direction) & (rows["issued_on"] < pd.Timestamp(context.report_date))
    return rows[known & ~rows["status"].isin(NOT_ISSUED)]


def refunds(payments: pd.DataFrame) -> pd.Series:
    """Which payments give money back; where the table does not say, the negative ones."""
    given = payments["amount_cents"] < 0
    return given & payments["is_refund"].fillna(value=True).astype(bool) if "is_refund" in payments.columns else given


def in_force(leases: pd.DataFrame) -> pd.Series:
    """Which leases were ever agreed: no draft, and none that was called off."""
    if "status" not in leases.columns:
        return pd.Series(data=True, index=leases.index)
    return ~leases["status"].fillna("").str.lower().isin(NEVER_IN_FORCE)


def entities(rows: pd.DataFrame) -> tuple[str, ...]:
    """The group, then every entity in the rows, in order."""
    return ("group", *sorted(set(rows["entity_id"]) - {"group"}))


def of_entity(rows: pd.DataFrame, entity_id: str) -> pd.DataFrame:
    """The rows of one entity, or all for the group."""
    return rows if entity_id == "group" else rows[rows["entity_id"] == entity_id]
