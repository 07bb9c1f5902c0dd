"""Information returns: vendors paid enough in a year to be reported, and those without a taxpayer number on file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

THRESHOLD = "nec_1099_threshold_cents"
BY_CARD = ("card", "credit_card", "debit_card", "processor", "paypal", "stripe", "square", "venmo")
REPORTED = ("vendor", "agency")
CORPORATIONS = ("c_corp", "s_corp", "corporation", "corp", "inc")

VENDORS = Definition(
    "nec_1099_vendors",
    "1099-NEC vendors without W-9",
    "count",
    "Vendors whose payments of the calendar year, without those by card or processor (reported on 1099-K), reach the "
    "threshold valid at the year's end (param nec_1099_threshold_cents; reaching it counts) and whose W-9 is not on "
    "file. Corporations and agencies are not reported unless marked. Undivided: the year of the day before the report "
    "date; by year: that and the year before.",
    "26 U.S.C. 6041A as amended by P.L. 119-21 section 70433: $600 through 2025, $2,000 from 2026",
    "lower",
)
REPORTABLE = Definition(
    "nec_1099_reportable",
    "1099-NEC returns to file",
    "count",
    "Vendors that reach the threshold in the calendar year, with or without a W-9 on file.",
    "26 U.S.C. 6041A as amended by P.L. 119-21 section 70433",
)
EXPOSURE = Definition(
    "nec_1099_exposure",
    "Paid to 1099-NEC vendors without W-9",
    "cents",
    "Payments of the calendar year to the vendors that reach the threshold and have no W-9 on file.",
    "26 U.S.C. 6041A; 26 U.S.C. 3406, backup withholding",
    "zero",
)


def reportable(paid_cents: int, threshold_cents: Decimal) -> bool:
    """Whether payments of a year reach the threshold; exactly at it counts ("$600 or more").

    >>> reportable(60_000, Decimal(60_000)), reportable(199_999, Decimal(200_000))
    (True, False)
    """
    return paid_cents >= threshold_cents


@dataclass(frozen=True, slots=True)
class Year:
    """What was paid in a calendar year to vendors that may have to be reported.

    Attributes:
        year: Calendar year.
        reached: Cents paid to each vendor that reached the threshold.
        without: Those of them without a W-9 on file.
        payments: Payments looked at.
        vendors: Vendors looked at.
        assumed: Whether the threshold is assumed.
    """

    year: int
    reached: Mapping[str, int]
    without: Mapping[str, int]
    payments: int
    vendors: int
    assumed: bool


def years(context: Context) -> tuple[Year, ...]:
    """The calendar year of the day before the report date, and before it the year before, where a threshold is known.

    Raises:
        MissingInputError: a table or column is absent, or the year has no threshold.
    """
    paid, vendors = _paid(context), _vendors(context)
    current = context.last_day.year
    found = []
    for year in (current - 1, current):
        end = date(year, 12, 31)
        threshold = optional_param(context, THRESHOLD, on=end)
        if threshold is None and year < current:
            continue
        threshold = threshold or param(context, THRESHOLD, on=end)
        rows = paid[(paid["year"] == year) & paid["counterparty_id"].isin(vendors)]
        sums = rows.groupby("counterparty_id", observed=True)["amount_cents"].sum()
        reached = {str(v): int(cents) for v, cents in sums.items() if reportable(int(cents), threshold.value)}
        without = {vendor: cents for vendor, cents in reached.items() if not vendors[vendor]}
        found.append(Year(year, reached, without, len(rows), len(vendors), threshold.assumed))
    return tuple(found)


@metric(
    VENDORS,
    REPORTABLE,
    EXPOSURE,
    needs={
        "invoice": ("invoice_id", "direction", "counterparty_id"),
        "payment": ("invoice_id", "paid_on", "amount_cents", "method"),
        "counterparty": ("counterparty_id", "kind", "is_1099_vendor", "w9_on_file"),
        "param": ("param", "value"),
    },
)
def information_return_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    for year in years(context):
        inputs = {"payment": year.payments, "counterparty": year.vendors, "param": 1}
        for metric_id, value in (
            ("nec_1099_vendors", len(year.without)),
            ("nec_1099_reportable", len(year.reached)),
            ("nec_1099_exposure", sum(year.without.values())),
        ):
            fact = Measure(value)
            yield context.fact(metric_id, fact, inputs=inputs, assumed=year.assumed, year=str(year.year))
            if year.year == context.last_day.year:
                yield context.fact(metric_id, fact, inputs=inputs, assumed=year.assumed)


def _paid(context: Context) -> pd.DataFrame:
    """Payments to vendors before the report date, by cash, check or transfer."""
    invoices = context.table("invoice")
    bought = invoices.loc[invoices["direction"] == "ap", ["invoice_id", "counterparty_id"]]
    payments = context.table("payment")
    by_card = payments["method"].fillna("").str.lower().isin(BY_CARD)
    known = payments[~by_card & (payments["paid_on"] < pd.Timestamp(context.report_date))]
    joined = known.merge(bought, on="invoice_id", how="inner")
    return joined.assign(year=joined["paid_on"].dt.year)


def _vendors(context: Context) -> dict[str, bool]:
    """Vendors that may have to be reported, with whether their W-9 is on file."""
    rows = context.table("counterparty")
    marked = rows["is_1099_vendor"].astype("boolean")
    kind = (
        rows["entity_type"].fillna("").str.lower()
        if "entity_type" in rows.columns
        else pd.Series("", index=rows.index, dtype="str")
    )
    unmarked = (rows["kind"] == "vendor") & ~kind.isin(CORPORATIONS)
    reported = rows["kind"].isin(REPORTED) & marked.fillna(unmarked).astype(bool)
    on_file = rows["w9_on_file"].astype("boolean").fillna(value=False)
    return {
        str(name): bool(filed)
        for name, filed in zip(rows.loc[reported, "counterparty_id"], on_file[reported], strict=True)
    }
