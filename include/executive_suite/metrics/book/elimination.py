"""Elimination: the ledger lines that count in an entity's own figures and in no figure of the group.

One idea for revenue, expenses, balances and burn alike: a line between two entities of the group is not the group's,
and what one of them paid to somebody outside is, whoever of them booked it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book.bills import bills
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.named import Between, between_entities
from executive_suite.metrics.book.sums import Flags, among


@per_context
def eliminated(context: Context) -> Between:
    """The lines that no figure of the group counts.

    Those between its entities, but for revenue and expenses on which one of them booked what another paid for it or
    received for it; and those of entities that had left it.
    """
    found, outside = between_entities(context), bills(context).outside
    return replace(found, lines=found.lines[~among(found.lines, outside)]) if len(outside) else found


def counted(context: Context) -> Flags:
    """Which ledger lines on accounts other than cash count in the figures of the group."""
    gone, found = eliminated(context), np.ones(len(lines(context).cents), dtype=bool)
    found[gone.lines] = found[gone.left] = False
    return found
