"""A business day is the day where the entity keeps its clock, whatever the group's zone.

05:30 UTC is half past one in New York and half past ten of the evening before in Los Angeles (daylight saving time).
"""

import pytest
from finance_rows import fact_of, value_of

from executive_suite.dataset.context import Context
from typed_tables import Rows, context, typed

ZONES = {"east": "America/New_York", "west": "America/Los_Angeles"}


def run(report_date: str = "2026-05-01", **tables: Rows) -> Context:
    entities: Rows = [{"entity_id": entity, "kind": "business", "timezone": zone} for entity, zone in ZONES.items()]
    return context(report_date, **{name: typed(name, rows) for name, rows in {"entity": entities, **tables}.items()})


def _param(name: str, scope: str, value: str, since: str, until: str | None = None) -> dict[str, object]:
    return {"param": name, "scope": scope, "valid_from": since, "valid_to": until, "value": value, "assumed": False}


@pytest.mark.parametrize(("entity", "violations"), [("east", 0), ("west", 1)])
def test_cover_is_asked_for_on_the_day_where_the_booking_was_confirmed(entity: str, violations: int) -> None:
    cover = {"doc_id": "C", "entity_id": entity, "kind": "coi", "verified_on": "2026-04-01"}
    data = run(
        booking=[{"booking_id": "B", "entity_id": entity, "confirmed_at": "2026-04-01T05:30:00Z"}],
        compliance_doc=[cover | {"effective": "2026-04-01", "expires": "2027-03-31"}],
        control_rule=[{"rule_id": "CR3", "check_name": "coi_verified_before_acceptance"}],
        param=[_param("coi_required", entity, "1", "2020-01-01")],
    )
    assert value_of(data, "finance", "control_rule_violations") == violations


@pytest.mark.parametrize(("entity", "tax"), [("east", 1175), ("west", 1050)])
def test_a_night_is_taxed_at_the_rate_of_the_day_where_it_is_spent(entity: str, tax: int) -> None:
    # Worked answer tot_change: 100 a night owes 10.50 on 2025-04-30 and 11.75 on 2025-05-01.
    stay = {"service_start": "2025-05-01T05:30:00Z", "service_end": "2025-05-02T05:30:00Z", "status": "completed"}
    rates = [("1050", "2004-08-01", "2025-04-30"), ("1175", "2025-05-01", None)]
    data = run(
        booking=[{"booking_id": "B", "entity_id": entity, "gross_cents": 10_000, **stay}],
        param=[_param("lodging_tax_rate_bp", entity, *rate) for rate in rates],
    )
    assert value_of(data, "accounting", "lodging_tax_accrued") == tax


@pytest.mark.parametrize(("entity", "closed"), [("east", 5), ("west", 0)])
def test_opportunities_close_on_the_day_where_they_are_sold(entity: str, closed: int) -> None:
    # The twelve months before 2026-05-01 begin on 2025-05-01: half past one of that day in the east.
    won = {"entity_id": entity, "stage": "won", "created_at": "2025-04-01T12:00:00Z"}
    data = run(opportunity=[{"opp_id": str(n), "valid_from": "2025-05-01T05:30:00Z", **won} for n in range(5)])
    found = fact_of(data, "sales", "win_rate")
    assert (found.value, found.reason) == ((1, "") if closed else (None, "0 won of 0 closed: fewer than 5"))


def test_bookings_by_channel_count_where_they_were_booked() -> None:
    sold = {"booked_at": "2025-05-01T05:30:00Z", "status": "completed", "channel_id": "web"}
    data = run(
        channel=[{"channel_id": "web", "valid_from": "2020-01-01", "type": "direct", "status": "live"}],
        booking=[{"booking_id": entity, "entity_id": entity, **sold} for entity in ZONES],
    )
    assert value_of(data, "marketing", "channel_bookings") == 1
