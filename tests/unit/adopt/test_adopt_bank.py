"""Statements of a bank: alone they tell cash and nothing else; next to books they are matched with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from adoption import BANK, CAFE, Group, ofx

PROFIT = ("revenue", "expenses", "net_income", "net_burn")


def test_a_bank_alone_tells_cash_and_withholds_profit(group: Group) -> None:
    assert group.adopt(checking__ofx=BANK) == 0, group.error
    found = group.figures("2025-04-01", "cash_balance", *PROFIT)
    # The statement's own balance is 48,235.00.
    assert found["cash_balance", "group", "2025-03"] == 4_823_500
    assert {found[metric, "group", "2025-03"] for metric in PROFIT} == {None}
    assert "1 of 1 totals" in group.out or group.rows("bank_line")[-1]["statement_balance_cents"] == "4823500"


def test_what_the_account_had_before_is_an_opening_balance_and_no_flow(group: Group) -> None:
    text = ofx("20250201", "20250228", "700.00", ("20250210", "-300.00", "1", "RENT"))
    assert group.adopt(checking__ofx=text) == 0, group.error
    # 700.00 at the end less -300.00: there were 1,000.00 before, on January 31.
    found = group.figures("2025-03-01", "cash_balance", "cash_change")
    assert found["cash_balance", "group", "2025-02"] == 70_000
    opening = [row for row in group.rows("ledger") if row["memo"] == "Opening balance"]
    assert [(row["date"], row["amount_cents"]) for row in opening] == [
        ("2025-01-31", "100000"),
        ("2025-01-31", "-100000"),
    ]
    assert {row["activity"] for row in opening} == {""}


def test_next_to_books_each_line_is_matched_and_none_is_ledger(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE, checking__ofx=BANK) == 0, group.error
    assert {row["source_file"] for row in group.rows("ledger")} == {"journal.csv"}
    matched = [(row["date"], bool(row["matched_txn_id"])) for row in group.rows("bank_line")]
    assert matched == [("2025-01-03", True), ("2025-02-11", True), ("2025-02-28", False), ("2025-03-12", True)]
    assert "Checking  2025-02-28  -15.00  MONTHLY FEE" in group.out
    found = group.figures("2025-04-01", "cash_balance", "bank_reconciliation_difference", "bank_unreconciled_count")
    assert found["cash_balance", "group", "2025-03"] == 4_825_000
    assert found["bank_unreconciled_count", "group", "2025-04-01"] == 1


def test_books_that_come_after_the_bank_take_its_place(group: Group) -> None:
    assert group.adopt(checking__ofx=BANK) == 0
    assert group.adopt(journal__csv=CAFE) == 0, group.error
    assert [row["entity_id"] for row in group.rows("entity")] == ["group", "my-group"]
    assert {row["source_file"] for row in group.rows("ledger")} == {"journal.csv"}
    assert {row["account"] for row in group.rows("bank_line")} == {"Checking"}
    assert "Unclassified" not in {row["account"] for row in group.rows("account")}
    found = group.figures("2025-04-01", "cash_balance", "net_income")
    assert found["cash_balance", "group", "2025-03"] == 4_825_000
    assert found["net_income", "group", "2025-02"] == -300_000


def test_an_overlapping_statement_adds_only_what_is_new(group: Group) -> None:
    april = ofx(
        "20250301",
        "20250430",
        "48135.00",
        ("20250312", "1250.00", "4", "ANN"),
        ("20250415", "-100.00", "5", "WATER"),
    )
    assert group.adopt(checking__ofx=BANK) == 0
    assert group.adopt(april__ofx=april) == 0, group.error
    assert "1 new, 1 known" in group.out
    assert len(group.rows("bank_line")) == 5
    found = group.figures("2025-05-01", "cash_balance")
    assert found["cash_balance", "group", "2025-04"] == 4_813_500


def test_what_a_person_classified_stays_classified(group: Group) -> None:
    assert group.adopt(checking__ofx=BANK) == 0
    ledger = group.folder / "data" / "ledger.csv"
    ledger.write_text(ledger.read_text().replace("Unclassified,1500,", "Bank fees,1500,"))
    account = group.folder / "data" / "account.csv"
    account.write_text(account.read_text() + "Bank fees,Bank fees,expense,,debit,false,,\n")
    longer = BANK.replace("20250331", "20250430")
    assert group.adopt(longer__ofx=longer) == 0, group.error
    assert "0 new, 4 known" in group.out
    assert "Bank fees" in {row["account"] for row in group.rows("ledger")}


def test_a_statement_of_an_account_that_the_books_do_not_have_is_not_kept_and_named(group: Group) -> None:
    books = CAFE.replace("Checking", "Stripe receivable")
    assert group.adopt(journal__csv=books, checking__ofx=BANK) == 0, group.error
    assert "no account that Checking 4321 could be" in group.out
    assert not (group.folder / "data" / "bank_line.csv").exists()


OTHER = ofx(
    "20250101",
    "20250331",
    "1000.00",
    ("20250105", "1200.00", "1", "DEPOSIT"),
    ("20250220", "-200.00", "2", "WATER"),
)
"""Another bank's account, whose number ends with the same digits."""


def test_a_statement_of_another_account_under_the_same_name_is_refused_and_takes_nothing_back(group: Group) -> None:
    assert group.adopt(checking__ofx=BANK) == 0
    assert group.adopt(other__ofx=OTHER) == 1
    assert "other.ofx: no line of Checking 4321 is among those that checking.ofx has" in group.error
    found = group.figures("2025-04-01", "cash_balance")
    assert found["cash_balance", "group", "2025-03"] == 4_823_500


def test_two_accounts_of_one_company_are_two(group: Group) -> None:
    assert group.adopt(checking__ofx=BANK, other__ofx=OTHER.replace("9994321", "9998765")) == 0, group.error
    found = group.figures("2025-04-01", "cash_balance")
    assert found["cash_balance", "group", "2025-03"] == 4_823_500 + 100_000
    assert {row["account"] for row in group.rows("bank_line")} == {"Checking 4321", "Checking 8765"}


STRIPE = (Path(__file__).parents[2] / "exports" / "stripe-all-activity.csv").read_text(encoding="utf-8")
PAID_OUT = ofx("20250301", "20250331", "70.00", ("20250307", "70.00", "1", "STRIPE TRANSFER"))
"""The 70.00 that Stripe paid out on March 4 (UTC)."""


@pytest.mark.parametrize("order", [("stripe", "bank"), ("bank", "stripe")], ids="-".join)
def test_a_payout_in_the_bank_is_a_transfer_and_no_sale(group: Group, order: tuple[str, str]) -> None:
    files = {"stripe": ("stripe__csv", STRIPE), "bank": ("bank__ofx", PAID_OUT)}
    for name in order:
        assert group.adopt("--yes", "--entity", "shop", **dict([files[name]])) == 0, group.error
    assert "1 lines of the bank are payouts" in group.out
    found = group.figures("2025-04-01", "cash_balance", "revenue", "expenses")
    # By hand: Stripe's own balance is -20.20 after its file, and the bank has the 70.00.
    assert found["cash_balance", "group", "2025-03"] == 4_980
    assert (found["revenue", "group", "2025-03"], found["expenses", "group", "2025-03"]) == (-3_000, 1_700)
    assert group.adopt("--yes", "--entity", "shop", again__ofx=PAID_OUT.replace("20250331", "20250430")) == 0
    assert group.figures("2025-04-01", "cash_balance")["cash_balance", "group", "2025-03"] == 4_980


CHANGES = "Date,Description,Amount\n01/05/2025,DEPOSIT ANN,2500.00\n02/17/2025,RENT,-1000.00\n"
LEVEL = "Date,Description,Amount,Balance\n02/17/2025,RENT,-1000.00,5000.00\n04/02/2025,RENT,-1000.00,4000.00\n"


def test_a_statement_without_a_balance_tells_changes_and_no_cash(group: Group) -> None:
    assert group.adopt(bank__csv=CHANGES) == 0, group.error
    assert "states no balance of Bank account" in group.out
    found = group.figures("2025-03-01", "cash_balance", "net_cash_change", "cash_runway_months")
    assert found["cash_balance", "group", "2025-03-01"] is None
    assert found["cash_runway_months", "group", "2025-03-01"] is None
    assert found["net_cash_change", "group", "2025-01"] == 250_000
    assert group.call("statements", "--group", str(group.folder), "--as-of", "2025-03-01", "--format", "csv") == 0
    assert "balance_sheet" not in group.out
    assert "trial_balance" in group.out


def test_a_later_statement_with_a_balance_tells_the_cash_of_the_days_before(group: Group) -> None:
    assert group.adopt(bank__csv=CHANGES) == 0, group.error
    assert group.adopt(newer__csv=LEVEL) == 0, group.error
    found = group.figures("2025-05-01", "cash_balance")
    # By hand: 5,000 after the rent of February, 1,000 more before it, 2,500 less before January's deposit.
    expected = {"2025-01": 600_000, "2025-02": 500_000, "2025-03": 500_000, "2025-04": 400_000}
    assert {month: found["cash_balance", "group", month] for month in expected} == expected
    assert group.figures("2025-01-05", "cash_balance")["cash_balance", "group", "2025-01-05"] == 350_000


def test_books_are_their_own_statement_of_cash(group: Group) -> None:
    assert group.adopt(bank__csv=CHANGES) == 0, group.error
    assert group.adopt(journal__csv=CAFE) == 0, group.error
    assert group.figures("2025-04-01", "cash_balance")["cash_balance", "group", "2025-04-01"] == 4_825_000
