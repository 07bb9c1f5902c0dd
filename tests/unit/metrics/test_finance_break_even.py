from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from finance_rows import CHART, Transaction, fact_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st
from test_finance_burn import six_months

from executive_suite.dataset.context import Context
from executive_suite.metrics.arithmetic import ceiling
from executive_suite.metrics.finance.break_even import (
    break_even_revenue,
    break_even_units,
)
from executive_suite.metrics.finance.safety import margin_of_safety, operating_leverage
from typed_tables import context

UNIT = {"unit_price_cents@boats:charter": 2000_00, "unit_variable_cost_cents@boats:charter": 500_00}

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")


def dataset(rows: list[Transaction], **values: object) -> Context:
    return context(
        "2026-05-01",
        ledger=ledger(rows),
        account=CHART,
        param=params({"burn_window_months": 6} | UNIT | values),
    )


@pytest.mark.parametrize(
    ("fixed", "price", "variable", "units", "revenue"),
    [
        # OpenStax, Principles of Accounting 2, 3.2: Hicks Manufacturing, $18,000 / $80 = 225 units, $22,500.
        (18_000_00, 100_00, 20_00, 225, 22_500_00),
        # The product's table: 8,000 and 9,000 USD over a margin of 1,500: 6 charters at the mean and the worst month.
        (8_000_00, 2000_00, 500_00, 6, 10_666_67),
        (9_000_00, 2000_00, 500_00, 6, 12_000_00),
        # Worked answer breakeven_exact_float_trap: 16.82 / 0.29 is 58 exactly, 59 in binary floats.
        (16_82, 29, 0, 58, 16_82),
        # Worked answer breakeven_no_margin.
        (1000_00, 50_00, 50_00, None, None),
        (1000_00, 50_00, 60_00, None, None),
        # Nothing to cover: no unit.
        (-5_00, 100_00, 20_00, 0, 0),
    ],
)
def test_break_even_worked_answers(
    fixed: int, price: int, variable: int, units: int | None, revenue: int | None
) -> None:
    assert break_even_units(fixed, price, variable).value == units
    assert break_even_revenue(fixed, price, variable).value == revenue


def test_target_profit() -> None:
    # OpenStax, Principles of Accounting 2, 3.2: ($18,000 + $16,000) / $80 = 425 units.
    assert break_even_units(18_000_00, 100_00, 20_00, 16_000_00).value == 425


def test_margin_of_safety_and_operating_leverage() -> None:
    # OpenStax, Principles of Accounting 2, 3.5, the two formulas; figures by hand: sales 50,000 against break-even
    # sales of 22,500 leave 55 %; a contribution of 40,000 over an income of 22,000 is 1.8181818182.
    assert margin_of_safety(50_000_00, 22_500_00).value == Decimal("0.55")
    assert operating_leverage(40_000_00, 22_000_00).value == Decimal("1.8181818182")
    assert margin_of_safety(0, 1).status == "not_applicable"
    assert operating_leverage(1, 0).status == "not_applicable"


# OpenStax, Principles of Accounting 2, 3.5: Manteo Machine sells at $90, variable $40, fixed $85,000: break-even sales
# of $153,000. At 1,800 units, sales are $162,000: 9,000 / 162,000 of them are safe, and the degree of operating
# leverage is 90,000 / 5,000 = 18, one over it. Interest, which is no operating cost, leaves all of it.
def test_margin_of_safety_of_an_income_statement() -> None:
    rows: list[Transaction] = [
        ("2026-04-03", "a", "operating", {"1200": 162_000_00, "4100": -162_000_00}),
        ("2026-04-04", "a", "operating", {"5100": 72_000_00, "1010": -72_000_00}),
        ("2026-04-05", "b", "operating", {"6100": 85_000_00, "1010": -85_000_00}),
        ("2026-04-06", "b", "operating", {"7100": 500_00, "1010": -500_00}),
    ]
    data = context("2026-05-01", ledger=ledger(rows), account=CHART, param=params({"burn_window_months": 1}))
    assert value_of(data, "finance", "break_even_sales") == 153_000_00
    assert value_of(data, "finance", "margin_of_safety") == Decimal("0.0555555556")
    assert value_of(data, "finance", "operating_leverage") == 18


def test_sales_below_their_variable_cost_never_break_even() -> None:
    rows: list[Transaction] = [
        ("2026-04-03", "a", "operating", {"1010": 100, "4100": -100}),
        ("2026-04-04", "a", "operating", {"5100": 100, "1010": -100}),
    ]
    for sold, reason in ((rows, "contribution margin is zero or negative"), (rows[1:], "no sales")):
        data = context("2026-05-01", ledger=ledger(sold), account=CHART, param=params({"burn_window_months": 1}))
        for metric_id in ("break_even_sales", "margin_of_safety"):
            found = fact_of(data, "finance", metric_id)
            assert found.value is None
            assert reason in found.reason


def test_the_products_headline() -> None:
    data = dataset(six_months())
    assert value_of(data, "finance", "break_even_units") == 6
    assert value_of(data, "finance", "break_even_units", basis="worst_month") == 6
    assert value_of(data, "finance", "contribution_margin") == 1500_00
    assert value_of(data, "finance", "contribution_margin_ratio") == Decimal("0.75")
    assert value_of(data, "finance", "residual_fixed_cost") == 8000_00


def test_the_units_own_receipts_are_added_back() -> None:
    # The rule: net burn of the month plus the unit's own revenue and deposits. A charter of 2,000 and a deposit of 500
    # in the worst month lower the burn to 6,500 and leave the residual cost at 9,000: still 6 charters.
    rows = [
        *six_months(),
        ("2025-12-06", "boats", "operating", {"1010": 2000_00, "4100": -2000_00}),
        ("2025-12-07", "boats", "operating", {"1010": 500_00, "2300": -500_00}),
    ]
    data = dataset(rows)
    assert value_of(data, "finance", "net_burn", period="2025-12") == 6500_00
    assert value_of(data, "finance", "residual_fixed_cost", period="2025-12") == 9000_00
    assert value_of(data, "finance", "break_even_units", basis="worst_month") == 6


def test_a_price_below_cost_never_breaks_even() -> None:
    fact = fact_of(dataset(six_months(), **{"unit_price_cents@boats:charter": 400_00}), "finance", "break_even_units")
    assert (fact.value, fact.status) == (None, "not_applicable")
    assert "never breaks even" in fact.reason


def test_several_units_need_a_sales_mix_and_then_sell_as_a_composite() -> None:
    # OpenStax, Principles of Accounting 2, 3.4, composite unit by hand: 4 a at a margin of 30 and 1 b at 80 are a
    # bundle of 5 units with a margin of 200; 8,000 needs 40 bundles, 200 units.
    two = {
        "unit_price_cents@boats:charter": 100_00,
        "unit_variable_cost_cents@boats:charter": 70_00,
        "unit_price_cents@bins:load": 200_00,
        "unit_variable_cost_cents@bins:load": 120_00,
    }
    unmixed = fact_of(dataset(six_months(), **two), "finance", "break_even_units")
    assert unmixed.status == "not_evaluable"
    assert "unit_mix" in unmixed.reason
    mixed = dataset(six_months(), **two, **{"unit_mix@boats:charter": 4, "unit_mix@bins:load": 1})
    assert value_of(mixed, "finance", "break_even_units") == 200
    assert value_of(mixed, "finance", "contribution_margin") == 200_00


# IMA practice question: fixed cost 280,000; A sells at 5 and costs 3, B at 6 and 5; three A to one B. A composite unit
# brings 7, so 40,000 of them: 120,000 A, 40,000 B, and B's sales are 240,000 of 840,000.
def test_composite_units_by_product() -> None:
    rows = [(f"{month}-05", "a", "operating", {"6100": 280_000_00, "1010": -280_000_00}) for month in MONTHS]
    products = {
        "unit_price_cents@boats:charter": 5_00,
        "unit_variable_cost_cents@boats:charter": 3_00,
        "unit_mix@boats:charter": 3,
        "unit_price_cents@bins:load": 6_00,
        "unit_variable_cost_cents@bins:load": 5_00,
        "unit_mix@bins:load": 1,
    }
    data = dataset(rows, **products)
    assert value_of(data, "finance", "contribution_margin") == 7_00
    assert value_of(data, "finance", "break_even_units", entity="boats", unit="charter") == 120_000
    assert value_of(data, "finance", "break_even_units", entity="bins", unit="load") == 40_000
    assert value_of(data, "finance", "break_even_units") == 160_000
    assert value_of(data, "finance", "break_even_revenue") == 840_000_00


def test_more_units_than_can_be_delivered_are_remarked() -> None:
    fact = fact_of(dataset(six_months(), **{"unit_capacity_per_month@boats:charter": 5}), "finance", "break_even_units")
    assert fact.value == 6
    assert fact.reason == "above the capacity of 5 a month"


@given(fixed=st.integers(0, 10**12), margin=st.integers(1, 10**9))
def test_break_even_is_the_least_number_that_covers_cost(fixed: int, margin: int) -> None:
    units = break_even_units(fixed, margin, 0).value
    assert isinstance(units, int)
    assert units * margin >= fixed
    assert units == 0 or (units - 1) * margin < fixed


@given(top=st.decimals(-(10**9), 10**9, places=4), bottom=st.decimals(Decimal("0.0001"), 10**6, places=4))
def test_ceiling_agrees_with_exact_fractions(top: Decimal, bottom: Decimal) -> None:
    assert ceiling(top, bottom) == ceil(Fraction(top) / Fraction(bottom))
