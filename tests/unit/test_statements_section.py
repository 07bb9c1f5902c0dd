"""The statements in the accounting report: short, whole, and honest about what does not tie."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from executive_suite import formats
from executive_suite.facts.figures import Figures
from executive_suite.facts.statements import FinancialStatements, StatementDifference
from executive_suite.reports.accounting import statements
from executive_suite.reports.selection import Selection
from executive_suite.statements.carried import carried
from statement_books import Accounts, Posted, books

CHART: Accounts = {
    "1000": ("Cash", "asset", "cash"),
    "1500": ("Boat", "asset"),
    "2500": ("Loan", "liability"),
    "3000": ("Capital", "equity"),
    "4000": ("Sales", "revenue"),
    "6000": ("Rent", "expense"),
}
# 100 paid in, 60 borrowed for a boat of 60; sales of 30 last spring and of 50 this spring, rent of 20 each time.
POSTED: list[Posted] = [
    ("2025-02-01", "co", "financing", {"1000": 10_000, "3000": -10_000}),
    ("2025-03-01", "co", "operating", {"1000": 3_000, "4000": -3_000}),
    ("2025-03-02", "co", "operating", {"6000": 2_000, "1000": -2_000}),
    ("2026-02-01", "co", "financing", {"1000": 6_000, "2500": -6_000}),
    ("2026-02-02", "co", "investing", {"1500": 6_000, "1000": -6_000}),
    ("2026-03-01", "co", "operating", {"1000": 5_000, "4000": -5_000}),
    ("2026-03-02", "co", "operating", {"6000": 2_000, "1000": -2_000}),
]


def _of(found: FinancialStatements) -> Selection:
    return Selection(Figures(date(2026, 5, 1), "2026-05-01T07:00:00+00:00", "UTC", "0" * 64, (), statements=found))


@pytest.fixture(name="selected")
def _selected() -> Selection:
    return _of(carried(books("2026-05-01", CHART, POSTED)))


def _lines(selected: Selection, name: str) -> dict[str, list[object]]:
    with formats.speaking("USD"):
        table = statements.statements(selected)[name]
    return {row[0].text: [cell.value for cell in row[1:]] for row in table.lines}


def test_this_year_next_to_the_year_before(selected: Selection) -> None:
    assert _lines(selected, "income") == {
        "Revenue": [5_000, 3_000, 2_000],
        "Expenses": [2_000, 2_000, 0],
        "Net income": [3_000, 1_000, 2_000],
    }
    assert _lines(selected, "balance") == {
        "Cash": [14_000, 11_000, 3_000],
        "Other assets": [6_000, 0, 6_000],
        "Total assets": [20_000, 11_000, 9_000],
        "Liabilities": [6_000, 0, 6_000],
        "Equity": [14_000, 11_000, 3_000],
    }
    assert _lines(selected, "cash") == {
        "Operations": [3_000, 1_000, 2_000],
        "Investments": [-6_000, 0, -6_000],
        "Financing": [6_000, 10_000, -4_000],
        "Change in cash": [3_000, 11_000, -8_000],
    }


def test_what_ties_is_said_and_what_does_not_is_named(selected: Selection) -> None:
    with formats.speaking("USD"):
        assert "The statements tie" in statements.statements(selected).point
        found = selected.figures.statements
        broken = StatementDifference("balance_sheet", "group", "2026-YTD", "Does not tie", -1_234, "one, other: $12")
        section = statements.statements(_of(replace(found, differences=(broken,))))
    assert "The statements tie" not in section.point
    assert "1 statement does not, first the balance sheet of the group, by $12.34" in section.point
    assert len(section["differences"].rows) == 1


def test_without_a_ledger_the_section_says_what_is_missing() -> None:
    with formats.speaking("USD"):
        section = statements.statements(_of(FinancialStatements(missing=("no statement: table ledger is absent",))))
    assert not section.covered
    assert "No statement: table ledger is absent" in section.point
