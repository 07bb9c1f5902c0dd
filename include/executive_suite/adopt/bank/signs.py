"""Whether an amount is money received or paid, and in which order rows stand: proven by the balance after each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

LEAST = Decimal("0.8")
"""The part of the steps from one balance to the next that must hold."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row as a bank states it.

    Attributes:
        row: As a spreadsheet counts.
        day: As booked.
        amount: As written, or credit less debit.
        balance: After it; None if not stated.
    """

    row: int
    day: date
    amount: Decimal
    balance: Decimal | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What the balances prove.

    Attributes:
        sign: 1 if a positive amount adds to the balance, -1 if it is taken off.
        upward: Whether the newest row comes first.
        breaks: Rows before which, in order of time, something is missing: the balance does not follow.
    """

    sign: int
    upward: bool
    breaks: tuple[int, ...] = ()


def proven(steps: Sequence[Step]) -> Proof | None:
    """Which sign and which order the balances prove; None if they do not run with the amounts.

    >>> day = date(2025, 1, 2)
    >>> spent = [Step(2, day, Decimal(30), Decimal(70)), Step(3, day, Decimal(20), Decimal(50))]
    >>> proven([Step(1, day, Decimal(5), Decimal(100)), *spent])
    Proof(sign=-1, upward=False, breaks=())
    """
    pairs = [(one, other) for one, other in pairwise(steps) if one.balance is not None and other.balance is not None]
    if not pairs or all(one.balance == other.balance for one, other in pairs):
        return None
    best: tuple[int, Proof] | None = None
    for upward in _orders(steps):
        for sign in (1, -1):
            breaks = tuple(
                (one if upward else other).row for one, other in pairs if not _follows(one, other, sign, upward)
            )
            held = len(pairs) - len(breaks)
            if best is None or held > best[0]:
                best = held, Proof(sign, upward, breaks)
    return best[1] if best and best[0] >= LEAST * len(pairs) else None


def _follows(one: Step, other: Step, sign: int, upward: bool) -> bool:  # noqa: FBT001 - one of two orders
    earlier, later = (other, one) if upward else (one, other)
    assert earlier.balance is not None  # noqa: S101 - for the type checker
    return later.balance == earlier.balance + sign * later.amount


def upward(steps: Sequence[Step]) -> bool:
    """Whether the newest row comes first, by the days alone."""
    return _orders(steps)[0]


def _orders(steps: Sequence[Step]) -> tuple[bool, ...]:
    days = [step.day for step in steps]
    falls, rises = (any(after < before for before, after in pairwise(one)) for one in (days, days[::-1]))
    if falls and not rises:
        return (True,)
    return (False,) if rises and not falls else (False, True)
