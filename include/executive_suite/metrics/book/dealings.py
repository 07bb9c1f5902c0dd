"""What two entities of the group booked with each other, side by side: the amounts that should cancel out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.metrics.book.elimination import eliminated
from executive_suite.metrics.book.inside import between_entities_paid
from executive_suite.metrics.book.kinds import chart
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.on_account import RESULTS
from executive_suite.metrics.book.parties import parties
from executive_suite.period import Month

Kind = Literal["charges", "balances", "payments"]
UNKNOWN = "unknown"
"""Stands for the other entity of lines on accounts between entities that name none."""


@dataclass(frozen=True)
class Dealing:
    """What each of two entities booked with the other, cents, debits positive: together zero where both books agree.

    Attributes:
        pair: The two, in order of id; the one and ``unknown`` for lines that name no other entity.
        kind: charges (revenue and expense), balances (other accounts than cash) or payments (cash).
        sides: By entity.
        months: What does not cancel out in a month, by month.
        lines: Ledger lines behind it.
    """

    pair: tuple[str, str]
    kind: Kind
    sides: Mapping[str, int]
    months: Mapping[Month, int]
    lines: int

    @property
    def difference(self) -> int:
        """What does not cancel out over all months, cents."""
        return sum(self.sides.values())


@dataclass
class _Gathered:
    sides: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    types: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    months: dict[Month, int] = field(default_factory=lambda: defaultdict(int))
    lines: int = 0

    def add(self, other: _Gathered) -> None:
        """What was gathered apart, too."""
        for entity, cents in other.sides.items():
            self.sides[entity] += cents
        for month, cents in other.months.items():
            self.months[month] += cents
        self.lines += other.lines


def dealings(context: Context) -> tuple[Dealing, ...]:
    """Every pair of entities with dealings, by kind."""
    posted, charted = lines(context), chart(context)
    between, cash = eliminated(context).lines, between_entities_paid(context)
    places = np.concatenate([between, cash.lines])
    if not len(places):
        return ()
    cents = np.concatenate([posted.cents[between], cash.cents])
    types = np.array([charted[name].type if name in charted else "" for name in posted.accounts], dtype=object)
    of_type = np.concatenate([types[posted.account[between]], np.full(len(cash.lines), "cash", dtype=object)])
    kinds = np.where(np.isin(of_type[: len(between)], RESULTS), "charges", "balances")
    table = pd.DataFrame(
        {
            "entity": posted.entities[posted.entity[places]],
            "party": parties(context, places),
            "kind": np.concatenate([kinds, np.full(len(cash.lines), "payments")]),
            "type": of_type,
            "month": posted.month[places],
            "cents": cents,
        }
    )
    found: dict[tuple[tuple[str, str], Kind], _Gathered] = defaultdict(_Gathered)
    sums = table.groupby(["entity", "party", "kind", "type", "month"])["cents"].agg(["sum", "size"])
    for entity, party, kind, type_, month, total, count in sums.reset_index().itertuples(index=False):
        one, other = sorted((entity, party)) if party else (entity, UNKNOWN)
        of = found[(one, other), kind]
        of.sides[entity] += int(total)
        of.types[entity, type_] += int(total)
        of.months[as_month(int(month))] += int(total)
        of.lines += int(count)
    for pair in [pair for pair, kind in found if kind == "charges"]:
        charges, balances = found[pair, "charges"], found.get((pair, "balances"))
        if balances and sum(charges.sides.values()) and _answered({**charges.types, **balances.types}):
            balances.add(found.pop((pair, "charges")))
    return tuple(
        Dealing(pair, kind, dict(of.sides), {month: off for month, off in of.months.items() if off}, of.lines)
        for (pair, kind), of in sorted(found.items())
    )


def _answered(types: Mapping[tuple[str, str], int]) -> bool:
    """Whether the debits of each side are the credits of the other, whatever the types of their accounts.

    A charge of one side may be a balance of the other: a dividend, a fee that is capitalized.
    """
    debits, credits_ = Counter[str](), Counter[str]()
    for (entity, _), cents in types.items():
        debits[entity] += max(cents, 0)
        credits_[entity] += max(-cents, 0)
    names = sorted(debits)
    return len(names) > 1 and [debits[name] for name in names] == [credits_[name] for name in reversed(names)]
