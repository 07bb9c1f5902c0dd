"""Consolidation: what entities of a group book with each other is eliminated, and what does not pair is named."""

from __future__ import annotations

import pytest

from statement_books import Accounts, Posted, books, cells_of, differences, entities, of

GROUP: Accounts = {
    "1000": ("Cash", "asset", "cash"),
    "1500": ("Software", "asset"),
    "1800": ("Investment in subsidiaries", "asset"),
    "1900": ("Due from affiliates", "asset", "intercompany"),
    "2000": ("Accounts payable", "liability"),
    "2900": ("Due to affiliates", "liability", "intercompany"),
    "3000": ("Capital", "equity"),
    "4000": ("Sales", "revenue"),
    "4800": ("Dividends and interest earned", "revenue"),
    "4900": ("Fees of affiliates", "revenue"),
    "5000": ("Cost of sales", "expense"),
    "6900": ("Fees to affiliates", "expense"),
    "7000": ("Interest", "expense"),
}
ALPHA_BETA = entities("alpha", "beta", group="hq")
MARCH, APRIL = "2026-03", "2026-04"
START: list[Posted] = [
    ("2026-01-01", entity, "financing", {"1000": 50_000_00, "3000": -50_000_00}) for entity in ("alpha", "beta", "hq")
]


def test_a_note_between_parent_and_subsidiary() -> None:
    """tutorsglobe.com/question/except-for-this-accrual-interest-has-been-fully-paid-on-the-52396715.aspx.

    P advanced S $100,000 at 5%; interest of the last three months is accrued. The eliminating entry takes out 101,250
    of receivables, 100,000 of notes payable and 1,250 of current liabilities.
    """
    lent: list[Posted] = [
        ("2025-10-01", "alpha", "investing", {"1900@beta": 100_000_00, "1000": -100_000_00}),
        ("2025-10-01", "beta", "financing", {"1000@alpha": 100_000_00, "2900@alpha": -100_000_00}),
        ("2025-12-31", "alpha", "noncash", {"1900@beta": 1_250_00, "4800@beta": -1_250_00}),
        ("2025-12-31", "beta", "noncash", {"7000@alpha": 1_250_00, "2000@alpha": -1_250_00}),
    ]
    made = books("2026-01-01", GROUP, lent, entity=ALPHA_BETA)
    assert not differences(made)
    cells = cells_of(made)
    assert of(cells, "balance_sheet", "elimination", "2025-12") == {
        "1900": -101_250_00,
        "total_assets": -101_250_00,
        "2000": -1_250_00,
        "2900": -100_000_00,
        "total_liabilities": -101_250_00,
    }
    assert of(cells, "income_statement", "elimination", "2025-12") == {
        "4800": -1_250_00,
        "total_revenue": -1_250_00,
        "7000": -1_250_00,
        "total_expenses": -1_250_00,
    }
    assert of(cells, "cash_flow_direct", "elimination", "2025-10") == {
        "investing:1900": 100_000_00,
        "net_cash_investing": 100_000_00,
        "financing:2900": -100_000_00,
        "net_cash_financing": -100_000_00,
    }
    for statement in ("balance_sheet", "income_statement", "cash_flow_direct", "cash_flow_indirect", "trial_balance"):
        moved = of(cells, statement, "group", "2025-12")
        assert set(moved) <= {"1000", "total_assets", "net_cash_change"}, statement


def test_sales_within_the_group() -> None:
    """scribd.com/document/718259881: sales of P 10,000, of S 9,000; 100 between them leave sales and cost of sales."""
    sold: list[Posted] = [
        ("2026-03-01", "alpha", "operating", {"1000": 9_900, "4000": -9_900}),
        ("2026-03-01", "alpha", "operating", {"1000": 100, "4000@beta": -100}),
        ("2026-03-01", "beta", "operating", {"1000": 9_000, "4000": -9_000}),
        ("2026-03-01", "beta", "operating", {"1000@alpha": -100, "5000@alpha": 100}),
        ("2026-03-02", "alpha", "operating", {"1000": -2_000, "5000": 2_000}),
        ("2026-03-02", "beta", "operating", {"1000": -900, "5000": 900}),
    ]
    made = books("2026-04-01", GROUP, sold, entity=ALPHA_BETA)
    assert not differences(made)
    cells = cells_of(made)
    assert cells["income_statement", "group", MARCH, "4000"] == 10_000 + 9_000 - 100
    assert cells["income_statement", "group", MARCH, "5000"] == 2_000 + 1_000 - 100
    # Cash is never eliminated: it really moved between two accounts of the group.
    assert cells["balance_sheet", "group", MARCH, "1000"] == 18_900 - 2_900


BOTH_SIDES: dict[str, list[Posted]] = {
    "charge on account": [
        ("2026-03-05", "alpha", "noncash", {"1900@beta": 700, "4900@beta": -700}),
        ("2026-03-05", "beta", "noncash", {"6900@alpha": 700, "2900@alpha": -700}),
    ],
    "capitalized fee": [
        ("2026-03-05", "alpha", "noncash", {"1900@beta": 700, "4900@beta": -700}),
        ("2026-03-05", "beta", "noncash", {"1500@alpha": 700, "2900@alpha": -700}),
    ],
    "dividend": [
        ("2026-03-05", "beta", "financing", {"3000@hq": 700, "1000": -700}),
        ("2026-03-06", "hq", "operating", {"1000": 700, "4800@beta": -700}),
    ],
    "capital paid in": [
        ("2026-03-05", "hq", "investing", {"1800@alpha": 700, "1000@alpha": -700}),
        ("2026-03-05", "alpha", "financing", {"1000@hq": 700, "3000@hq": -700}),
    ],
    "netted by one side": [
        ("2026-03-05", "alpha", "noncash", {"1900@beta": 700, "4900@beta": -700}),
        ("2026-03-06", "alpha", "noncash", {"4900@beta": 200, "1900@beta": -200}),
        ("2026-03-07", "beta", "noncash", {"6900@alpha": 500, "2900@alpha": -500}),
    ],
}


@pytest.mark.parametrize("kind", BOTH_SIDES)
def test_what_both_sides_book_is_no_difference(kind: str) -> None:
    made = books("2026-05-01", GROUP, [*START, *BOTH_SIDES[kind]], entity=ALPHA_BETA)
    assert not differences(made)
    group = of(cells_of(made), "balance_sheet", "group", APRIL)
    assert group == {"1000": 150_000_00, "total_assets": 150_000_00, "3000": 150_000_00, "total_equity": 150_000_00}


def test_a_loan_that_only_the_lender_books_as_one() -> None:
    loan: list[Posted] = [
        ("2026-03-05", "alpha", "investing", {"1900@beta": 200_00, "1000": -200_00}),
        ("2026-04-02", "beta", "financing", {"1000": 200_00, "2900@alpha": -150_00, "3000": -50_00}),
    ]
    found = differences(books("2026-05-01", GROUP, [*START, *loan], entity=ALPHA_BETA))
    missing = "alpha books $200.00 debit with beta, beta $0.00 with alpha"
    part = "alpha books $200.00 debit with beta, beta $150.00 credit with alpha"
    year = "2026-YTD"
    assert found == {
        ("balance_sheet", "group", MARCH): [(-200_00, f"{missing}: −$200.00")],
        ("balance_sheet", "group", APRIL): [(-50_00, f"{part}: −$50.00")],
        ("balance_sheet", "group", year): [(-50_00, f"{part}: −$50.00")],
        ("trial_balance", "group", MARCH): [(200_00, f"{missing}: $200.00")],
        ("trial_balance", "group", APRIL): [(50_00, f"{part}: $50.00")],
        ("trial_balance", "group", year): [(50_00, f"{part}: $50.00")],
        ("cash_flow_direct", "group", MARCH): [(-200_00, f"{missing}: −$200.00")],
        ("cash_flow_direct", "group", APRIL): [
            (150_00, "alpha books $0.00 with beta, beta $150.00 credit with alpha: $150.00")
        ],
        ("cash_flow_direct", "group", year): [(-50_00, f"{part}: −$50.00")],
        ("cash_flow_indirect", "group", MARCH): [(-200_00, f"{missing}: −$200.00")],
        ("cash_flow_indirect", "group", APRIL): [
            (150_00, "alpha books $0.00 with beta, beta $150.00 credit with alpha: $150.00")
        ],
        ("cash_flow_indirect", "group", year): [(-50_00, f"{part}: −$50.00")],
    }


def test_a_charge_that_the_other_side_books_a_month_later() -> None:
    charge: list[Posted] = [
        ("2026-03-31", "alpha", "noncash", {"1900@beta": 700, "4900@beta": -700}),
        ("2026-04-01", "beta", "noncash", {"6900@alpha": 700, "2900@alpha": -700}),
    ]
    found = differences(books("2026-05-01", GROUP, [*START, *charge], entity=ALPHA_BETA))
    assert {key: [cents for cents, _ in rows] for key, rows in found.items()} == {
        ("balance_sheet", "group", MARCH): [-700],
        ("income_statement", "group", MARCH): [-700],
        ("income_statement", "group", APRIL): [700],
    }
    assert found["income_statement", "group", MARCH][0][1] == (
        "alpha books $7.00 credit with beta, beta $0.00 with alpha: −$7.00"
    )


def test_the_group_s_own_entity_is_the_parent_whatever_its_id() -> None:
    made = books("2026-05-01", GROUP, START, entity=ALPHA_BETA)
    cells = cells_of(made)
    assert {entity for _, entity, *_ in cells} == {"alpha", "beta", "parent", "group"}
    assert cells["balance_sheet", "parent", APRIL, "total_assets"] == 50_000_00


def test_without_a_register_the_entities_of_the_ledger_are_the_group() -> None:
    made = books("2026-05-01", GROUP, [*START, *BOTH_SIDES["charge on account"]])
    assert not differences(made)
    cells = cells_of(made)
    assert cells["income_statement", "elimination", MARCH, "total_revenue"] == -700
    assert not cells["income_statement", "group", MARCH, "total_revenue"]


def test_an_own_counterparty_and_a_stranger_are_not_eliminated() -> None:
    posted: list[Posted] = [("2026-03-05", "alpha", "operating", {"1000": 700, "4000@alpha": -300, "4900@c1": -400})]
    cells = cells_of(books("2026-05-01", GROUP, posted, entity=ALPHA_BETA))
    assert cells["income_statement", "group", MARCH, "total_revenue"] == 700
