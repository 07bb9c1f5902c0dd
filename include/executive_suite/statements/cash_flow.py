"""The statement of cash flows, direct and indirect; both end with the cash of the balance sheet.

Direct: the other lines of every transaction with cash, by activity. Indirect: net income and the other
changes of balances; investing and financing are the same in both. Source: ASC 230-10-45-25 (direct) and -28 (indirect).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.statements.balance_sheet import listed
from executive_suite.statements.cells import Line, subtotal
from executive_suite.statements.income_statement import net_income
from executive_suite.statements.kinds import Kind

if TYPE_CHECKING:
    from executive_suite.metrics.book.sums import Integers
    from executive_suite.statements.accounts import Accounts
    from executive_suite.statements.periods import Period
    from executive_suite.statements.sums import Sums

_SECTIONS: Mapping[str, Kind] = {
    "operating": Kind.OPERATING,
    "investing": Kind.INVESTING,
    "financing": Kind.FINANCING,
}


def cash_flow_direct(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """The lines of a column in a period, signed: what comes in is positive."""
    yield from _statement(accounts, sums, period, (), -sums.flows(period, Kind.OPERATING))


def cash_flow_indirect(accounts: Accounts, sums: Sums, period: Period) -> Iterator[Line]:
    """As the direct statement, but operating cash from net income and the changes of accounts.

    An investing or financing payment booked on a result (the gain on a sale) is taken out of net income. Transactions
    between long-term accounts without cash are in neither statement (ASC 230-10-50-3).
    """
    elsewhere = sums.flows(period, Kind.INVESTING, Kind.FINANCING)
    changes = sums.flows(period) - sums.flows(period, Kind.APART) - elsewhere
    adjustments = np.where(accounts.results, elsewhere, np.where(accounts.cash, 0, -changes))
    start = subtotal("net_income", net_income(accounts, sums, period))
    yield from _statement(accounts, sums, period, (start,), adjustments)


def _statement(
    accounts: Accounts, sums: Sums, period: Period, start: tuple[Line, ...], operating: Integers
) -> Iterator[Line]:
    change = 0
    for section, kind in _SECTIONS.items():
        first = start if kind is Kind.OPERATING else ()
        own = operating if kind is Kind.OPERATING else -sums.flows(period, kind)
        total = int(own.sum()) + sum(line.amount_cents for line in first)
        yield from first
        yield from listed(accounts, own, f"{section}:")
        yield subtotal(f"net_cash_{section}", total)
        change += total
    yield from cash_lines(accounts, sums, period, change)


def cash_lines(accounts: Accounts, sums: Sums, period: Period, change: int | None = None) -> Iterator[Line]:
    """Cash at the beginning, its change and cash at the end.

    Args:
        accounts: All accounts.
        sums: Of a column.
        period: Of the statement.
        change: What the sections add up to; None for the change of cash itself.
    """
    opening, closing = (_cash(accounts, sums.balances(day)) for day in (period.first, period.end))
    yield subtotal("cash_opening", opening)
    yield subtotal("net_cash_change", closing - opening if change is None else change)
    yield subtotal("cash_closing", closing)


def _cash(accounts: Accounts, balances: Integers) -> int:
    return int(balances[accounts.cash].sum())
