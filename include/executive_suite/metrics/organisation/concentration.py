"""How much of the revenue hangs on few customers, entities or channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.book.book import as_index
from executive_suite.metrics.book.book import lines as numbered
from executive_suite.metrics.frames import local_days_of
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

MONTHS = 12
NEEDS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("date", "entity_id", "account", "amount_cents"),
    "account": ("account", "type"),
}


def herfindahl_hirschman(revenue: list[int]) -> Measure:
    """Sum of the squared percentage shares, 0 to 10,000; net refunds (below zero) are left out and said.

    Source: U.S. DOJ and FTC, Merger Guidelines (2023), 2.1: above 1,800 is highly concentrated.

    >>> herfindahl_hirschman([40, 30, 20, 10]).value
    3000
    >>> herfindahl_hirschman([0, 0]).reason
    'no revenue'
    """
    positive = [amount for amount in revenue if amount > 0]
    negative = sum(amount < 0 for amount in revenue)
    total = sum(positive)
    if not total:
        return not_applicable("no revenue")
    index = sum((Fraction(100 * amount, total) ** 2 for amount in positive), Fraction(0))
    value = quotient(index.numerator, index.denominator, CENT_HUNDREDTH)
    note = f"{negative} with net refunds left out" if negative else ""
    return Measure(int(value) if value == value.to_integral_value() else value, reason=note)


def revenue_lines(context: Context) -> pd.DataFrame:
    """Ledger lines on revenue accounts in the latest twelve complete months, without charges between entities."""
    accounts = context.table("account", *NEEDS["account"])
    ledger = context.table("ledger", *NEEDS["ledger"])
    months = complete_months(context.report_date, MONTHS)
    posted = numbered(context)
    inside = posted.on(set(accounts.loc[accounts["type"] == "revenue", "account"]))
    inside &= (posted.month >= as_index(months[0])) & (posted.month <= as_index(months[-1]))
    wanted = [name for name in ("entity_id", "counterparty_id", "amount_cents") if name in ledger.columns]
    lines = ledger.loc[inside, wanted]
    if "counterparty_id" not in lines.columns or not context.has("entity"):
        return lines
    return lines[~lines["counterparty_id"].isin(context.table("entity", "entity_id")["entity_id"])]


@metric(
    Definition(
        "revenue_concentration_hhi",
        "Revenue concentration (HHI)",
        "index",
        "Sum of squared percentage shares of revenue over the latest twelve complete months: 10,000 is one customer. "
        "The undivided figure is over customers; beside it over entities and channels. Net refunds and charges between "
        "entities are left out, and revenue whose customer is not recorded is said.",
        "U.S. DOJ and FTC Merger Guidelines (2023), 2.1; above 1,800 is highly concentrated",
        "lower",
    ),
    needs=NEEDS,
)
def _concentration(context: Context) -> Iterator[Fact]:
    lines = revenue_lines(context)
    if "counterparty_id" in lines.columns:
        customers = lines[lines["counterparty_id"].notna()]
        yield _fact(context, customers, "counterparty_id", len(lines) - len(customers))
    else:
        unknown = not_evaluable("column ledger.counterparty_id is absent")
        yield context.fact("revenue_concentration_hhi", unknown, inputs={"ledger": len(lines)})
    yield _fact(context, lines, "entity_id", 0, by="entity")
    try:
        channel = _channel_revenue(context)
    except MissingInputError:
        return
    amounts = [int(v) for v in channel.to_numpy()]
    inputs = {"booking": len(channel)}
    yield context.fact("revenue_concentration_hhi", herfindahl_hirschman(amounts), inputs=inputs, by="channel")


def _fact(context: Context, lines: pd.DataFrame, column: str, unnamed: int, **dimensions: str) -> Fact:
    amounts = -lines.groupby(column, observed=True)["amount_cents"].sum() if len(lines) else pd.Series(dtype="int64")
    measure = herfindahl_hirschman([int(amount) for amount in amounts.to_numpy()])
    note = f"{unnamed} revenue lines without a customer left out" if unnamed else ""
    reason = "; ".join(filter(None, (measure.reason, note)))
    return context.fact(
        "revenue_concentration_hhi",
        Measure(measure.value, measure.status, reason),
        inputs={"ledger": len(lines)},
        assumed=False,
        **dimensions,
    )


def _channel_revenue(context: Context) -> pd.Series[Any]:
    """Net value of completed bookings by channel, of services in the latest twelve complete months."""
    frame = context.table("booking", "channel_id", "status", "service_end", "gross_cents", "discount_cents")
    months = complete_months(context.report_date, MONTHS)
    frame = frame[(frame["status"] == "completed") & frame["channel_id"].notna()]
    served = local_days_of(context, frame, "service_end")
    inside = (served >= pd.Timestamp(months[0].first)) & (served < pd.Timestamp((months[-1] + 1).first))
    frame = frame[inside]
    net: pd.Series[Any] = frame["gross_cents"] - frame["discount_cents"]
    return net.groupby(frame["channel_id"], observed=True).sum()
