"""Which months count: books that begin, entities that leave, and fiscal years."""

from decimal import Decimal

import pytest
from finance_rows import fact_of, facts_of, params, value_of
from group_books import ENTITIES, Entry, books, both

from executive_suite.dataset.context import Context
from typed_tables import typed

SIX = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")


def spent(cents: int, months: tuple[str, ...] = SIX, entity: str = "a", day: str = "15") -> list[Entry]:
    return [Entry(f"{month}-{day}", entity, "operating", {"6100": cents, "1010": -cents}) for month in months]


def opened(day: str, cents: int = 6_000_000, activity: str = "financing", entity: str = "a") -> Entry:
    return Entry(day, entity, activity, {"1010": cents, "3030": -cents})


@pytest.mark.parametrize("activity", ["financing", "operating"])
@pytest.mark.parametrize("account", ["3030", "3010"])
def test_an_opening_balance_begins_the_books_and_is_not_burn(activity: str, account: str) -> None:
    # Opening of 60,000 on November 30, then 6,000 a month from December to April: five months, not six; the sixth
    # is not a month of no burn. Cash of 60,000 - 5 x 6,000 lasts five months.
    begin = Entry("2025-11-30", "a", activity, {"1010": 6_000_000, account: -6_000_000})
    rows = [begin, *spent(600_000, SIX[1:])]
    six, five = books(rows), books(rows, burn_window_months=5)
    assert fact_of(six, "finance", "net_burn").status == "not_evaluable"
    assert "5 complete months, 6 needed" in fact_of(six, "finance", "net_burn").reason
    assert value_of(five, "finance", "net_burn") == 600_000
    assert value_of(five, "finance", "cash_runway_months") == 5
    assert {f.period for f in facts_of(six, "finance", "net_burn") if len(f.period) == 7} == set(SIX[1:])
    assert value_of(six, "finance", "cash_balance", period="2025-11") == 6_000_000
    assert value_of(six, "accounting", "net_cash_change", period="2025-11") == 6_000_000


def test_an_opening_on_the_first_of_a_month_covers_it() -> None:
    data = books([opened("2025-11-01"), *spent(600_000)])
    assert value_of(data, "finance", "net_burn") == 600_000


def test_an_opening_that_comes_with_a_months_postings_leaves_that_month_its_figures() -> None:
    # QuickBooks books that begin on February 3 with the owner's money: the month's burn is what was spent in it.
    data = books([opened("2026-02-03", activity="operating"), *spent(300_000, ("2026-02",))], "2026-03-01")
    assert value_of(data, "finance", "net_burn", period="2026-02") == 300_000


def test_a_month_that_books_enter_in_its_middle_is_not_complete() -> None:
    # Later months begin on the 2nd; in November nothing is recorded before the 20th.
    rows = [*spent(600_000, SIX[:1], day="20"), *spent(600_000, SIX[1:], day="02"), *spent(1_000, SIX, day="25")]
    data = books(rows, burn_window_months=5)
    assert {f.period for f in facts_of(data, "finance", "net_burn") if len(f.period) == 7} == set(SIX[1:])
    assert value_of(data, "finance", "net_burn") == 601_000


def test_a_business_that_pays_once_a_month_has_complete_months() -> None:
    assert value_of(books(spent(600_000, day="28")), "finance", "net_burn") == 600_000


def test_an_entity_that_joins_later_leaves_the_groups_months_alone() -> None:
    rows = [*spent(600_000), opened("2026-03-31", entity="b", activity="operating"), *spent(100, ("2026-04",), "b")]
    data = books(rows)
    assert value_of(data, "finance", "net_burn") == Decimal("600016.67")  # one month of six has 100 more
    assert value_of(data, "finance", "net_burn", period="2026-03") == 600_000
    assert [f.period for f in facts_of(data, "finance", "net_burn") if f.entity_id == "b" and len(f.period) == 7] == [
        "2026-04"
    ]


def group(left: str | None) -> Context:
    rows = [{"entity_id": name, "kind": "business", "ended_on": left if name == "b" else None} for name in ENTITIES]
    own = [opened("2025-11-01"), *spent(600_000), *spent(200_000, SIX[:5], "b"), *both("2026-04-20", 5_000)]
    return books(own, entity=typed("entity", rows), burn_window_months=6)


def test_an_entity_that_left_leaves_the_run_rates_and_keeps_its_past() -> None:
    # b was sold at the end of March. What goes on is a: 6,000 a month, less 50 that b, now outside, paid in April.
    data = group("2026-03-31")
    assert value_of(data, "finance", "net_burn") == Decimal("599166.67")
    assert value_of(group(None), "finance", "net_burn") == Decimal("766666.67")
    assert value_of(data, "finance", "net_burn", period="2026-03") == 800_000
    assert value_of(data, "finance", "net_burn", period="2026-04") == 595_000
    assert value_of(data, "accounting", "revenue", period="2026-04") == 5_000
    own = fact_of(data, "finance", "cash_runway_months", entity="b")
    assert (own.status, own.reason) == ("not_applicable", "left the group on 2026-03-31")
    months = [f.period for f in facts_of(data, "finance", "net_burn") if f.entity_id == "b" and len(f.period) == 7]
    assert months == list(SIX[:5])


def test_cash_that_an_entity_took_along_does_not_last_the_group() -> None:
    # a has 60,000 - 36,000 + 50 left; b's books end at -10,050.
    data = group("2026-03-31")
    assert value_of(data, "finance", "cash_balance") == 6_000_000 - 3_600_000 - 1_000_000
    assert fact_of(data, "finance", "cash_balance").reason == "includes -10,050.00 USD of b, no longer in the group"
    assert value_of(data, "finance", "cash_runway_months") == Decimal("4.01")  # 24,050 / 5,991.67


def planned(cents: int, first: str = "2025-07") -> object:
    year, month = map(int, first.split("-"))
    months = [f"{year + (month + n - 1) // 12}-{(month + n - 1) % 12 + 1:02d}-01" for n in range(12)]
    rows = [
        {"entity_id": "a", "month": day, "account": "4100", "amount_cents": cents, "version": "v1"} for day in months
    ]
    return typed("budget", rows)


NO_DEALS = typed(
    "opportunity",
    [],
    ["opp_id", "valid_from", "entity_id", "stage", "amount_cents", "probability_bp", "expected_close", "created_at"],
)


def test_the_fiscal_year_begins_in_july() -> None:
    # Fiscal year 2025-07 to 2026-06: 3,000 a month against 3,500 planned. Ten months are 5,000 short; the year's
    # 42,000 less 30,000 recognized leaves 12,000.
    months = tuple(f"{year}-{month:02d}" for year, of in ((2025, range(7, 13)), (2026, range(1, 5))) for month in of)
    sold = [Entry(f"{month}-10", "a", "operating", {"1010": 300_000, "4100": -300_000}) for month in months]
    data = books(sold, fiscal_year_first_month=7, budget=planned(350_000), opportunity=NO_DEALS)
    assert value_of(data, "finance", "budget_variance", line="revenue") == -500_000
    assert value_of(data, "finance", "budget_variance") == -500_000
    assert value_of(data, "sales", "pipeline_gap") == 1_200_000
    calendar = books(sold, budget=planned(350_000), opportunity=NO_DEALS)
    assert value_of(calendar, "finance", "budget_variance") == -200_000  # January to April
    assert value_of(calendar, "sales", "pipeline_gap") == 6 * 350_000 - 4 * 300_000


def test_balances_of_revenue_begin_with_the_fiscal_year() -> None:
    months = ("2025-06", "2025-07", "2026-04")
    sold = [Entry(f"{month}-10", "a", "operating", {"1010": 300_000, "4100": -300_000}) for month in months]
    of_sales = {"account": "4100"}
    assert value_of(books(sold, fiscal_year_first_month=7), "accounting", "account_balance", **of_sales) == -600_000
    assert value_of(books(sold), "accounting", "account_balance", **of_sales) == -300_000


@pytest.mark.parametrize("first_month", [None, 7, 10])
def test_targets_run_to_the_end_of_the_fiscal_year(first_month: int | None) -> None:
    values = {
        "burn_window_months": 6,
        "unit_price_cents@a:charter": 200_000,
        "unit_variable_cost_cents@a:charter": 50_000,
        "target_profit_month_cents": 0,
    }
    values |= {} if first_month is None else {"fiscal_year_first_month": first_month}
    data = books(spent(600_000), param=params(values))
    months = sorted(f.period for f in facts_of(data, "finance", "revenue_target"))
    ends = {None: ("2026-01", "2026-12"), 7: ("2025-07", "2026-06"), 10: ("2025-10", "2026-09")}[first_month]
    assert (months[0], months[-1], len(months)) == (*ends, 12)
