from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from typed_tables import Rows, computed, context, typed

HOUSE = {"asset_id": "H1", "entity_id": "homes", "asset_class": "property", "name": "House", "status": "in_use"}
LEASE = {
    "lease_id": "L1",
    "asset_id": "H1",
    "unit": "A",
    "kind": "long_term",
    "start_on": "2026-01-01",
    "end_on": "2026-12-31",
    "rent_cents": 240_000,
    "security_deposit_cents": 240_000,
    "status": "active",
}


def bill(number: str, day: str, total: int, tax: int = 0, status: str = "open", **more: object) -> dict[str, object]:
    return {
        "invoice_id": number,
        "direction": "ar",
        "entity_id": "homes",
        "issued_on": day,
        "due_on": day,
        "total_cents": total,
        "tax_cents": tax,
        "status": status,
        "contract_id": "L1",
        **more,
    }


def dataset(invoices: Rows, payments: Rows, **more: Rows) -> Context:
    columns = ("invoice_id", "paid_on", "amount_cents", "is_refund")
    return context(
        "2026-04-01",
        asset=typed("asset", [HOUSE]),
        lease=typed("lease", [LEASE]),
        invoice=typed("invoice", invoices),
        payment=typed("payment", payments, columns),
        **{name: typed(name, rows) for name, rows in more.items()},
    )


def paid(number: str, day: str, cents: int) -> dict[str, object]:
    return {"invoice_id": number, "paid_on": day, "amount_cents": cents, "is_refund": cents < 0}


def fact(data: Context, metric_id: str, period: str, entity: str = "homes", **dimensions: str) -> Fact:
    (found,) = [
        f
        for f in computed(data, "rental")
        if (f.metric_id, f.entity_id, f.period, dict(f.dimensions)) == (metric_id, entity, period, dimensions)
    ]
    return found


# ASC 842: a security deposit is the tenant's money, a liability and no rent; here it equals the rent.
def test_the_deposit_is_no_rent() -> None:
    data = dataset(
        [bill("I0", "2025-12-20", 240_000), bill("I1", "2026-01-01", 240_000)],
        [paid("I0", "2025-12-21", 240_000), paid("I1", "2026-01-02", 240_000)],
    )
    assert fact(data, "rent_billed", "2026-04-01").value == 240_000
    assert fact(data, "rent_collected", "2026-04-01").value == 240_000


def test_rent_and_deposit_on_one_invoice_are_separated() -> None:
    data = dataset([bill("I1", "2026-01-01", 480_000)], [paid("I1", "2026-01-02", 240_000)])
    assert fact(data, "rent_billed", "2026-01").value == 240_000
    assert fact(data, "rent_collected", "2026-01").value == 120_000


def test_rent_paid_ahead_counts_for_its_own_month() -> None:
    data = dataset(
        [bill("I1", "2026-01-01", 240_000), bill("I2", "2026-02-01", 240_000)],
        [paid("I1", "2026-01-02", 240_000), paid("I2", "2026-01-02", 240_000)],
    )
    assert fact(data, "rent_collected", "2026-01").value == 240_000
    assert fact(data, "rent_collected", "2026-02").value == 240_000


def test_collection_rate_and_arrears_of_a_part_payment() -> None:
    data = dataset([bill("I1", "2026-01-01", 240_000)], [paid("I1", "2026-01-09", 180_000)])
    assert fact(data, "rent_collection_rate", "2026-01").value == Decimal("0.7500000000")
    assert fact(data, "rent_billed", "2026-01", part="arrears").value == 60_000


def test_tax_is_not_revenue() -> None:
    data = dataset([bill("I1", "2026-01-01", 110_000, 10_000)], [paid("I1", "2026-01-09", 110_000)])
    assert fact(data, "rent_billed", "2026-01").value == 100_000
    assert fact(data, "rent_collected", "2026-01").value == 100_000


def test_a_refund_lowers_what_was_collected() -> None:
    data = dataset(
        [bill("I1", "2026-01-01", 240_000)], [paid("I1", "2026-01-09", 240_000), paid("I1", "2026-01-20", -40_000)]
    )
    assert fact(data, "rent_collected", "2026-01").value == 200_000


def test_drafts_and_voided_invoices_bill_nothing() -> None:
    data = dataset(
        [
            bill("I1", "2026-01-01", 240_000),
            bill("I2", "2026-01-05", 1, 0, "draft"),
            bill("I3", "2026-01-06", 1, 0, "void"),
        ],
        [],
    )
    assert fact(data, "rent_billed", "2026-01").value == 240_000


def test_a_month_without_a_bill_has_no_rate() -> None:
    data = dataset(
        [bill("I1", "2026-01-01", 240_000), bill("I3", "2026-03-01", 240_000)], [paid("I1", "2026-01-03", 1)]
    )
    rate = fact(data, "rent_collection_rate", "2026-02")
    assert (rate.value, rate.status, rate.reason) == (None, "not_applicable", "nothing billed")
    assert fact(data, "rent_billed", "2026-02").value == 0


def test_stays_count_with_the_lease() -> None:
    stay = bill("S1", "2026-01-10", 90_000, contract_id=None)
    data = dataset([bill("I1", "2026-01-01", 240_000), stay], [])
    assert fact(data, "rent_billed", "2026-01").value == 330_000
    assert fact(data, "rent_billed", "2026-01", kind="short_term").value == 90_000


def test_a_charter_of_an_owner_of_property_is_no_rent() -> None:
    boat = {"asset_id": "V1", "entity_id": "homes", "asset_class": "vessel", "name": "Boat", "status": "in_use"}
    data = context(
        "2026-04-01",
        asset=typed("asset", [HOUSE, boat]),
        lease=typed("lease", [LEASE]),
        booking=typed(
            "booking",
            [
                {"booking_id": "STAY", "asset_id": "H1", "entity_id": "homes"},
                {"booking_id": "TRIP", "asset_id": "V1", "entity_id": "homes"},
            ],
        ),
        invoice=typed(
            "invoice",
            [
                bill("S1", "2026-01-10", 90_000, contract_id=None, booking_id="STAY"),
                bill("T1", "2026-01-11", 70_000, contract_id=None, booking_id="TRIP"),
            ],
        ),
        payment=typed("payment", [], ("invoice_id", "paid_on", "amount_cents", "is_refund")),
    )
    assert fact(data, "rent_billed", "2026-01").value == 90_000


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 100)), min_size=1, max_size=6))
def test_nothing_is_collected_beyond_what_was_billed_without_overpayments(cells: list[tuple[int, int]]) -> None:
    invoices = [bill(f"I{n}", f"2026-02-{n + 2:02d}", total) for n, (total, _) in enumerate(cells)]
    payments = [paid(f"I{n}", "2026-03-01", total * share // 100) for n, (total, share) in enumerate(cells)]
    data = dataset(invoices, payments)
    billed = fact(data, "rent_billed", "2026-02").value
    collected = fact(data, "rent_collected", "2026-02").value
    arrears = fact(data, "rent_billed", "2026-02", part="arrears").value
    assert billed == sum(total for total, _ in cells)
    assert collected + arrears == billed


def order(number: str, day: str, cents: int, category: str = "plumbing", **more: object) -> dict[str, object]:
    return {
        "work_order_id": number,
        "asset_id": "H1",
        "category": category,
        "opened_on": day,
        "cost_cents": cents,
        "is_capex": False,
        "ledger_txn_id": "T1",
        **more,
    }


# Treas. Reg. 1.263(a)-3: a new roof is an improvement, a fixed tap a repair.
def test_repairs_by_category_and_improvements_separately() -> None:
    orders = [
        order("W1", "2026-01-05", 20_000),
        order("W2", "2026-01-09", 30_000, "hvac", ledger_txn_id=None),
        order("W3", "2026-01-20", 900_000, "structural", is_capex=True),
    ]
    data = dataset([bill("I1", "2026-01-01", 1)], [], maintenance=orders)
    assert fact(data, "maintenance_cost", "2026-01").value == 50_000
    assert fact(data, "maintenance_cost", "2026-01", kind="capex").value == 900_000
    assert fact(data, "maintenance_cost", "2026-01", category="hvac").value == 30_000
    assert fact(data, "maintenance_cost", "2026-01", state="not_in_ledger").value == 30_000
    assert fact(data, "maintenance_cost", "2026-01", per="work_order").value == 25_000


@given(
    st.lists(st.tuples(st.sampled_from(["plumbing", "hvac", "other"]), st.integers(0, 10**7)), min_size=1, max_size=9)
)
def test_categories_add_up(cells: list[tuple[str, int]]) -> None:
    orders = [order(f"W{n}", "2026-02-03", cents, category) for n, (category, cents) in enumerate(cells)]
    data = context("2026-03-01", asset=typed("asset", [HOUSE]), maintenance=typed("maintenance", orders))
    parts = [fact(data, "maintenance_cost", "2026-02", category=name).value for name in {c for c, _ in cells}]
    assert sum(parts) == fact(data, "maintenance_cost", "2026-02").value == sum(cents for _, cents in cells)


def test_a_credit_note_lowers_the_rent_billed() -> None:
    # ASC 842-30: rent conceded is no lease income. 2,400 billed in February, 400 of it credited: 2,000, all collected.
    data = dataset(
        [bill("I1", "2026-02-01", 240_000), bill("N1", "2026-02-10", -40_000)], [paid("I1", "2026-02-02", 200_000)]
    )
    assert fact(data, "rent_billed", "2026-02").value == 200_000
    assert fact(data, "rent_collected", "2026-02").value == 200_000
    assert fact(data, "rent_collection_rate", "2026-02").value == 1
