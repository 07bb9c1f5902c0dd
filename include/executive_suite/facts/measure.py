"""What a metric's pure function returns: a value, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.facts.fact import Qualifier, Status, Value


@dataclass(frozen=True, slots=True)
class Measure:
    """A value, or the reason why there is none: what a metric's pure function returns.

    Attributes:
        value: As in ``Fact``.
        status: As in ``Fact``.
        reason: For people.
        qualifier: For code that must know why; no decision rests on ``reason``.
    """

    value: Value | None
    status: Status = "ok"
    reason: str = ""
    qualifier: Qualifier | None = None


def not_applicable(reason: str) -> Measure:
    """No value, because the metric has none for this input ("cash generative")."""
    return Measure(None, "not_applicable", reason)


def not_evaluable(reason: str, qualifier: Qualifier | None = None) -> Measure:
    """No value, because an input is missing."""
    return Measure(None, "not_evaluable", reason, qualifier)


def qualified(measure: Measure, reason: str, qualifier: Qualifier | None = None) -> Measure:
    """The same measure with a further remark; a reason that it already has stays in front."""
    words = "; ".join(part for part in (measure.reason, reason) if part)
    return replace(measure, reason=words, qualifier=qualifier or measure.qualifier)
