"""Default alive, simulated runway, margins, budget variance, revenue targets and cash at week end."""

from datetime import date
from decimal import Decimal
from statistics import NormalDist

import pandas as pd
import pytest
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st
from test_finance_burn import six_months

from executive_suite.dataset.context import Context
from executive_suite.metrics.finance.alive import Outlook, default_alive, growth
from executive_suite.metrics.finance.break_even import break_even_revenue
from executive_suite.metrics.finance.scenario import normal_runway, simulate
from executive_suite.metrics.finance.targets import seasonal_index
from executive_suite.period import Month
from typed_tables import context, typed

PARAMS = {
    "burn_window_months": 6,
    "monte_carlo_seed": 7,
    "monte_carlo_runs": 4000,
    "monte_carlo_horizon_months": 60,
    "unit_price_cents@boats:charter": 2000_00,
    "unit_variable_cost_cents@boats:charter": 500_00,
    "target_profit_month_cents": 1500_00,
}


def dataset(rows: list[Transaction], **more: object) -> Context:
    tables = {"ledger": ledger(rows), "account": CHART, "param": params(PARAMS)} | more
    return context("2026-05-01", **tables)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cash", "receipts", "payments", "rate", "expected"),
    [
        # By hand: 80, 88, 96.8, 106.5 against 100: gaps of 12 and 3.2, met in the third month.
        (100, 80, 100, "0.1", Outlook(alive=True, months=3)),
        (16, 80, 100, "0.1", Outlook(alive=True, months=3)),
        (15, 80, 100, "0.1", Outlook(alive=False, months=2)),  # 15 - 12 - 3.2 < 0
        (10, 100, 100, "0", Outlook(alive=True, months=0)),
        (45, 80, 100, "0", Outlook(alive=False, months=3)),  # no growth: dead after 20, 20, 20
        (45, 80, 100, "-0.5", Outlook(alive=False, months=3)),  # shrinking counts as no growth
        (0, 0, 100, "0.1", Outlook(alive=False, months=1)),  # nothing grows from nothing
        (-5, 80, 100, "0.1", Outlook(alive=False, months=1)),  # gone already
        # Ten billion dollars that lose one cent a month: not walked through month by month.
        (10**12, 99, 100, "0", Outlook(alive=False, months=10**12 + 1)),
    ],
)
def test_default_alive_by_hand(cash: int, receipts: int, payments: int, rate: str, expected: Outlook) -> None:
    assert default_alive(cash, Decimal(receipts), Decimal(payments), Decimal(rate)) == expected


@given(
    st.integers(-100, 10**5), st.integers(0, 1000), st.integers(1, 1000), st.sampled_from(["-0.1", "0", "0.01", "0.1"])
)
def test_default_alive_is_what_walking_month_by_month_finds(cash: int, receipts: int, payments: int, rate: str) -> None:
    left, income, month = Decimal(cash), Decimal(receipts), 0
    while income < payments and (left >= 0 or month == 0):
        month += 1
        income *= 1 + max(Decimal(rate), Decimal(0))
        left -= max(payments - income, Decimal(0))
    found = default_alive(cash, Decimal(receipts), Decimal(payments), Decimal(rate))
    assert found == Outlook(alive=income >= payments, months=month)


@given(st.integers(0, 10**6), st.integers(1, 10**5), st.integers(1, 10**5), st.decimals(0, 1, places=3))
def test_more_cash_never_kills(cash: int, receipts: int, payments: int, rate: Decimal) -> None:
    poor = default_alive(cash, Decimal(receipts), Decimal(payments), rate)
    rich = default_alive(cash * 2 + 1, Decimal(receipts), Decimal(payments), rate)
    assert rich.alive or not poor.alive


def test_growth_is_compound() -> None:
    # 100 growing by 10 % a month is 121 after two months, and 400 growing by 10 % is 532.4 after three.
    assert growth([100, 7, 121]).value == Decimal("0.1")
    assert growth([1000, 2000, 1000, 1331, 2662, 1331]).value == Decimal("0.1")
    assert growth([100, 121]).status == "not_evaluable"
    assert growth([0, 5, 5]).status == "not_applicable"


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_simulation_agrees_with_the_closed_form(level: float) -> None:
    # Sums of Normal months are Normal; months are whole in the closed form's model, fractions inside a month in the
    # simulation: with a deviation of a tenth of the mean both agree within a quarter of a month.
    found = simulate(38_800, 8_000, 800, seed=7, runs=20_000, horizon=60).percentile(level)
    assert found == pytest.approx(normal_runway(38_800, 8_000, 800, level), abs=0.25)


def test_probability_of_being_out_of_cash_matches_the_normal_distribution() -> None:
    # P(burn of 5 months >= 38,800) for Normal(5 x 8,000, sqrt(5) x 800).
    expected = 1 - NormalDist(40_000, 5**0.5 * 800).cdf(38_800)
    gone = simulate(38_800, 8_000, 800, seed=11, runs=20_000, horizon=12).gone_by(5)
    assert float(gone) == pytest.approx(expected, abs=0.01)


def test_the_same_seed_gives_the_same_runways_and_is_recorded() -> None:
    data = dataset(six_months())
    fact = fact_of(data, "finance", "runway_p50_months")
    assert fact.value == fact_of(dataset(six_months()), "finance", "runway_p50_months").value
    assert fact.reason.startswith("seed 7, 4,000 runs")
    low, middle, high = (value_of(data, "finance", f"runway_p{level}_months") for level in (10, 50, 90))
    assert isinstance(low, Decimal)
    assert isinstance(middle, Decimal)
    assert isinstance(high, Decimal)
    assert low < middle < high


def test_too_few_observations_are_not_simulated() -> None:
    data = dataset([row for row in six_months() if row[0] >= "2026-01"])
    assert fact_of(data, "finance", "runway_p10_months").status == "not_evaluable"


def test_margins_by_hand() -> None:
    # Sales 1,000; crew 300 (cost of sales, variable); rent 200; interest 50, principal 150 repaid.
    month = [
        ("2026-04-01", "a", "operating", {"1010": 1000, "4100": -1000}),
        ("2026-04-02", "a", "operating", {"5100": 300, "1010": -300}),
        ("2026-04-03", "a", "operating", {"6100": 200, "1010": -200}),
        ("2026-04-04", "a", "operating", {"7100": 50, "1010": -50}),
        ("2026-04-05", "a", "financing", {"2500": 150, "1010": -150}),
        ("2025-11-01", "a", "financing", {"1010": 9000, "2500": -9000}),
    ]
    data = dataset(month)
    assert value_of(data, "finance", "gross_margin") == Decimal("0.7")
    assert value_of(data, "finance", "contribution_ratio") == Decimal("0.7")
    assert value_of(data, "finance", "ebitda_margin") == Decimal("0.5")
    assert value_of(data, "finance", "operating_income") == 500
    assert value_of(data, "finance", "debt_service_cover") == Decimal("2.5")  # (1,000 - 500) / (50 + 150)
    assert value_of(data, "finance", "operating_leverage") == Decimal("1.4")  # (1,000 - 300) / 500


def test_a_new_loan_offsets_no_repayment() -> None:
    # OCC Comptroller's Handbook, Commercial Real Estate Lending: net operating income over principal and interest due.
    # Sales 1,000, rent 200; interest 50 and principal 150 paid on the day on which 9,000 more are borrowed; another
    # loan of 500 is replaced by one of the same size in one transaction, which repays nothing.
    month = [
        ("2025-11-01", "a", "financing", {"1010": 9000, "2500": -9000}),
        ("2026-04-01", "a", "operating", {"1010": 1000, "4100": -1000}),
        ("2026-04-03", "a", "operating", {"6100": 200, "1010": -200}),
        ("2026-04-04", "a", "operating", {"7100": 50, "1010": -50}),
        ("2026-04-04", "a", "financing", {"2500": 150, "1010": -150}),
        ("2026-04-04", "a", "financing", {"1010": 9000, "2500": -9000}),
    ]
    replaced = ledger([*month, ("2026-04-05", "a", "financing", {"2500": 500, "1010": 0})])
    last = len(replaced) - 1
    replaced.loc[last, ["account", "amount_cents"]] = ["2500", -500]
    assert value_of(dataset(month), "finance", "debt_service_cover") == Decimal(4)  # 800 / (50 + 150)
    data = context("2026-05-01", ledger=replaced, account=CHART, param=params({"burn_window_months": 6}))
    assert value_of(data, "finance", "debt_service_cover") == Decimal(4)


def test_debt_whose_interest_has_no_account_gives_no_cover() -> None:
    # A ratio over principal alone, or "no debt service", would be wrong: what the loan costs is among other expenses.
    month = [
        ("2025-11-01", "a", "financing", {"1010": 9000, "2500": -9000}),
        ("2026-04-01", "a", "operating", {"1010": 1000, "4100": -1000}),
    ]
    found = fact_of(dataset(month), "finance", "debt_service_cover")
    assert (found.value, found.status) == (None, "not_evaluable")
    assert "interest" in found.reason


def test_without_sales_or_debt_the_ratios_are_not_applicable() -> None:
    data = dataset([row for row in six_months() if row[1] == "a"])
    assert fact_of(data, "finance", "gross_margin").status == "not_applicable"
    assert fact_of(data, "finance", "debt_service_cover").reason == "no debt service in the window"


def test_budget_variance_and_its_sign() -> None:
    # April: sales 3,000 against 2,500 planned, rent 10,800 against 10,000 planned: 500 more, 800 more, 300 worse.
    plan = [
        {"entity_id": "b", "month": "2026-04-01", "account": "4100", "amount_cents": 9999_00, "version": "v1"},
        {"entity_id": "b", "month": "2026-04-01", "account": "4100", "amount_cents": 2500_00, "version": "v2"},
        {"entity_id": "a", "month": "2026-04-01", "account": "6100", "amount_cents": 10_000_00, "version": "v1"},
    ]
    data = dataset(six_months(), budget=typed("budget", plan))
    sales = fact_of(data, "finance", "budget_variance", period="2026-04", line="revenue")
    assert (sales.value, sales.reason) == (500_00, "favourable")
    cost = fact_of(data, "finance", "budget_variance", period="2026-04", line="expenses")
    assert (cost.value, cost.reason) == (800_00, "unfavourable")
    income = fact_of(data, "finance", "budget_variance", period="2026-04")
    assert (income.value, income.reason) == (-300_00, "unfavourable")
    assert value_of(data, "finance", "budget_variance_share", period="2026-04", line="revenue") == Decimal("0.2")
    assert value_of(data, "finance", "budget_variance") == -300_00  # the year's only budgeted complete month


# Whoever writes version 10 means it to replace version 9, though "v10" sorts before "v9".
def test_the_latest_version_of_a_budget_is_the_highest_number() -> None:
    plan = [
        {"entity_id": "b", "month": "2026-04-01", "account": "4100", "amount_cents": cents, "version": version}
        for version, cents in (("v10", 2500_00), ("v9", 9999_00), ("v1", 1_00))
    ]
    data = dataset(six_months(), budget=typed("budget", plan))
    assert value_of(data, "finance", "budget_amount", period="2026-04", line="revenue") == 2500_00


def test_revenue_targets() -> None:
    # OpenStax, Principles of Accounting 2, 3.2 (Hicks): (18,000 + 16,000) / 0.8 = 42,500.
    hicks = break_even_revenue(18_000_00, 100_00, 20_00, 16_000_00, 1)
    assert hicks.value == 42_500_00
    # The six months: (8,000 + 1,500) / 0.75 = 12,666.67 a month from May to December, without seasonality.
    data = dataset(six_months())
    ahead = {f.period: f for f in facts_of(data, "finance", "revenue_target") if f.period >= "2026-05"}
    assert sorted(ahead) == [f"2026-{month:02d}" for month in range(5, 13)]
    assert {fact.value for fact in ahead.values()} == {12_666_67}
    assert all("no seasonality" in fact.reason for fact in ahead.values())


def test_a_past_target_does_not_move_when_its_month_is_over() -> None:
    # The target of April is set from what was complete before April, so April's own postings leave it.
    before = value_of(dataset(six_months()), "finance", "revenue_target", period="2026-04")
    late = [*six_months(), ("2026-04-28", "a", "operating", {"6100": 777_00, "1010": -777_00})]
    assert value_of(dataset(late), "finance", "revenue_target", period="2026-04") == before


# What was asked of a month stays: sales and prices that came after it began move the months ahead only.
def test_past_targets_stay_when_later_months_are_known() -> None:
    years: list[Transaction] = [("2023-12-31", "a", "financing", {"1010": 9_000_000_00, "3010": -9_000_000_00})]
    for month in range(29):
        day = f"{2024 + month // 12}-{month % 12 + 1:02d}-10"
        sales = (month % 12 + 1) * 1000_00
        years.append((day, "boats", "operating", {"1010": sales, "4100": -sales}))
        years.append((day, "boats", "operating", {"6100": 9_000_00, "1010": -9_000_00}))

    def targets(report_date: str) -> dict[str, object]:
        rows = [row for row in years if row[0] < report_date]
        data = dataset(rows, param=params(PARAMS))
        if report_date >= "2026-05":  # a price that holds from May on
            new = params({"unit_price_cents@boats:charter": 4000_00}, since="2026-05-01")
            data = dataset(rows, param=pd.concat([params(PARAMS), new], ignore_index=True))
        data = Context(data.tables, date.fromisoformat(report_date), data.zone)
        return {fact.period: fact.value for fact in facts_of(data, "finance", "revenue_target")}

    before, after = targets("2026-03-01"), targets("2026-06-01")
    past = [f"2026-{month:02d}" for month in (1, 2, 3)]
    assert [after[month] for month in past] == [before[month] for month in past]
    assert None not in after.values()
    assert after["2026-06"] != before["2026-06"]
    # By hand: sales of month m are m thousand, so its index is m / 6.5; March asks three times what January does.
    ratios = [Decimal(str(before[f"2026-{month:02d}"])) / 3 for month in (3, 6, 12)]
    index = [fact.value for fact in facts_of(dataset(years), "finance", "revenue_seasonal_index")]
    assert index == [(Decimal(month) / Decimal("6.5")).quantize(Decimal("1e-10")) for month in range(1, 13)]
    assert abs(ratios[1] - 2 * ratios[0]) < 1


@given(
    st.lists(st.integers(0, 10**7), min_size=24, max_size=36),
    st.integers(1, 12),
)
def test_seasonal_indices_have_mean_one(sales: list[int], shown: int) -> None:
    last = Month(2025, 12)
    history = {last + -back: cents for back, cents in enumerate(sales)}
    months = [Month(2026, month) for month in range(1, shown + 1)]
    index = seasonal_index(history, months, last)
    assert abs(sum(index.values()) - shown) < Decimal("1e-20")


def test_cash_at_the_end_of_the_latest_weeks() -> None:
    # By hand: 38,800 at the end of April; the 7,800 net of April are 10,800 paid on the 5th, 3,000 received on the
    # 20th. 1 May 2026 is a Friday, so the complete weeks end on 5, 12, 19 and 26 April.
    facts = facts_of(dataset(six_months()), "finance", "cash_week_end")
    assert {fact.dimensions["ends"]: fact.value for fact in facts} == {
        "2026-04-05": 35_800_00,
        "2026-04-12": 35_800_00,
        "2026-04-19": 35_800_00,
        "2026-04-26": 38_800_00,
    }


def test_the_deposit_of_a_lease_that_was_never_agreed_is_not_held() -> None:
    # California Civil Code 1950.5: a deposit is held under a rental agreement in force.
    lease = {"lease_id": "L", "asset_id": "house", "unit": "1", "start_on": "2026-01-01", "end_on": None}
    stati = {"active": 1000, "draft": 20, "Cancelled": 3}
    rows = [lease | {"lease_id": n, "status": n, "security_deposit_cents": cents} for n, cents in stati.items()]
    data = context("2026-05-01", lease=typed("lease", rows))
    assert value_of(data, "finance", "security_deposits_held") == 1000
