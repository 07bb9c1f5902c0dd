"""Sums of the ledger by day, account and kind: what every statement is read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from executive_suite.metrics.book.lines import Flags
from executive_suite.metrics.book.sums import Integers, Numbers
from executive_suite.statements.kinds import Kind

if TYPE_CHECKING:
    from executive_suite.statements.periods import Period

_KINDS = len(Kind)


@dataclass(frozen=True)
class Sums:
    """Debit-positive cents of one column of the worksheet.

    Attributes:
        before: By cut, kind and account: the sum of all lines dated before the cut.
        cuts: The days that the sums are cut at, in order; index by day.
        begins: The first cut that has lines before it; past the last cut if there are none.
    """

    before: npt.NDArray[np.int64]
    cuts: Mapping[date, int]
    begins: int

    def balances(self, day: date) -> Integers:
        """By account, all lines before a day."""
        found: Integers = self.before[self.cuts[day]].sum(axis=0)
        return found

    def flows(self, period: Period, *kinds: Kind) -> Integers:
        """By account, the lines of a period that are of some kinds; of any if none is given."""
        moved = self.before[self.cuts[period.end]] - self.before[self.cuts[period.first]]
        found: Integers = (moved[list(kinds)] if kinds else moved).sum(axis=0)
        return found

    def known(self, period: Period) -> bool:
        """Whether there is a line in the period or before it."""
        return self.begins <= self.cuts[period.end]

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.before + other.before, self.cuts, min(self.begins, other.begins))

    def __neg__(self) -> Sums:
        return Sums(-self.before, self.cuts, self.begins)


@dataclass(frozen=True)
class Table:
    """Lines of the ledger added up by column.

    Attributes:
        cuts: The days that the sums are cut at, in order; index by day.
        cut: How many cuts are on or before the day.
        account: Index of the account.
        kind: What they are in a statement of cash flows.
        cents: Debit-positive.
        accounts: How many accounts there are.
    """

    cuts: Mapping[date, int]
    cut: Numbers
    account: Numbers
    kind: Numbers
    cents: Integers
    accounts: int

    def where(self, chosen: Flags | npt.NDArray[np.intp]) -> Table:
        """Some of them."""
        return replace(
            self, cut=self.cut[chosen], account=self.account[chosen], kind=self.kind[chosen], cents=self.cents[chosen]
        )

    def sums(self) -> Sums:
        """All of them, added up."""
        size = len(self.cuts)
        found = np.zeros((size + 1, _KINDS, self.accounts), dtype=np.int64)
        np.add.at(found, (self.cut, self.kind, self.account), self.cents)
        begins = int(self.cut.min()) if len(self.cut) else size
        return Sums(np.cumsum(found, axis=0)[:size], self.cuts, begins)
