"""Thin, odd and broken books: a statement says what it lacks or by how much it does not tie, and never stops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from executive_suite.dataset.context import Context
from executive_suite.statements.report import statements
from statement_books import Accounts, Posted, books, cells_of, chart, differences, entities, ledger, of
from typed_tables import context

CHART: Accounts = {
    "1010": ("Checking", "asset", "cash"),
    "1020": ("Savings", "asset", "cash"),
    "1090": ("Transfer clearing", "asset", "clearing"),
    "1095": ("Card processor clearing", "asset", "clearing"),
    "1500": ("Truck", "asset", "fixed_asset"),
    "2500": ("Loan", "liability", "loan"),
    "3000": ("Capital", "equity"),
    "4000": ("Sales", "revenue"),
    "6000": ("Rent", "expense"),
}
APRIL = "2026-04"
NOTHING = (
    "no statement from the ledger: table {} is absent",
    "no receivables and payables: table invoice is absent",
)


def one(*posted: Posted, accounts: Accounts = CHART) -> Context:
    return books("2026-05-01", accounts, posted, entity=entities("alpha"))


def direct(*posted: Posted) -> dict[str, int]:
    made = one(*posted)
    assert not differences(made)
    found = of(cells_of(made), "cash_flow_direct", "alpha", APRIL)
    return {line: cents for line, cents in found.items() if ":" in line}


def test_an_empty_ledger_has_no_statements() -> None:
    assert statements(one()).cells == ()
    assert statements(one()).missing == NOTHING[1:]


def test_absent_tables_are_named() -> None:
    assert statements(context("2026-05-01")).missing == (NOTHING[0].format("account"), NOTHING[1])
    assert statements(context("2026-05-01", account=chart(CHART))).missing[0] == NOTHING[0].format("ledger")


def test_a_ledger_of_one_line_does_not_tie() -> None:
    made = one(("2026-04-10", "alpha", "operating", {"1010": 500}))
    found = differences(made)
    assert found["balance_sheet", "alpha", APRIL] == [
        (500, "total assets $5.00, total liabilities and equity $0.00: $5.00")
    ]
    assert found["trial_balance", "group", APRIL] == [(-500, "credits $0.00, debits $5.00: −$5.00")]
    assert found["cash_flow_direct", "group", APRIL] == [
        (500, "cash on the balance sheet $5.00, cash in this statement $0.00: $5.00")
    ]
    # Months before the first line have no cells.
    assert {period for _, _, period, _ in cells_of(made)} == {APRIL, "2026-YTD"}


def test_results_need_no_equity_account() -> None:
    accounts = {account: row for account, row in CHART.items() if row[1] != "equity"}
    made = one(
        ("2025-12-10", "alpha", "operating", {"1010": 500, "4000": -500}),
        ("2026-04-10", "alpha", "operating", {"1010": 70, "4000": -70}),
        accounts=accounts,
    )
    assert not differences(made)
    cells = cells_of(made)
    assert of(cells, "balance_sheet", "alpha", APRIL) == {
        "1010": 570,
        "total_assets": 570,
        "retained_earnings": 570,
        "total_equity": 570,
    }
    assert of(cells, "trial_balance", "alpha", APRIL) == {"1010": 570, "4000": -70, "retained_earnings": -500}


def test_no_account_marked_as_cash_is_not_zero_cash() -> None:
    accounts = {account: row for account, row in CHART.items() if row[2:] != ("cash",)}
    made = one(("2026-04-10", "alpha", "noncash", {"1500": 500, "4000": -500}), accounts=accounts)
    assert "no cash flows: no account is marked as cash" in statements(made).missing
    found = {statement for statement, *_ in cells_of(made)}
    assert found == {"balance_sheet", "income_statement", "trial_balance", "equity"}


def test_an_account_that_the_chart_lacks_is_named() -> None:
    made = one(("2026-04-10", "alpha", "operating", {"1010": 500, "9999": -500}))
    reason = "total assets $5.00, total liabilities and equity $0.00, account 9999 that the chart lacks −$5.00: $5.00"
    assert differences(made) == {
        ("balance_sheet", entity, period): [(500, reason)]
        for entity in ("alpha", "group")
        for period in (APRIL, "2026-YTD")
    }
    cells = cells_of(made)
    assert of(cells, "trial_balance", "alpha", APRIL) == {"1010": 500, "9999": -500}
    assert cells["cash_flow_direct", "alpha", APRIL, "operating:9999"] == 500


@pytest.mark.parametrize("column", ["activity", "counterparty_id"])
def test_an_absent_column_is_blank(column: str) -> None:
    made = one(
        ("2026-04-10", "alpha", "", {"1010": 500, "4000": -500}),
        ("2026-04-11", "alpha", "", {"1500": 300, "1010": -300}),
        ("2026-04-12", "alpha", "", {"1010": 200, "2500": -200}),
    )
    bare = replace(made, tables={**made.tables, "ledger": made.tables["ledger"].drop(columns=column)})
    assert not differences(bare)
    assert cells_of(bare) == cells_of(made)


def test_a_payment_without_an_activity_is_of_what_its_account_holds() -> None:
    assert direct(
        ("2026-04-10", "alpha", "", {"1010": 500, "4000": -500}),
        ("2026-04-11", "alpha", "", {"1500": 300, "1010": -300}),
        ("2026-04-12", "alpha", "", {"1010": 200, "2500": -200}),
        ("2026-04-13", "alpha", "", {"1010": -40, "3000": 40}),
    ) == {"operating:4000": 500, "investing:1500": -300, "financing:2500": 200, "financing:3000": -40}


def test_a_blank_or_noncash_line_with_cash_has_the_cash_s_activity() -> None:
    assert direct(
        ("2026-04-10", "alpha", "", {"1010/financing": 500, "4000": -500}),
        ("2026-04-11", "alpha", "noncash", {"1010/investing": -300, "1500": 320, "4000": -20}),
    ) == {"financing:4000": 500, "investing:4000": 20, "investing:1500": -320}


def test_a_transfer_under_way_is_not_operating() -> None:
    # The contract of the statements: clearing is cash only if is_cash says so; a transfer under way is not operating.
    assert direct(
        ("2026-03-31", "alpha", "operating", {"1090": 900, "1010": -900}),
        ("2026-04-01", "alpha", "operating", {"1020": 900, "1090": -900}),
        ("2026-04-30", "alpha", "", {"1090": 100, "1010": -100}),
    ) == {"investing:1090": 800}


def test_a_payout_of_a_card_processor_is_operating() -> None:
    assert direct(
        ("2026-04-01", "alpha", "noncash", {"1095": 900, "4000": -900}),
        ("2026-04-03", "alpha", "operating", {"1010": 870, "6000": 30, "1095": -900}),
    ) == {"operating:1095": 900, "operating:6000": -30}


def test_transactions_of_two_entities_under_one_id_stay_apart_if_each_balances() -> None:
    mixed = ledger(
        [
            ("2026-04-01", "alpha", "operating", {"6000": 100, "1010": -100}),
            ("2026-04-01", "beta", "noncash", {"6000": 30, "2500": -30}),
            ("2026-04-02", "alpha", "operating", {"1010": -50}),
            ("2026-04-02", "beta", "operating", {"6000": 50}),
        ]
    )
    mixed["txn_id"] = ["T1", "T1", "T1", "T1", "T2", "T2"]
    mixed["line"] = [1, 2, 3, 4, 1, 2]
    made = context("2026-05-01", account=chart(CHART), ledger=mixed, entity=entities("alpha", "beta"))
    cells = cells_of(made)
    # The loan of beta in T1 is no cash flow; what alpha pays for beta in T2 is beta's payment, and ties for the group.
    assert of(cells, "cash_flow_direct", "alpha", APRIL)["operating:6000"] == -100
    assert of(cells, "cash_flow_direct", "beta", APRIL) == {
        "operating:6000": -50,
        "net_cash_operating": -50,
        "net_cash_change": -50,
    }
    found = differences(made)
    assert [cents for cents, _ in found["cash_flow_direct", "alpha", APRIL]] == [-50]
    assert [cents for cents, _ in found["cash_flow_direct", "beta", APRIL]] == [50]
    assert not {key for key in found if key[1] == "group"}
