"""Actual against budget, by line and month."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends, fiscal_year
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.income import income_statement
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.amounts import stated
from executive_suite.metrics.book.book import NEEDS, MonthlySums, Part, Sum, chart
from executive_suite.metrics.book.kinds import intercompany_accounts
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month

NEEDS_BUDGET: Mapping[str, tuple[str, ...]] = {
    "budget": ("entity_id", "month", "account", "amount_cents", "version"),
    "account": NEEDS["account"],
}


_SIDES = {"revenue": "credit", "expense": "debit"}


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of versions: numbers by size, before words by letter.

    >>> sorted(["v10", "v9", "2026-02", "2025-11"], key=version_key)
    ['2025-11', '2026-02', 'v9', 'v10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", version)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


@per_context
def budget_rows(context: Context) -> tuple[Any, ...]:
    """The rows of the budget in their latest version by name, version 10 after version 9."""
    rows = context.rows("budget", *NEEDS_BUDGET["budget"])
    keys = {version: version_key(version) for version in {row.version for row in rows}}
    ordered = sorted(rows, key=lambda row: keys[row.version])
    latest = tuple({(row.entity_id, row.month, row.account): row for row in ordered}.values())
    _refuse_ledger_sign(context, latest)
    return latest


def _refuse_ledger_sign(context: Context, rows: Iterable[Any]) -> None:
    """Refuse a budget whose revenue or expense is negative: in ledger sign, or that of cash, variances would mislead.

    An account against its type's side, such as sales discounts, may be negative.

    Raises:
        MissingInputError: it is; the message names the account.
    """
    planned: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        planned[row.entity_id, row.account] += row.amount_cents
    for (entity, account), cents in sorted(planned.items()):
        charted = chart(context).get(account)
        if charted is not None and cents < 0 and charted.text("normal_side") in ("", _SIDES.get(charted.type)):
            msg = (
                f"the budget of {entity} for account {account} is negative ({stated(context, cents)}); "
                "budgets are positive, revenue and expenses alike"
            )
            raise MissingInputError(msg)


def counts_for_group(context: Context, row: Any) -> bool:
    """Whether a row of the budget is the group's: not of an entity that has left by then, nor between entities."""
    left = ends(context).get(row.entity_id)
    return (left is None or row.month <= left) and row.account not in intercompany_accounts(context)


@per_context
def budget(context: Context) -> Mapping[str, MonthlySums]:
    """Budgeted revenue, expenses and net income by entity and month, the group's among them.

    Amounts are positive on revenue and on expense accounts. The group's are without accounts between its entities.
    """
    types, found = chart(context), {"revenue": MonthlySums(), "expense": MonthlySums()}
    for row in budget_rows(context):
        charted = types.get(row.account)
        if charted is not None and charted.type in found:
            amount, month = Sum(row.amount_cents, 1, (Part("rows", partial(_only, row)),)), Month.of(row.month)
            for entity in {row.entity_id, *([GROUP] if counts_for_group(context, row) else [])}:
                found[charted.type][entity, month] += amount
    revenue, expenses = found["revenue"], found["expense"]
    return {"revenue": revenue, "expenses": expenses, "net_income": revenue + -expenses}


def _only(row: Any, _: Context) -> tuple[Any, ...]:
    return (row,)


def verdict(line: str, variance: int) -> str:
    """Whether a variance is good news.

    >>> verdict("expenses", 100), verdict("revenue", 100), verdict("revenue", 0)
    ('unfavourable', 'favourable', 'on budget')
    """
    if variance == 0:
        return "on budget"
    return "favourable" if (variance > 0) != (line == "expenses") else "unfavourable"


NOTHING_BUDGETED = "nothing budgeted"
_QUALIFIERS = {"favourable": Qualifier(Why.FAVOURABLE), "unfavourable": Qualifier(Why.UNFAVOURABLE)}


@metric("fiscal_year", needs={"entity": ("entity_id",)})
def _year(context: Context) -> Iterator[Fact]:
    first = fiscal_year(context, context.report_date).first.first
    yield context.fact("fiscal_year", Measure(first.isoformat()), inputs={"entity": context.rows("entity")})


@metric("budget_amount", "budget_variance", "budget_variance_share", needs={**NEEDS, **NEEDS_BUDGET})
def _against_budget(context: Context) -> Iterator[Fact]:
    planned, actual = budget(context), income_statement(context)
    last = last_complete_month(context.report_date)
    for entity in {entity for entity, _ in planned["net_income"]}:
        months = sorted(month for whose, month in planned["net_income"] if whose == entity)
        first = fiscal_year(context, last.first).first
        for line, dimensions in (
            ("revenue", {"line": "revenue"}),
            ("expenses", {"line": "expenses"}),
            ("net_income", {}),
        ):
            plans, made = planned[line], actual[line]
            about: dict[str, Any] = {"entity_id": entity, **dimensions}
            lacking = {month: _unbudgeted(planned, actual, entity, month, line) for month in months}
            for month in months:
                plan, period = plans[entity, month], str(month)
                inputs = {"budget": plan}
                amount = Measure(plan.cents) if plan.lines else not_applicable(NOTHING_BUDGETED)
                yield context.fact("budget_amount", amount, inputs=inputs, period=period, **about)
                if month <= last:
                    cell = made[entity, month]
                    yield from _variance(context, line, plan, cell, lacking[month], period=period, **about)
            year = [month for month in months if first <= month <= last and not lacking[month]]
            why = "" if year else "no complete month of the year is budgeted"
            yield from _variance(context, line, plans.over(entity, year), made.over(entity, year), why, **about)


def _unbudgeted(
    planned: Mapping[str, MonthlySums], actual: Mapping[str, MonthlySums], entity: str, month: Month, line: str
) -> str:
    """Why actual and budget of a month are not comparable: a part of the actual has no budget. Empty if they are."""
    parts = ("revenue", "expenses") if line == "net_income" else (line,)
    if not any(planned[part][entity, month].lines for part in parts):
        return NOTHING_BUDGETED
    for part in parts:
        made, plan = actual[part], planned[part]
        owners = {whose for whose, when in made if when == month and whose != GROUP} if entity == GROUP else {entity}
        bare = sorted(whose for whose in owners if made[whose, month].cents and not plan[whose, month].lines)
        if bare and (line == "net_income" or entity == GROUP):
            return f"no {part} budgeted for {', '.join(bare)}" if entity == GROUP else f"no {part} budgeted"
    return ""


def _variance(context: Context, name: str, plan: Sum, actual: Sum, lacking: str, **about: Any) -> Iterator[Fact]:
    """By how much a line missed its budget, in cents and as a share; or why there is no comparison."""
    difference = actual.cents - plan.cents
    judged = verdict(name, difference)
    variance = Measure(difference, reason=judged, qualifier=_QUALIFIERS.get(judged))
    yield from context.facts(
        {
            "budget_variance": not_applicable(lacking) if lacking else variance,
            "budget_variance_share": not_applicable(lacking)
            if lacking
            else ratio(difference, abs(plan.cents), NOTHING_BUDGETED),
        },
        inputs={"budget": plan, "ledger": actual},
        **about,
    )
