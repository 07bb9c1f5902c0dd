"""Actual against budget, by line and month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, Sum, as_month, book, month_index
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

Budget = Mapping[tuple[str, Month, str], Sum]

LINES = ("revenue", "expenses", "net_income")

VARIANCE = Definition(
    "budget_variance",
    "Budget variance",
    "cents",
    "Actual less budget of a complete month, or of the year's complete months at the report date. The undivided figure "
    "is net income's; revenue and expenses stand beside it. More revenue or income than planned is favourable, more "
    "expense unfavourable. The latest budget version counts.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 7.4",
    "higher",
)
SHARE = Definition(
    "budget_variance_share",
    "Budget variance as a share of budget",
    "ratio",
    "Budget variance divided by the budget's amount without its sign; n/a when nothing was budgeted.",
    "OpenStax, Principles of Accounting 2: Managerial Accounting, 7.4",
    "higher",
)
BUDGET = Definition(
    "budget_amount",
    "Budget",
    "cents",
    "Budgeted revenue, expenses and net income (the undivided figure) of a month; the latest version counts.",
    "Budget table",
)

NEEDS_BUDGET: Mapping[str, tuple[str, ...]] = {
    "budget": ("entity_id", "month", "account", "amount_cents", "version"),
    "account": NEEDS["account"],
}


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """What versions are ordered by: numbers by size, before words by letter.

    >>> sorted(["v10", "v9", "2026-02", "2025-11"], key=version_key)
    ['2025-11', '2026-02', 'v9', 'v10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def latest_budget(context: Context) -> pd.DataFrame:
    """The rows of the budget; of several versions of a row the last by name, version 10 after version 9.

    Raises:
        MissingInputError: budget or a column is absent.
    """
    rows = context.table("budget", *NEEDS_BUDGET["budget"])
    names = sorted(rows["version"].astype("str").unique(), key=version_key)
    place = rows["version"].map({name: number for number, name in enumerate(names)})
    kept = rows.iloc[place.argsort(kind="stable")]
    return kept.drop_duplicates(["entity_id", "month", "account"], keep="last")


def budget(context: Context) -> Budget:
    """Budgeted revenue, expenses and net income by entity, month and line, the group's among them.

    Amounts are positive on revenue and on expense accounts.

    Raises:
        MissingInputError: budget or account is absent.
    """
    rows = latest_budget(context)
    kinds = context.table("account").drop_duplicates("account").set_index("account")["type"]
    kind = rows["account"].map(kinds)
    found: dict[tuple[str, Month, str], Sum] = {}
    months = month_index(rows["month"])
    for entity, index, sort, cents in zip(rows["entity_id"], months, kind, rows["amount_cents"], strict=True):
        if sort not in ("revenue", "expense"):
            continue
        line = "revenue" if sort == "revenue" else "expenses"
        sign = 1 if sort == "revenue" else -1
        for who in {str(entity), GROUP}:
            for name, value in ((line, int(cents)), ("net_income", sign * int(cents))):
                key = (who, as_month(int(index)), name)
                found[key] = found.get(key, Sum()) + Sum(value, 1)
    return found


def verdict(line: str, variance: int) -> str:
    """Whether a variance is good news.

    >>> verdict("expenses", 100), verdict("revenue", 100), verdict("revenue", 0)
    ('unfavourable', 'favourable', 'on budget')
    """
    if variance == 0:
        return "on budget"
    return "favourable" if (variance > 0) != (line == "expenses") else "unfavourable"


_QUALIFIERS = {"favourable": Qualifier(Why.FAVOURABLE), "unfavourable": Qualifier(Why.UNFAVOURABLE)}


@metric(BUDGET, VARIANCE, SHARE, needs={**NEEDS, **NEEDS_BUDGET})
def variance_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    planned = budget(context)
    sums = book(context)
    revenue = sums.monthly(sums.of_type("revenue"))
    expenses = sums.monthly(sums.of_type("expense"))
    last = last_complete_month(context.report_date)
    year = Month(last.year, 1)
    for entity in sorted({key[0] for key in planned}):
        to_date: dict[str, tuple[Sum, Sum]] = {}
        for month in sorted({key[1] for key in planned if key[0] == entity}):
            sales = -revenue.get((entity, month), Sum())
            costs = expenses.get((entity, month), Sum())
            for line, actual in (("revenue", sales), ("expenses", costs), ("net_income", sales + -costs)):
                plan = planned.get((entity, month, line), Sum())
                yield context.fact(
                    "budget_amount",
                    Measure(plan.cents),
                    inputs={"budget": plan.lines},
                    entity_id=entity,
                    period=str(month),
                    assumed=False,
                    **_dimensions(line),
                )
                if month > last:
                    continue
                yield from _variance(context, entity, str(month), line, plan=plan, actual=actual)
                if month >= year:
                    before = to_date.get(line, (Sum(), Sum()))
                    to_date[line] = (before[0] + plan, before[1] + actual)
        for line in LINES:
            if line in to_date:
                yield from _variance(context, entity, "", line, plan=to_date[line][0], actual=to_date[line][1])
            else:
                nothing = not_applicable("no complete month of the year is budgeted")
                for metric_id in ("budget_variance", "budget_variance_share"):
                    yield context.fact(
                        metric_id, nothing, inputs={"budget": 0}, entity_id=entity, assumed=False, **_dimensions(line)
                    )


def _variance(  # noqa: PLR0913 - one argument for each part of the figure
    context: Context, entity: str, period: str, line: str, *, plan: Sum, actual: Sum
) -> Iterator[Fact]:
    difference = actual.cents - plan.cents
    inputs = {"budget": plan.lines, "ledger": actual.lines}
    share = ratio(difference, abs(plan.cents), "nothing budgeted")
    for metric_id, measure in (
        (
            "budget_variance",
            Measure(difference, reason=verdict(line, difference), qualifier=_QUALIFIERS.get(verdict(line, difference))),
        ),
        ("budget_variance_share", share),
    ):
        yield context.fact(
            metric_id, measure, inputs=inputs, entity_id=entity, period=period, assumed=False, **_dimensions(line)
        )


def _dimensions(line: str) -> dict[str, str]:
    return {} if line == "net_income" else {"line": line}
