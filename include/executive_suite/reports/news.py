"""Verdicts on figures: the same on page one, in the table of changes and in every other table.

A check mark has to be earned by meeting a target: that expenses fell, or a rate rose, may just mean that sales stopped.
"""

from __future__ import annotations

from decimal import Decimal

from executive_suite.facts.definition import definition_of
from executive_suite.rendering.blocks import Tone


def moved(metric_id: str, difference: Decimal | int) -> Tone:
    """The verdict on a change: watch, if it is for the worse; no other earns a mark."""
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
