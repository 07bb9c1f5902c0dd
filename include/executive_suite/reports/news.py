"""Whether a change is good or bad news: one answer for page one, the table of changes and every other table."""

from __future__ import annotations

from decimal import Decimal

from executive_suite.facts.definition import definition_of
from executive_suite.rendering.blocks import Tone


def tone(metric_id: str, difference: Decimal | int) -> Tone:
    """Good, bad, or neutral: nothing changed, or neither direction is better."""
    better = definition_of(metric_id).better
    if difference == 0 or better == "neither":
        return "neutral"
    return "good" if (difference > 0) == (better == "higher") else "bad"
