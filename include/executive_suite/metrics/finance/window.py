"""The latest complete months, which means and sums are taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.book.book import book
from executive_suite.period import Month

SIZE = "burn_window_months"


@dataclass(frozen=True, slots=True)
class Window:
    """The latest complete months of an entity.

    Attributes:
        months: Oldest first; none if there are too few.
        missing: Why there are none, or None.
        assumed: Whether the number of months is marked ``assumed``.
    """

    months: tuple[Month, ...]
    missing: Measure | None = None
    assumed: bool = False


def latest(complete: Sequence[Month], count: int, *, assumed: bool = False) -> Window:
    """The latest ``count`` of the complete months, or why there are too few."""
    if len(complete) < count:
        return Window((), too_few(len(complete), count), assumed)
    return Window(tuple(complete[-count:]), None, assumed)


def window(context: Context, entity_id: str = GROUP) -> Window:
    """The latest complete months of an entity since its first posting, as many as param burn_window_months states.

    Raises:
        MissingInputError: the parameter has no value, or ledger, account or one of their columns is absent.
    """
    size = param(context, SIZE)
    return latest(book(context).complete(entity_id, context), size.whole, assumed=size.assumed)


def too_few(have: int, need: int) -> Measure:
    """Not evaluable, because the history is shorter than the window."""
    months = "complete month" if have == 1 else "complete months"
    return not_evaluable(f"{have} {months} with postings begun, {need} needed")
