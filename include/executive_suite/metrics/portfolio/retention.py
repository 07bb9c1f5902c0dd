"""How recurring revenue and clients moved between two days: pure arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import ratio

NO_START = "no recurring revenue at the start"
PARTS = ("new", "reactivation", "expansion", "contraction", "paused", "churn")


@dataclass(frozen=True, slots=True)
class Movements:
    """The waterfall of recurring revenue, cents; every part is zero or more.

    Attributes:
        start: Recurring revenue on the first day.
        new: Of clients who never had any before.
        reactivation: Of clients who came back.
        expansion: What clients of the start added.
        contraction: What clients of the start took away and stayed.
        paused: What clients of the start paused wholly.
        churn: What clients who left had at the start.
    """

    start: int = 0
    new: int = 0
    reactivation: int = 0
    expansion: int = 0
    contraction: int = 0
    paused: int = 0
    churn: int = 0

    def __add__(self, later: Movements) -> Movements:
        """The movements of two spans, one after the other; the start is that of the first."""
        return Movements(self.start, **{part: getattr(self, part) + getattr(later, part) for part in PARTS})

    @property
    def end(self) -> int:
        """Recurring revenue on the last day."""
        gained = self.new + self.reactivation + self.expansion
        return self.start + gained - self.contraction - self.paused - self.churn

    def net_retention(self) -> Measure:
        """Net revenue retention of the clients of the start.

        >>> Movements(100_000, new=50_000, expansion=20_000, contraction=5_000, churn=10_000).net_retention().value
        Decimal('1.0500000000')
        """
        kept = self.start + self.expansion - self.contraction - self.paused - self.churn
        return ratio(kept, self.start, otherwise=NO_START)

    def gross_retention(self) -> Measure:
        """Gross revenue retention: as net, without expansion; never above 1.

        >>> Movements(100_000, new=50_000, expansion=20_000, contraction=5_000, churn=10_000).gross_retention().value
        Decimal('0.8500000000')
        """
        kept = self.start - self.contraction - self.paused - self.churn
        return ratio(kept, self.start, otherwise=NO_START)

    def revenue_churn(self) -> Measure:
        """The part of the starting revenue whose clients left."""
        return ratio(self.churn, self.start, otherwise=NO_START)


def movements(
    before: Mapping[str, int],
    after: Mapping[str, int],
    *,
    known: AbstractSet[str],
    paused: AbstractSet[str],
    unstated: AbstractSet[str] = frozenset(),
) -> Movements:
    """Sort the change of each client's recurring revenue into the waterfall.

    Args:
        before: Cents by client on the first day.
        after: Cents by client on the last day.
        known: Clients who had recurring revenue at any time before the first day.
        paused: Clients with a paused contract and nothing active on the last day.
        unstated: Clients with an active contract that states no fee on the last day: they stayed.
    """
    parts = dict.fromkeys(PARTS, 0)
    for client in sorted(before.keys() | after.keys()):
        had, has = before.get(client, 0), after.get(client, 0)
        if had == 0:
            parts["reactivation" if client in known else "new"] += has
        elif has == 0:
            parts["paused" if client in paused else "contraction" if client in unstated else "churn"] += had
        else:
            parts["expansion" if has > had else "contraction"] += abs(has - had)
    return Movements(sum(before.values()), **parts)
