"""What is asked of single lines of the ledger: cash by day, transactions on some accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.metrics.book.cells import Sum
from executive_suite.metrics.book.lines import lines

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def balances(context: Context, accounts: Collection[str], days: Sequence[date]) -> dict[date, Sum]:
    """Sums of all lines on some accounts by the end of each day; days before the first line of the ledger are left out.

    Args:
        context: The dataset.
        accounts: The accounts.
        days: Earliest first.

    Raises:
        MissingInputError: ledger or a column is absent.
    """
    known = lines(context)
    every_day = context.table("ledger")["date"].to_numpy()
    if not len(every_day):
        return {}
    chosen = known.on(accounts)
    # Most lines are older than all of the days: they are added up once, without a copy.
    late = np.flatnonzero(chosen & (every_day > np.datetime64(days[0])))
    dates, cents = every_day[late], known.cents[late]
    before = Sum(int(known.cents.sum(where=chosen)) - int(cents.sum()), int(np.count_nonzero(chosen)) - len(late))
    begun = every_day.min()
    by_then = {day: dates <= np.datetime64(day) for day in days if begun <= np.datetime64(day)}
    return {day: before + Sum(int(cents[here].sum()), int(here.sum())) for day, here in by_then.items()}


def transactions_on(context: Context, accounts: Collection[str]) -> tuple[frozenset[str], int]:
    """The transactions with a line on one of some accounts, and how many such lines there are.

    Raises:
        MissingInputError: ledger or its txn_id or account is absent.
    """
    ledger = context.table("ledger", "txn_id", "account")
    names = ledger.loc[ledger["account"].isin(list(accounts)), "txn_id"]
    return frozenset(names.unique().tolist()), len(names)
