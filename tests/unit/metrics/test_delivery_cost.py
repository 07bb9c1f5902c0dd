from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from delivery_rows import dataset, fact, hand, job
from executive_suite.dataset.context import Context
from typed_tables import Rows

ACCOUNTS: Rows = [
    {"account": "5400", "name": "Delivery job costs", "type": "expense", "subtype": None},
    {"account": "5900", "name": "Crew wages", "type": "expense", "subtype": "wages"},
    {"account": "1010", "name": "Cash", "type": "asset", "subtype": "cash"},
]


def line(number: int, cents: int, memo: str, account: str = "5400", project: str = "J1") -> dict[str, object]:
    return {
        "txn_id": f"T{number}",
        "entity_id": "boats",
        "account": account,
        "amount_cents": cents,
        "project_id": project,
        "memo": memo,
    }


def costed(jobs: Rows, crew: Rows, lines: Rows, **more: Rows) -> Context:
    return dataset(jobs, delivery_crew=crew, ledger=lines, account=ACCOUNTS, **more)


# Job order costing: two crew of 300.00 and 180.00 a day for five days are 2,400.00; with 600.00 of fuel and 400.00 of
# travel the job costs 3,400.00. Invoiced at 5,000.00 it leaves 32 %; over 62 nm it costs 54.84 a mile.
CREW: Rows = [hand(1, "c", "captain", "5"), hand(1, "m", "mate", "5", 18_000)]
LINES: Rows = [line(1, 60_000, "fuel"), line(2, 40_000, "travel"), line(3, -60_000, "fuel", "1010")]


def test_the_cost_of_a_job_and_its_margin() -> None:
    data = costed([job(1, "2026-04-01", "2026-04-05")], CREW, LINES)
    assert fact(data, "cost_per_delivery").value == 340_000
    assert fact(data, "cost_per_delivery", component="crew").value == 240_000
    assert fact(data, "cost_per_delivery", component="fuel").value == 60_000
    assert fact(data, "delivery_margin").value == Decimal("0.3200000000")
    assert fact(data, "cost_per_nautical_mile").value == Decimal("5483.87")
    assert fact(data, "delivery_margin", delivery="J1").value == Decimal("0.3200000000")


# Nothing invoiced, 5,000.00 paid in advance: 1,600.00 of it is left, 32 %. A deposit below the invoice adds nothing.
def test_a_deposit_counts_in_the_margin_where_less_is_invoiced() -> None:
    deposit = job(1, "2026-04-01", "2026-04-05", invoiced_cents=0, collected_cents=500_000)
    data = costed([deposit], CREW, LINES)
    assert fact(data, "delivery_margin", basis="with_deposits").value == Decimal("0.3200000000")
    assert fact(data, "delivery_margin", basis="with_deposits", delivery="J1").value == Decimal("0.3200000000")
    assert fact(data, "delivery_margin").value is None
    part = job(1, "2026-04-01", "2026-04-05", collected_cents=200_000)
    assert fact(costed([part], CREW, LINES), "delivery_margin", basis="with_deposits").value == Decimal("0.3200000000")


def test_crew_pay_in_the_ledger_is_not_counted_twice() -> None:
    once = [*LINES, line(4, 240_000, "crew")]
    assert fact(costed([job(1, "2026-04-01", "2026-04-05")], CREW, once), "cost_per_delivery").value == 340_000
    wages = [*LINES, line(4, 239_000, "crew", "5900")]
    assert fact(costed([job(1, "2026-04-01", "2026-04-05")], CREW, wages), "cost_per_delivery").value == 340_000


def test_overhead_at_a_rate_per_crew_day() -> None:
    rate = [
        {
            "param": "delivery_overhead_cents_per_crew_day",
            "scope": "group",
            "valid_from": "2026-01-01",
            "value": "1500",
        }
    ]
    data = costed([job(1, "2026-04-01", "2026-04-05")], CREW, LINES, param=rate)
    assert fact(data, "cost_per_delivery").value == 355_000
    assert fact(data, "cost_per_delivery", component="overhead").value == 15_000


def test_a_job_under_way_is_work_in_progress() -> None:
    under_way = job(2, "2026-04-29", "2026-05-04", actual_end=None, invoiced_cents=0)
    lines = [*LINES, line(5, 25_000, "fuel", project="J2")]
    data = costed([job(1, "2026-04-01", "2026-04-05"), under_way], CREW, lines)
    assert fact(data, "cost_per_delivery").value == 340_000
    assert fact(data, "cost_per_delivery", state="work_in_progress").value == 25_000


def test_nothing_invoiced_has_no_margin_and_no_miles_no_cost_a_mile() -> None:
    data = costed([job(1, "2026-04-01", "2026-04-05", invoiced_cents=0, nautical_miles="0")], CREW, LINES)
    for metric_id, reason in (("delivery_margin", "nothing invoiced"), ("cost_per_nautical_mile", "no nautical miles")):
        found = fact(data, metric_id)
        assert (found.value, found.status, found.reason) == (None, "not_applicable", reason)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 10**6), st.integers(1, 10**7)), min_size=1, max_size=4))
def test_jobs_add_up_to_the_mean(cells: list[tuple[int, int, int]]) -> None:
    data = costed(
        [job(n, "2026-04-01", "2026-04-05", invoiced_cents=billed) for n, (_, _, billed) in enumerate(cells)],
        [hand(n, "c", "captain", str(days)) for n, (days, _, _) in enumerate(cells)],
        [line(n, spent, "fuel", project=f"J{n}") for n, (_, spent, _) in enumerate(cells)],
    )
    jobs = [fact(data, "cost_per_delivery", delivery=f"J{n}").value for n in range(len(cells))]
    # Equal amounts would be taken for crew pay booked in the ledger.
    expected = [days * 30_000 + (0 if spent == days * 30_000 else spent) for days, spent, _ in cells]
    assert jobs == expected
    assert abs(Decimal(str(fact(data, "cost_per_delivery").value)) * len(cells) - sum(expected)) <= Decimal("0.03")


def test_a_job_without_any_cost_on_record_is_no_job_without_cost() -> None:
    """The second job has neither crew-days nor expenses: the mean is that of the first, and says so."""
    jobs = [job(1, "2026-04-01", "2026-04-05"), job(2, "2026-04-10", "2026-04-12")]
    data = costed(jobs, CREW, LINES)
    assert fact(data, "cost_per_delivery").value == 340_000
    assert fact(data, "cost_per_delivery").reason == "no cost recorded for 1 of 2 jobs"
    assert fact(data, "delivery_margin").value == Decimal("0.3200000000")
    unknown = fact(data, "delivery_margin", delivery="J2")
    assert (unknown.value, unknown.status) == (None, "not_evaluable")
    for metric_id in ("cost_per_delivery", "cost_per_nautical_mile", "delivery_margin"):
        found = fact(costed(jobs[1:], CREW, LINES), metric_id)
        assert (found.value, found.status) == (None, "not_evaluable")
        assert found.reason
