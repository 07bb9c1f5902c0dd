"""Heads and sums that the sections of the accounting report share."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Column
from executive_suite.reports.selection import Selection

MONTHS = 6
"""Complete months that the statements of this report take together."""


def columns(*heads: str, text: Sequence[int] = (0,)) -> tuple[Column, ...]:
    """Heads of a table; those whose place is in ``text`` stand left, the others right."""
    return tuple(Column(head, "left" if place in text else "right") for place, head in enumerate(heads))


def summed(s: Selection, metric_id: str, entity_id: str = GROUP) -> Cell:
    """Monthly money over the latest complete months, as a cell."""
    cents = sum(f.value for f in s.months(metric_id, MONTHS, entity_id) if isinstance(f.value, int))
    return Cell(formats.money(cents), cents, "money", metric_id=metric_id)


def cents(fact: Fact) -> int:
    """The amount of a fact; 0 when it has none."""
    return fact.value if isinstance(fact.value, int) else 0
