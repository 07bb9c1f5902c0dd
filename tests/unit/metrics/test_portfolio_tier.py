from executive_suite.facts.fact import Value
from typed_tables import computed, context, typed


def contract(name: str, tier: str, valid_from: str, model: str | None = "retainer") -> dict[str, object]:
    return {
        "contract_id": name,
        "valid_from": valid_from,
        "client_id": f"client-{name}",
        "tier": tier,
        "billing_model": model,
        "mrr_cents": None,
        "start_on": "2026-01-01",
        "status": "active",
    }


def obligation(name: str, cents: int, pattern: str, start: str, end: str) -> dict[str, object]:
    return {
        "obligation_id": f"{name}-{start}",
        "contract_or_booking_id": name,
        "entity_id": "studio",
        "description": "service",
        "allocated_cents": cents,
        "pattern": pattern,
        "start_on": start,
        "end_on": end,
        "satisfied_on": end if pattern == "point_in_time" else None,
    }


# ASC 606-10-50-5 asks for revenue by category; the tier is the one on the day of service: A moves up in March.
def test_revenue_by_the_tier_of_the_month_of_service() -> None:
    data = context(
        "2026-05-01",
        client_contract=typed(
            "client_contract",
            [
                contract("A", "silver", "2026-01-01"),
                contract("A", "gold", "2026-03-01"),
                contract("B", "gold", "2026-01-01", None),
            ],
        ),
        rev_schedule=typed(
            "rev_schedule",
            [
                obligation("A", 40_000, "over_time_straight", "2026-01-01", "2026-04-30"),
                obligation("B", 7_000, "point_in_time", "2026-02-10", "2026-02-10"),
                obligation("a booking", 99_000, "point_in_time", "2026-02-10", "2026-02-10"),
            ],
        ),
    )

    def value(period: str, **dimensions: str) -> Value | None:
        (found,) = [
            f.value
            for f in computed(data, "portfolio")
            if (f.metric_id, f.entity_id, f.period) == ("revenue_by_tier", "group", period)
            and f.dimensions == dimensions
        ]
        return found

    # 400.00 over 120 days, in running totals: 31, 59, 90 and 120 of them are over at the ends of the months.
    assert [value(f"2026-0{month}") for month in (1, 2, 3, 4)] == [10_333, 9_334 + 7_000, 10_333, 10_000]
    assert value("2026-02", tier="silver") == 9_334
    assert value("2026-02", tier="gold") == 7_000
    assert value("2026-03", tier="gold") == 10_333
    assert value("2026-02", billing_model="none stated") == 7_000
    assert value("2026-05-01") == 47_000
