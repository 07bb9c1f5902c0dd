from decimal import Decimal

import pytest
from finance_rows import CHART, fact_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st
from test_finance_burn import six_months

from executive_suite.dataset.context import Context
from executive_suite.metrics.finance.capital import Limits, capital_tier, expected_gain, net_present_value, payback
from typed_tables import context, typed

LIMITS = Limits(Decimal(100), Decimal(10_000), Decimal(6), Decimal(3))
THRESHOLDS = {
    "burn_window_months": 6,
    "tier_zero_cost_max_cents": 100,
    "tier_infra_max_cents": 10_000,
    "tier_payback_max_months": 6,
    "runway_floor_months": 3,
}


def tier(cost: int, category: str, gain: int, cash: int = 3_880_000, burn: int = 800_000) -> str:
    return capital_tier(cost, category, gain, LIMITS, cash_cents=cash, mean_burn_cents=Decimal(burn))


@pytest.mark.parametrize(
    ("cost", "category", "gain", "expected"),
    [
        # The product's five candidates at 38,800 of cash and 8,000 of burn, by the rule "first that fits".
        (37, "growth", 0, "zero-cost"),
        (0, "infra", 0, "zero-cost"),
        (1000, "infra", 0, "low-cost"),
        (150_000, "revenue_feature", 90_000, "revenue-producing"),
        (2_500_000, "asset", 100_000, "no-deploy"),
        # The limits themselves are inside.
        (100, "asset", 0, "zero-cost"),
        (101, "asset", 0, "no-deploy"),
        (10_000, "infra", 0, "low-cost"),
        (10_001, "infra", 0, "no-deploy"),
        (600_000, "asset", 100_000, "revenue-producing"),
        (600_001, "asset", 100_000, "no-deploy"),
    ],
)
def test_tiers(cost: int, category: str, gain: int, expected: str) -> None:
    assert tier(cost, category, gain) == expected


def test_the_runway_floor_overrides_a_quick_payback() -> None:
    # 24,000 of cash is three months of 8,000: spending one cent more than nothing beyond the low tiers breaks it.
    assert tier(150_000, "feature", 90_000, cash=2_400_000) == "no-deploy"
    assert tier(150_000, "feature", 90_000, cash=2_550_000) == "revenue-producing"


def test_a_group_that_makes_cash_keeps_its_floor() -> None:
    assert tier(150_000, "feature", 90_000, cash=150_000, burn=-1) == "revenue-producing"


def test_payback_and_present_value() -> None:
    # OpenStax, Principles of Finance, 16.1: payback = outlay / yearly inflow, here 150,000 / 90,000 = 1.67.
    assert payback(150_000, 90_000).value == Decimal("1.67")
    assert payback(150_000, expected_gain(90_000, 5_000)).value == Decimal("3.33")
    assert payback(1, 0).status == "not_applicable"
    # Annuity of 10,000 over 12 months at 1 % a month is worth 112,550.77 (annuity factor 11.2550775, standard table).
    assert round(net_present_value(100_000_00, 10_000_00, Decimal(100), 12)) == 12_550_77


def dataset(**options: object) -> Context:
    rows = [
        {
            "option_id": "P4",
            "title": "calendar",
            "category": "feature",
            "cost_cents": 150_000,
            "exp_monthly_gain_cents": 90_000,
            "confidence_bp": 10_000,
            "assumed": True,
        }
        | options
    ]
    return context(
        "2026-05-01",
        ledger=ledger(six_months()),
        account=CHART,
        param=params(THRESHOLDS),
        deployment_option=typed("deployment_option", rows),
    )


# 0.5 of 33.33 a month is 16.665, not 16.66: over 36 months without discount 599.94 less 500.00 is 99.94, and over its
# cost 0.19988 (OpenStax, Principles of Finance, 16.5: profitability index 1.19988).
def test_present_value_loses_nothing_to_the_confidence() -> None:
    rate = {"discount_rate_month_bp": 0, "npv_horizon_months": 36}
    data = dataset(cost_cents=500_00, exp_monthly_gain_cents=33_33, confidence_bp=5_000)
    data = context(
        "2026-05-01",
        **{name: frame for name, frame in data.tables.items() if name != "param"},
        param=params(THRESHOLDS | rate),
    )
    assert value_of(data, "finance", "deployment_npv", option="P4") == 99_94
    assert value_of(data, "finance", "deployment_npv_to_cost", option="P4") == Decimal("0.19988")
    free = dataset(cost_cents=0)
    assert fact_of(free, "finance", "deployment_npv_to_cost", option="P4").status == "not_evaluable"


def test_facts_by_option() -> None:
    fact = fact_of(dataset(), "finance", "capital_tier", option="P4")
    assert (fact.value, fact.assumed) == ("revenue-producing", True)
    assert value_of(dataset(), "finance", "runway_after_months", option="P4") == Decimal("4.66")  # 37,300 / 8,000
    assert value_of(dataset(cost_cents=2_000_000), "finance", "capital_tier", option="P4") == "no-deploy"
    assert value_of(dataset(confidence_bp=1_000), "finance", "capital_tier", option="P4") == "no-deploy"


@given(cost=st.integers(0, 10**8), gain=st.integers(0, 10**7), cash=st.integers(0, 10**9), burn=st.integers(1, 10**7))
def test_a_cheaper_candidate_never_falls_into_a_worse_tier(cost: int, gain: int, cash: int, burn: int) -> None:
    order = ["zero-cost", "low-cost", "revenue-producing", "no-deploy"]
    assert order.index(tier(cost // 2, "asset", gain, cash, burn)) <= order.index(tier(cost, "asset", gain, cash, burn))
