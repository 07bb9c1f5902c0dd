from decimal import Decimal

import pytest
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.finance.cash import cash_runway
from typed_tables import context

# The product's table of figures as of 2026-05-01, USD: the customer's six months of net burn, 38,800 of cash after an
# opening of 90,000 and 3,200 of equipment, and 4.85 months of runway.
SIX_MONTHS = {"2025-11": 8200, "2025-12": 9000, "2026-01": 8600, "2026-02": 7000, "2026-03": 7400, "2026-04": 7800}


def six_months() -> list[Transaction]:
    rows: list[Transaction] = [("2025-10-31", "a", "financing", {"1010": 90_000_00, "3010": -90_000_00})]
    for month, burned in SIX_MONTHS.items():
        rows.append(
            (f"{month}-05", "a", "operating", {"6100": burned * 100 + 3000_00, "1010": -burned * 100 - 3000_00})
        )
        rows.append((f"{month}-20", "b", "operating", {"1010": 3000_00, "4100": -3000_00}))
    rows.append(("2026-03-10", "a", "investing", {"1500": 3200_00, "1010": -3200_00}))
    return rows


def dataset(rows: list[Transaction], report_date: str = "2026-05-01", **values: object) -> Context:
    given_params = params({"burn_window_months": 6} | values)
    return context(report_date, ledger=ledger(rows), account=CHART, param=given_params)


def test_six_months_give_the_products_headline_figures() -> None:
    data = dataset(six_months())
    months = {f.period: f.value for f in facts_of(data, "finance", "net_burn") if f.entity_id == "group"}
    assert {month: months[month] for month in SIX_MONTHS} == {m: usd * 100 for m, usd in SIX_MONTHS.items()}
    assert value_of(data, "finance", "net_burn") == 8000_00
    assert value_of(data, "finance", "net_burn", statistic="min") == 7000_00
    assert value_of(data, "finance", "net_burn", statistic="max") == 9000_00
    assert value_of(data, "finance", "cash_balance") == 38_800_00
    assert value_of(data, "finance", "cash_runway_months") == Decimal("4.85")
    assert value_of(data, "finance", "cash_runway_months", basis="worst_month") == Decimal("4.31")  # 38,800 / 9,000
    # By hand: 90,000 less 8,200, less 9,000 more; the last month's end is the balance at the report date.
    ends = [value_of(data, "finance", "cash_balance", period=month) for month in ("2025-10", "2025-11", "2025-12")]
    assert ends == [90_000_00, 81_800_00, 72_800_00]
    assert value_of(data, "finance", "cash_balance", period="2026-04") == 38_800_00


def test_gross_burn_counts_payments_only_and_capital_expenditure_stands_apart() -> None:
    # By hand: every month pays its net burn plus the 3,000 received; March also buys equipment for 3,200.
    data = dataset(six_months())
    assert value_of(data, "finance", "gross_burn", period="2026-03") == 10_400_00
    assert value_of(data, "finance", "free_cash_flow_burn", period="2026-03") == 10_600_00
    assert value_of(data, "finance", "free_cash_flow_burn", period="2026-02") == 7000_00


def test_a_transfer_between_own_accounts_is_no_burn() -> None:
    # Worked answer own_account_transfer: checking -1,000, savings +1,000, net burn 0.
    rows = [*six_months(), ("2026-04-11", "a", "operating", {"1010": -1000_00, "1020": 1000_00})]
    before, after = dataset(six_months()), dataset(rows)
    for metric_id in ("net_burn", "gross_burn", "free_cash_flow_burn"):
        assert value_of(after, "finance", metric_id, period="2026-04") == value_of(
            before, "finance", metric_id, period="2026-04"
        )


def test_a_month_counts_from_the_day_after_its_end() -> None:
    # Worked answer burn_partial_month: as of 2026-04-30 the last complete month is 2026-03.
    rows = [row for row in six_months() if row[0] < "2026-04-30"]
    on_last_day = dataset(rows, "2026-04-30")
    assert max(f.period for f in facts_of(on_last_day, "finance", "net_burn") if len(f.period) == 7) == "2026-03"
    a_day_later = dataset(rows, "2026-05-01")
    assert max(f.period for f in facts_of(a_day_later, "finance", "net_burn") if len(f.period) == 7) == "2026-04"


def test_too_short_a_history_is_not_evaluable_and_says_so() -> None:
    rows = [row for row in six_months() if row[0] < "2026-02"]
    fact = fact_of(dataset(rows, "2026-02-01"), "finance", "cash_runway_months")
    assert (fact.value, fact.status) == (None, "not_evaluable")
    assert "3 complete months" in fact.reason


def test_without_the_window_parameter_nothing_is_guessed() -> None:
    data = context("2026-05-01", ledger=ledger(six_months()), account=CHART, param=params({"other": 1}))
    fact = fact_of(data, "finance", "net_burn")
    assert fact.status == "not_evaluable"
    assert "burn_window_months" in fact.reason


def test_an_entity_that_brings_in_cash_has_no_runway() -> None:
    fact = fact_of(
        dataset([*six_months(), ("2025-10-01", "b", "financing", {"1010": 1, "3010": -1})]),
        "finance",
        "cash_runway_months",
        entity="b",
    )
    assert (fact.value, fact.status, fact.reason) == (None, "not_applicable", "cash generative")


@pytest.mark.parametrize(
    ("cash", "net_burn", "expected"),
    [
        (3_880_000, [820_000, 900_000, 860_000, 700_000, 740_000, 780_000], Decimal("4.85")),  # the product's table
        (3_880_000, [800_000], Decimal("4.85")),  # worked answer runway_plain
        (5_000_000, [-120_000], None),  # worked answer runway_cash_generative
        (0, [100], Decimal(0)),  # definition: no cash, no runway
        (-5, [100], Decimal(0)),
    ],
)
def test_runway_worked_answers(cash: int, net_burn: list[int], expected: Decimal | None) -> None:
    assert cash_runway(cash, net_burn, months=len(net_burn)).value == expected


def test_runway_refuses_fewer_months_than_it_averages() -> None:
    with pytest.raises(ValueError, match="expected at least 6 complete months"):
        cash_runway(1, [1, 2, 3])


@given(
    cash=st.integers(1, 10**12),
    net_burn=st.lists(st.integers(1, 10**9), min_size=1, max_size=24),
    factor=st.integers(2, 50),
)
def test_runway_is_free_of_the_currency_and_grows_with_cash(cash: int, net_burn: list[int], factor: int) -> None:
    months = len(net_burn)
    plain = cash_runway(cash, net_burn, months=months).value
    scaled = cash_runway(cash * factor, [b * factor for b in net_burn], months=months).value
    more = cash_runway(cash + 1, net_burn, months=months).value
    assert plain == scaled
    assert isinstance(plain, Decimal)
    assert isinstance(more, Decimal)
    assert more >= plain


amounts = st.integers(-(10**7), 10**7)


@given(st.lists(st.tuples(st.integers(1, 28), st.sampled_from("ab"), amounts, amounts), min_size=1, max_size=30))
def test_burn_identities(rows: list[tuple[int, str, int, int]]) -> None:
    made: list[Transaction] = [
        (f"2026-03-{day:02d}", entity, "operating", {"1010": one, "1020": two, "6100": -one - two})
        for day, entity, one, two in rows
    ]
    data = dataset(made, "2026-04-01")
    cash = value_of(data, "finance", "cash_balance")
    net = value_of(data, "finance", "net_burn", period="2026-03")
    gross = value_of(data, "finance", "gross_burn", period="2026-03")
    assert isinstance(cash, int)
    assert isinstance(net, int)
    assert isinstance(gross, int)
    assert net == -cash  # all movements are operating
    assert gross >= max(net, 0)
    parts = [f for f in facts_of(data, "finance", "net_burn") if f.period == "2026-03" and f.entity_id != "group"]
    assert sum(int(str(part.value)) for part in parts) == net
