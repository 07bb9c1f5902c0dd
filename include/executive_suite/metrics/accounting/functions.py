"""Expenses by function and by nature."""

from __future__ import annotations

from collections.abc import Iterator

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, book
from executive_suite.metrics.finance.window import windows
from executive_suite.metrics.registry import metric

NO_FUNCTION = ("", "na")

NEEDS_WINDOW = {**NEEDS, "param": ("param", "value")}


@metric(
    "expense_by_function",
    "expense_share_of_revenue",
    needs={**NEEDS_WINDOW, "account": (*NEEDS["account"], "function")},
    classified="window",
)
def _by_function(context: Context) -> Iterator[Fact]:
    sums = book(context)
    expense, unnamed = sums.of_type("expense"), sums.having("function", *NO_FUNCTION)
    for own in windows(context):
        revenue, spent = own.revenue(), own.inside & expense
        names = {name for whose in {GROUP, own.entity_id} for name, _ in sums.by("function", spent, whose)}
        parts = {name: sums.having("function", name) for name in names.difference(NO_FUNCTION)}
        for name, chosen in ({"": expense, "uncategorised": unnamed} | parts).items():
            if own.missing and name:
                continue
            dimensions, value = {"function": name} if name else {}, own.expense(chosen)
            share = ratio(value.cents, revenue.cents, "no revenue in the window")
            yield own.fact("expense_by_function", Measure(value.cents), value, **dimensions)
            yield own.fact("expense_share_of_revenue", share, value, revenue, **dimensions)


@metric("expense_by_nature", needs=NEEDS_WINDOW, classified="window")
def _by_nature(context: Context) -> Iterator[Fact]:
    sums = book(context)
    for own in windows(context):
        whole = own.expense()
        yield own.fact("expense_by_nature", Measure(whole.cents), whole)
        for account, part in sums.by("account", own.inside & sums.of_type("expense"), own.entity_id):
            yield own.fact("expense_by_nature", Measure(part.cents), part, account=account)
