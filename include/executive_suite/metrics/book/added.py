"""The ledger's lines added up once: the cells that books are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book.elimination import eliminated
from executive_suite.metrics.book.lines import lines
from executive_suite.metrics.book.named import on_cash
from executive_suite.metrics.book.sums import Flags, Integers, Numbers, totals


@dataclass(frozen=True)
class Added:
    """Sums of the ledger, one cell for each combination with postings.

    Attributes:
        entity: By cell, its place among ``lines(context).entities``.
        month: Months since January 1970.
        account: Its place among ``accounts``.
        activity: Its place among ``activities``.
        eliminated: Whether no figure of the group counts it.
        cents: Debit-positive.
        lines: Ledger lines behind it.
    """

    entity: Integers
    month: Integers
    account: Integers
    activity: Integers
    eliminated: Flags
    cents: Integers
    lines: Integers

    def of_lines(self, context: Context) -> Integers:
        """The cell of each line of the ledger that this was added up from."""
        posted, flags = lines(context), _flags(context)
        gone = np.zeros(len(posted.cents), dtype=np.int64) if flags is None else flags.astype(np.int64)
        shape = (len(posted.entities), int(self.month.max()) + 1, len(posted.accounts), len(posted.activities), 2)
        cells = (self.entity, self.month, self.account, self.activity, self.eliminated.astype(np.int64))
        each = (posted.entity, posted.month, posted.account, posted.activity, gone)
        known, wanted = (
            np.ravel_multi_index([np.asarray(c, dtype=np.int64) for c in by], shape) for by in (cells, each)
        )
        order = np.argsort(known)
        found: Integers = order[np.searchsorted(known, wanted, sorter=order)]
        return found


@per_context
def added(context: Context) -> Added:
    """The sums of a run's ledger."""
    posted = lines(context)
    first = int(posted.month.min()) if len(posted.month) else 0
    months = int(posted.month.max()) - first + 1 if len(posted.month) else 1
    shape = [len(posted.entities), months, len(posted.accounts), len(posted.activities)]
    by: list[Numbers] = [posted.entity, posted.month - np.int32(first), posted.account, posted.activity]
    flags = _flags(context)
    if flags is not None:
        shape, by = [*shape, 2], [*by, flags]
    (entity, month, account, activity, *flagged), cents, counts = totals(by, shape, posted.cents)
    gone = flagged[0].astype(bool) if flagged else np.zeros(len(cents), dtype=bool)
    return Added(entity, month + first, account, activity, gone, cents, counts)


def _flags(context: Context) -> Numbers | None:
    """By line, 1 if no figure of the group counts it; None if every line counts. Cash is cash, whoever paid it."""
    gone, posted = eliminated(context), lines(context)
    if not len(gone.lines) and not len(gone.left):
        return None
    flags = np.zeros(len(posted.cents), dtype=np.int8)
    flags[gone.lines] = 1
    flags[gone.left[~on_cash(context, gone.left)]] = 1
    return flags
