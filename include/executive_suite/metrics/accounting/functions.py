"""Expenses by function and by nature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, Book, Mask, book
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.registry import metric

UNCATEGORISED = "uncategorised"
NO_FUNCTION = ("", "na")

_Part = tuple[str, Mapping[str, str], Measure, int]
"""Metric, dimensions, measure, and how many ledger lines are behind it."""


NEEDS_WINDOW = {**NEEDS, "param": ("param", "value")}


@metric(
    "expense_by_function",
    "expense_share_of_revenue",
    needs={**NEEDS_WINDOW, "account": (*NEEDS["account"], "function")},
)
def _by_function(context: Context) -> Iterator[Fact]:
    yield from _of_window(context, ("expense_by_function", "expense_share_of_revenue"), _functions)


@metric("expense_by_nature", needs=NEEDS_WINDOW)
def _by_nature(context: Context) -> Iterator[Fact]:
    yield from _of_window(context, ("expense_by_nature",), _natures)


def _functions(sums: Book, entity: str, inside: Mask) -> Iterator[_Part]:
    expense = inside & sums.of_type("expense")
    revenue = -sums.total(inside & sums.of_type("revenue"), entity)
    names = {name for name, _ in sums.by("function", expense)}.difference(NO_FUNCTION)
    masks = {"": expense, UNCATEGORISED: expense & sums.having("function", *NO_FUNCTION)}
    for name, chosen in (masks | {name: expense & sums.having("function", name) for name in names}).items():
        dimensions = {"function": name} if name else {}
        value = sums.total(chosen, entity)
        share = ratio(value.cents, revenue.cents, "no revenue in the window")
        yield "expense_by_function", dimensions, Measure(value.cents), value.lines
        yield "expense_share_of_revenue", dimensions, share, value.lines + revenue.lines


def _natures(sums: Book, entity: str, inside: Mask) -> Iterator[_Part]:
    expense = inside & sums.of_type("expense")
    whole = sums.total(expense, entity)
    yield "expense_by_nature", {}, Measure(whole.cents), whole.lines
    for account, own in sums.by("account", expense, entity):
        yield "expense_by_nature", {"account": account}, Measure(own.cents), own.lines


def _of_window(
    context: Context, metric_ids: Sequence[str], parts: Callable[[Book, str, Mask], Iterator[_Part]]
) -> Iterator[Fact]:
    """The facts of some metrics over the latest complete months of each entity; or why there are too few."""
    sums = book(context)
    for entity in sums.entities:
        latest = window(context, entity)
        found: Iterable[_Part] = (
            [(metric_id, {}, latest.missing, 0) for metric_id in metric_ids]
            if latest.missing
            else parts(sums, entity, sums.within(latest.months))
        )
        for metric_id, dimensions, measure, used in found:
            inputs, assumed = {"ledger": used}, latest.assumed
            yield context.fact(metric_id, measure, inputs=inputs, entity_id=entity, assumed=assumed, **dimensions)
