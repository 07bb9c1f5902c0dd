"""How a figure and its change are called, wherever two values of it are compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact, Value, number_of
from executive_suite.reports.selection import Selection


def label(s: Selection, fact: Fact) -> str:
    """A figure's name, and what divides it."""
    try:
        name = definition_of(fact.metric_id).name
    except KeyError:  # of a metric that there is no longer
        name = fact.metric_id.replace("_", " ")
    parts = [_part(s.label(kind, key)) for kind, key in sorted(fact.dimensions.items()) if key]
    return ", ".join((name, *parts))


def _part(words: str) -> str:
    """What divides a figure: a day as people write it, an id with blanks."""
    try:
        return formats.day(date.fromisoformat(words))
    except ValueError:
        return words.replace("_", " ")


def change(then: Value | None, now: Value | None, unit: str) -> str:
    """How much a value moved, with its sign; a word where that is no number."""
    one, other = number_of(then, unit), number_of(now, unit)
    if one is not None and other is not None:
        return formats.difference(Decimal(other) - Decimal(one), unit)
    return "new" if then is None else "no longer" if now is None else "changed"
