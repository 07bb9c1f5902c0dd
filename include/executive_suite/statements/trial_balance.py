"""The trial balance: every account, debit-positive, with the results of earlier fiscal years in retained earnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from executive_suite.statements.balance_sheet import closed, listed

if TYPE_CHECKING:
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.cells import Line
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums


def trial_balance(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """The lines of a column at the end of a period; they sum to zero if the books balance."""
    earlier = sums.balances(period.fiscal_first)
    of_year = sums.balances(period.end) - earlier
    yield from listed(accounts, closed(accounts, earlier) + of_year)
