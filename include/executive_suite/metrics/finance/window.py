"""The latest complete months of an entity, and figures over them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import NOTHING, Mask, MonthlySums, Sum, book
from executive_suite.period import Month

SIZE = "burn_window_months"


@dataclass(frozen=True)
class Window:
    """The latest complete months of an entity, and figures over them.

    Attributes:
        context: The run.
        entity_id: Whose.
        months: Oldest first; none if there are too few: then all sums are zero.
        missing: Why there are none, or None.
        assumed: Whether the number of months is marked ``assumed``.
    """

    context: Context
    entity_id: str
    months: tuple[Month, ...] = ()
    missing: Measure | None = None
    assumed: bool = False

    @functools.cached_property
    def inside(self) -> Mask:
        """Which cells of the book lie in the months; the group's without those of entities that have left it."""
        sums = book(self.context)
        here = sums.within(self.months)
        return here & sums.going_on if self.entity_id == GROUP else here

    def of(self, series: MonthlySums) -> list[Sum]:
        """The sum of each month."""
        return [series[self.entity_id, month] for month in self.months]

    def revenue(self, *chosen: Mask) -> Sum:
        """Revenue on the cells that all masks choose."""
        return -self._of_type("revenue", *chosen)

    def expense(self, *chosen: Mask) -> Sum:
        """Expense on the cells that all masks choose."""
        return self._of_type("expense", *chosen)

    def _of_type(self, kind: str, *chosen: Mask) -> Sum:
        sums = book(self.context)
        return sums.total(np.logical_and.reduce((self.inside, sums.of_type(kind), *chosen)), self.entity_id)

    def fact(self, metric_id: str, measure: Measure, *behind: Sum, **dimensions: str) -> Fact:
        """A figure of the months, or why there are too few, with the sums behind it."""
        return self.context.fact(
            metric_id,
            self.missing or measure,
            inputs={"ledger": behind or NOTHING},
            entity_id=self.entity_id,
            assumed=self.assumed,
            **dimensions,
        )


def latest(context: Context, entity_id: str, count: int, *, assumed: bool = False) -> Window:
    """The latest ``count`` complete months of an entity, or why there are too few; an entity that left has none."""
    if entity_id in (left := book(context).ended):
        gone = not_applicable(f"left the group on {left[entity_id].isoformat()}")
        return Window(context, entity_id, missing=gone, assumed=assumed)
    complete = book(context).complete(entity_id, context)
    if len(complete) < count:
        return Window(context, entity_id, missing=too_few(len(complete), count), assumed=assumed)
    return Window(
        context, entity_id, complete[-count:], _unknown(context, entity_id, complete[-count:]), assumed=assumed
    )


def _unknown(context: Context, entity_id: str, months: Collection[Month]) -> Measure | None:
    """Why profit and burn of some months cannot be known: lines of theirs wait to be classified."""
    reason = unclassified.why(context, entity_id, months) if unclassified.waiting(context) else ""
    return not_evaluable(reason) if reason else None


def window(context: Context, entity_id: str = GROUP) -> Window:
    """As many of the latest complete months of an entity as param burn_window_months states."""
    size = param(context, SIZE)
    return latest(context, entity_id, size.whole, assumed=size.assumed)


def windows(context: Context) -> Iterator[Window]:
    """The ``window`` of the group and of every entity with postings."""
    return (window(context, entity) for entity in book(context).entities)


def too_few(have: int, need: int) -> Measure:
    """Not evaluable, because the books cover fewer months than the window has."""
    return not_evaluable(f"books cover {have} complete {'month' if have == 1 else 'months'}, {need} needed")
