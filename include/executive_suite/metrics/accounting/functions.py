"""Expenses by function and by nature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts import Fact
from executive_suite.metrics.definition import Definition, Measure
from executive_suite.metrics.finance.book import NEEDS, Sum, book
from executive_suite.metrics.finance.burn import too_few, window
from executive_suite.metrics.finance.measures import ratio
from executive_suite.metrics.finance.months import as_index
from executive_suite.metrics.finance.parameters import param
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

UNCATEGORISED = "uncategorised"

BY_FUNCTION = Definition(
    "expense_by_function",
    "Expenses by function",
    "cents",
    "Expenses of the latest complete months (param burn_window_months) by the function of their account: cost of "
    "sales, sales and marketing, general and administration, research and development, non-operating; expense on "
    "accounts without a function is shown as uncategorised. Undivided: all expenses of the window.",
    "ASC 220-40, disaggregation of income statement expenses, as a model",
    "lower",
)
BY_NATURE = Definition(
    "expense_by_nature",
    "Expenses by nature",
    "cents",
    "Expenses of the latest complete months (param burn_window_months) by account.",
    "ASC 220-40, disaggregation of income statement expenses, as a model",
    "lower",
)
SHARE = Definition(
    "expense_share_of_revenue",
    "Expenses as a share of revenue",
    "ratio",
    "Expenses of a function in the latest complete months divided by the revenue of the same months; n/a without "
    "revenue.",
    "Common-size income statement",
    "lower",
)


def within(cells: pd.DataFrame, months: Sequence[Month]) -> pd.Series[bool]:
    """Which cells of a book lie in these months."""
    return cells["month"].isin([as_index(month) for month in months])


@metric(BY_FUNCTION, BY_NATURE, SHARE, needs={**NEEDS, "param": ("param", "value")})
def function_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    sums = book(context)
    for entity in sums.entities:
        complete = sums.complete(entity, context)
        months = window(complete, size.whole)
        if months is None:
            missing = too_few(len(complete), size.whole)
            for metric_id in ("expense_by_function", "expense_by_nature", "expense_share_of_revenue"):
                yield context.fact(metric_id, missing, inputs={"ledger": 0}, entity_id=entity, assumed=size.assumed)
            continue
        yield from _entity(context, entity, within(sums.cells, months), assumed=size.assumed)


def _entity(context: Context, entity: str, inside: pd.Series[bool], *, assumed: bool) -> Iterator[Fact]:
    sums = book(context)
    expense = inside & sums.of_type("expense")
    revenue = -sums.total(inside & sums.of_type("revenue"), entity)
    function = sums.cells["function"].replace({"": UNCATEGORISED, "na": UNCATEGORISED})
    parts: list[tuple[str, dict[str, str], Sum]] = [("expense_by_function", {}, sums.total(expense, entity))]
    parts += [
        ("expense_by_function", {"function": name}, sums.total(expense & (function == name), entity))
        for name in sorted({*function[expense], UNCATEGORISED})
    ]
    parts.append(("expense_by_nature", {}, parts[0][2]))
    parts += [("expense_by_nature", {"account": account}, own) for account, own in sums.by("account", expense, entity)]
    for metric_id, dimensions, value in parts:
        yield context.fact(
            metric_id,
            Measure(value.cents),
            inputs={"ledger": value.lines},
            entity_id=entity,
            assumed=assumed,
            **dimensions,
        )
        if metric_id == "expense_by_function":
            yield context.fact(
                "expense_share_of_revenue",
                ratio(value.cents, revenue.cents, "no revenue in the window"),
                inputs={"ledger": value.lines + revenue.lines},
                entity_id=entity,
                assumed=assumed,
                **dimensions,
            )
