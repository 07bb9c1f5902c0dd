"""Seeded chance: each topic has its own stream, so that a change in one never moves another."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

WHOLE_BP = 10_000


class Dice:
    """A stream of chance for one topic, the same on every machine and Python version."""

    def __init__(self, seed: str, topic: str) -> None:
        """Start the stream of ``topic``; only ``random()`` is drawn from, whose sequence Python guarantees."""
        self._random = random.Random(f"{seed}/{topic}").random

    def happens(self, share_bp: int) -> bool:
        """True in that share of cases, in basis points."""
        return self._random() * WHOLE_BP < share_bp

    def whole(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low + int(self._random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """A number between the two."""
        return low + self._random() * (high - low)

    def round_cents(self, low: int, high: int, step: int = 500) -> int:
        """An amount in cents between the two, rounded to ``step``."""
        return round(self.between(low, high) / step) * step

    def count(self, expected: float) -> int:
        """A Poisson count (Knuth's product of uniforms)."""
        limit, product, events = math.exp(-expected), self._random(), 0
        while product > limit:
            product *= self._random()
            events += 1
        return events

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: Mapping[T, int]) -> T:
        """One of the keys, as likely as its weight says."""
        point = self._random() * sum(weights.values())
        for item, weight in weights.items():
            point -= weight
            if point < 0:
                return item
        return next(reversed(list(weights)))
