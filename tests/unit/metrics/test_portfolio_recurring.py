from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.metrics.portfolio.retention import PARTS, Movements, movements
from typed_tables import Rows, computed, context, typed

amounts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**6))


def contract(name: str, start: str, mrr: int | None, end: str | None = None, **more: object) -> dict[str, object]:
    return {
        "contract_id": f"C-{name}",
        "valid_from": start,
        "valid_to": end,
        "client_id": name,
        "tier": "gold",
        "billing_model": "retainer",
        "mrr_cents": mrr,
        "start_on": more.pop("since", start),
        "status": "active",
        **more,
    }


def dataset(rows: Rows, report_date: str = "2026-05-01", **more: Rows) -> Context:
    return context(
        report_date,
        client_contract=typed("client_contract", rows),
        **{name: typed(name, content) for name, content in more.items()},
    )


def fact(data: Context, metric_id: str, period: str = "", entity: str = "group", **dimensions: str) -> Fact:
    (found,) = [
        f
        for f in computed(data, "portfolio")
        if (f.metric_id, f.entity_id, f.period) == (metric_id, entity, period or data.report_date.isoformat())
        and f.dimensions == dimensions
    ]
    return found


# Worked answer nrr_grr of the domain: start 1,000.00, expansion 200.00, contraction 50.00, churn 100.00, new 500.00
# (not in either rate): NRR 1.05, GRR 0.85.
FIVE_CLIENTS: Rows = [
    contract("grows", "2024-01-01", 40_000),
    contract("grows", "2025-11-01", 60_000, since="2024-01-01"),
    contract("shrinks", "2024-01-01", 30_000),
    contract("shrinks", "2025-12-01", 25_000, since="2024-01-01"),
    contract("leaves", "2024-01-01", 10_000, "2026-01-31"),
    contract("stays", "2024-01-01", 20_000),
    contract("comes", "2026-02-01", 50_000),
]


def test_retention_over_the_year() -> None:
    data = dataset(FIVE_CLIENTS)
    assert fact(data, "nrr").value == Decimal("1.0500000000")
    assert fact(data, "grr").value == Decimal("0.8500000000")
    assert fact(data, "revenue_churn").value == Decimal("0.1000000000")
    assert fact(data, "logo_churn").value == Decimal("0.2500000000")


def test_the_waterfall_leads_to_the_revenue_now() -> None:
    data = dataset(FIVE_CLIENTS)
    assert fact(data, "mrr").value == 155_000
    assert fact(data, "arr").value == 12 * 155_000
    moved = {part: fact(data, "mrr", movement=part).value for part in ("new", "expansion", "contraction", "churn")}
    assert moved == {"new": 50_000, "expansion": 20_000, "contraction": 5_000, "churn": 10_000}


def test_a_month_sees_only_its_own_movement() -> None:
    data = dataset(FIVE_CLIENTS)
    assert fact(data, "mrr", "2026-02", movement="new").value == 50_000
    assert fact(data, "mrr", "2026-02", movement="churn").value == 10_000
    assert fact(data, "mrr", "2026-01").value == 115_000
    assert fact(data, "nrr", "2026-03").value == 1


def test_projects_and_hours_do_not_recur() -> None:
    rows = [contract("a", "2026-01-01", 10_000), contract("b", "2026-01-01", 99_000, billing_model="project")]
    assert fact(dataset(rows), "mrr").value == 10_000


def test_a_pause_is_no_churn_of_clients_and_lowers_retention() -> None:
    rows = [
        contract("a", "2024-01-01", 10_000),
        contract("a", "2026-03-01", 10_000, since="2024-01-01", status="paused"),
    ]
    data = dataset([*rows, contract("b", "2024-01-01", 10_000)])
    assert fact(data, "logo_churn").value == 0
    assert fact(data, "revenue_churn").value == 0
    assert fact(data, "mrr", movement="paused").value == 10_000
    assert fact(data, "nrr").value == Decimal("0.5000000000")


def test_who_comes_back_is_not_new() -> None:
    rows = [
        contract("a", "2024-01-01", 10_000, "2024-12-31"),
        contract("a", "2026-02-01", 12_000),
        contract("b", "2024-01-01", 10_000),
    ]
    data = dataset(rows)
    assert fact(data, "mrr", movement="reactivation").value == 12_000
    assert fact(data, "mrr", movement="new").value == 0


def test_when_the_last_client_has_left_nothing_is_retained() -> None:
    data = dataset([contract("a", "2024-01-01", 10_000, "2026-02-28")])
    found = {
        metric_id: fact(data, metric_id).value for metric_id in ("mrr", "nrr", "grr", "logo_churn", "revenue_churn")
    }
    assert found == {"mrr": 0, "nrr": 0, "grr": 0, "logo_churn": 1, "revenue_churn": 1}


def test_nothing_at_the_start_has_no_retention() -> None:
    data = dataset([contract("a", "2026-02-01", 10_000)])
    for metric_id in ("nrr", "grr", "revenue_churn", "logo_churn"):
        assert fact(data, metric_id).status == "not_applicable"


def test_unstated_fees_are_counted_and_not_zero() -> None:
    data = dataset([contract("a", "2026-02-01", None), contract("b", "2026-02-01", 10_000)])
    assert fact(data, "mrr").value == 10_000
    assert fact(data, "mrr").reason == "1 of 2 active contracts states no monthly fee"
    none = fact(dataset([contract("a", "2026-02-01", None)]), "mrr")
    assert (none.value, none.status) == (None, "not_evaluable")


def test_a_contract_belongs_to_the_entity_that_bills_it() -> None:
    schedule = [{"contract_or_booking_id": "C-a", "entity_id": "studio"}]
    data = dataset([contract("a", "2026-02-01", 10_000), contract("b", "2026-02-01", 5_000)], rev_schedule=schedule)
    assert fact(data, "mrr", entity="studio").value == 15_000


def test_without_contracts_the_reason_is_given() -> None:
    data = context("2026-05-01")
    found = fact(data, "mrr")
    assert (found.value, found.status, found.reason) == (None, "not_evaluable", "table client_contract is absent")


@given(before=amounts, after=amounts, paused=st.sets(st.sampled_from("abcdefgh")))
def test_the_waterfall_closes_and_gross_never_exceeds_net_or_one(
    before: dict[str, int], after: dict[str, int], paused: set[str]
) -> None:
    moved = movements(before, after, known=set(), paused=paused)
    assert moved.start == sum(before.values())
    assert moved.end == sum(after.values())
    if moved.start:
        assert 0 <= Decimal(str(moved.gross_retention().value)) <= 1
        assert Decimal(str(moved.gross_retention().value)) <= Decimal(str(moved.net_retention().value))


@given(before=amounts, after=amounts)
def test_time_reversed_the_waterfall_mirrors(before: dict[str, int], after: dict[str, int]) -> None:
    there = movements(before, after, known=set(), paused=set())
    back = movements(after, before, known=set(), paused=set())
    assert (there.new, there.expansion) == (back.churn, back.contraction)


def test_no_movement_keeps_everything() -> None:
    assert Movements(1).net_retention().value == Movements(1).gross_retention().value == 1


# ChartMogul, "MRR movements": every change counts on its day; month-end snapshots (SaaS Metrics Standards Board) see
# only what is left at the month's end. A client who came on February 5, doubled on the 10th and left after the 20th:
COMES_AND_GOES: Rows = [
    contract("stays", "2024-01-01", 20_000),
    contract("tries", "2026-02-05", 10_000),
    contract("tries", "2026-02-10", 20_000, "2026-02-20", since="2026-02-05"),
]


def basis(value: int) -> Rows:
    return [{"param": "mrr_movement_basis", "scope": "group", "valid_from": "2024-01-01", "value": str(value)}]


def moved(data: Context, period: str = "") -> dict[str, object]:
    facts = [fact(data, "mrr", period, movement=part) for part in PARTS]
    assert len({one.reason for one in facts}) == 1
    return {one.dimensions["movement"]: one.value for one in facts if one.value}


def test_a_client_who_comes_and_goes_within_a_month_shows_by_the_convention_of_the_group() -> None:
    assert moved(dataset(COMES_AND_GOES), "2026-02") == {}
    assert fact(dataset(COMES_AND_GOES), "mrr", "2026-02", movement="new").reason.startswith("month to month")
    daily = dataset(COMES_AND_GOES, param=basis(1))
    assert moved(daily, "2026-02") == {"new": 10_000, "expansion": 10_000, "churn": 20_000}
    assert fact(daily, "mrr", "2026-02", movement="new").reason.startswith("within the month")
    # Retention is that of the clients of the start, by either convention.
    assert fact(daily, "nrr", "2026-02").value == 1
    unusable = fact(dataset(COMES_AND_GOES, param=basis(2)), "mrr")
    assert (unusable.status, "mrr_movement_basis" in unusable.reason) == ("not_evaluable", True)


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("rows", [FIVE_CLIENTS, COMES_AND_GOES])
def test_by_either_convention_the_movements_lead_from_start_to_end(value: int, rows: Rows) -> None:
    data = dataset(rows, param=basis(value))
    for before, after in pairwise(("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")):
        parts = moved(data, after)
        gained = sum(int(str(parts.get(part, 0))) for part in ("new", "reactivation", "expansion"))
        lost = sum(int(str(parts.get(part, 0))) for part in ("contraction", "paused", "churn"))
        assert fact(data, "mrr", before).value + gained - lost == fact(data, "mrr", after).value


def test_a_client_whose_fee_is_no_longer_stated_did_not_leave() -> None:
    rows = [*FIVE_CLIENTS, contract("stays", "2026-03-01", None, since="2024-01-01")]
    data = dataset(rows)
    assert fact(data, "mrr", "2026-03", movement="churn").value == 0
    for metric_id in ("nrr", "grr", "revenue_churn"):
        found = fact(data, metric_id, "2026-03")
        assert (found.value, found.status) == (None, "not_evaluable")
        assert found.reason


def test_the_clients_of_an_entity_that_was_sold_are_neither_current_nor_lost() -> None:
    kept, sold = contract("kept", "2024-01-01", 30_000), contract("sold", "2024-01-01", 70_000)
    entities = [
        {"entity_id": "a", "kind": "business", "ended_on": None},
        {"entity_id": "b", "kind": "business", "ended_on": "2026-03-15"},
    ]
    invoices = [
        {"invoice_id": f"I-{entity}", "direction": "ar", "entity_id": entity, "contract_id": name, "status": "paid"}
        for entity, name in (("a", "C-kept"), ("b", "C-sold"))
    ]
    data = dataset([kept, sold], entity=entities, invoice=invoices)
    assert fact(data, "mrr").value == 30_000
    assert fact(data, "mrr", "2026-02").value == 100_000
    assert (fact(data, "nrr").value, fact(data, "logo_churn").value) == (1, 0)
    assert (fact(data, "mrr", movement="churn").value, fact(data, "mrr", movement="disposal").value) == (0, 70_000)
    assert fact(data, "mrr", "2026-02", entity="b").value == 70_000
    assert {f.period for f in computed(data, "portfolio") if (f.metric_id, f.entity_id) == ("mrr", "b")} <= {
        f"{year}-{month:02d}" for year in (2024, 2025, 2026) for month in range(1, 13) if (year, month) <= (2026, 2)
    }
    before = dataset([kept, sold], "2026-03-15", entity=entities, invoice=invoices)
    assert fact(before, "mrr").value == 100_000
