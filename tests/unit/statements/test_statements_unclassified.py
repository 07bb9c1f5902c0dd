"""Statements of periods with lines that wait to be classified show cash, and say why there is no profit."""

from __future__ import annotations

import pytest

from executive_suite.metrics.book.unclassified import waiting
from executive_suite.statements.carried import carried
from statement_books import Accounts, books, cells_of, differences, of

ACCOUNTS: Accounts = {
    "1010": ("Checking", "asset", "cash"),
    "3999": ("Unclassified", "equity", "unclassified"),
    "4000": ("Sales", "revenue"),
    "6000": ("Rent", "expense"),
}
BOOKS = [
    ("2026-01-05", "alpha", "operating", {"1010": 900_00, "4000": -900_00}),
    ("2026-02-05", "alpha", "operating", {"1010": 700_00, "4000": -700_00}),
    ("2026-02-09", "alpha", "", {"1010": 250_00, "3999": -250_00}),
    ("2026-02-20", "alpha", "", {"1010": -100_00, "3999": 100_00}),
    ("2026-02-21", "beta", "operating", {"6000": 50_00, "1010": -50_00}),
]


@pytest.mark.parametrize("statement", ["income_statement", "equity"])
def test_a_period_with_such_lines_has_no_profit_and_says_why(statement: str) -> None:
    # By hand: 250 received and 100 paid wait, 150 in all.
    made = books("2026-03-01", ACCOUNTS, BOOKS)
    cells, untied = cells_of(made), differences(made)
    for entity, period in (("alpha", "2026-02"), ("alpha", "2026-YTD"), ("group", "2026-02"), ("group", "2026-YTD")):
        assert of(cells, statement, entity, period) == {}
        ((cents, reason),) = untied[statement, entity, period]
        assert cents == 150_00
        assert reason.startswith("lines not classified yet: 2 on account 3999 (Unclassified), the first on 2026-02-09")
    assert of(cells, statement, "alpha", "2026-01")["net_income"] == 900_00
    assert of(cells, statement, "beta", "2026-02")["net_income"] == -50_00


@pytest.mark.parametrize("statement", ["cash_flow_direct", "cash_flow_indirect"])
def test_cash_is_told_without_what_it_was_for(statement: str) -> None:
    made = books("2026-03-01", ACCOUNTS, BOOKS)
    cells, untied = cells_of(made), differences(made)
    assert of(cells, statement, "alpha", "2026-02") == {
        "cash_opening": 900_00,
        "net_cash_change": 850_00,
        "cash_closing": 1750_00,
    }
    ((cents, _),) = untied[statement, "alpha", "2026-02"]
    assert cents == 0  # What is there ties.
    assert of(cells, statement, "alpha", "2026-01")["net_cash_operating"] == 900_00


def test_balance_sheet_and_trial_balance_show_the_account_itself() -> None:
    made = books("2026-03-01", ACCOUNTS, BOOKS)
    cells = cells_of(made)
    assert of(cells, "balance_sheet", "alpha", "2026-02") == {
        "1010": 1750_00,
        "total_assets": 1750_00,
        "3999": 150_00,
        "retained_earnings": 1600_00,
        "total_equity": 1750_00,
    }
    assert of(cells, "trial_balance", "alpha", "2026-02")["3999"] == -150_00


def test_reports_carry_the_same() -> None:
    made = books("2026-03-01", ACCOUNTS, BOOKS)
    assert len(waiting(made)) == 1
    found = carried(made)
    assert found.amount("income_statement", "net_income", "2026-01") == 900_00
    assert found.amount("income_statement", "net_income", "2026-02") is None
