"""Figures of the books without their premise: unknown cash, unknown deposits, negative budgets, net refunds."""

import pytest
from finance_rows import fact_of, facts_of, value_of
from group_books import ACCOUNTS, Entry, books

from typed_tables import typed

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
RENT = [Entry(f"{month}-03", "a", "operating", {"6100": 300_000, "1010": -300_000}) for month in MONTHS]


@pytest.mark.parametrize(
    ("field", "metric_id"),
    [
        ("finance", "cash_balance"),
        ("finance", "cash_runway_months"),
        ("finance", "cash_week_end"),
        ("finance", "net_burn"),
        ("finance", "gross_burn"),
        ("finance", "free_cash_flow_burn"),
        ("finance", "default_alive"),
        ("finance", "receipts_growth"),
        ("finance", "runway_p50_months"),
        ("accounting", "net_cash_change"),
    ],
)
def test_no_account_marked_as_cash_is_not_zero_cash(field: str, metric_id: str) -> None:
    chart = ACCOUNTS.assign(is_cash=False)
    facts = facts_of(books(RENT, account=chart), field, metric_id)
    assert {(fact.status, fact.reason) for fact in facts} == {("not_evaluable", "no account is marked as cash")}


def test_other_figures_do_without_a_cash_account() -> None:
    data = books(RENT, account=ACCOUNTS.assign(is_cash=False))
    assert value_of(data, "accounting", "expenses", period="2026-04") == 300_000
    assert value_of(data, "finance", "operating_income") == -1_800_000


def liability(name: str, subtype: str | None) -> object:
    chart = ACCOUNTS.copy()
    chart.loc[chart["account"] == "2300", ["name", "subtype"]] = [name, subtype]
    return chart


TAKEN = [*RENT, Entry("2026-04-10", "a", "operating", {"1010": 50_000, "2300": -50_000})]


@pytest.mark.parametrize(
    ("name", "subtype", "held"),
    [
        ("Deposits of guests", "contract_liability", 50_000),
        ("Customer deposits", None, 50_000),
        ("Gift cards", None, 50_000),
        ("Payroll liabilities", None, 0),
        ("Sales tax payable", None, 0),
        ("Whatever", "payable", 0),
    ],
)
def test_deposits_are_found_by_subtype_or_name(name: str, subtype: str | None, held: int) -> None:
    data = books(TAKEN, account=liability(name, subtype))
    assert value_of(data, "finance", "customer_deposits_held") == held


def test_deposits_in_a_liability_that_says_nothing_are_not_zero() -> None:
    fact = fact_of(books(TAKEN, account=liability("Other liabilities", None)), "finance", "customer_deposits_held")
    assert (fact.value, fact.status) == (None, "not_evaluable")
    assert fact.reason == "no subtype says whether account 2300 holds customer deposits"


BUDGETED = ("budget_amount", "budget_variance", "budget_variance_share")


@pytest.mark.parametrize(("account", "cents"), [("6100", -300_000), ("4100", -300_000)])
def test_a_budget_in_ledger_sign_is_refused(account: str, cents: int) -> None:
    # Revenue and expenses are budgeted as they are printed, positive; -300,000 against 300,000 is no variance.
    planned = typed(
        "budget",
        [
            {"entity_id": "a", "month": "2026-04-01", "account": name, "amount_cents": amount, "version": "v1"}
            for name, amount in ((account, cents), ("6400", 900_000))
        ],
    )
    data = books(RENT, budget=planned)
    for metric_id in BUDGETED:
        (fact,) = facts_of(data, "finance", metric_id)
        assert (fact.value, fact.status) == (None, "not_evaluable")
        assert f"account {account} is negative (-3,000.00 USD)" in fact.reason
    compared = [f for f in facts_of(data, "organisation", "metric_change") if f.dimensions.get("against") == "budget"]
    assert [fact.status for fact in compared] == ["not_evaluable"]


def test_a_budget_of_discounts_may_be_negative() -> None:
    chart = ACCOUNTS.copy()
    chart.loc[chart["account"] == "4900", ["name", "normal_side"]] = ["Discounts", "debit"]
    rows = [
        {"entity_id": "a", "month": "2026-04-01", "account": account, "amount_cents": cents, "version": "v1"}
        for account, cents in (("4100", 500_000), ("4900", -20_000), ("6100", 300_000))
    ]
    data = books(RENT, budget=typed("budget", rows), account=chart)
    assert value_of(data, "finance", "budget_amount", line="revenue", period="2026-04") == 480_000
    assert value_of(data, "finance", "budget_variance", line="expenses", period="2026-04") == 0


@pytest.mark.parametrize(("sold", "refunded"), [(60_000, 61_000), (60_000, 60_000), (0, 0)])
def test_shares_of_revenue_need_net_revenue(sold: int, refunded: int) -> None:
    # A share of net-negative revenue has no meaning: 600 of sales, 610 of refunds, 240 of cost.
    rows = [
        *RENT,
        Entry("2026-03-05", "a", "operating", {"1010": sold, "4100": -sold}),
        Entry("2026-04-05", "a", "operating", {"4100": refunded, "1010": -refunded}),
        Entry("2026-04-06", "a", "operating", {"5100": 24_000, "1010": -24_000}),
    ]
    data = books(rows)
    for field, metric_id in (
        ("finance", "gross_margin"),
        ("finance", "contribution_ratio"),
        ("finance", "ebitda_margin"),
        ("finance", "margin_of_safety"),
        ("finance", "break_even_sales"),
        ("finance", "operating_leverage"),
        ("accounting", "expense_share_of_revenue"),
    ):
        fact = fact_of(data, field, metric_id)
        assert (fact.value, fact.status) == (None, "not_applicable"), metric_id
        assert fact.reason


def test_burn_says_what_it_leaves_out_for_want_of_an_activity() -> None:
    data = books([*RENT, Entry("2026-04-12", "a", None, {"6400": 12_345, "1010": -12_345})])
    words = "leaves out 123.45 USD of cash lines without an activity"
    for metric_id in ("net_burn", "gross_burn"):
        fact = fact_of(data, "finance", metric_id, period="2026-04")
        assert (fact.value, fact.reason) == (300_000, words)
        assert fact_of(data, "finance", metric_id).reason == words
        assert fact_of(data, "finance", metric_id, period="2026-03").reason == ""


def test_burn_says_when_the_ledger_ends_before_the_month() -> None:
    # An export of February in a report of May: nothing is known of March and April.
    data = books(RENT[:4])
    assert fact_of(data, "finance", "net_burn", period="2026-03").reason == "no posting since 2026-02"
    assert fact_of(data, "finance", "net_burn").reason == "no posting since 2026-02"
    assert fact_of(data, "finance", "net_burn", period="2026-02").reason == ""
