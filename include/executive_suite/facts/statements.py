"""The financial statements as they travel with the figures: one row per line, its amounts by period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from executive_suite.facts.fact import GROUP


@dataclass(frozen=True, slots=True)
class StatementPeriod:
    """A column of a statement.

    Attributes:
        name: ``YYYY-MM``, ``YYYY-YTD``, or ``YYYY-YTD-1``: the same days a year earlier; ``YYYY-Qn`` of a quarter.
        first: Its first day.
        last: Its last day; a balance sheet is of the end of it.
    """

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of one statement of a unit.

    Attributes:
        statement: ``balance_sheet``, ``income_statement``, …, as ``statements.cells.Statement``.
        entity_id: An entity, ``parent``, ``elimination``, or ``group``: all of these added.
        line: An account, ``<activity>:<account>``, or a subtotal's id.
        label: The same in words.
        part: The subtotal that this line is added up in; blank for a line that is in none.
        amounts: Cents by the name of the period, as an accountant prints them; no entry where the line is zero.
            A subtotal has an entry for each period that its unit has books of.
    """

    statement: str
    entity_id: str
    line: str
    label: str
    part: str
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """What does not tie.

    Attributes:
        statement: Which statement.
        entity_id: Of which unit.
        period: Name of the period.
        label: What differs, in words.
        amount_cents: What, added to the statement, makes it tie.
        reason: Both sides and the amount, in words.
    """

    statement: str
    entity_id: str
    period: str
    label: str
    amount_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class FinancialStatements:
    """The statements of a report date.

    Attributes:
        periods: Thirteen complete months in order, the fiscal year to date, the same days a year earlier.
        rows: By statement and unit, in the order in which an accountant prints them.
        differences: What does not tie.
        missing: Why statements are missing: one sentence for each input that is absent.
        accounts: The accounts of the balance sheet that other statements tie to: ``cash``, ``receivable``, ``payable``.
    """

    periods: tuple[StatementPeriod, ...] = ()
    rows: tuple[StatementRow, ...] = ()
    differences: tuple[StatementDifference, ...] = ()
    missing: tuple[str, ...] = ()
    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, statement: str, entity_id: str = GROUP) -> tuple[StatementRow, ...]:
        """The lines of one statement of one unit, in order."""
        return tuple(row for row in self.rows if row.statement == statement and row.entity_id == entity_id)

    def amount(self, statement: str, line: str, period: str) -> int | None:
        """Cents of a line of the group in a period; None if it has no entry."""
        return next((row.amounts.get(period) for row in self.of(statement) if row.line == line), None)

    @property
    def year(self) -> StatementPeriod | None:
        """The fiscal year to date; None if there are no statements."""
        return self.periods[-2] if self.periods else None

    @property
    def year_before(self) -> StatementPeriod | None:
        """The same days a year earlier; None if there are no statements."""
        return self.periods[-1] if self.periods else None


NO_STATEMENTS = FinancialStatements()
"""Of figures that were made without a ledger."""
