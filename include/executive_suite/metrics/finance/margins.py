"""Margins over the latest complete months, and whether operations carry the debt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, Book, Monthly, Sum, as_index, book, paid_out
from executive_suite.metrics.finance.burn import too_few, window
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

NO_REVENUE = "no revenue in the window"
DEPRECIATION = ("depreciation", "amortisation", "amortization")
INTEREST = ("interest", "interest_expense")
DEBT = ("loan", "mortgage", "debt", "note_payable", "long_term_debt")

GROSS_MARGIN = Definition(
    "gross_margin",
    "Gross margin",
    "ratio",
    "Revenue less cost of sales (accounts of function cogs) divided by revenue, over the latest complete months (param "
    "burn_window_months); n/a without revenue.",
    "ASC 220, income statement; common-size analysis",
    "higher",
)
CONTRIBUTION = Definition(
    "contribution_ratio",
    "Contribution ratio",
    "ratio",
    "Revenue less expenses of variable cost behaviour, divided by revenue, over the latest complete months; n/a "
    "without revenue.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 3.1",
    "higher",
)
EBITDA = Definition(
    "ebitda_margin",
    "EBITDA margin",
    "ratio",
    "Revenue less operating expenses before depreciation, amortisation and interest, divided by revenue, over the "
    "latest complete months; accounts of function nonop are not operating. n/a without revenue.",
    "SEC Non-GAAP C&DI 103.01, EBITDA",
    "higher",
)
OPERATING_INCOME = Definition(
    "operating_income",
    "Operating income",
    "cents",
    "Revenue less expenses, both without accounts of function nonop, over the latest complete months.",
    "ASC 220, income statement",
    "higher",
)
COVER = Definition(
    "debt_service_cover",
    "Debt service cover",
    "x",
    "Net operating income (revenue less expenses before interest, depreciation and amortisation) divided by debt "
    "service (interest expense and principal repaid; new loans offset none of it), over the latest complete months; "
    "n/a without debt service; not evaluable where debt is owed whose interest has no account of its own.",
    "OCC Comptroller's Handbook, Commercial Real Estate Lending: debt service coverage ratio",
    "higher",
)


@metric(
    GROSS_MARGIN,
    CONTRIBUTION,
    EBITDA,
    OPERATING_INCOME,
    COVER,
    needs={**NEEDS, "param": ("param", "value")},
)
def margin_ratio_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sums = book(context)
    repayments = principal_repaid(context) if "subtype" in context.table("account").columns else {}
    for entity in sums.entities:
        complete = sums.complete(entity, context)
        months = window(complete, size.whole)
        if months is None:
            found = dict.fromkeys(
                ("gross_margin", "contribution_ratio", "ebitda_margin", "operating_income", "debt_service_cover"),
                (too_few(len(complete), size.whole), 0),
            )
        else:
            inside = sums.cells["month"].isin([as_index(month) for month in months])
            repaid = sum((repayments.get((entity, month), Sum()) for month in months), Sum())
            found = _margins(sums, entity, inside, repaid)
        for metric_id, (measure, used) in found.items():
            yield context.fact(metric_id, measure, inputs={"ledger": used}, entity_id=entity, assumed=size.assumed)


def _margins(sums: Book, entity: str, inside: pd.Series[bool], repaid: Sum) -> dict[str, tuple[Measure, int]]:
    expense = inside & sums.of_type("expense")
    revenue = -sums.total(inside & sums.of_type("revenue"), entity)

    def share(cost: Sum, of: Sum) -> tuple[Measure, int]:
        return ratio(of.cents - cost.cents, of.cents, NO_REVENUE), of.lines + cost.lines

    def gross() -> tuple[Measure, int]:
        return share(sums.total(expense & (sums.attribute("function") == "cogs"), entity), revenue)

    def contribution() -> tuple[Measure, int]:
        return share(sums.total(expense & (sums.attribute("cost_behaviour") == "variable"), entity), revenue)

    def trading() -> tuple[pd.Series[bool], Sum]:
        operating = sums.attribute("function") != "nonop"
        return operating, -sums.total(inside & operating & sums.of_type("revenue"), entity)

    def ebitda() -> tuple[Measure, int]:
        operating, traded = trading()
        left_out = sums.attribute("subtype").isin((*DEPRECIATION, *INTEREST))
        return share(sums.total(expense & operating & ~left_out, entity), traded)

    def operating_income() -> tuple[Measure, int]:
        operating, traded = trading()
        running = sums.total(expense & operating, entity)
        return Measure(traded.cents - running.cents), traded.lines + running.lines

    def cover() -> tuple[Measure, int]:
        return _cover(sums, entity, inside, revenue, repaid)

    return {
        "gross_margin": _told(gross),
        "contribution_ratio": _told(contribution),
        "ebitda_margin": _told(ebitda),
        "operating_income": _told(operating_income),
        "debt_service_cover": _told(cover),
    }


def _told(work: Callable[[], tuple[Measure, int]]) -> tuple[Measure, int]:
    """Each ratio stands alone: a column of the chart that one lacks is no reason to withhold the others."""
    try:
        return work()
    except MissingInputError as missing:
        return not_evaluable(str(missing)), 0


def principal_repaid(context: Context) -> Monthly:
    """Principal repaid by entity and month: debits on accounts of debt, whatever is borrowed in other transactions.

    Within a transaction debts are netted, so that a loan that replaces another, or moves to a current portion, is none.
    """
    accounts = context.table("account", *NEEDS["account"], "subtype")
    owed = accounts.loc[(accounts["type"] == "liability") & accounts["subtype"].isin(DEBT), "account"]
    return paid_out(context, set(owed), sign=-1)


def _cover(sums: Book, entity: str, inside: pd.Series[bool], revenue: Sum, repaid: Sum) -> tuple[Measure, int]:
    subtype = sums.attribute("subtype")
    expense = inside & sums.of_type("expense")
    lent = subtype.isin(INTEREST)
    interest = sums.total(expense & lent, entity)
    cost = sums.total(expense & ~lent & ~subtype.isin(DEPRECIATION), entity)
    service = interest.cents + repaid.cents
    lines = revenue.lines + cost.lines + interest.lines + repaid.lines
    if service <= 0:
        owed = sums.total(sums.of_type("liability") & subtype.isin(DEBT), entity)
        if owed.cents < 0:
            return not_evaluable("debt is owed, but no account of subtype interest says what it costs"), lines
        return not_applicable("no debt service in the window"), lines
    return ratio(revenue.cents - cost.cents, service, ""), lines
