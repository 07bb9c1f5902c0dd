"""Which lines of the ledger an amount adds up: sums by account and month, and the largest lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.facts.sources import LISTED, Posted
from executive_suite.metrics.book.added import Added, added
from executive_suite.metrics.book.amounts import Part
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.sums import Integers, totals

Listed = tuple[tuple[int, ...], tuple[Posted, ...], int]


@dataclass(frozen=True)
class Ledger:
    """The lines of a run's ledger in order of their cells and, within one, of their size."""

    context: Context

    def behind(self, added: Iterable[Part]) -> Listed:
        """The largest lines of what amounts add up, the sums of all by account and month, and how many there are."""
        parts = [self._part(part) for part in added]
        if not parts:
            return (), (), 0
        account, month, cents, count = (np.concatenate(column) for column in zip(*(p[:4] for p in parts), strict=True))
        first = int(month.min()) if len(month) else 0
        posted = self._posted(account, month - first, first, cents, count)
        found = np.unique(np.concatenate([part[4] for part in parts]))
        sizes = np.abs(lines(self.context).cents[found])
        largest = found[np.lexsort((found, -sizes))][:LISTED]
        return tuple(sorted(largest.tolist())), posted, int(count.sum())

    def _posted(
        self, account: Integers, month: Integers, first: int, cents: Integers, count: Integers
    ) -> tuple[Posted, ...]:
        if not len(account):
            return ()
        names = lines(self.context).accounts
        shape = (len(names), int(month.max()) + 1)
        (accounts, months), amounts, _ = totals((account, month), shape, cents)
        _, counts, _ = totals((account, month), shape, count)
        return tuple(
            Posted(str(names[a]), str(as_month(first + m)), c, n)
            for a, m, c, n in zip(accounts.tolist(), months.tolist(), amounts.tolist(), counts.tolist(), strict=True)
        )

    def _part(self, part: Part) -> tuple[Integers, Integers, Integers, Integers, Integers]:
        """Account, month, cents and number by cell or line, and the lines, of each cell the largest."""
        places = np.asarray(part.found(self.context), dtype=np.int64)
        if part.of == "cells":
            cells = self._cells
            return (
                cells.account[places].astype(np.int64),
                cells.month[places].astype(np.int64),
                part.sign * cells.cents[places],
                cells.lines[places],
                self._largest(places),
            )
        posted = lines(self.context)
        return (
            posted.account[places].astype(np.int64),
            posted.month[places].astype(np.int64),
            part.sign * posted.cents[places],
            np.ones(len(places), dtype=np.int64),
            places,
        )

    def _largest(self, cells: Integers) -> Integers:
        """Of some cells, the largest lines of each."""
        order, starts = self._order
        spans = [order[starts[cell] : min(starts[cell + 1], starts[cell] + LISTED)] for cell in cells.tolist()]
        return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)

    @cached_property
    def _cells(self) -> Added:
        return added(self.context)

    @cached_property
    def _order(self) -> tuple[Integers, Integers]:
        """Places of the lines by cell, the largest first, and where each cell starts."""
        posted, cells = lines(self.context), self._cells
        cell = cells.of_lines(self.context)
        order = np.lexsort((np.arange(len(cell)), -np.abs(posted.cents), cell))
        return order, np.searchsorted(cell[order], np.arange(len(cells.cents) + 1))
