"""What operations paid and received in cash, by entity, account and month: the past that the run rate rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.book.book import book, chart, lines, sums_of
from executive_suite.metrics.book.inside import answering_flows, billed_flows
from executive_suite.metrics.book.lines import require_activity, transactions
from executive_suite.metrics.book.sums import Flags, totals
from executive_suite.metrics.finance.cash import contract_liability_accounts
from executive_suite.metrics.finance.window import window
from executive_suite.period import Month, complete_months

HISTORY_MONTHS = 36
"""Months of the past that a forecast looks at: three times each season."""

DEBT = (("loan", "debt", "mortgage", "note", "notes_payable"), r"\bloan|mortgage payable|notes? payable|line of credit")
TAX = (("tax", "sales_tax", "lodging_tax", "occupancy_tax", "payroll_tax"), r"tax(es)? payable|vat payable")
RECEIVABLE = (("receivable", "contract_asset"), r"receivable")
BETWEEN_US = (("intercompany",), r"(due|loan) (from|to) affiliate|inter-?company")
PAYABLE = (("payable",), r"accounts payable")
DEPOSITS = (("security_deposit",), r"security deposit")
VARIABLE = "variable"
DAYS = 31
"""Days of a month at most."""


@dataclass(frozen=True, slots=True)
class Classes:
    """Accounts by what cash on them means for a forecast.

    Attributes:
        sales: Receipts from customers: revenue, receivables, customers' deposits.
        tax: Taxes held for the state.
        debt: Loans.
        payable: Suppliers.
        apart: Nothing that a run rate continues: tax, debt, equity, deposits of tenants, other entities of the group.
        variable: Expenses that vary with sales.
    """

    sales: frozenset[str]
    tax: frozenset[str]
    debt: frozenset[str]
    payable: frozenset[str]
    apart: frozenset[str]
    variable: frozenset[str]


@per_context
def classes(context: Context) -> Classes:
    """The accounts of the chart by class."""
    charted = chart(context).values()

    def of(types: tuple[str, ...], named: tuple[tuple[str, ...], str]) -> set[str]:
        return of_class(charted, types, *named)

    tax, debt = of(("liability",), TAX), of(("liability",), DEBT)
    equity = {row.account for row in charted if row.type == "equity"}
    deposits, us = of(("liability",), DEPOSITS), of(("asset", "liability"), BETWEEN_US)
    revenue = {row.account for row in charted if row.type == "revenue"}
    sales = revenue | of(("asset",), RECEIVABLE) | (contract_liability_accounts(context) - deposits)
    behaviour = "cost_behaviour" in context.table("account").columns
    return Classes(
        sales=frozenset(sales - us),
        tax=frozenset(tax),
        debt=frozenset(debt - us),
        payable=frozenset(of(("liability",), PAYABLE) - us),
        apart=frozenset(tax | debt | equity | deposits | us),
        variable=frozenset(row.account for row in charted if behaviour and row.cost_behaviour == VARIABLE),
    )


@per_context
def seen(context: Context) -> tuple[Month, ...]:
    """The complete months that a forecast looks at, oldest first."""
    return tuple(book(context).complete(GROUP, context)[-HISTORY_MONTHS:])


def answering(context: Context, activity: str) -> Flags:
    """Which lines answer a cash line of an activity in the months seen: the other side, never cash, never ourselves."""
    known, cash = lines(context), book(context).cash_accounts
    require_activity(context)
    recent = known.within(seen(context) or complete_months(context.report_date, 1))
    txn = transactions(context)
    moved = np.zeros(int(txn.max()) + 1 if len(txn) else 0, dtype=bool)
    moved[txn[recent & known.on(cash, activity)]] = True
    wanted = np.isin(known.activities, [activity, ""])
    return recent & moved[txn] & ~known.on(cash) & wanted[known.activity] & answering_flows(context)


@per_context
def operating_lines(context: Context) -> Flags:
    """Which lines answer operating cash: marked once, for sums by month and by day."""
    found = answering(context, "operating")
    billed = billed_flows(context)
    found[billed] |= lines(context).within(seen(context))[billed] if seen(context) else False
    return found


Series = Mapping[Month, int]


@per_context
def operating(context: Context) -> Mapping[tuple[str, str], Series]:
    """Cash that operations took (positive) or brought (negative), by entity and account, by month; without zeros.

    Entities that have left the group are left out.
    """
    context.table("ledger", "txn_id", "activity")
    found: dict[tuple[str, str], dict[Month, int]] = defaultdict(dict)
    gone = ends(context)
    for (entity, account, month), total in sums_of(
        context, operating_lines(context), "entity_id", "account", "month"
    ).items():
        if entity not in gone and total.cents:
            found[entity, account][month] = total.cents
    return found


def over(series: Series, months: tuple[Month, ...]) -> int:
    """The sum of some months."""
    return sum(series.get(month, 0) for month in months)


def received(context: Context) -> Mapping[str, Series]:
    """Cash from customers by entity and month."""
    found: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    sales = classes(context).sales
    for (entity, account), series in operating(context).items():
        if account in sales:
            for month, cents in series.items():
                found[entity][month] -= cents
    return found


@per_context
def variable_share(context: Context) -> Mapping[str, Fraction]:
    """By entity, the part of receipts that its variable costs took in the recent months: 0 to 1."""
    return variable_part(context, window(context).months)


def variable_part(context: Context, months: tuple[Month, ...]) -> Mapping[str, Fraction]:
    """By entity, the part of receipts that its variable costs took in some months: 0 to 1."""
    known = classes(context)
    taken: dict[str, int] = defaultdict(int)
    for (entity, account), series in operating(context).items():
        if account in known.variable:
            taken[entity] += over(series, months)
    brought = {entity: over(series, months) for entity, series in received(context).items()}
    return {
        entity: min(Fraction(1), max(Fraction(0), Fraction(taken[entity], cents)))
        for entity, cents in brought.items()
        if cents > 0
    }


@per_context
def paid_on_days(context: Context) -> Mapping[str, Mapping[int, int]]:
    """By entity, what operations paid on each day of the month in the recent months, cents."""
    known, months = lines(context), window(context).months
    if not months:
        return {}
    apart = classes(context).apart | classes(context).sales | classes(context).variable
    chosen = operating_lines(context) & known.within(months) & ~known.on(apart)
    here = np.flatnonzero(chosen & (known.cents > 0))
    dates = context.table("ledger")["date"].to_numpy()[here].astype("datetime64[D]")
    day = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    (entity, number), cents, _ = totals((known.entity[here], day), (len(known.entities), DAYS), known.cents[here])
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for whose, at, paid in zip(entity.tolist(), number.tolist(), cents.tolist(), strict=True):
        found[str(known.entities[whose])][at + 1] = paid
    return found
