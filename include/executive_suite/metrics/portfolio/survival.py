"""How long clients stay: the Kaplan-Meier estimate, exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def kaplan_meier(times: Sequence[int], lost: Sequence[bool]) -> tuple[tuple[int, Fraction], ...]:
    """The share that survives beyond each time at which somebody was lost.

    Args:
        times: How long each was seen, any unit.
        lost: Whether it was lost then (True) or was still there (False: censored; counted at risk at that time).

    Returns:
        Time and survival, in order of time; empty when nobody was lost.

    Raises:
        ValueError: the two differ in length.

    Source: Kaplan and Meier, JASA 53 (1958) 457-481.

    >>> kaplan_meier([1, 2, 3, 4], [True, False, True, True])
    ((1, Fraction(3, 4)), (3, Fraction(3, 8)), (4, Fraction(0, 1)))
    """
    if len(times) != len(lost):
        msg = f"expected as many times as outcomes, got {len(times)} and {len(lost)}"
        raise ValueError(msg)
    survival = Fraction(1)
    steps = []
    for time in sorted({t for t, gone in zip(times, lost, strict=True) if gone}):
        at_risk = sum(1 for t in times if t >= time)
        losses = sum(1 for t, gone in zip(times, lost, strict=True) if gone and t == time)
        survival *= Fraction(at_risk - losses, at_risk)
        steps.append((time, survival))
    return tuple(steps)


def surviving(steps: Sequence[tuple[int, Fraction]], time: int) -> Fraction:
    """The estimated share that survives beyond ``time``.

    >>> surviving(kaplan_meier([1, 2, 3, 4], [True, False, True, True]), 3)
    Fraction(3, 8)
    """
    reached = [survival for at, survival in steps if at <= time]
    return reached[-1] if reached else Fraction(1)
