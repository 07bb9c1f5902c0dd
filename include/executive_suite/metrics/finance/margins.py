"""Margins over the latest complete months, and whether operations carry the debt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, NOTHING, Book, Mask, MonthlySums, Sum, book, paid_out
from executive_suite.metrics.finance.window import Window, window
from executive_suite.metrics.registry import metric

NO_REVENUE = "no revenue in the window"
DEPRECIATION = ("depreciation", "amortisation", "amortization")
INTEREST = ("interest", "interest_expense")
DEBT = ("loan", "mortgage", "debt", "note_payable", "long_term_debt")


@dataclass(frozen=True, slots=True)
class Statement:
    """The income statement of an entity over its latest complete months; zero throughout if there are too few.

    Attributes:
        context: The run.
        sums: Its book.
        entity_id: Whose statement.
        window: The months.
        inside: Which cells of the book lie in them.
    """

    context: Context
    sums: Book
    entity_id: str
    window: Window
    inside: Mask

    def revenue(self, *chosen: Mask) -> Sum:
        """Revenue on the cells that all masks choose."""
        return -self._of("revenue", *chosen)

    def expense(self, *chosen: Mask) -> Sum:
        """Expense on the cells that all masks choose."""
        return self._of("expense", *chosen)

    def _of(self, kind: str, *chosen: Mask) -> Sum:
        here = np.logical_and.reduce((self.inside, self.sums.of_type(kind), *chosen))
        return self.sums.total(here, self.entity_id)

    def fact(self, metric_id: str, measure: Measure, *behind: Sum) -> Fact:
        """A figure of the months, or why there are too few, with the sums behind it."""
        return self.context.fact(
            metric_id,
            self.window.missing or measure,
            inputs={"ledger": sum(behind, NOTHING).lines},
            entity_id=self.entity_id,
            assumed=self.window.assumed,
        )

    def margin(self, metric_id: str, sales: Sum, cost: Sum) -> Fact:
        """Sales less cost, divided by sales."""
        return self.fact(metric_id, ratio(sales.cents - cost.cents, sales.cents, NO_REVENUE), sales, cost)


def statements(context: Context) -> Iterator[Statement]:
    """The statement of the group and of every entity with postings.

    Raises:
        MissingInputError: ledger, account, one of their columns or param burn_window_months is absent.
    """
    sums = book(context)
    for entity in sums.entities:
        recent = window(context, entity)
        yield Statement(context, sums, entity, recent, sums.within(recent.months))


def _needs(*attributes: str) -> Mapping[str, tuple[str, ...]]:
    """Each figure needs its own columns of the chart: one that is absent withholds no other figure."""
    return {"ledger": NEEDS["ledger"], "account": (*NEEDS["account"], *attributes), "param": ("param", "value")}


@metric("gross_margin", needs=_needs("function"))
def _gross_margin(context: Context) -> Iterator[Fact]:
    cogs = book(context).having("function", "cogs")
    for own in statements(context):
        yield own.margin("gross_margin", own.revenue(), own.expense(cogs))


@metric("contribution_ratio", needs=_needs("cost_behaviour"))
def _contribution_ratio(context: Context) -> Iterator[Fact]:
    variable = book(context).having("cost_behaviour", "variable")
    for own in statements(context):
        yield own.margin("contribution_ratio", own.revenue(), own.expense(variable))


@metric("ebitda_margin", needs=_needs("function", "subtype"))
def _ebitda_margin(context: Context) -> Iterator[Fact]:
    sums = book(context)
    operating = ~sums.having("function", "nonop")
    before = operating & ~sums.having("subtype", *DEPRECIATION, *INTEREST)
    for own in statements(context):
        yield own.margin("ebitda_margin", own.revenue(operating), own.expense(before))


@metric("operating_income", needs=_needs("function"))
def _operating_income(context: Context) -> Iterator[Fact]:
    operating = ~book(context).having("function", "nonop")
    for own in statements(context):
        sales, cost = own.revenue(operating), own.expense(operating)
        yield own.fact("operating_income", Measure(sales.cents - cost.cents), sales, cost)


@metric("debt_service_cover", needs=_needs("subtype"))
def _debt_service_cover(context: Context) -> Iterator[Fact]:
    sums, repayments = book(context), principal_repaid(context)
    lent, worn = sums.having("subtype", *INTEREST), sums.having("subtype", *DEPRECIATION)
    owed = sums.of_type("liability") & sums.having("subtype", *DEBT)
    for own in statements(context):
        sales, cost, interest = own.revenue(), own.expense(~lent & ~worn), own.expense(lent)
        repaid = repayments.over(own.entity_id, own.window.months)
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

    Raises:
        MissingInputError: ledger, account or one of their columns is absent.
    """
    accounts = context.rows("account", *NEEDS["account"], "subtype")
    return paid_out(
        context, {row.account for row in accounts if row.type == "liability" and row.subtype in DEBT}, sign=-1
    )
