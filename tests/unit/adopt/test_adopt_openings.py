"""Opening balances and totals: general ledgers in whatever order, and a trial balance as proof."""

from __future__ import annotations

from itertools import permutations

import pytest

from adoption import Group

HEAD = "Harbor Cafe LLC,,,,,,,\nGeneral Ledger,,,,,,,\n{period},,,,,,,\n,,,,,,,\n"
COLUMNS = ",Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance\n"
JANUARY = (
    HEAD.format(period='"January 1 - February 28, 2025"')
    + COLUMNS
    + """\
Checking,,,,,,,,
,Beginning Balance,,,,,,,"1,000.00"
,01/15/2025,Sales Receipt,1,Ann,,Sales,250.00,"1,250.00"
,02/10/2025,Expense,2,Store,,Supplies,-50.00,"1,200.00"
Total for Checking,,,,,,,200.00,
Truck,,,,,,,,
,Beginning Balance,,,,,,,"20,000.00"
Total for Truck,,,,,,,,
Sales,,,,,,,,
,01/15/2025,Sales Receipt,1,Ann,,Checking,250.00,250.00
Total for Sales,,,,,,,250.00,
Supplies,,,,,,,,
,02/10/2025,Expense,2,Store,,Checking,50.00,50.00
Total for Supplies,,,,,,,50.00,
"""
)
FEBRUARY = (
    HEAD.format(period='"February 1 - March 31, 2025"')
    + COLUMNS
    + """\
Checking,,,,,,,,
,Beginning Balance,,,,,,,"1,250.00"
,02/10/2025,Expense,2,Store,,Supplies,-50.00,"1,200.00"
,03/15/2025,Sales Receipt,3,Ann,,Sales,150.00,"1,350.00"
Total for Checking,,,,,,,100.00,
Truck,,,,,,,,
,Beginning Balance,,,,,,,"20,000.00"
Total for Truck,,,,,,,,
Sales,,,,,,,,
,Beginning Balance,,,,,,,250.00
,03/15/2025,Sales Receipt,3,Ann,,Checking,150.00,400.00
Total for Sales,,,,,,,150.00,
Supplies,,,,,,,,
,02/10/2025,Expense,2,Store,,Checking,50.00,50.00
Total for Supplies,,,,,,,50.00,
"""
)
MAY = (
    HEAD.format(period='"May 1 - May 31, 2025"')
    + COLUMNS
    + """\
Checking,,,,,,,,
,Beginning Balance,,,,,,,"1,800.00"
,05/02/2025,Expense,9,Store,,Supplies,-30.00,"1,770.00"
Total for Checking,,,,,,,-30.00,
Supplies,,,,,,,,
,Beginning Balance,,,,,,,50.00
,05/02/2025,Expense,9,Store,,Checking,30.00,80.00
Total for Supplies,,,,,,,30.00,
"""
)
"""April is missing: the bank had 450 more at its end than at the end of March."""
CASH = {"2025-01": 125_000, "2025-02": 120_000, "2025-03": 135_000, "2025-04": 180_000, "2025-05": 177_000}
"""By hand, as the ledgers' own column Balance has it."""


@pytest.mark.parametrize("order", list(permutations(["january", "february", "may"])), ids="-".join)
def test_ledgers_give_the_same_months_in_whatever_order_they_come(group: Group, order: tuple[str, ...]) -> None:
    texts = {"january": JANUARY, "february": FEBRUARY, "may": MAY}
    for name in order:
        assert group.adopt(**{f"{name}__csv": texts[name]}) == 0, group.error
        assert "DIFFERS" not in group.out
    found = group.figures("2025-06-01", "cash_balance", "revenue", "net_burn")
    assert {month: found["cash_balance", "group", month] for month in CASH} == CASH
    # What is carried forward of sales is no revenue of any month, and what April did is nobody's burn.
    assert [found["revenue", "group", month] for month in CASH] == [25_000, 0, 15_000, 0, 0]
    assert found["net_burn", "group", "2025-05"] == 3_000


def test_opening_balances_that_do_not_sum_to_zero_are_equity_and_named(group: Group) -> None:
    assert group.adopt(january__csv=JANUARY) == 0, group.error
    assert "leave 21,000.00 USD, which is kept as equity (Opening balances)" in group.out
    opening = {row["account"]: row for row in group.rows("ledger") if row["memo"] == "Opening balance"}
    assert {row["date"] for row in opening.values()} == {"2024-12-31"}
    assert int(opening["Opening balances"]["amount_cents"]) == -2_100_000


TRIAL_BALANCE = """\
Harbor Cafe LLC
Trial Balance
"As of February 28, 2025"

,Debit,Credit
Checking,"1,200.00",
Truck,"20,000.00",
Opening Balance Equity,,"21,000.00"
Sales,,250.00
Supplies,{supplies},
TOTAL,"{whole}","{whole}"
"""


def test_a_trial_balance_proves_and_is_no_entry(group: Group) -> None:
    ledger = JANUARY.replace("Truck,,", "Opening Balance Equity,,,,,,,,\n,Beginning Balance,,,,,,,21000.00\nTruck,,", 1)
    balance = TRIAL_BALANCE.format(supplies="50.00", whole="21,250.00")
    assert group.adopt(ledger__csv=ledger, balance__csv=balance) == 0, group.error
    assert "DIFFERS" not in group.out
    assert {row["source_file"] for row in group.rows("ledger")} == {"ledger.csv"}


def test_a_disagreement_is_named_with_both_figures(group: Group) -> None:
    balance = TRIAL_BALANCE.format(supplies="80.00", whole="21,280.00").replace("21,000.00", "21,030.00")
    assert group.adopt(ledger__csv=JANUARY, balance__csv=balance) == 0, group.error
    said = "balance.csv, row 10: balance of Supplies at 2025-02-28 is 80.00; what was read comes to 50.00"
    assert f"DIFFERS: {said}" in group.out
