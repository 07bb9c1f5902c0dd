"""Cash in hand, how long it lasts, and what of it is other people's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.documents import in_force
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.book.book import NEEDS, NEEDS_ACTIVITY, Book, Sum, book
from executive_suite.metrics.finance.burn import SHORT_WINDOW_MONTHS, burn, too_few, window
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

CASH = Definition(
    "cash_balance",
    "Cash balance",
    "cents",
    "Sum of all ledger lines on cash accounts up to the day before the report date, or to the end of a month. Customer "
    "and security deposits held are in it and are shown beside it.",
    "ASC 230-10-20, cash",
    "higher",
)
RUNWAY = Definition(
    "cash_runway_months",
    "Cash runway",
    "months",
    "Cash balance divided by mean net burn of the latest complete months (param burn_window_months; the three-month "
    "figure and the one at the worst of the months stand beside it). Without burn there is no runway: n/a (cash "
    "generative). Without cash it is 0.",
    "Cash runway as in venture practice",
    "higher",
)
DEPOSITS = Definition(
    "customer_deposits_held",
    "Customer deposits held",
    "cents",
    "Credit balance of contract-liability accounts: money received for services not yet rendered.",
    "ASC 606-10-45-2, contract liability",
)
SECURITY = Definition(
    "security_deposits_held",
    "Security deposits held",
    "cents",
    "Security deposits of leases in force at the report date: refundable, so not the group's to spend.",
    "California Civil Code 1950.5, security deposits",
)

CONTRACT_LIABILITY_SUBTYPES = ("contract_liability", "deferred_revenue", "customer_deposits", "unearned_revenue")
CONTRACT_LIABILITY_TERMS = r"contract liabilit|deferred revenue|unearned revenue|customer deposit"


def cash_runway(cash: int, net_burn: Sequence[int], *, months: int = 6) -> Measure:
    """Months until cash runs out if the recent net burn goes on.

    Args:
        cash: Cash at the report date, cents.
        net_burn: Net burn per complete calendar month, cents, latest last.
        months: How many latest months are averaged.

    Returns:
        Months, to two places; 0 when there is no cash; not applicable ("cash generative") when the mean burn is zero
        or negative.

    Raises:
        ValueError: fewer than ``months`` complete months.

    Source: docs/definitions.md#cash_runway_months

    >>> cash_runway(3_880_000, [820_000, 900_000, 860_000, 700_000, 740_000, 780_000]).value
    Decimal('4.85')
    >>> cash_runway(5_000_000, [-120_000], months=1).reason
    'cash generative'
    """
    if months < 1 or len(net_burn) < months:
        msg = f"expected at least {months} complete months (one or more), got {len(net_burn)}"
        raise ValueError(msg)
    burned = sum(net_burn[-months:])
    if burned <= 0:
        return not_applicable("cash generative")
    if cash <= 0:
        return Measure(Decimal(0), reason="no cash left")
    return Measure(quotient(cash * months, burned, CENT_HUNDREDTH))


def contract_liabilities(accounts: pd.DataFrame) -> set[str]:
    """The accounts that hold money received for services not yet rendered.

    A liability account is one by its subtype; where the chart states no subtype, by its name.

    Raises:
        MissingInputError: a liability has no subtype, and the chart has no names.
    """
    owed = accounts[accounts["type"] == "liability"]
    subtype = owed["subtype"].fillna("") if "subtype" in owed.columns else pd.Series("", index=owed.index)
    chosen = subtype.isin(CONTRACT_LIABILITY_SUBTYPES)
    if (subtype == "").any():
        if "name" not in owed.columns:
            msg = "column account.name is absent"
            raise MissingInputError(msg)
        named = owed["name"].fillna("").str.contains(CONTRACT_LIABILITY_TERMS, case=False, regex=True)
        chosen |= (subtype == "") & named
    return set(owed.loc[chosen, "account"])


def balance(found: Book, entity_id: str) -> Sum:
    """Cash of an entity, or of the group."""
    return found.total(found.cash, entity_id)


@metric(CASH, needs=NEEDS)
def cash_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = book(context)
    if not found.rows:
        return
    movement = found.monthly(found.cash)
    for entity in found.entities:
        cash = balance(found, entity)
        yield context.fact("cash_balance", Measure(cash.cents), inputs={"ledger": cash.lines}, entity_id=entity)
        held = Sum()
        for month in found.complete(entity, context):
            held += movement.get((entity, month), Sum())
            inputs = {"ledger": held.lines}
            yield context.fact("cash_balance", Measure(held.cents), inputs=inputs, entity_id=entity, period=str(month))


@metric(RUNWAY, needs={**NEEDS_ACTIVITY, "param": ("param", "value")})
def runway_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = book(context)
    net = burn(context).net
    size = param(context, "burn_window_months")
    for entity in found.entities:
        cash = balance(found, entity)
        months = found.complete(entity, context)
        for count, dimensions in (
            (size.whole, {}),
            (SHORT_WINDOW_MONTHS, {"window_months": str(SHORT_WINDOW_MONTHS)}),
        ):
            chosen = window(months, count)
            cells = [net.get((entity, month), Sum()) for month in chosen or ()]
            measure = (
                too_few(len(months), count)
                if chosen is None
                else cash_runway(cash.cents, [cell.cents for cell in cells], months=count)
            )
            inputs = {"ledger": cash.lines + sum(cell.lines for cell in cells)}
            marked = size.assumed and not dimensions
            yield context.fact(
                "cash_runway_months", measure, inputs=inputs, entity_id=entity, assumed=marked, **dimensions
            )
            if not dimensions:
                worst = (
                    measure
                    if chosen is None
                    else cash_runway(cash.cents, [max(cell.cents for cell in cells)], months=1)
                )
                yield context.fact(
                    "cash_runway_months", worst, inputs=inputs, entity_id=entity, assumed=marked, basis="worst_month"
                )


@metric(DEPOSITS, needs=NEEDS)
def deposit_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = book(context)
    if not found.rows:
        return
    held = found.cells["account"].isin(contract_liabilities(context.table("account")))
    for entity in found.entities:
        deposits = -found.total(held, entity)
        yield context.fact(
            "customer_deposits_held", Measure(deposits.cents), inputs={"ledger": deposits.lines}, entity_id=entity
        )


@metric(SECURITY, needs={"lease": ("start_on", "end_on", "security_deposit_cents")})
def security_deposit_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    leases = context.table("lease")
    day = pd.Timestamp(context.report_date)
    running = in_force(leases) & (leases["start_on"] < day)
    running &= leases["end_on"].isna() | (leases["end_on"] >= day)
    held = leases.loc[running, "security_deposit_cents"].fillna(0)
    yield context.fact(
        "security_deposits_held", Measure(int(held.sum())), inputs={"lease": int(running.sum())}, entity_id=GROUP
    )
