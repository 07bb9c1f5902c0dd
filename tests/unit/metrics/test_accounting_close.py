"""Bank reconciliation, trial balance, chart of accounts, intercompany, fixed assets."""

import pytest
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.assets import depreciation
from typed_tables import Rows, context, typed

CHARGES: list[Transaction] = [
    ("2026-04-01", "a", "operating", {"1010": 1000, "4100": -1000}),
    ("2026-04-10", "a", "operating", {"6100": 300, "1010": -300}),
    ("2026-04-20", "a", "operating", {"6400": 200, "1010": -200}),
]


def bank(*lines: tuple[str, int, str | None, int | None]) -> Context:
    rows = [
        {"bank_line_id": f"L{n}", "account": "1010", "date": day, "amount_cents": cents, "matched_txn_id": txn,
         "statement_balance_cents": balance}
        for n, (day, cents, txn, balance) in enumerate(lines)
    ]  # fmt: skip
    return context("2026-05-01", bank_line=typed("bank_line", rows), ledger=ledger(CHARGES), account=CHART)


def reconciled(data: Context) -> tuple[object, object, object]:
    return (
        value_of(data, "accounting", "bank_unreconciled_count"),
        value_of(data, "accounting", "bank_unreconciled_count", side="book"),
        value_of(data, "accounting", "bank_reconciliation_difference"),
    )


def test_everything_matched() -> None:
    data = bank(
        ("2026-04-01", 1000, "T0000", 1000), ("2026-04-11", -300, "T0001", 700), ("2026-04-21", -200, "T0002", 500)
    )
    assert reconciled(data) == (0, 0, 0)
    assert fact_of(data, "accounting", "bank_unreconciled_oldest_days").status == "not_applicable"


def test_outstanding_on_both_sides_still_explains_the_statement() -> None:
    # Textbook form: book 500 + outstanding payment 200 - fee of 15 that only the bank knows = statement 685.
    data = bank(("2026-04-01", 1000, "T0000", 1000), ("2026-04-11", -300, "T0001", 700), ("2026-04-21", -15, None, 685))
    assert reconciled(data) == (1, 1, 0)
    assert value_of(data, "accounting", "bank_unreconciled_oldest_days") == 10


def test_a_matched_line_with_another_amount_is_not_reconciled() -> None:
    data = bank(
        ("2026-04-01", 1000, "T0000", 1000), ("2026-04-11", -310, "T0001", 690), ("2026-04-21", -200, "T0002", 490)
    )
    assert reconciled(data) == (1, 1, 0)


@pytest.mark.parametrize(("day", "balance"), [("2026-04-15", 500), ("2026-04-25", None)])
def test_a_payment_that_bank_and_book_date_differently_is_no_difference(day: str, balance: int | None) -> None:
    # Booked on the 20th; the bank took it on the 15th, in its balance already, or on the 25th, after the last balance.
    data = bank(("2026-04-01", 1000, "T0000", 1000), ("2026-04-11", -300, "T0001", 700), (day, -200, "T0002", balance))
    assert reconciled(data) == (0, 0, 0)


def test_a_statement_that_nothing_explains_shows_the_difference() -> None:
    data = bank(("2026-04-01", 1000, "T0000", 1007), ("2026-04-30", -300, "T0001", 707))
    assert reconciled(data)[2] == 7  # one payment of 200 is outstanding on the book, 7 remain


def test_without_a_statement_balance_the_difference_is_not_told() -> None:
    fact = fact_of(bank(("2026-04-01", 1000, "T0000", None)), "accounting", "bank_reconciliation_difference")
    assert fact.status == "not_evaluable"


def test_trial_balance_finds_what_cancels_between_transactions() -> None:
    # Two transactions off by +5 and -5: the totals agree, the transactions do not (10 in all).
    rows: list[Transaction] = [
        ("2026-04-01", "a", "operating", {"1010": 105, "4100": -100}),
        ("2026-04-02", "a", "operating", {"1010": 95, "4100": -100}),
    ]
    data = context("2026-05-01", ledger=ledger(rows), account=CHART)
    assert value_of(data, "accounting", "trial_balance_difference") == 0
    assert value_of(data, "accounting", "trial_balance_difference", check="transactions") == 10


def test_chart_of_accounts() -> None:
    rows: list[Transaction] = [
        ("2026-04-01", "a", "operating", {"1010": -100, "9999": 100}),
        ("2025-04-30", "a", "operating", {"1010": 50, "4100": -50}),
    ]
    data = context("2026-05-01", ledger=ledger(rows), account=CHART)
    assert value_of(data, "accounting", "accounts_undefined", account="9999") == 1
    assert value_of(data, "accounting", "accounts_undefined") == 1
    assert value_of(data, "accounting", "accounts_wrong_side") == 1  # cash of -50 on a debit account
    unused = {f.dimensions["account"] for f in facts_of(data, "accounting", "accounts_unused") if f.dimensions}
    assert unused == set(CHART["account"]) - {"1010"}  # sales were posted more than 12 months ago
    missing = {
        f.dimensions["name"] for f in facts_of(data, "accounting", "accounts_recommended_missing") if f.dimensions
    }
    assert "Prepaid expenses" in missing
    assert not {"Cash", "Accounts receivable", "Contract liabilities", "Loans and mortgages", "Interest"} & missing


BETWEEN = typed(
    "account",
    [
        {"account": "1010", "name": "Cash", "type": "asset", "subtype": None, "normal_side": "debit", "is_cash": True},
        {"account": "1900", "name": "Due from", "type": "asset", "subtype": None, "normal_side": "debit",
         "is_cash": False},
        {"account": "2900", "name": "Due to", "type": "liability", "subtype": None, "normal_side": "credit",
         "is_cash": False},
    ],
)  # fmt: skip


@pytest.mark.parametrize(("owed", "difference"), [(-700, 0), (-650, 50)])
def test_intercompany_pairs(owed: int, difference: int) -> None:
    rows = ledger(
        [
            ("2026-04-01", "a", "financing", {"1900": 700, "1010": -700}),
            ("2026-04-01", "b", "financing", {"1010": -owed, "2900": owed}),
        ]
    )
    rows["counterparty_id"] = ["b", "b", "a", "a"]
    data = context("2026-05-01", ledger=rows, account=BETWEEN)
    assert value_of(data, "accounting", "intercompany_difference", pair="a:b") == difference
    assert value_of(data, "accounting", "intercompany_difference") == difference


def test_a_side_without_its_other_entity_is_shown_as_unknown_whatever_the_column_is_kept_as() -> None:
    rows = ledger([("2026-04-01", "a", "financing", {"1900": 700, "1010": -700})])
    for kept_as in ("str", "category"):
        known = rows.assign(counterparty_id=rows["counterparty_id"].astype(kept_as))
        data = context("2026-05-01", ledger=known, account=BETWEEN)
        assert value_of(data, "accounting", "intercompany_difference", pair="a:unknown") == 700


ASSET = {"asset_id": "A1", "entity_id": "a", "acquired_on": "2025-01-01", "cost_cents": 58_000_00,
         "useful_life_months": 60,
         "salvage_cents": 10_000_00, "method": "straight_line", "status": "in_use"}  # fmt: skip


def assets(rows: Rows, day: str = "2026-05-01") -> Context:
    return context(day, asset=typed("asset", rows))


def test_straight_line_depreciation() -> None:
    # OpenStax, Principles of Accounting 1, 11.3: Kenzie's press, ($58,000 - $10,000) / 5 = $9,600 a year; book value
    # after the first year $48,400, after the second $38,800.
    assert depreciation(58_000_00, 10_000_00, 60, 12) == 9_600_00
    assert value_of(assets([ASSET], "2026-01-01"), "accounting", "fixed_asset_closing") == 48_400_00
    assert value_of(assets([ASSET], "2027-01-01"), "accounting", "fixed_asset_closing") == 38_800_00
    assert value_of(assets([ASSET], "2040-01-01"), "accounting", "fixed_asset_closing") == 10_000_00


def test_roll_forward_adds_up() -> None:
    new = ASSET | {"asset_id": "A2", "acquired_on": "2026-02-10", "cost_cents": 12_000_00, "salvage_cents": 0}
    sold = ASSET | {"asset_id": "A3", "status": "sold", "disposed_on": "2026-04-15"}
    unknown = ASSET | {"asset_id": "A4", "cost_cents": None}
    data = assets([ASSET, new, sold, unknown])
    lines = {
        line: value_of(data, "accounting", "fixed_asset_closing", line=line)
        for line in ("opening", "additions", "depreciation", "disposals")
    }
    # By hand: two presses open at 48,400; one loses 4 x 800, the other 3 x 800 and leaves at 46,000; the new one loses
    # 2 x 200.
    assert lines == {"opening": 96_800_00, "additions": 12_000_00, "depreciation": 6_000_00, "disposals": 46_000_00}
    closing = fact_of(data, "accounting", "fixed_asset_closing")
    assert closing.value == (96_800 + 12_000 - 6_000 - 46_000) * 100
    assert closing.reason == "3 of 4 assets have a book value; straight-line by whole months"


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 600), st.integers(-5, 700))
def test_depreciation_stays_between_nothing_and_the_depreciable_amount(
    cost: int, salvage: int, life: int, months: int
) -> None:
    worn = depreciation(cost, salvage, life, months)
    assert 0 <= worn <= max(cost - salvage, 0)
    assert depreciation(cost, salvage, life, months + 1) >= worn
