from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.metrics.rental.nights import nights, stay_nights
from executive_suite.metrics.rental.occupancy import Nights
from typed_tables import Rows, computed, context, typed

Key = tuple[str, tuple[tuple[str, str], ...]]
HOUSE = {"asset_id": "H1", "entity_id": "homes", "asset_class": "property", "name": "House", "status": "active"}


def calendar(first: str, statuses: list[str], asset: str = "H1") -> Rows:
    start = date.fromisoformat(first)
    return [
        {"asset_id": asset, "date": (start + timedelta(days=n)).isoformat(), "status": status}
        for n, status in enumerate(statuses)
    ]


def stay(start: str, end: str, gross: int, booking: str = "B1", **more: object) -> dict[str, object]:
    return {
        "booking_id": booking,
        "entity_id": "homes",
        "asset_id": "H1",
        "service_start": start,
        "service_end": end,
        "status": "completed",
        "gross_cents": gross,
        "discount_cents": 0,
        **more,
    }


def facts_of(data: Context, metric_id: str, entity: str = "homes") -> dict[Key, Fact]:
    return {
        (fact.period, tuple(sorted(fact.dimensions.items()))): fact
        for fact in computed(data, "rental")
        if fact.metric_id == metric_id and fact.entity_id == entity
    }


def march(statuses: list[str], *stays: dict[str, object]) -> Context:
    return context(
        "2026-04-01",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-03-01", statuses)),
        booking=typed("booking", stays or [stay("2026-01-01T20:00:00Z", "2026-01-02T20:00:00Z", 1)]),
    )


# Worked answers occupancy_out_of_order and revpar_identity of the domain: a month of 31 nights, two out of order, ten
# sold for 2,500.00; USALI and STR keep short out-of-order nights in, adjusted occupancy takes them out.
TEN_SOLD = ["out_of_order"] * 2 + ["booked"] * 10 + ["available"] * 19


def test_both_occupancies_of_a_month_with_out_of_order_nights() -> None:
    data = march(TEN_SOLD, stay("2026-03-03T23:00:00Z", "2026-03-13T18:00:00Z", 250_000))
    assert facts_of(data, "occupancy")["2026-03", ()].value == Decimal("0.3225806452")
    assert facts_of(data, "occupancy_adjusted")["2026-03", ()].value == Decimal("0.3448275862")


def test_rates_of_the_same_month() -> None:
    data = march(TEN_SOLD, stay("2026-03-03T23:00:00Z", "2026-03-13T18:00:00Z", 250_000))
    assert facts_of(data, "adr")["2026-03", ()].value == 25_000
    revpar = facts_of(data, "revpar")
    assert revpar["2026-03", ()].value == Decimal("8064.52")
    assert revpar["2026-03", (("basis", "adjusted"),)].value == Decimal("8620.69")


def test_group_is_the_sum_of_its_entities() -> None:
    data = march(TEN_SOLD, stay("2026-03-03T23:00:00Z", "2026-03-13T18:00:00Z", 250_000))
    assert facts_of(data, "revpar", "group")["2026-03", ()].value == Decimal("8064.52")


def test_discount_comes_off_and_tax_was_never_in() -> None:
    data = march(TEN_SOLD, stay("2026-03-03T23:00:00Z", "2026-03-13T18:00:00Z", 260_000, discount_cents=10_000))
    assert facts_of(data, "adr")["2026-03", ()].value == 25_000


def test_nothing_sold_has_no_daily_rate_and_a_revpar_of_zero() -> None:
    data = march(["available"] * 31)
    adr = facts_of(data, "adr")["2026-03", ()]
    assert (adr.value, adr.status, adr.reason) == (None, "not_applicable", "no nights sold")
    assert facts_of(data, "revpar")["2026-03", ()].value == 0
    assert facts_of(data, "occupancy")["2026-03", ()].value == 0


def test_nothing_offered_has_no_adjusted_occupancy() -> None:
    data = march(["out_of_order"] * 31)
    adjusted = facts_of(data, "occupancy_adjusted")["2026-03", ()]
    assert (adjusted.status, adjusted.reason) == ("not_applicable", "no nights offered")
    assert facts_of(data, "occupancy")["2026-03", ()].value == 0


def test_free_nights_are_not_sold() -> None:
    data = march(["booked"] * 2 + ["available"] * 29, stay("2026-03-01T23:00:00Z", "2026-03-03T18:00:00Z", 0))
    assert facts_of(data, "occupancy")["2026-03", ()].value == 0
    assert facts_of(data, "occupancy_adjusted")["2026-03", ()].value == 0


def test_a_booked_calendar_without_bookings_has_occupancy_but_no_price() -> None:
    data = march(TEN_SOLD)
    assert facts_of(data, "occupancy")["2026-03", ()].value == Decimal("0.3225806452")
    adr = facts_of(data, "adr")["2026-03", ()]
    assert (adr.value, adr.status) == (None, "not_evaluable")
    assert adr.qualifier == Qualifier(Why.INPUT_BLANK, 10, 10)


# A let for a month at 2,400.00 fills the month; its nights earn 2,400.00 / 31.
def test_a_night_under_a_lease_earns_its_share_of_the_rent() -> None:
    lease = {"lease_id": "L", "asset_id": "H1", "unit": "A", "kind": "long_term", "start_on": "2026-03-01"}
    data = context(
        "2026-04-01",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-03-01", ["booked"] * 31)),
        booking=typed("booking", [stay("2026-01-01T20:00:00Z", "2026-01-02T20:00:00Z", 1)]),
        lease=typed("lease", [{**lease, "end_on": None, "rent_cents": 240_000, "status": "active"}]),
    )
    assert facts_of(data, "adr")["2026-03", ()].value == Decimal("7741.94")
    assert facts_of(data, "revpar")["2026-03", ()].value == Decimal("7741.94")


def test_a_cancelled_stay_sells_nothing() -> None:
    data = march(["available"] * 31, stay("2026-03-01T23:00:00Z", "2026-03-03T18:00:00Z", 50_000, status="cancelled"))
    assert facts_of(data, "occupancy")["2026-03", ()].value == 0


def test_an_absent_calendar_is_named() -> None:
    facts = computed(context("2026-04-01", asset=typed("asset", [HOUSE])), "rental")
    occupancy = next(fact for fact in facts if fact.metric_id == "occupancy")
    assert (occupancy.status, occupancy.reason) == ("not_evaluable", "table availability is absent")


def test_months_that_are_not_over_are_not_reported() -> None:
    data = context(
        "2026-04-15",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-03-01", ["booked"] * 61)),
    )
    assert {period for period, _ in facts_of(data, "occupancy")} == {"2026-03", "2026-04-15"}
    assert facts_of(data, "occupancy")["2026-04-15", ()].inputs[0].rows == 31


@pytest.mark.parametrize(
    ("nights_out", "kept"),
    [
        (31 + 28 + 31 + 30 + 31, 31 + 28 + 31 + 30 + 31 + 30),  # five months: all nights stay in the inventory
        (31 + 28 + 31 + 30 + 31 + 30, 0),  # six consecutive months: the unit leaves it (STR: six months or longer)
    ],
)
def test_six_months_out_of_order_leave_the_inventory(nights_out: int, kept: int) -> None:
    half_year = 31 + 28 + 31 + 30 + 31 + 30
    statuses = ["out_of_order"] * nights_out + ["available"] * (half_year - nights_out)
    data = context(
        "2026-07-01",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-01-01", statuses)),
    )
    assert sum(night.inventory for night in nights(data)) == kept


# STR: a property that closes for thirty consecutive days or longer leaves the inventory for that time.
@pytest.mark.parametrize(("closed", "kept"), [(29, 31), (30, 1)])
def test_a_season_closed_leaves_the_inventory_from_thirty_days(closed: int, kept: int) -> None:
    data = march(["owner_block"] * closed + ["available"] * (31 - closed))
    assert sum(night.inventory for night in nights(data)) == kept


def test_one_blocked_unit_of_two_is_no_closure() -> None:
    two = calendar("2026-03-01", ["owner_block"] * 31) + calendar("2026-03-01", ["available"] * 31, "H2")
    data = context(
        "2026-04-01",
        asset=typed("asset", [HOUSE, {**HOUSE, "asset_id": "H2"}]),
        availability=typed("availability", two),
    )
    assert sum(night.inventory for night in nights(data)) == 62


def test_a_vessel_calendar_is_no_lodging() -> None:
    data = context(
        "2026-04-01",
        asset=typed("asset", [{**HOUSE, "asset_class": "vessel"}]),
        availability=typed("availability", calendar("2026-03-01", ["booked"] * 31)),
    )
    assert facts_of(data, "occupancy") == {}
    (fact,) = facts_of(data, "occupancy", "group").values()
    assert (fact.value, fact.status) == (None, "not_evaluable")


# A stay from 30 March to 2 April has two nights in March and one in April; 1,000.00 over three nights.
def test_a_stay_is_split_by_night_across_months() -> None:
    data = context(
        "2026-05-01",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-03-01", ["available"] * 61)),
        booking=typed("booking", [stay("2026-03-30T23:00:00Z", "2026-04-02T18:00:00Z", 100_000)]),
    )
    occupancy = facts_of(data, "occupancy")
    assert occupancy["2026-03", ()].value == Decimal("0.0645161290")  # 2 / 31
    assert occupancy["2026-04", ()].value == Decimal("0.0333333333")  # 1 / 30
    adr = facts_of(data, "adr")
    assert adr["2026-03", ()].value * 2 + adr["2026-04", ()].value == 100_000


def test_the_night_is_the_local_one() -> None:
    # 31 March, 23:30 in Los Angeles is 1 April in UTC.
    data = march(["available"] * 31, stay("2026-04-01T06:30:00Z", "2026-04-01T18:00:00Z", 30_000))
    assert facts_of(data, "adr")["2026-03", ()].value == 30_000


@given(
    inventory=st.integers(0, 400),
    taken=st.integers(0, 400),
    sold=st.integers(0, 400),
    revenue=st.integers(1, 10**9),
)
def test_revpar_is_occupancy_times_daily_rate(inventory: int, taken: int, sold: int, revenue: int) -> None:
    sold = min(sold, inventory)
    count = Nights(inventory, max(inventory - taken, sold), sold, revenue if sold else 0)
    if inventory == 0:
        assert count.occupancy().status == count.revpar().status == "not_applicable"
    elif sold == 0:
        assert count.revpar().value == 0
    else:
        product = Decimal(count.occupancy().value) * Decimal(count.adr().value)
        # Both factors are rounded: the rate to half a hundredth of a cent, occupancy to half of the tenth decimal.
        assert abs(product - Decimal(count.revpar().value)) <= Decimal("0.011") + Decimal(count.adr().value) / 10**10
        assert count.occupancy().value <= count.occupancy_adjusted().value


@given(gross=st.integers(0, 10**8), length=st.integers(1, 90), day=st.integers(0, 700))
def test_the_nights_of_a_stay_add_up_to_its_price(gross: int, length: int, day: int) -> None:
    arrival = date(2024, 1, 1) + timedelta(days=day)
    departure = arrival + timedelta(days=length)
    data = context(
        "2026-12-01",
        booking=typed("booking", [stay(f"{arrival}T23:00:00Z", f"{departure}T19:00:00Z", gross)]),
    )
    split = stay_nights(data)
    cents = [night.cents for night in split]
    assert sum(cents) == gross
    assert len(split) == length
    assert max(cents) - min(cents) <= 1
    assert min(night.date for night in split) == arrival
