"""Information returns: vendors paid enough in a year to be reported, and those without a taxpayer number on file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import Parameter, optional_param, param
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting.documents import cash
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric

THRESHOLD = "nec_1099_threshold_cents"
BY_CARD = ("card", "credit_card", "debit_card", "processor", "paypal", "stripe", "square", "venmo")
REPORTED = ("vendor", "agency")
CORPORATIONS = ("c_corp", "s_corp", "corporation", "corp", "inc")

NEEDS: Mapping[str, tuple[str, ...]] = {
    "invoice": ("invoice_id", "direction", "counterparty_id"),
    "payment": ("invoice_id", "paid_on", "amount_cents", "method"),
    "counterparty": ("counterparty_id", "kind", "is_1099_vendor", "w9_on_file"),
    "param": ("param", "value"),
}


def reportable(paid_cents: int, threshold_cents: Decimal) -> bool:
    """Whether payments of a year reach the threshold; exactly at it counts ("$600 or more").

    >>> reportable(60_000, Decimal(60_000)), reportable(199_999, Decimal(200_000))
    (True, False)
    """
    return paid_cents >= threshold_cents


@dataclass(frozen=True, slots=True)
class Year:
    """Payments of a calendar year to vendors that may have to be reported.

    Attributes:
        reached: Cents paid to each vendor that reached the threshold.
        without: Those of them without a W-9 on file.
        payments: The payments.
        vendors: Ids of all vendors.
        threshold: From which sum on it has to be reported.
    """

    year: int
    reached: Mapping[str, int]
    without: Mapping[str, int]
    payments: tuple[Any, ...]
    vendors: tuple[str, ...]
    threshold: Parameter


def years(context: Context) -> tuple[Year, ...]:
    """The calendar year of the day before the report date, and the year before where its threshold is known."""
    for table in ("counterparty", "payment"):
        if not context.rows(table):
            msg = f"no {table} is recorded"
            raise MissingInputError(msg)
    vendors, current = _vendors(context), context.last_day.year
    paid = [payment for payment in _paid(context) if payment[1] in vendors]
    found = []
    for year in (current - 1, current):
        threshold = (optional_param if year < current else param)(context, THRESHOLD, on=date(year, 12, 31))
        if threshold is None:
            continue
        own = grouped((payment for payment in paid if payment[0] == year), lambda payment: payment[1])
        sums = {vendor: sum(cash(row) for *_, row in payments) for vendor, payments in own.items()}
        reached = {vendor: cents for vendor, cents in sums.items() if reportable(cents, threshold.value)}
        without = {vendor: cents for vendor, cents in reached.items() if not vendors[vendor]}
        counted = tuple(row for payments in own.values() for *_, row in payments)
        found.append(Year(year, reached, without, counted, tuple(vendors), threshold))
    return tuple(found)


@metric("nec_1099_vendors", "nec_1099_reportable", "nec_1099_exposure", needs=NEEDS)
def _information_returns(context: Context) -> Iterator[Fact]:
    for year in years(context):
        inputs = {"payment": year.payments, "counterparty": year.vendors, "param": (year.threshold,)}
        measures = {
            "nec_1099_vendors": Measure(len(year.without)),
            "nec_1099_reportable": Measure(len(year.reached)),
            "nec_1099_exposure": Measure(sum(year.without.values())),
        }
        yield from context.facts(measures, inputs=inputs, assumed=year.threshold.assumed, year=str(year.year))
        if year.year == context.last_day.year:
            yield from context.facts(measures, inputs=inputs, assumed=year.threshold.assumed)


def _paid(context: Context) -> Iterator[tuple[int, str, Any]]:
    """Year, payee and row of each payment to a party before the report date by cash, check or transfer.

    The payee is that of the bill, whatever became of it since; without a bill, the party that the payment names. What
    names an invoice to a customer was received.

    Raises:
        MissingInputError: nothing tells who was paid.
    """
    documents = {row.invoice_id: row for row in context.rows("invoice", *NEEDS["invoice"])}
    payments = context.rows("payment", *NEEDS["payment"])
    if not any(payment.invoice_id in documents or payment.get("counterparty_id") for payment in payments):
        msg = "no payment names a bill on record or a party"
        raise MissingInputError(msg)
    for payment in payments:
        document, by_card = documents.get(payment.invoice_id), (payment.method or "").lower() in BY_CARD
        payee = payment.get("counterparty_id")
        if document is not None:
            payee = document.counterparty_id if document.direction == "ap" else None
        if payee is not None and not by_card and payment.paid_on < context.report_date:
            yield payment.paid_on.year, payee, payment


def _vendors(context: Context) -> dict[str, bool]:
    """Vendors that may have to be reported, with whether their W-9 is on file."""
    return {
        party.counterparty_id: bool(party.w9_on_file)
        for party in context.rows("counterparty", *NEEDS["counterparty"])
        if party.kind in REPORTED
        and (
            party.is_1099_vendor
            if party.is_1099_vendor is not None
            else party.kind == "vendor" and party.text("entity_type").lower() not in CORPORATIONS
        )
    }
