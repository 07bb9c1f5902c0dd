"""Margins over the latest complete months, and whether operations carry the debt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, MonthlySums, Sum, book
from executive_suite.metrics.book.inside import between_entities
from executive_suite.metrics.book.payments import paid_out
from executive_suite.metrics.finance.window import Window, windows
from executive_suite.metrics.registry import metric

DEPRECIATION = ("depreciation", "amortisation", "amortization")
INTEREST = ("interest", "interest_expense")
DEBT = ("loan", "mortgage", "debt", "note_payable", "long_term_debt")


def _margin(own: Window, metric_id: str, sales: Sum, cost: Sum) -> Fact:
    """Sales less cost, divided by sales."""
    return own.fact(metric_id, ratio(sales.cents - cost.cents, sales.cents, "no revenue in the window"), sales, cost)


def _needs(*attributes: str) -> Mapping[str, tuple[str, ...]]:
    """Each figure needs its own columns of the chart: one that is absent withholds no other figure."""
    return {"ledger": NEEDS["ledger"], "account": (*NEEDS["account"], *attributes), "param": ("param", "value")}


@metric("gross_margin", needs=_needs("function"), classified="window")
def _gross_margin(context: Context) -> Iterator[Fact]:
    cogs = book(context).having("function", "cogs")
    for own in windows(context):
        yield _margin(own, "gross_margin", own.revenue(), own.expense(cogs))


@metric("contribution_ratio", needs=_needs("cost_behaviour"), classified="window")
def _contribution_ratio(context: Context) -> Iterator[Fact]:
    variable = book(context).having("cost_behaviour", "variable")
    for own in windows(context):
        yield _margin(own, "contribution_ratio", own.revenue(), own.expense(variable))


@metric("ebitda_margin", needs=_needs("function", "subtype"), classified="window")
def _ebitda_margin(context: Context) -> Iterator[Fact]:
    sums = book(context)
    operating = ~sums.having("function", "nonop")
    before = operating & ~sums.having("subtype", *DEPRECIATION, *INTEREST)
    for own in windows(context):
        yield _margin(own, "ebitda_margin", own.revenue(operating), own.expense(before))


@metric("operating_income", needs=_needs("function"), classified="window")
def _operating_income(context: Context) -> Iterator[Fact]:
    operating = ~book(context).having("function", "nonop")
    for own in windows(context):
        sales, cost = own.revenue(operating), own.expense(operating)
        yield own.fact("operating_income", Measure(sales.cents - cost.cents), sales, cost)


@metric("debt_service_cover", needs=_needs("subtype"), classified="window")
def _debt_service_cover(context: Context) -> Iterator[Fact]:
    sums, repayments = book(context), principal_repaid(context)
    lent, worn = sums.having("subtype", *INTEREST), sums.having("subtype", *DEPRECIATION)
    owed = sums.of_type("liability") & sums.having("subtype", *DEBT)
    for own in windows(context):
        sales, cost, interest = own.revenue(), own.expense(~lent & ~worn), own.expense(lent)
        repaid = repayments.over(own.entity_id, own.months)
        service = interest.cents + repaid.cents
        if service > 0:
            cover = ratio(sales.cents - cost.cents, service, "")
        elif sums.total(owed, own.entity_id).cents < 0:
            cover = not_evaluable("debt is owed, but no account of subtype interest says what it costs")
        else:
            cover = not_applicable("no debt service in the window")
        yield own.fact("debt_service_cover", cover, sales, cost, interest, repaid)


def principal_repaid(context: Context) -> MonthlySums:
    """Principal repaid by entity and month: debits on accounts of debt, not reduced by new loans.

    Debts are netted within a transaction: a loan that replaces another, or moves to a current portion, is no repayment.
    """
    accounts = context.rows("account", *NEEDS["account"], "subtype")
    owed = {row.account for row in accounts if row.type == "liability" and row.subtype in DEBT}
    return paid_out(context, owed, inside=between_entities(context), sign=-1, leavers=book(context).ended)
