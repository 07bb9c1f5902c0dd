"""The balance sheet: what is owned and owed at the end of a period, with all results closed into retained earnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.statements.cells import Line, subtotal

if TYPE_CHECKING:
    from executive_suite.metrics.book.sums import Integers
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums

_PARTS = (("asset", 1, "total_assets"), ("liability", -1, "total_liabilities"), ("equity", -1, "total_equity"))


def closed(accounts: Accounts, balances: Integers) -> Integers:
    """Balances with revenue and expenses moved into the account that keeps earlier results; debit-positive."""
    found = np.where(accounts.results, 0, balances)
    found[accounts.retained] += balances[accounts.results].sum()
    return found


def balance_sheet(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """The lines of a column at the end of a period; contra accounts are negative within their part."""
    balances = closed(accounts, sums.balances(period.end))
    for type_, sign, total in _PARTS:
        own = sign * np.where(accounts.of_type(type_), balances, 0)
        yield from listed(accounts, own)
        yield subtotal(total, int(own.sum()))


def listed(accounts: Accounts, cents: Integers, prefix: str = "") -> Iterator[Line]:
    """A line for each account whose amount is not zero, in order of the accounts."""
    for index in np.flatnonzero(cents).tolist():
        yield Line(f"{prefix}{accounts.ids[index]}", accounts.label(index), int(cents[index]))
