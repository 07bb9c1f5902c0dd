"""The base case of cash: a group worked by hand, no amount twice, and what holds for any path."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from finance_rows import CHART, Transaction, fact_of, facts_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Why
from executive_suite.metrics.forecast.base import base
from executive_suite.metrics.forecast.levers import bought
from executive_suite.metrics.forecast.path import Item, daily, first_below, spans, steps
from executive_suite.metrics.forecast.rate import monthly
from executive_suite.metrics.forecast.unsold import supported
from executive_suite.period import Month
from group_data import sample
from typed_tables import context, typed

INVOICE = {
    "invoice_id": "I1",
    "direction": "ar",
    "entity_id": "a",
    "counterparty_id": "late",
    "issued_on": "2026-04-20",
    "due_on": "2026-05-20",
    "total_cents": 500_00,
    "status": "open",
    "booking_id": None,
    "contract_id": None,
}
SETTLED = INVOICE | {"invoice_id": "I0", "issued_on": "2026-03-01", "due_on": "2026-03-10", "status": "paid"}
PAID_LATE = {"payment_id": "P0", "invoice_id": "I0", "paid_on": "2026-03-20", "amount_cents": 500_00}
LEASE = {
    "lease_id": "L1",
    "asset_id": "flat",
    "start_on": "2025-11-01",
    "end_on": "2026-06-30",
    "rent_cents": 1000_00,
    "security_deposit_cents": 0,
    "status": "active",
}
FLAT = typed("asset", [{"asset_id": "flat", "entity_id": "a", "asset_class": "property"}])


def books() -> list[Transaction]:
    """9,000 put in; from November to April 1,000 of rent on the 1st and 1,500 of cost on the 10th: 6,000 is left."""
    rows: list[Transaction] = [("2025-10-31", "a", "financing", {"1010": 9000_00, "3010": -9000_00})]
    for month in ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"):
        rows.append((f"{month}-01", "a", "operating", {"1010": 1000_00, "4100": -1000_00}))
        rows.append((f"{month}-10", "a", "operating", {"6100": 1500_00, "1010": -1500_00}))
    return rows


def group(
    day: str = "2026-05-01",
    invoices: tuple[dict[str, object], ...] = (INVOICE, SETTLED),
    payments: tuple[dict[str, object], ...] = (PAID_LATE,),
    rows: list[Transaction] | None = None,
    **more: pd.DataFrame,
) -> Context:
    tables = {
        "ledger": ledger(rows or books()),
        "account": CHART,
        "param": params({"burn_window_months": 6, "runway_floor_months": 3}),
        "lease": typed("lease", [LEASE]),
        "asset": FLAT,
        "invoice": typed("invoice", invoices, list(INVOICE)),
        "payment": typed("payment", payments, list(PAID_LATE)),
    }
    return context(day, **(tables | more))


# By hand, cents left out. The customer paid ten days after the due date before, so May 20 becomes May 30.
#   May 1 +1000 = 7000, May 10 -1500 = 5500, May 30 +500 = 6000, June 1 +1000 = 7000, June 10 -1500 = 5500;
#   the lease has ended: July 4000, August 2500, September 1000, October 10 -500.
# The floor is three months of the mean net burn of 500: below 1500 on September 10.
def test_a_lease_that_ends_a_cost_and_a_receivable() -> None:
    data = group()
    assert value_of(data, "forecast", "cash_out_date") == "2026-10-10"
    assert value_of(data, "forecast", "cash_floor_date") == "2026-09-10"
    closing = {
        fact.dimensions["month_end"]: int(str(fact.value)) // 100
        for fact in facts_of(data, "forecast", "cash_path")
        if "month_end" in fact.dimensions
    }
    assert list(closing.values())[:6] == [6000, 5500, 4000, 2500, 1000, -500]
    ends = [f for f in facts_of(data, "forecast", "cash_event") if f.dimensions.get("event") == "lease_ends"]
    assert [(f.dimensions["day"], f.dimensions["key"], f.value) for f in ends] == [("2026-06-30", "L1", -1000_00)]


# Only the books tell of the 1,000 a month, so it goes on, spread over the days. By hand: cash falls by 500 a month, and
# is 1,000 on March 1, 2027; by March 10 comes 1,000 x 10/31 = 322, and 1,500 goes: below zero. February: 1,500 + 357 -
# 1,500.
def test_where_only_the_books_tell_of_sales_they_go_on() -> None:
    tables = {"ledger": ledger(books()), "account": CHART, "param": params({"burn_window_months": 6})}
    assert value_of(context("2026-05-01", **tables), "forecast", "cash_out_date") == "2027-03-10"
    bills = typed("invoice", [INVOICE | {"direction": "ap", "status": "paid"}], list(INVOICE))
    told = {**tables, "invoice": bills}
    assert value_of(context("2026-05-01", **told), "forecast", "cash_out_date") == "2027-03-10"
    # A register of sales: those not made yet are on no path. May 10: 4,500; 3,000; 1,500; 0 on August 10.
    told["invoice"] = typed("invoice", [SETTLED], list(INVOICE))
    assert value_of(context("2026-05-01", **told), "forecast", "cash_out_date") == "2026-09-10"


def test_cash_that_lasts_has_no_date_and_says_so() -> None:
    rows = [*books(), ("2026-04-30", "a", "financing", {"1010": 90_000_00, "3010": -90_000_00})]
    for name in ("cash_out_date", "cash_floor_date"):
        fact = fact_of(group(rows=rows), "forecast", name)
        assert (fact.status, fact.reason) == ("not_applicable", "cash lasts beyond 2027-04-30")


def test_cash_below_its_floor_already_has_passed_it() -> None:
    rows = [*books(), ("2026-04-30", "a", "financing", {"1010": -5000_00, "3010": 5000_00})]
    fact = fact_of(group(rows=rows), "forecast", "cash_floor_date")
    assert (fact.value, fact.qualified(Why.PASSED)) == ("2026-05-01", True)


# May's rent is billed: the open invoice is on the path, the installment is not. 500 of the other invoice is there too.
def test_an_invoice_replaces_the_installment_it_bills() -> None:
    billed = INVOICE | {"invoice_id": "I2", "issued_on": "2026-05-01", "total_cents": 1000_00, "contract_id": "L1"}
    found = base(group("2026-05-15", invoices=(INVOICE, SETTLED, billed)))
    may = [item for item in found.items if item.day < date(2026, 6, 1) and item.cents > 0]
    assert sorted((item.kind, item.cents) for item in may) == [("receivable", 500_00), ("receivable", 1000_00)]


BILL = INVOICE | {"invoice_id": "B1", "direction": "ap", "counterparty_id": "landlord", "total_cents": 1500_00}


# The landlord was paid 1,500 in each of six months: his open bill is May's cost. A new supplier's comes on top.
@pytest.mark.parametrize(("party", "may"), [("landlord", 1500_00), ("new", 3000_00)])
def test_an_open_bill_replaces_its_suppliers_usual_month_only(party: str, may: int) -> None:
    months = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
    old = [
        BILL | {"invoice_id": month, "issued_on": f"{month}-01", "due_on": f"{month}-10", "status": "paid"}
        for month in months
    ]
    paid = [
        {"payment_id": month, "invoice_id": month, "paid_on": f"{month}-10", "amount_cents": 1500_00}
        for month in months
    ]
    data = group(invoices=(*old, BILL | {"counterparty_id": party}), payments=tuple(paid))
    out = [item for item in base(data).items if item.cents < 0 and Month.of(item.day) == Month(2026, 5)]
    assert -sum(item.cents for item in out) == may


def test_a_booking_that_is_a_lease_counts_once() -> None:
    stay = {
        "booking_id": "S1",
        "entity_id": "a",
        "asset_id": "flat",
        "customer_id": None,
        "status": "confirmed",
        "service_start": "2026-06-02T20:00:00Z",
        "gross_cents": 8000_00,
        "discount_cents": 0,
        "platform_fee_cents": 0,
        "deposit_cents": 500_00,
        "variable_cost_cents": 100_00,
    }
    columns = list(stay)
    whole = base(group(booking=typed("booking", [stay], columns)))
    assert whole.items == base(group(booking=typed("booking", [], columns))).items
    boat = base(group(booking=typed("booking", [stay | {"asset_id": "boat"}], columns)))
    assert sorted(i.cents for i in boat.items if i.kind == "booking") == [-100_00, 7500_00]  # 8,000 less the deposit


def test_what_one_entity_owes_another_moves_no_cash() -> None:
    entities = typed("entity", [{"entity_id": name, "kind": "business"} for name in ("a", "late")])
    data = group(entity=entities)
    assert not [item for item in base(data).items if item.kind == "receivable"]


def test_an_entity_that_left_is_not_on_the_path() -> None:
    left = typed("entity", [{"entity_id": "a", "kind": "business", "ended_on": "2026-04-29"}])
    assert base(group(entity=left)).items == ()


# 24 months: 100 in each winter month, nothing in summer; the last winter cost twice as much as the one before.
def test_a_season_comes_again_at_the_level_of_the_recent_months() -> None:
    winter = {11, 12, 1, 2, 3, 4}
    series = {}
    for back in range(24):
        month = Month(2026, 4) + -back
        if month.month in winter:
            series[month] = 200 if back < 12 else 100
    recent = tuple(Month(2026, 4) + -back for back in range(5, -1, -1))
    ahead = (Month(2026, 7), Month(2026, 12))
    history = tuple(Month(2026, 4) + -back for back in range(23, -1, -1))
    # July of last year had none; December 200 at the level of 1200 / 600.
    assert monthly(series, history, recent, ahead) == {Month(2026, 7): 0, Month(2026, 12): 400}
    # Too short a history shows no season: what began last November goes on.
    assert monthly(series, history[-12:], recent, ahead) == dict.fromkeys(ahead, 200)


@pytest.mark.parametrize(
    ("recent", "before", "expected"),
    [
        ([100] * 6, [100] * 6, 100),  # steady
        ([0] * 6, [100] * 6, 0),  # ended: it does not come again because it was there last year
        ([100] * 6, [0] * 6, 100),  # new
    ],
)
def test_a_cost_that_ended_or_began(recent: list[int], before: list[int], expected: int) -> None:
    last = Month(2026, 4)
    series = {last + (n - 5): cents for n, cents in enumerate(recent)}
    series |= {last + (n - 17): cents for n, cents in enumerate(before)}
    series |= {last + (n - 11): recent[0] if expected else before[0] for n in range(6)}
    months = tuple(last + (n - 23) for n in range(24))
    assert monthly(series, months, months[-6:], (Month(2026, 8),)) == {Month(2026, 8): expected}


# A rent that rose two months ago is paid at the new rent, and not at the mean of six months; a bill that comes every
# quarter has no new level, however its zeros lie.
@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ([1800] * 4 + [2600] * 2, 2600),
        ([0, 0, 0, 0, 500, 500], 500),
        ([900, 0, 0, 900, 0, 0], 300),
        ([90, 140, 100, 120, 130, 80], 110),
    ],
)
def test_a_new_level_counts_as_soon_as_it_is_steady(paid: list[int], expected: int) -> None:
    months = tuple(Month(2026, 4) + (n - 5) for n in range(6))
    series = dict(zip(months, paid, strict=True))
    assert monthly(series, months, months, (Month(2026, 8),)) == {Month(2026, 8): expected}


# Last August brought 900. At half the pace of last year's spring that is 450; a faster pace is not assumed.
@pytest.mark.parametrize(("spring", "expected"), [(50, 450), (200, 900), (0, 0)])
def test_sales_not_made_yet_need_last_year_and_the_last_months(spring: int, expected: int) -> None:
    latest = Month(2026, 4)
    sales = {Month(2025, 8): 900} | {latest + (-12 - back): 100 for back in range(3)}
    sales |= {latest + -back: spring for back in range(3)}
    assert supported(sales, latest, Month(2026, 8)) == expected
    assert supported(sales, latest, Month(2026, 9)) == 0  # last September brought none


def test_a_firm_whose_sales_stopped_supports_none() -> None:
    unsold = fact_of(sample(), "forecast", "cash_path_unsold")
    assert unsold.value == 0  # the sample has sold nothing since November, but rents and fees


DAYS = st.integers(0, 400).map(lambda n: date(2026, 5, 1) + timedelta(days=n))
KINDS = st.sampled_from(["lease", "receivable", "payable", "run_rate"])
ITEMS = st.lists(st.builds(Item, DAYS, st.integers(-(10**6), 10**6), KINDS, st.just("a")), max_size=12)


@given(st.integers(-(10**7), 10**7), ITEMS)
def test_any_path_adds_up(cash: int, items: list[Item]) -> None:
    within = spans(date(2026, 5, 1))
    path = steps(cash, items, within)
    assert path[0].opening == cash
    for before, after in pairwise(path):
        assert after.opening == before.closing
    for step in path:
        assert step.closing == step.opening + step.line("receipts") - step.line("payments")
        assert all(cents > 0 for cents in step.kinds.values())
    inside = [item.cents for item in items if item.day <= within[-1].ends]
    assert path[-1].closing == cash + sum(inside)


@given(st.integers(0, 10**7), ITEMS, DAYS, st.integers(0, 10**6))
def test_more_cost_never_lengthens(cash: int, items: list[Item], day: date, cost: int) -> None:
    first, last = date(2026, 5, 1), date(2027, 4, 30)

    def out(more: list[Item]) -> date:
        return first_below(cash, daily([*items, *more]), 0, first, last) or date.max

    assert out([Item(day, -cost, "run_rate", "a")]) <= out([]) <= out([Item(day, cost, "receivable", "a")])


def test_spans_follow_each_other_without_a_gap() -> None:
    for first in (date(2026, 5, 1), date(2024, 2, 29), date(2025, 12, 31)):
        found = spans(first)
        assert found[0].starts == first
        assert all(after.starts == before.ends + timedelta(days=1) for before, after in pairwise(found))


def test_the_facts_of_the_sample_add_up() -> None:
    path: dict[str, dict[str, int]] = {}
    for fact in facts_of(sample(), "forecast", "cash_path"):
        at = fact.dimensions
        if "ends" in at:
            key = at["line"] if "kind" not in at else f"{at['line']}:{at['kind']}"
            path.setdefault(at["ends"], {})[key] = int(str(fact.value))
    for lines in path.values():
        assert lines["closing"] == lines["opening"] + lines["receipts"] - lines["payments"]
        for line in ("receipts", "payments"):
            assert lines[line] == sum(cents for key, cents in lines.items() if key.startswith(f"{line}:"))
    assert value_of(sample(), "forecast", "cash_path") == path[max(path)]["closing"]
    weeks = [fact for fact in facts_of(sample(), "forecast", "cash_forecast_13_week") if fact.dimensions]
    assert {(f.dimensions["ends"], f.value) for f in weeks if f.dimensions["line"] == "closing"} == {
        (ends, lines["closing"]) for ends, lines in sorted(path.items())[:13]
    }


# October 10 is the base case's; 1,000 once make October 500 and November 10 below zero. 202 days is the whole path.
def test_what_a_lever_buys() -> None:
    made = base(group())
    assert bought(made, {}).days == 0
    assert bought(made, {date(2026, 6, 1): 0}).days == 0
    assert (found := bought(made, {date(2026, 6, 1): 1000_00})).day == date(2026, 11, 10)
    assert found.days == 31
    renewed = fact_of(group(), "forecast", "cash_lever", entity="a", lever="renew", key="L1")
    # By hand: 500 less a month from July on leaves 500 at the end of April 2027: cash lasts.
    assert (renewed.value, renewed.qualified(Why.ABOVE_LIMIT)) == (202, True)
    saving = value_of(group(), "forecast", "cash_lever_saving", entity="a", lever="cut", key="6100")
    assert saving == 1500_00


@given(st.integers(0, 5_000_00), st.integers(0, 5_000_00))
def test_a_larger_lever_buys_no_less(one: int, more: int) -> None:
    made = base(WORKED)
    day = date(2026, 6, 1)
    assert bought(made, {day: one}).days <= bought(made, {day: one + more}).days


WORKED = group()


def test_interest_and_taxes_are_never_cut() -> None:
    rows = [*books()]
    rows += [(f"2026-0{month}-15", "a", "operating", {"7100": 300_00, "1010": -300_00}) for month in range(1, 5)]
    levers = facts_of(group(rows=rows), "forecast", "cash_lever")
    assert {fact.dimensions["key"] for fact in levers if fact.dimensions["lever"] == "cut"} == {"6100"}


def test_without_a_column_that_dates_an_item_no_date_is_given() -> None:
    lacking = replace(WORKED, tables=dict(WORKED.tables) | {"lease": WORKED.tables["lease"].drop(columns="end_on")})
    fact = fact_of(lacking, "forecast", "cash_out_date")
    assert (fact.status, fact.reason) == ("not_evaluable", "column lease.end_on is absent")
