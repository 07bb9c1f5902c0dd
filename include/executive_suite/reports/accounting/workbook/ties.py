"""What must be zero in a set of statements: a row below each statement, and one sheet that gathers them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from executive_suite.facts.statements import FinancialStatements
from executive_suite.rendering.workbook.draft import Draft, added, at
from executive_suite.reports.accounting.workbook.statement import DOCUMENTS, TITLES, Placed

CHECKS = "Checks"
Term = tuple[str, int]
"""A formula, and what it comes to, cents."""


@dataclass(frozen=True)
class Check:
    """A row of zeros.

    Attributes:
        of: The statement that it checks.
        says: What must be zero, in words.
        row: Where it is.
    """

    of: Placed
    says: str
    row: int


def checked(made: Placed, before: Mapping[str, Placed], books: FinancialStatements) -> Iterator[Check]:
    """Below a statement, the rows that must be zero, from it and those of its unit placed before."""
    for says, of in _ties(made, before, before.get("balance_sheet"), books):
        yield Check(made, says, _row(made, says, of))
        made.sheet.next += 1
    made.sheet.next += 1


def _row(made: Placed, says: str, of: Callable[[str, int], Term]) -> int:
    row = made.sheet.next
    made.sheet.put(row, 1, says, look="check")
    for period in filter(made.known.__contains__, made.where.places):
        column = made.where.places[period]
        formula, cents = of(period, column)
        made.sheet.put(row, column, cents, "money", "check", formula=f"ROUND({formula},2)")
    return row


def _ties(
    made: Placed, units: Mapping[str, Placed], sheet: Placed | None, books: FinancialStatements
) -> Iterator[tuple[str, Callable[[str, int], Term]]]:
    """What must be zero below a statement, and its formula by period and column."""
    if made.statement == "balance_sheet":
        yield (
            "Check: assets less liabilities and equity",
            lambda _, column: _less(
                _with_differences(made, column, -1, "total_assets"),
                made.sums(column, "total_liabilities", "total_equity"),
            ),
        )
    elif made.statement == "trial_balance":
        yield "Check: debits less credits", lambda _, column: _with_differences(made, column, 1, *made.rows)
    elif made.statement in {"cash_flow_direct", "cash_flow_indirect"}:
        yield (
            "Check: cash at the beginning and change less cash at the end",
            lambda _, column: _less(
                _with_differences(made, column, 1, "cash_opening", "net_cash_change"), made.sums(column, "cash_closing")
            ),
        )
        if sheet and books.accounts.get("cash"):
            yield (
                "Check: cash at the end less cash on the balance sheet",
                lambda period, column: _less(
                    made.sums(column, "cash_closing"), _elsewhere(sheet, period, books.accounts["cash"])
                ),
            )
        if made.statement == "cash_flow_indirect" and "cash_flow_direct" in units:
            yield (
                "Check: operating activities less those of the direct statement",
                lambda period, column: _less(
                    made.sums(column, "net_cash_operating"),
                    _elsewhere(units["cash_flow_direct"], period, ["net_cash_operating"]),
                ),
            )
    elif made.statement == "equity" and sheet:
        yield (
            "Check: equity at the end less equity on the balance sheet",
            lambda period, column: _less(
                made.sums(column, "equity_closing"), _elsewhere(sheet, period, ["total_equity"])
            ),
        )
    elif made.statement in DOCUMENTS and sheet:
        subtype = made.statement.removesuffix("s")
        yield (
            f"Check: open documents less the accounts of subtype {subtype}",
            lambda period, column: _less(
                _with_differences(made, column, 1, f"total_{made.statement}"),
                _elsewhere(sheet, period, books.accounts.get(subtype, ())),
            ),
        )


def _less(one: Term, other: Term) -> Term:
    return f"{one[0]}-({other[0]})", one[1] - other[1]


def _with_differences(made: Placed, column: int, sign: int, *lines: str) -> Term:
    """Lines and what the statement says does not tie."""
    rows = sorted(made.rows[line] for line in lines if line in made.rows)
    formula, cents = added(rows, column) or "0", sum(int(made.sheet.amount(row, column)) for row in rows)
    if made.different:
        formula += f"{'-' if sign < 0 else '+'}{added(made.different, column)}"
        cents += sign * sum(int(made.sheet.amount(row, column)) for row in made.different)
    return formula, cents


def _elsewhere(other: Placed, period: str, lines: Sequence[str]) -> Term:
    """Lines of another statement of the unit."""
    shown = [line for line in lines if line in other.rows]
    if period not in other.known or not shown:
        return "0", 0
    column = other.where.places[period]
    return "+".join(other.cell(line, column) for line in shown), sum(other.amount(line, column) for line in shown)


def gathered(checks: Sequence[Check], books: FinancialStatements, names: Mapping[str, str]) -> Draft:
    """The sheet of all checks: one row each, zero if all periods are, and their sum at the top."""
    sheet = Draft(
        CHECKS, "Checks: each must be zero in every period", "Differences that a statement states are counted in."
    )
    first = sheet.next + 2
    sheet.put(sheet.next, 0, "All checks together", look="total")
    sheet.put(sheet.next, 1, "", look="total")
    sheet.put(sheet.next, 2, "", look="total")
    total = sheet.next, 3
    sheet.heads(sheet.next + 1, ("Statement", "Of", "Check", "All periods"), words=3)
    for row, check in enumerate(checks, start=first):
        made = check.of
        last = made.where.last
        sheet.put(row, 0, TITLES[made.statement])
        sheet.put(row, 1, names[made.entity_id])
        sheet.put(row, 2, check.says.removeprefix("Check: "))
        cents = sum(abs(int(made.sheet.amount(check.row, column))) for column in made.where.places.values())
        span = made.sheet.span((check.row, min(made.where.places.values())), (check.row, last))
        sheet.put(row, 3, cents, "money", formula=f"SUMPRODUCT(ABS({span}))")
    end = first + len(checks) - 1
    whole = sum(sheet.amount(row, 3) for row in range(first, end + 1))
    sheet.put(*total, whole, "money", "total", formula=f"SUM({at(first, 3)}:{at(end, 3)})" if checks else "0")
    sheet.names["checks_total"] = total
    sheet.next = end + 2
    _stated(sheet, books, names)
    sheet.widths |= {0: 24, 1: 30, 2: 66, 3: 16}
    return sheet


def _stated(sheet: Draft, books: FinancialStatements, names: Mapping[str, str]) -> None:
    """What the statements say does not tie, and what could not be made."""
    for words in books.missing:
        sheet.put(sheet.next, 0, words[:1].upper() + words[1:], look="soft")
        sheet.next += 1
    if not books.differences:
        sheet.put(
            sheet.next,
            0,
            "No statement states a difference." if books.rows else "There are no statements.",
            look="soft",
        )
        return
    sheet.heads(sheet.next, ("Statement", "Of", "What does not tie", "Amount"), words=3)
    for row, one in enumerate(books.differences, start=sheet.next + 1):
        sheet.put(row, 0, TITLES[one.statement])
        sheet.put(row, 1, names[one.entity_id])
        sheet.put(row, 2, f"{one.period}: {one.reason}")
        sheet.put(row, 3, one.amount_cents, "money")
