"""Cash that is due: what customers owe or will owe on a known day, and what we owe."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.metrics.accounting.documents import in_force, invoices
from executive_suite.metrics.frames import local_days_of
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


DOUBTFUL_DAYS = 90
"""Receivables longer past due, the last column of the ageing, are not counted on."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Cash in (positive) or out (negative) on a day, cents."""

    day: date
    cents: int


def usual_delay(context: Context) -> int:
    """How many days after the due date customers pay: the mean over settled receivables, at least 0, rounded up."""
    settled = invoices(context, "ar")
    settled = settled[settled["open_cents"] <= 0]
    payments = context.table("payment", "invoice_id", "paid_on", "amount_cents")
    payments = payments[payments["amount_cents"] > 0]
    last = payments.groupby("invoice_id", observed=True)["paid_on"].max().rename("last_on").reset_index()
    both = settled.merge(last, on="invoice_id", how="inner")
    late = [(paid - due).days for paid, due in zip(both["last_on"], both["due_on"], strict=True)]
    return max(0, math.ceil(Fraction(sum(late), len(late)))) if late else 0


def receipts_due(context: Context, last: date) -> tuple[Flow, ...]:
    """Receivables, balances of confirmed bookings, rents and retainers from the report date to ``last``."""
    first = context.report_date
    delay = timedelta(days=usual_delay(context))
    receivable = invoices(context, "ar")
    late = (pd.Timestamp(first) - receivable["due_on"]).dt.days
    still = receivable[(receivable["open_cents"] > 0) & (late <= DOUBTFUL_DAYS)]
    flows = [
        Flow(max(first, day.date() + delay), int(cents))
        for day, cents in zip(still["due_on"], still["open_cents"], strict=True)
    ]
    flows += _bookings(context, _named(receivable, "booking_id"))
    flows += _rents(context, last, _billed(receivable))
    flows += _retainers(context, last, _billed(receivable))
    return tuple(flow for flow in flows if first <= flow.day <= last and flow.cents)


def payments_due(context: Context) -> tuple[Flow, ...]:
    """Open payables on their due date; what is overdue, on the report date."""
    payable = invoices(context, "ap")
    still = payable[payable["open_cents"] > 0]
    return tuple(
        Flow(max(context.report_date, day.date()), -int(cents))
        for day, cents in zip(still["due_on"], still["open_cents"], strict=True)
    )


def _bookings(context: Context, invoiced: set[str]) -> Iterator[Flow]:
    """Balances and variable costs of confirmed bookings still to come that no invoice covers, on the day of service."""
    less = ("discount_cents", "platform_fee_cents", "deposit_cents")
    needed = ("booking_id", "status", "service_start", "gross_cents", *less, "variable_cost_cents")
    rows = context.table("booking", *needed)
    coming = rows[rows["status"] == "confirmed"]
    coming = coming.assign(day=local_days_of(context, coming, "service_start"))
    for row in coming.to_dict("records"):
        if str(row["booking_id"]) in invoiced:
            continue
        balance = int(row["gross_cents"]) - sum(_cents(row[column]) for column in less)
        yield Flow(row["day"].date(), max(0, balance))
        yield Flow(row["day"].date(), -_cents(row["variable_cost_cents"]))


def _rents(context: Context, last: date, billed: set[tuple[str, Month]]) -> Iterator[Flow]:
    if not context.has("lease"):
        return
    leases = context.table("lease", "lease_id", "start_on", "end_on", "rent_cents")
    for row in leases[in_force(leases)].to_dict("records"):
        yield from _monthly(
            context,
            (row["start_on"], row["end_on"]),
            _cents(row["rent_cents"]),
            last,
            {month for name, month in billed if name == str(row["lease_id"])},
        )


def _retainers(context: Context, last: date, billed: set[tuple[str, Month]]) -> Iterator[Flow]:
    if not context.has("client_contract"):
        return
    rows = context.current("client_contract", "contract_id", "status", "start_on", "end_on", "mrr_cents")
    for row in rows[rows["status"] == "active"].to_dict("records"):
        yield from _monthly(
            context,
            (row["start_on"], row["end_on"]),
            _cents(row["mrr_cents"]),
            last,
            {month for name, month in billed if name == str(row["contract_id"])},
        )


def _monthly(context: Context, span: tuple[Any, Any], cents: int, last: date, billed: set[Month]) -> Iterator[Flow]:
    """An amount on the first of every month of a span, without the months that an invoice covers."""
    month = Month.of(context.report_date)
    while month.first <= last:
        day = pd.Timestamp(month.first)
        runs = span[0] <= day and (pd.isna(span[1]) or span[1] >= day)
        if runs and month not in billed:
            yield Flow(month.first, cents)
        month += 1


def _named(rows: pd.DataFrame, column: str) -> set[str]:
    return {str(name) for name in rows[column].dropna()} if column in rows.columns else set()


def _billed(receivable: pd.DataFrame) -> set[tuple[str, Month]]:
    """Contracts and the months in which an invoice of theirs was issued."""
    if "contract_id" not in receivable.columns:
        return set()
    rows = receivable[receivable["contract_id"].notna()]
    return {(str(name), Month.of(day.date())) for name, day in zip(rows["contract_id"], rows["issued_on"], strict=True)}


def _cents(value: Any) -> int:
    return 0 if value is None or pd.isna(value) else int(value)
