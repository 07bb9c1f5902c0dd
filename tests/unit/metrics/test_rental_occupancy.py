from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.metrics.rental.counts import Nights
from executive_suite.metrics.rental.nights import nights, stay_nights
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


LEASE = {"lease_id": "L", "asset_id": "H1", "unit": "A", "kind": "long_term", "start_on": "2026-03-01", "end_on": None,
         "rent_cents": 240_000, "status": "active"}  # fmt: skip


def let(statuses: list[str], *stays: dict[str, object], **terms: object) -> Context:
    data = march(statuses, *stays)
    return context("2026-04-01", **data.tables, lease=typed("lease", [LEASE | terms]))


# A month let as a whole for 2,400.00 is not "100 % occupancy at 77 a night": a tenant is no guest (STR counts rooms
# sold to transients, groups or under contract by the night). The tenant's own booking changes nothing.
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_month_let_as_a_whole_has_no_occupancy_and_no_rate(mirrored: bool) -> None:
    tenant = stay("2026-03-01T23:00:00Z", "2026-06-01T18:00:00Z", 720_000)
    data = let(["booked"] * 31, *([tenant] if mirrored else []))
    for metric_id in ("occupancy", "occupancy_adjusted", "adr", "revpar"):
        found = facts_of(data, metric_id)["2026-03", ()]
        assert (found.value, found.status, found.reason) == (None, "not_applicable", "let as a whole")


def test_nights_before_a_lease_are_judged_alone() -> None:
    # Ten nights for guests, four of them sold for 400.00; 21 nights are the tenant's.
    guests = stay("2026-03-01T23:00:00Z", "2026-03-05T18:00:00Z", 40_000)
    data = let(["booked"] * 4 + ["available"] * 6 + ["booked"] * 21, guests, start_on="2026-03-11")
    assert facts_of(data, "occupancy")["2026-03", ()].value == Decimal("0.4")
    assert facts_of(data, "occupancy")["2026-03", ()].reason == "without 21 nights let under a lease"
    assert facts_of(data, "adr")["2026-03", ()].value == 10_000
    assert facts_of(data, "revpar")["2026-03", ()].value == 4_000


def test_a_draft_lets_nothing() -> None:
    data = let(["available"] * 21 + ["booked"] * 10, status="draft")
    assert facts_of(data, "occupancy")["2026-03", ()].value == Decimal("0.3225806452")


# STR/CoStar data reporting guidelines: complimentary rooms and no-shows are no rooms sold; the guaranteed fee of a
# no-show is rooms revenue. A booking that was canceled, or whose nights another holds, is neither.
@pytest.mark.parametrize(
    ("change", "sold", "earned"),
    [
        ({}, 4, 40_000),
        ({"status": "confirmed"}, 4, 40_000),
        ({"discount_cents": 20_000}, 2, 20_000),
        ({"status": "no_show"}, 2, 40_000),
        ({"status": "cancelled"}, 2, 20_000),
        ({"status": "confirmed", "cancelled_at": "2026-02-20T19:00:00Z"}, 2, 20_000),
        ({"status": "inquiry"}, 2, 20_000),
        ({"service_start": "2026-03-02T23:00:00Z", "service_end": "2026-03-04T18:00:00Z"}, 2, 20_000),
    ],
)
def test_what_is_sold_and_what_it_earns(change: dict[str, object], sold: int, earned: int) -> None:
    first = stay("2026-03-01T23:00:00Z", "2026-03-03T18:00:00Z", 20_000, booked_at="2026-01-01T19:00:00Z")
    other = stay("2026-03-11T23:00:00Z", "2026-03-13T18:00:00Z", 20_000, "B2", booked_at="2026-01-02T19:00:00Z")
    # The calendar may still say booked on the nights of the other.
    statuses = ["booked"] * 2 + ["available"] * 8 + ["booked"] * 2 + ["available"] * 19
    if change.get("status") == "inquiry" or "service_start" in change:
        statuses[10:12] = ["available"] * 2
    data = march(statuses, first | {"cancelled_at": None}, other | {"cancelled_at": None} | change)
    assert facts_of(data, "occupancy")["2026-03", ()].value == round(Decimal(sold) / 31, 10)
    assert facts_of(data, "adr")["2026-03", ()].value == earned // sold
    assert facts_of(data, "revpar")["2026-03", ()].value == round(Decimal(earned) / 31, 2)


# STR: rooms revenue is net of refunds. Of 200.00 and 20.00 of tax, 110.00 are paid back: 100.00 of rent.
@pytest.mark.parametrize(("paid", "back", "rate"), [(22_000, -11_000, 5_000), (33_000, -11_000, 10_000)])
def test_a_refund_lowers_the_rate_and_an_overpayment_does_not(paid: int, back: int, rate: int) -> None:
    data = march(["available"] * 31, stay("2026-03-01T23:00:00Z", "2026-03-03T18:00:00Z", 20_000, tax_cents=2_000))
    bill = {"invoice_id": "I1", "direction": "ar", "status": "paid", "booking_id": "B1"}
    payments = [
        {
            "payment_id": f"P{n}",
            "invoice_id": "I1",
            "paid_on": "2026-03-05",
            "amount_cents": cents,
            "is_refund": cents < 0,
        }
        for n, cents in enumerate((paid, back))
    ]
    tables = {**data.tables, "invoice": typed("invoice", [bill]), "payment": typed("payment", payments)}
    assert facts_of(context("2026-04-01", **tables), "adr")["2026-03", ()].value == rate


# Two nights of thirty are on record, one of them sold: that is no month half full.
def test_a_calendar_that_skips_nights_says_nothing_of_the_month() -> None:
    data = march(["booked", "available"] + ["available"] * 29)
    tables = {**data.tables, "availability": data.tables["availability"].iloc[[0, 30]]}
    for metric_id in ("occupancy", "adr"):
        found = facts_of(context("2026-04-01", **tables), metric_id)["2026-03", ()]
        assert (found.value, found.status) == (None, "not_evaluable")
        assert found.reason == "the calendar skips 29 nights of 31"


def test_a_unit_that_is_new_counts_from_its_first_night() -> None:
    data = context(
        "2026-04-01",
        asset=typed("asset", [HOUSE]),
        availability=typed("availability", calendar("2026-03-22", ["booked"] * 5 + ["available"] * 5)),
    )
    assert facts_of(data, "occupancy")["2026-03", ()].value == Decimal("0.5")


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
