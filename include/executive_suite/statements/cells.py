"""What a statement is made of: one cell per line, unit and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PARENT = "parent"
"""The column of what the group's own entity posted."""
ELIMINATION = "elimination"
"""The column that takes out what entities of the group booked with each other."""
DIFFERENCE = "difference"
"""The line of what does not tie."""
RETAINED = "retained_earnings"
"""The subtype of the account that keeps earlier results, and the line that does when the chart has no such account."""


class Statement(StrEnum):
    """The statements, in the order in which they are printed."""

    BALANCE_SHEET = "balance_sheet"
    INCOME = "income_statement"
    CASH_DIRECT = "cash_flow_direct"
    CASH_INDIRECT = "cash_flow_indirect"
    TRIAL_BALANCE = "trial_balance"
    EQUITY = "equity"
    RECEIVABLES = "receivables"
    PAYABLES = "payables"


SUBTOTALS: Mapping[str, str] = {
    "total_assets": "Total assets",
    "total_liabilities": "Total liabilities",
    "total_equity": "Total equity",
    "total_revenue": "Total revenue",
    "total_expenses": "Total expenses",
    "net_income": "Net income",
    "net_cash_operating": "Net cash from operating activities",
    "net_cash_investing": "Net cash from investing activities",
    "net_cash_financing": "Net cash from financing activities",
    "cash_opening": "Cash at the beginning",
    "net_cash_change": "Net change in cash",
    "cash_closing": "Cash at the end",
    "equity_opening": "Equity at the beginning",
    "equity_closing": "Equity at the end",
    "total_receivables": "Total receivables",
    "total_payables": "Total payables",
}
"""The lines that add up others, with their words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement, before it is known whose it is and of when.

    Attributes:
        line: An account, ``<activity>:<account>``, ``<counterparty>:<bucket>``, or a subtotal's id.
        label: The same in words.
        amount_cents: As an accountant prints it; cash flows are signed, the trial balance is debit-positive.
        reason: Both sides and the amount of a difference; blank on any other line.
    """

    line: str
    label: str
    amount_cents: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of one statement, of a unit in a period.

    Attributes:
        statement: Which one.
        entity_id: An entity, ``parent``, ``elimination``, or ``group``: all of these added.
        period: ``YYYY-MM``, ``YYYY-YTD`` or ``YYYY-YTD-1``.
        line: As in ``Line``.
        label: As in ``Line``.
        amount_cents: As in ``Line``.
        reason: As in ``Line``.
    """

    statement: Statement
    entity_id: str
    period: str
    line: str
    label: str
    amount_cents: int
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The cell as the ``statements`` command prints it."""
        return {
            "statement": self.statement.value,
            "entity_id": self.entity_id,
            "period": self.period,
            "line": self.line,
            "label": self.label,
            "amount_cents": self.amount_cents,
            "reason": self.reason,
        }


def subtotal(line: str, cents: int) -> Line:
    """A line that adds up others."""
    return Line(line, SUBTOTALS[line], cents)
