from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.dataset.rows import rows_of
from executive_suite.facts.fact import Fact, Value
from executive_suite.metrics.rental.income import Income
from executive_suite.metrics.rental.potential import potential_rent
from executive_suite.metrics.rental.value import income_approach
from executive_suite.period import Month
from typed_tables import Rows, computed, context, typed

ACCOUNTS = typed(
    "account",
    [
        {"account": "1010", "type": "asset", "subtype": "cash", "function": "na", "is_cash": True},
        {"account": "1200", "type": "asset", "subtype": "accounts_receivable", "function": "na", "is_cash": False},
        {"account": "4500", "type": "revenue", "subtype": None, "function": "na", "is_cash": False},
        {"account": "6210", "type": "expense", "subtype": "repairs", "function": "opex_ga", "is_cash": False},
        {"account": "6220", "type": "expense", "subtype": "interest", "function": "nonop", "is_cash": False},
        {"account": "6230", "type": "expense", "subtype": "depreciation", "function": "opex_ga", "is_cash": False},
    ],
)
HOUSE: dict[str, object] = {
    "asset_id": "H1",
    "entity_id": "homes",
    "asset_class": "property",
    "name": "House",
    "acquired_on": "2020-03-01",
    "cost_cents": 40_000_000,
    "useful_life_months": 330,
    "salvage_cents": 7_000_000,
    "market_value_cents": 50_000_000,
    "valued_on": "2026-01-15",
    "valuation_basis": "appraisal",
    "lien_cents": 20_000_000,
    "status": "in_use",
}


TAX: Rows = [{"account": "6290", "name": "Real estate tax", "type": "expense", "subtype": None, "is_cash": False}]


def line(day: str, account: str, cents: int, entity: str = "homes") -> dict[str, object]:
    return {"date": day, "entity_id": entity, "account": account, "amount_cents": cents, "activity": "operating"}


def year_of(income: int, repairs: int, interest: int, wear: int) -> Rows:
    return [
        row
        for month in range(1, 13)
        for row in (
            line(f"2025-{month:02d}-10", "4500", -income),
            line(f"2025-{month:02d}-11", "6210", repairs),
            line(f"2025-{month:02d}-12", "6220", interest),
            line(f"2025-{month:02d}-13", "6230", wear),
        )
    ]


def dataset(rows: Rows, house: dict[str, object] = HOUSE, *, report_date: str = "2026-01-01", **more: Rows) -> Context:
    tables = {name: typed(name, content) for name, content in more.items()}
    return context(report_date, asset=typed("asset", [house]), ledger=typed("ledger", rows), account=ACCOUNTS, **tables)


def value(data: Context, metric_id: str, period: str = "", entity: str = "homes", **dimensions: str) -> Value | None:
    return fact(data, metric_id, period, entity, **dimensions).value


def fact(data: Context, metric_id: str, period: str = "", entity: str = "homes", **dimensions: str) -> Fact:
    (found,) = [
        f
        for f in computed(data, "rental")
        if (f.metric_id, f.entity_id, f.period) == (metric_id, entity, period or data.report_date.isoformat())
        and f.dimensions == dimensions
    ]
    return found


# NAA/IREM: NOI is effective gross income less operating expenses, before debt service and depreciation.
# 3,000 of rent and 900 of repairs a month; interest and depreciation are below the line.
def test_net_operating_income_leaves_out_debt_and_depreciation() -> None:
    data = dataset(year_of(300_000, 90_000, 120_000, 100_000))
    assert value(data, "net_operating_income", "2025-06") == 210_000
    assert value(data, "net_operating_income") == 2_520_000
    assert value(data, "net_operating_income", "2025-06", part="below_the_line") == 220_000
    assert value(data, "operating_expense_ratio") == Decimal("0.3000000000")


def test_other_entities_do_not_enter() -> None:
    data = dataset([*year_of(300_000, 90_000, 0, 0), line("2025-06-15", "4500", -999_999, "boats")])
    assert value(data, "net_operating_income", "2025-06") == 210_000
    assert value(data, "net_operating_income", "2025-06", entity="group") == 210_000


def test_no_income_has_no_expense_ratio() -> None:
    data = dataset([line("2025-06-11", "6210", 90_000)])
    found = fact(data, "operating_expense_ratio", "2025-06")
    assert (found.value, found.status, found.reason) == (None, "not_applicable", "no income")


# Direct capitalization: rate = NOI / value. 25,200 / 500,000 = 5.04 %.
def test_cap_rate_is_the_income_of_twelve_months_on_value() -> None:
    assert value(dataset(year_of(300_000, 90_000, 120_000, 0)), "cap_rate") == Decimal("0.0504000000")


def test_a_property_held_for_half_a_year_has_no_cap_rate() -> None:
    young = {**HOUSE, "acquired_on": "2025-07-01"}
    data = dataset([row for row in year_of(300_000, 90_000, 0, 0) if str(row["date"]) >= "2025-07"], young)
    found = fact(data, "cap_rate")
    assert (found.value, found.status) == (None, "not_applicable")
    assert "2025-07" in found.reason


def test_a_ledger_that_begins_half_a_year_ago_gives_no_cap_rate() -> None:
    found = fact(dataset([row for row in year_of(300_000, 90_000, 0, 0) if str(row["date"]) >= "2025-07"]), "cap_rate")
    assert (found.value, found.status) == (None, "not_applicable")


def test_no_market_value_falls_back_on_cost_and_says_so() -> None:
    found = fact(dataset(year_of(300_000, 90_000, 0, 0), {**HOUSE, "market_value_cents": None}), "cap_rate")
    assert found.value == Decimal("0.0630000000")  # 25,200 / 400,000
    assert "cost" in found.reason


# Appraisal Institute, direct capitalization: a net income of 24,000 at 6 % is worth 400,000.
def test_income_approach() -> None:
    assert income_approach(2_400_000, Fraction("0.06")).value == 40_000_000
    assert income_approach(2_400_000, Fraction(0)).status == "not_applicable"
    assert income_approach(-1, Fraction("0.06")).status == "not_applicable"


def test_value_and_equity_say_on_which_basis() -> None:
    found = fact(dataset(year_of(300_000, 90_000, 0, 0)), "property_value")
    assert found.value == 50_000_000
    assert found.reason == "market approach: appraisal of 15 Jan 2026"
    assert value(dataset(year_of(300_000, 90_000, 0, 0)), "property_equity") == 30_000_000


# A life of no months says nothing of how a house wears out; a division by it is no answer.
@pytest.mark.parametrize("life", [0, None])
def test_a_house_without_a_life_has_no_value_by_cost(life: int | None) -> None:
    found = fact(
        dataset(year_of(300_000, 90_000, 0, 0), HOUSE | {"useful_life_months": life}), "property_value", approach="cost"
    )
    assert (found.value, found.status) == (None, "not_evaluable")


def test_all_three_approaches_have_a_value() -> None:
    rate = [{"param": "market_cap_rate", "scope": "homes", "valid_from": "2020-01-01", "value": "0.063"}]
    data = dataset(year_of(300_000, 90_000, 0, 0), param=rate)
    assert value(data, "property_value", approach="income") == 40_000_000  # 25,200 / 0.063
    # 330,000 wears out over 330 months, 1,000 a month; from March 1, 2020, to January 1, 2026, are 70 months.
    assert value(data, "property_value", approach="cost") == 33_000_000


def test_without_a_market_value_the_income_approach_is_used() -> None:
    rate = [{"param": "market_cap_rate", "scope": "homes", "valid_from": "2020-01-01", "value": "0.063"}]
    data = dataset(year_of(300_000, 90_000, 0, 0), {**HOUSE, "market_value_cents": None}, param=rate)
    assert value(data, "property_value") == 40_000_000
    assert fact(data, "property_value").reason.startswith("income approach")


def test_a_property_that_was_sold_is_not_valued() -> None:
    found = fact(dataset([], {**HOUSE, "status": "sold"}), "property_value", entity="group")
    assert found.status == "not_evaluable"


def lease(start: str, rent: int, end: str | None = None, unit: str = "A") -> dict[str, object]:
    return {
        "lease_id": f"L-{unit}-{start}",
        "asset_id": "H1",
        "unit": unit,
        "kind": "long_term",
        "start_on": start,
        "end_on": end,
        "rent_cents": rent,
        "status": "active",
    }


# OCC: cover = net operating income / (interest + principal). 25,200 a year / (12,000 + 6,000) = 1.4; wear is not paid.
# Cash-on-cash: (25,200 - 18,000) / 72,000 of the owner's cash = 10 %.
def test_debt_service_cover_and_cash_on_cash_return() -> None:
    debt = {"account": "2400", "type": "liability", "subtype": "mortgage", "function": "na", "is_cash": False}
    rows = [
        *year_of(300_000, 90_000, 100_000, 77_000),
        *(line(f"2025-{m:02d}-20", "2400", 50_000) for m in range(1, 13)),
    ]
    cash = {"param": "cash_invested_cents", "scope": "homes", "valid_from": "2020-01-01", "value": "7200000"}
    data = context(
        "2026-01-01",
        asset=typed("asset", [HOUSE]),
        ledger=typed("ledger", rows),
        account=pd.concat([ACCOUNTS, typed("account", [debt])]),
        param=typed("param", [cash]),
    )
    assert value(data, "property_debt_service_cover") == Decimal("1.4000000000")
    assert value(data, "cash_on_cash_return") == Decimal("0.1000000000")


def test_no_debt_has_no_cover() -> None:
    found = fact(dataset(year_of(300_000, 90_000, 0, 77_000)), "property_debt_service_cover")
    assert (found.value, found.status, found.reason) == (None, "not_applicable", "no debt service")


# Potential rent counts an empty unit: two units at 1,000, one of them empty since March.
def test_vacancy_lowers_economic_occupancy() -> None:
    leases = [lease("2024-01-01", 100_000), lease("2024-01-01", 100_000, "2025-02-28", "B")]
    rows = [line("2025-01-02", "4500", -200_000), line("2025-03-02", "4500", -100_000)]
    data = dataset(rows, lease=leases, report_date="2025-04-01")
    assert value(data, "economic_occupancy", "2025-01") == 1
    assert value(data, "economic_occupancy", "2025-02") == 0
    assert value(data, "economic_occupancy", "2025-03") == Decimal("0.5000000000")


def test_rent_that_is_only_owed_is_not_collected() -> None:
    rows = [
        line("2025-01-02", "4500", -100_000),
        line("2025-01-02", "1200", 40_000),
        line("2025-01-02", "1010", 60_000),
    ]
    data = dataset(rows, lease=[lease("2024-01-01", 100_000)], report_date="2025-02-01")
    assert value(data, "economic_occupancy", "2025-01") == Decimal("0.6000000000")


def test_a_month_with_two_rents_is_shared_out_by_day() -> None:
    leases = rows_of(typed("lease", [lease("2024-01-01", 93_000, "2025-03-10"), lease("2025-03-21", 124_000)]), "lease")
    # 20 days at 930.00 (ten of them empty, at the old rent) and 11 days at 1,240.00, of 31.
    assert potential_rent(leases, {}, Month(2025, 3)) == 60_000 + 44_000


def test_nights_between_two_leases_count_at_their_asking_price() -> None:
    leases = rows_of(typed("lease", [lease("2024-01-01", 93_000, "2025-03-10"), lease("2025-03-21", 124_000)]), "lease")
    asking = {("H1", date(2025, 3, day)): 9_000 for day in range(1, 32)}
    # 10 days at 930.00 a month, ten nights at 90.00 and 11 days at 1,240.00 a month, of 31.
    assert potential_rent(leases, asking, Month(2025, 3)) == 30_000 + 90_000 + 44_000


@given(gross=st.integers(0, 10**9), costs=st.integers(0, 10**9))
def test_net_income_and_expense_ratio_fit(gross: int, costs: int) -> None:
    found = Income(gross, costs, 0, 0, 2)
    if gross == 0:
        assert found.expense_ratio().status == "not_applicable"
    else:
        kept = (1 - Decimal(str(found.expense_ratio().value))) * gross
        assert abs(kept - found.net) <= Decimal(gross) / 10**10


# Income is before the tax on income and after the tax on property: without the latter it is overstated.
def test_property_tax_is_told_alone_or_as_missing() -> None:
    rows = [*year_of(200_000, 30_000, 50_000, 10_000), line("2025-11-01", "6290", 720_000)]
    chart = pd.concat([ACCOUNTS, typed("account", TAX)], ignore_index=True)
    data = dataset(rows)
    taxed = replace(data, tables={**data.tables, "account": chart})
    assert value(taxed, "net_operating_income", part="property_tax") == 720_000
    missing = fact(dataset(year_of(200_000, 30_000, 50_000, 10_000)), "net_operating_income", part="property_tax")
    assert (missing.value, missing.status) == (None, "not_applicable")
