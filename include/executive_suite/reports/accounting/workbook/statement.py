"""One statement of one unit on a sheet: its lines by period, subtotals and checks as formulas that foot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from executive_suite import formats
from executive_suite.facts.statements import FinancialStatements, StatementPeriod, StatementRow
from executive_suite.rendering.workbook.draft import Draft, added, at
from executive_suite.rendering.workbook.sheets import Look
from executive_suite.statements.cells import RETAINED

FIRST = 2
"""The column of the first period, after account and line."""
TITLES: Mapping[str, str] = {
    "balance_sheet": "Balance sheet",
    "income_statement": "Income statement",
    "cash_flow_direct": "Cash flow, direct",
    "cash_flow_indirect": "Cash flow, indirect",
    "equity": "Equity",
    "trial_balance": "Trial balance",
    "receivables": "Receivables",
    "payables": "Payables",
}
"""The statements in the order of the workbook."""
DOCUMENTS = frozenset({"receivables", "payables"})
BALANCES = frozenset({"balance_sheet", "trial_balance"}) | DOCUMENTS
_PARTS: Mapping[str, str] = {
    "total_assets": "Assets",
    "total_liabilities": "Liabilities",
    "total_equity": "Equity",
    "total_revenue": "Revenue",
    "total_expenses": "Expenses",
    "net_cash_operating": "Operating activities",
    "net_cash_investing": "Investing activities",
    "net_cash_financing": "Financing activities",
}
"""The heading above the lines that a subtotal adds up."""
_OPENS: Mapping[str, str] = {"cash_opening": "cash_closing", "equity_opening": "equity_closing"}
"""What a month begins with, and the line of the month before that it equals."""


@dataclass(frozen=True)
class Columns:
    """The periods of a statement, as a reader wants them: year to date, a year earlier, change, then the months.

    Attributes:
        places: Column by name of the period.
        change: The column of the change against a year earlier.
    """

    periods: Sequence[StatementPeriod]
    places: Mapping[str, int]
    change: int

    @property
    def first(self) -> int:
        """The column of the year to date."""
        return min(self.places.values())

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.places.values())

    @property
    def months(self) -> list[int]:
        """The columns of the months."""
        return [self.places[period.name] for period in self.periods[:-2]]

    def before(self, name: str) -> str:
        """The month before a month, if there is a column for it."""
        months = [period.name for period in self.periods[:-2]]
        return months[months.index(name) - 1] if name in months[1:] else ""


def columns(books: FinancialStatements, first: int = FIRST) -> Columns:
    """Where each period is, from a column on."""
    *months, year, before = books.periods
    places = {year.name: first, before.name: first + 1}
    places |= {period.name: first + 3 + place for place, period in enumerate(months)}
    return Columns(books.periods, places, first + 2)


@dataclass
class Placed:
    """Where a statement is.

    Attributes:
        sheet: On which sheet.
        statement: Which one.
        entity_id: Whose.
        head: The row of its headings.
        where: Its columns.
        known: The periods that its unit has books of.
        rows: The row of each line.
        different: Rows of what does not tie.
    """

    sheet: Draft
    statement: str
    entity_id: str
    head: int
    where: Columns
    known: frozenset[str]
    rows: dict[str, int] = field(default_factory=dict)
    different: list[int] = field(default_factory=list)

    def cell(self, line: str, column: int) -> str:
        """A line's cell, for formulas of other sheets."""
        return self.sheet.ref(self.rows[line], column)

    def amount(self, line: str, column: int) -> int:
        """A line's value; 0 where the statement lacks it."""
        return int(self.sheet.amount(self.rows[line], column)) if line in self.rows else 0

    def term(self, line: str, period: str) -> tuple[str, int]:
        """A line in a period: its cell for formulas of other sheets, and its value."""
        return self.cell(line, self.where.places[period]), self.amount(line, self.where.places[period])

    def sums(self, column: int, *lines: str, less: str = "") -> tuple[str, int]:
        """The formula of some lines added, one of them taken away, and what it comes to."""
        shown = [line for line in lines if line in self.rows]
        formula = "+".join(at(self.rows[line], column) for line in shown) or "0"
        cents = sum(self.amount(line, column) for line in shown)
        if less in self.rows:
            return f"{formula}-{at(self.rows[less], column)}", cents - self.amount(less, column)
        return formula, cents


Leaf = Callable[[str, str], str]
"""The formula of a line in a period; empty for a value."""


def place(
    sheet: Draft,
    books: FinancialStatements,
    statement: str,
    entity_id: str,
    leaf: Leaf,
    *,
    income: Placed | None = None,
    first: int = FIRST,
) -> Placed:
    """Write a statement below what the sheet has.

    Args:
        sheet: Where.
        books: All statements.
        statement: Which one.
        entity_id: Of which unit.
        leaf: What lines that add up nothing consist of.
        income: The unit's income statement, for the net income of others.
        first: The column of the first period.
    """
    rows = books.of(statement, entity_id)
    known = frozenset(period for row in rows for period in row.amounts)
    made = Placed(sheet, statement, entity_id, sheet.next, columns(books, first), known)
    _headings(made, books)
    part = ""
    for row in rows:
        if row.part != part and row.part in _PARTS and row.line not in _PARTS:
            sheet.put(sheet.next, 1, _PARTS[row.part], look="group")
            sheet.next += 1
        part = row.part if row.line not in _PARTS else ""
        _line(made, row, leaf, is_total=is_total(row, rows))
    _foot(made, rows, income)
    _differences(made, books)
    return made


def is_total(row: StatementRow, rows: Sequence[StatementRow]) -> bool:
    """Whether a line adds up others, or is where a period begins or ends."""
    named = {"net_income", *_PARTS, *_OPENS, *_OPENS.values()}
    return row.line in named or any(one.part == row.line for one in rows)


def _headings(made: Placed, books: FinancialStatements) -> None:
    """Two rows: the kind of the period and its last day."""
    sheet, where, row = made.sheet, made.where, made.sheet.next
    *months, year, before = books.periods
    sheet.put(row, 0, "Account", look="head")
    sheet.put(row, 1, TITLES[made.statement], look="head")
    names = {year.name: "Year to date", before.name: "Year before"}
    names |= {period.name: formats.month(period.name) for period in months}
    sheet.put(row, where.change, "Change", "whole", "head")
    for period in books.periods:
        sheet.put(row, where.places[period.name], names[period.name], "whole", "head")
        sheet.put(row + 1, where.places[period.name], period.last, "date", "soft")
    said = "Balances at the end of" if made.statement in BALANCES else "From the first day of the period through"
    sheet.put(row + 1, 1, said, look="soft")
    sheet.next = row + 2
    sheet.frozen = sheet.frozen if sheet.frozen[0] else (sheet.next, 0)


def _line(made: Placed, row: StatementRow, leaf: Leaf, *, is_total: bool) -> None:
    sheet = made.sheet
    look: Look = "total" if is_total else "plain"
    sheet.put(sheet.next, 0, "" if is_total else account(made.statement, row.line), look=look)
    sheet.put(sheet.next, 1, row.label, look=look, indent=int(not is_total))
    made.rows[row.line] = sheet.next
    for period in made.where.periods:
        if period.name in made.known:
            column, cents = made.where.places[period.name], row.amounts.get(period.name, 0)
            formula = "" if is_total else leaf(row.line, period.name)
            sheet.put(sheet.next, column, cents, "money", look, formula=formula)
    _change(made, sheet.next, look)
    sheet.next += 1


def account(statement: str, line: str) -> str:
    """The account of a line, or the party of a document; blank where a line stands for an account that is absent."""
    activity, _, account = line.rpartition(":")
    shown = activity if statement in DOCUMENTS else account
    return "" if shown == RETAINED else shown


def _change(made: Placed, row: int, look: Look) -> None:
    """This year to date less the year before."""
    sheet, where = made.sheet, made.where
    year, before = (where.places[period.name] for period in where.periods[-2:])
    if (row, year) in sheet.entries:
        moved = sheet.amount(row, year) - sheet.amount(row, before)
        sheet.put(row, where.change, moved, "money", look, formula=f"{at(row, year)}-{at(row, before)}")


def _foot(made: Placed, rows: Sequence[StatementRow], income: Placed | None) -> None:
    """Make subtotals formulas, wherever the lines say what the statement says."""
    for row in rows:
        parts = [made.rows[one.line] for one in rows if one.part == row.line]
        for period in filter(made.known.__contains__, made.where.places):
            comes = row.line == "net_income" and income and period in income.known
            found = income.term(row.line, period) if income and comes else _total(made, row.line, parts, period)
            place_ = made.rows[row.line], made.where.places[period]
            if found and found[1] == made.sheet.amount(*place_):
                made.sheet.put(*place_, found[1], "money", "total", formula=found[0])


def _total(made: Placed, line: str, parts: Sequence[int], period: str) -> tuple[str, int] | None:
    """What a subtotal is made of, and what that comes to; None for a line of its own."""
    column = made.where.places[period]
    if line in _OPENS:
        before = made.where.before(period)
        if before not in made.known:
            return None
        last = made.where.places[before]
        return at(made.rows[_OPENS[line]], last), made.amount(_OPENS[line], last)
    if line == "net_income" and made.statement == "income_statement":
        return made.sums(column, "total_revenue", less="total_expenses")
    if line == "cash_closing":
        return made.sums(column, "cash_opening", "net_cash_change")
    if parts:
        return added(parts, column), sum(int(made.sheet.amount(row, column)) for row in parts)
    return ("0", 0) if line in _PARTS else None


def _differences(made: Placed, books: FinancialStatements) -> None:
    """What does not tie, each in a row of its own with its reason."""
    own = [one for one in books.differences if (one.statement, one.entity_id) == (made.statement, made.entity_id)]
    for reason in dict.fromkeys(one.reason.rpartition(":")[0] for one in own):
        row = made.sheet.next
        made.sheet.put(row, 1, f"Does not tie: {reason}", look="check")
        for period, column in made.where.places.items():
            if period in made.known:
                cents = [
                    one.amount_cents for one in own if one.period == period and one.reason.startswith(f"{reason}:")
                ]
                made.sheet.put(row, column, sum(cents), "money", "check")
        made.different.append(row)
        made.sheet.next += 1
