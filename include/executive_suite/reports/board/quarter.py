"""The quarter that a board pack is about: what readers call it, and monthly figures added up over it."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.dataset.group import Quarter, quarter_before
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

YEAR = 4
"""Quarters."""


def latest(s: Selection) -> Quarter:
    """The latest quarter of the fiscal year that has ended at the report date."""
    return quarter_before(s.figures.report_date, s.year.first.month)


def compared(s: Selection) -> tuple[Quarter, Quarter, Quarter]:
    """The latest quarter, the one before it, and the same one a year earlier."""
    now = latest(s)
    return now, now.back(1), now.back(YEAR)


def named(quarter: Quarter) -> str:
    """A quarter by its months, so that nobody has to know when the fiscal year begins: "Jan\u2013Mar 2026"."""
    first, *_, last = quarter.months
    begins = formats.month_name(str(first)) if first.year == last.year else formats.month(str(first))
    return say("{begins}\u2013{ends}", begins=begins, ends=formats.month(str(last)))


def facts(s: Selection, metric_id: str, quarter: Quarter, entity_id: str = GROUP) -> tuple[Fact, ...]:
    """The three monthly facts of a quarter; one without a value where the run has none."""
    return tuple(s.fact(metric_id, entity_id, str(month)) for month in quarter.months)


def total(s: Selection, metric_id: str, quarter: Quarter, entity_id: str = GROUP) -> int | None:
    """A monthly flow over a quarter, cents; None if one of the months has no value."""
    known = facts(s, metric_id, quarter, entity_id)
    return sum(map(cents, known)) if all(fact.number is not None for fact in known) else None
