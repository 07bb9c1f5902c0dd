"""The verdict on a figure: one answer for page one, for the table of changes and for every other table.

A check mark has to be earned by meeting a target: that expenses fell, or a rate rose, may just mean that sales stopped.
"""

from __future__ import annotations

from decimal import Decimal

from executive_suite.facts.definition import definition_of
from executive_suite.rendering.blocks import Tone


def moved(metric_id: str, difference: Decimal | int) -> Tone:
    """The verdict on a change: one for the worse is to be watched; no other earns a mark."""
    better = definition_of(metric_id).better
    if difference == 0 or better == "neither":
        return "neutral"
    return "neutral" if (difference > 0) == (better == "higher") else "watch"


def against(metric_id: str, difference: Decimal | int, *, missed: Tone = "act") -> Tone:
    """The verdict on a figure that differs from its target: fine if it meets it, else ``missed``."""
    better = definition_of(metric_id).better
    if better == "neither":
        return "neutral"
    return "fine" if difference == 0 or (difference > 0) == (better == "higher") else missed
