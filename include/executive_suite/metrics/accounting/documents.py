"""Invoices and what was paid on them, as known at the report date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

NOT_OWED = ("draft", "void", "written_off")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("invoice_id", "direction", "entity_id", "issued_on", "due_on", "total_cents", "status"),
    "payment": ("invoice_id", "paid_on", "amount_cents"),
}


def invoices(context: Context, direction: str) -> pd.DataFrame:
    """Issued invoices of one direction (ar, ap) with what is still open, columns paid_cents and open_cents added.

    Drafts, void and written-off invoices are left out. An invoice marked paid is open as long as its payments dated
    before the report date fall short: the payments decide, not the mark.

    Raises:
        MissingInputError: invoice, payment or a column that they need is absent.
    """
    rows = context.table("invoice", *NEEDS["invoice"])
    day = pd.Timestamp(context.report_date)
    chosen = rows[(rows["direction"] == direction) & ~rows["status"].isin(NOT_OWED) & (rows["issued_on"] < day)].copy()
    payments = context.table("payment", *NEEDS["payment"])
    known = payments[payments["paid_on"] < day]
    paid = known.groupby("invoice_id", observed=True)["amount_cents"].sum()
    chosen["paid_cents"] = chosen["invoice_id"].map(paid).fillna(0).astype("int64")
    chosen["open_cents"] = chosen["total_cents"].astype("int64") - chosen["paid_cents"]
    return chosen


def entities(rows: pd.DataFrame) -> tuple[str, ...]:
    """The group, then every entity in the rows, in order."""
    return ("group", *sorted(set(rows["entity_id"]) - {"group"}))


def of_entity(rows: pd.DataFrame, entity_id: str) -> pd.DataFrame:
    """The rows of one entity, or all for the group."""
    return rows if entity_id == "group" else rows[rows["entity_id"] == entity_id]
