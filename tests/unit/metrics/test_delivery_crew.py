from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from delivery_rows import dataset, fact, free, hand, job
from executive_suite.metrics.delivery.crew import capacity
from typed_tables import Rows


def month_of(person: str, role: str, days: int) -> Rows:
    return free(person, role, *(f"2026-04-{day:02d}" for day in range(1, days + 1)))


# Theory of constraints: a job needs 5 captain-days and 10 deckhand-days; 20 and 30 are free. Captains allow four jobs,
# deckhands three, so three, and deckhands are the bottleneck.
def test_the_scarcest_role_decides() -> None:
    data = dataset(
        [job(1, "2026-04-01", "2026-04-05")],
        delivery_crew=[hand(1, "c", "captain", "5"), hand(1, "d", "deckhand", "5"), hand(1, "e", "deckhand", "5")],
        crew_availability=[
            *month_of("c", "captain", 20),
            *month_of("d", "deckhand", 15),
            *month_of("e", "deckhand", 15),
        ],
    )
    found = fact(data, "delivery_capacity_jobs", "2026-04")
    assert (found.value, found.reason) == (3, "bottleneck: deckhand")
    assert fact(data, "delivery_capacity_jobs", "2026-04", role="captain").value == 4
    assert fact(data, "crew_utilisation", "2026-04", role="captain").value == Decimal("0.2500000000")
    assert fact(data, "crew_utilisation", "2026-04").value == Decimal("0.3000000000")


roles = st.dictionaries(st.sampled_from(["captain", "mate", "deckhand"]), st.integers(0, 500).map(Fraction))
needs = st.dictionaries(
    st.sampled_from(["captain", "mate", "deckhand"]), st.integers(1, 40).map(lambda n: Fraction(n, 2)), min_size=1
)


@given(available=roles, required=needs)
def test_capacity_fits_every_role_and_one_more_fits_not(
    available: dict[str, Fraction], required: dict[str, Fraction]
) -> None:
    jobs = int(str(capacity(available, required).value))
    assert all(days * jobs <= available.get(role, 0) for role, days in required.items())
    assert any(days * (jobs + 1) > available.get(role, 0) for role, days in required.items())


def test_nobody_available_has_no_utilisation_and_overtime_is_said() -> None:
    crew = [hand(1, "c", "captain", "5")]
    none = [{"person_id": "c", "date": "2026-04-01", "role": "captain", "available": False}]
    empty = fact(
        dataset([job(1, "2026-04-01", "2026-04-05")], delivery_crew=crew, crew_availability=none),
        "crew_utilisation",
        "2026-04",
    )
    assert (empty.value, empty.status, empty.reason) == (None, "not_applicable", "no crew-days available")
    over = fact(
        dataset(
            [job(1, "2026-04-01", "2026-04-05")], delivery_crew=crew, crew_availability=month_of("c", "captain", 4)
        ),
        "crew_utilisation",
        "2026-04",
    )
    assert (over.value, over.reason) == (Decimal("1.2500000000"), "overtime")


# Six crew-days over 30 March to 4 April are one a day: two in March, four in April.
def test_a_job_over_two_months_is_shared_out_by_day() -> None:
    days = [*(f"2026-03-{d:02d}" for d in range(1, 32)), *(f"2026-04-{d:02d}" for d in range(1, 31))]
    data = dataset(
        [job(1, "2026-03-30", "2026-04-04")],
        delivery_crew=[hand(1, "c", "captain", "6")],
        crew_availability=free("c", "captain", *days),
    )
    assert fact(data, "crew_days_available", "2026-03", part="used").value == 2
    assert fact(data, "crew_days_available", "2026-04", part="used").value == 4


def test_a_job_that_never_set_out_took_nobody() -> None:
    data = dataset(
        [job(1, "2026-04-01", "2026-04-05", actual_start=None, actual_end=None, status="planned")],
        delivery_crew=[hand(1, "c", "captain", "5")],
        crew_availability=month_of("c", "captain", 10),
    )
    assert fact(data, "crew_utilisation", "2026-04").value == 0
    assert fact(data, "idle_captain_days", "2026-04").value == 10


VESSEL = {"asset_id": "V", "entity_id": "charter", "asset_class": "vessel"}


def trip(number: int, day: str, until: str = "", **more: object) -> dict[str, object]:
    return {
        "booking_id": f"B{number}",
        "entity_id": "charter",
        "service_start": f"{day}T20:00:00Z",
        "service_end": f"{until or day}T23:00:00Z",
        "status": "completed",
        "gross_cents": 200_000,
        "discount_cents": 0,
        "platform_fee_cents": 10_000,
        "variable_cost_cents": 50_000,
        **more,
    }


# Captain c is free from 1 to 10 April and at sea from 1 to 4: six idle days. Charters sail on 3 (c at sea), 6 and
# twice on 7 April (one captain): two of four days placeable, at 1,400.00 each.
def test_charter_days_that_an_idle_captain_could_take() -> None:
    data = dataset(
        [job(1, "2026-04-01", "2026-04-04")],
        delivery_crew=[hand(1, "c", "captain", "4")],
        crew_availability=month_of("c", "captain", 10),
        asset=[VESSEL],
        booking=[trip(1, "2026-04-03"), trip(2, "2026-04-06"), trip(3, "2026-04-07"), trip(4, "2026-04-07")],
    )
    assert fact(data, "idle_captain_days", "2026-04").value == 6
    assert fact(data, "charter_days_placeable", "2026-04").value == 2
    assert fact(data, "charter_days_placeable_value", "2026-04").value == 280_000


def test_bookings_of_deliveries_and_of_others_are_no_charters() -> None:
    data = dataset(
        [job(1, "2026-04-20", "2026-04-21", booking_id="B1")],
        delivery_crew=[hand(1, "c", "captain", "2")],
        crew_availability=month_of("c", "captain", 10),
        asset=[VESSEL],
        booking=[
            trip(1, "2026-04-03"),
            trip(2, "2026-04-04", entity_id="skips"),
            trip(3, "2026-04-05", status="cancelled"),
        ],
    )
    assert fact(data, "charter_days_placeable", "2026-04").value == 0
    assert fact(data, "charter_days_placeable_value", "2026-04").status == "not_applicable"


@given(offered=st.sets(st.integers(1, 28)), sailing=st.lists(st.integers(1, 28), max_size=12), start=st.integers(1, 20))
def test_placeable_never_exceeds_idle_days_or_charter_days(offered: set[int], sailing: list[int], start: int) -> None:
    first = date(2026, 4, start)
    data = dataset(
        [job(1, first.isoformat(), (first + timedelta(days=3)).isoformat())],
        delivery_crew=[hand(1, "c", "captain", "4")],
        crew_availability=free("c", "captain", *(f"2026-04-{day:02d}" for day in offered or {30})),
        asset=[VESSEL],
        booking=[trip(n, f"2026-04-{day:02d}") for n, day in enumerate(sailing)] or [trip(0, "2025-01-01")],
    )
    idle = int(str(fact(data, "idle_captain_days", "2026-04").value))
    placed = int(str(fact(data, "charter_days_placeable", "2026-04").value))
    assert idle == len((offered or {30}) - set(range(start, start + 4)))
    assert placed <= idle
    assert placed <= len(sailing)


def test_a_month_without_a_calendar_has_no_capacity_of_zero_and_lends_the_year_no_jobs() -> None:
    """April has a calendar (10 captain-days, 5 on a job); in March only a job of 5 days is on record."""
    data = dataset(
        [job(1, "2026-02-01", "2026-02-05"), job(2, "2026-03-01", "2026-03-05"), job(3, "2026-04-01", "2026-04-05")],
        delivery_crew=[hand(number, "c", "captain", "5") for number in (1, 2, 3)],
        crew_availability=[*free("c", "captain", "2026-02-01"), *month_of("c", "captain", 10)],
    )
    for metric_id in ("crew_utilisation", "delivery_capacity_jobs", "crew_days_available", "idle_captain_days"):
        found = fact(data, metric_id, "2026-03")
        assert (found.value, found.status) == (None, "not_evaluable")
    assert fact(data, "delivery_capacity_jobs", "2026-04").value == 2
    assert fact(data, "crew_days_available", part="used").value == 10
    assert fact(data, "crew_utilisation").value == Decimal("0.9090909091")
