"""The income statement: revenue and expenses of a period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.statements.balance_sheet import listed
from executive_suite.statements.cells import Line, subtotal

if TYPE_CHECKING:
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums

_PARTS = (("revenue", -1, "total_revenue"), ("expense", 1, "total_expenses"))


def net_income(accounts: Accounts, sums: Sums, period: Period) -> int:
    """Revenue less expenses, cents."""
    return -int(sums.flows(period)[accounts.results].sum())


def income_statement(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """The lines of a column in a period; revenue and expenses are both positive."""
    moved = sums.flows(period)
    for type_, sign, total in _PARTS:
        own = sign * np.where(accounts.of_type(type_), moved, 0)
        yield from listed(accounts, own)
        yield subtotal(total, int(own.sum()))
    yield subtotal("net_income", net_income(accounts, sums, period))
