"""The equity roll-forward: from the equity before a period to the equity at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.statements.balance_sheet import closed, listed
from executive_suite.statements.cells import Line, subtotal
from executive_suite.statements.income_statement import net_income

if TYPE_CHECKING:
    from executive_suite.metrics.book.sums import Integers
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums


def equity(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """The lines of a column: net income, and what was posted to each equity account in the period."""
    yield subtotal("equity_opening", _total(accounts, sums.balances(period.first)))
    yield subtotal("net_income", net_income(accounts, sums, period))
    yield from listed(accounts, np.where(accounts.of_type("equity"), -sums.flows(period), 0))
    yield subtotal("equity_closing", _total(accounts, sums.balances(period.end)))


def _total(accounts: Accounts, balances: Integers) -> int:
    return -int(closed(accounts, balances)[accounts.of_type("equity")].sum())
