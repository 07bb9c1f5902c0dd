"""Lines that wait to be classified withhold profit and burn, never cash."""

from __future__ import annotations

import pandas as pd
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, params, value_of

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.metrics.book.begins import opening
from executive_suite.signals import series
from executive_suite.signals.declared import Series
from typed_tables import context, typed

WAITS = {
    "account": "3999",
    "name": "Unclassified",
    "type": "equity",
    "subtype": "unclassified",
    "normal_side": "credit",
}
ACCOUNTS = pd.concat([CHART, typed("account", [WAITS | {"is_cash": False}])], ignore_index=True)
SIX = {"burn_window_months": 6}


def month(name: str, entity: str = "a") -> list[Transaction]:
    """A month that sells 900 and spends 500."""
    return [
        (f"{name}-03", entity, "operating", {"1010": 900_00, "4100": -900_00}),
        (f"{name}-20", entity, "operating", {"6100": 500_00, "1010": -500_00}),
    ]


YEAR = [f"2025-{number:02d}" for number in range(5, 13)] + [f"2026-{number:02d}" for number in range(1, 5)]


def dataset(*more: Transaction, entity: str = "a", report_date: str = "2026-05-01") -> Context:
    rows = [line for name in YEAR for line in month(name)]
    posted = ledger([*rows, *(month("2026-03", "b")), *more])
    posted["source_file"], posted["source_row"] = "bank.csv", range(2, len(posted) + 2)
    return context(report_date, ledger=posted, account=ACCOUNTS, param=params(SIX))


def test_a_line_nobody_classified_withholds_the_profit_of_its_month_and_tells_the_cash() -> None:
    # By hand: twelve months of +400 and one of entity b; 250 came in in February and nobody said what for.
    data = dataset(("2026-02-11", "a", "operating", {"1010": 250_00, "3999": -250_00}))
    for metric_id in ("revenue", "expenses", "net_income"):
        fact = fact_of(data, "accounting", metric_id, entity="a", period="2026-02")
        assert (fact.value, fact.status) == (None, "not_evaluable")
        assert fact.reason.startswith(
            "lines not classified yet: 1 on account 3999 (Unclassified), the first on 2026-02-11, bank.csv row 55; "
        )
        assert fact_of(data, "accounting", metric_id, period="2026-02").status == "not_evaluable"
    assert value_of(data, "accounting", "revenue", entity="a", period="2026-03") == 900_00
    assert value_of(data, "accounting", "net_income", entity="b", period="2026-03") == 400_00
    assert value_of(data, "finance", "cash_balance", period="2026-02") == 10 * 400_00 + 250_00
    assert value_of(data, "finance", "cash_balance") == 13 * 400_00 + 250_00
    assert value_of(data, "accounting", "net_cash_change", entity="a", period="2026-02") == 650_00


def test_a_window_is_withheld_only_while_such_a_line_is_in_it() -> None:
    # Six months back from May 2026 begin in November 2025; three in February 2026.
    inside = dataset(("2025-12-11", "a", "operating", {"1010": 250_00, "3999": -250_00}))
    assert fact_of(inside, "finance", "net_burn", entity="a").status == "not_evaluable"
    assert fact_of(inside, "finance", "cash_runway_months").status == "not_evaluable"
    assert fact_of(inside, "finance", "operating_income", entity="a").status == "not_evaluable"
    # Burn is what was paid less what was received: 500 - 900.
    assert value_of(inside, "finance", "net_burn", entity="a", window_months="3") == -400_00
    before = dataset(("2025-10-11", "a", "operating", {"1010": 250_00, "3999": -250_00}))
    assert value_of(before, "finance", "net_burn", entity="a") == -400_00
    assert value_of(before, "finance", "operating_income", entity="a") == 6 * 400_00


def test_whatever_rests_on_the_ledger_and_is_no_balance_is_withheld_for_books_of_such_lines_alone() -> None:
    # A bank file without books: all but the account of the bank waits.
    told = {
        "account_balance",
        "accounts_undefined",
        "accounts_unused",
        "cash_balance",
        "intercompany_difference",
        "net_cash_change",
        "cash_week_end",
        "statements_difference",
        "trial_balance_difference",
    }
    rows = [
        (f"{name}-{day:02d}", "a", "operating", {"1010": cents, "3999": -cents})
        for name in YEAR
        for day, cents in ((3, 900_00), (20, -500_00))
    ]
    data = context("2026-05-01", ledger=ledger(rows), account=ACCOUNTS, param=params(SIX))
    of_ledger = [fact for fact in metrics.compute_all(data) if any(one.table == "ledger" for one in fact.inputs)]
    # The running month has no day yet, and no line.
    assert {fact.metric_id for fact in of_ledger if fact.status == "ok" and fact.period != "2026-05"} <= told
    assert value_of(data, "finance", "cash_balance") == 12 * 400_00
    # Lines of the first day are no opening balance, although the account is of equity.
    assert len(opening(data)) == 0


def test_balances_that_the_hidden_side_may_change_are_withheld_too() -> None:
    data = dataset(("2025-08-11", "a", "operating", {"1010": 250_00, "3999": -250_00}))
    status = {fact.dimensions["account"]: fact.status for fact in facts_of(data, "accounting", "account_balance")}
    assert status == {"1010": "ok", "3999": "ok", "4100": "not_evaluable", "6100": "not_evaluable"}


def test_a_month_that_nobody_can_evaluate_is_no_month_of_zero_in_a_series() -> None:
    data = dataset(("2025-09-11", "a", "operating", {"1010": 250_00, "3999": -250_00}))
    declared = Series(series="revenue", family="revenue", metric="revenue", readers=("cfo",))
    facts = facts_of(data, "accounting", "revenue")
    found = {one.entity_id: one for one in series.every(data, facts, [declared])}
    # The running month is not complete; after September come October to April.
    assert str(found["a"].first) == "2025-10"
    assert list(found["a"].values) == [900_00.0] * 7


def test_without_such_lines_nothing_changes() -> None:
    plain = context(
        "2026-05-01",
        ledger=ledger([line for name in YEAR for line in month(name)]),
        account=CHART,
        param=params(SIX),
    )
    with_account = context(
        "2026-05-01",
        ledger=ledger([line for name in YEAR for line in month(name)]),
        account=ACCOUNTS,
        param=params(SIX),
    )
    of = [
        {fact.fact_id: fact for fact in metrics.compute(one, "finance") if fact.metric_id != "accounts_unused"}
        for one in (plain, with_account)
    ]
    assert of[0] == of[1]
