"""Entries that close books are no activity. Expected by hand: sales of 1,000, meals of 100, 900 in the bank."""

from __future__ import annotations

import shutil

import pytest

from adoption import Group, journal

SALE = ("12/05/2024", "Sales Receipt", "1", "Ann", [("Checking", "1,000.00"), ("Sales", "-1,000.00")])
MEAL = ("12/07/2024", "Expense", "2", "Shop", [("Meals", "100.00"), ("Checking", "-100.00")])
CLOSE = (
    "12/31/2024",
    "Journal Entry",
    "C",
    "",
    [("Sales", "1,000.00"), ("Meals", "-100.00"), ("Retained Earnings", "-900.00")],
)
CLOPEN = """2024-12-05 sale
    assets:bank:checking   $1000
    income:sales

2024-12-07 meals
    expenses:meals   $100
    assets:bank:checking

2024-12-31 retain earnings
    income:sales    $1000
    expenses:meals   $-100
    equity:retained earnings

2024-12-31 closing balances
    assets:bank:checking   $-900 = $0
    equity:opening/closing balances

2025-01-01 opening balances
    assets:bank:checking   $900 = $900
    equity:opening/closing balances
"""
YEAR_OF_BEANCOUNT = """option "operating_currency" "USD"
2024-01-01 open Assets:Bank USD
2024-01-01 open Income:Sales
2024-01-01 open Expenses:Meals
2024-01-01 open Equity:Earnings:Previous
2024-12-05 * "sale"
  Assets:Bank  1000 USD
  Income:Sales
2024-12-07 * "meals"
  Expenses:Meals  100 USD
  Assets:Bank
2024-12-31 * "close"
  Income:Sales  1000 USD
  Expenses:Meals  -100 USD
  Equity:Earnings:Previous
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("journal__csv", journal("Cafe LLC", "January - December, 2024", SALE, MEAL, CLOSE)),
        ("books__journal", CLOPEN),
        ("books__beancount", YEAR_OF_BEANCOUNT),
    ],
    ids=["quickbooks", "hledger", "beancount"],
)
def test_a_closed_year_keeps_its_profit_and_its_cash(group: Group, name: str, text: str) -> None:
    if name == "books__journal" and shutil.which("hledger") is None:
        pytest.skip("hledger is not installed")
    assert group.adopt(**{name: text}) == 0, group.error
    assert "close the books" in group.out
    found = group.figures("2025-02-01", "cash_balance", "revenue", "expenses")
    assert found["revenue", "group", "2024-12"] == 100_000
    assert found["expenses", "group", "2024-12"] == 10_000
    assert found["cash_balance", "group", "2024-12"] == found["cash_balance", "group", "2025-02-01"] == 90_000
    lines = len(group.rows("ledger"))
    assert group.adopt(**{name: text + "\n"}) == 0, group.error
    assert len(group.rows("ledger")) == lines


def test_a_correction_of_an_earlier_year_and_owners_money_stay(group: Group) -> None:
    corrected = ("12/09/2024", "Journal Entry", "3", "", [("Meals", "40.00"), ("Retained Earnings", "-40.00")])
    lent = ("12/10/2024", "Deposit", "4", "", [("Checking", "500.00"), ("Owner's Contribution", "-500.00")])
    back = ("12/11/2024", "Check", "5", "", [("Owner's Contribution", "500.00"), ("Checking", "-500.00")])
    text = journal("Cafe LLC", "January - December, 2024", SALE, MEAL, corrected, lent, back)
    assert group.adopt(journal__csv=text) == 0, group.error
    assert "close the books" not in group.out
    assert group.figures("2025-01-01", "expenses")["expenses", "group", "2024-12"] == 14_000
    assert len(group.rows("ledger")) == 10
