from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from typed_tables import Rows, computed, context, typed

HOURLY = {
    "contract_id": "C1",
    "valid_from": "2026-01-01",
    "valid_to": None,
    "client_id": "client-1",
    "tier": "gold",
    "billing_model": "hourly",
    "mrr_cents": None,
    "start_on": "2026-01-01",
    "status": "active",
}


def work(number: int, day: str, minutes: int, rate: int = 12_000, **more: object) -> dict[str, object]:
    base = {"work_id": f"W{number}", "contract_id": "C1", "date": day, "minutes": minutes, "rate_cents": rate}
    return {**base, "invoice_id": None, "billable": True, **more}


def bill(number: str, day: str, total: int, **more: object) -> dict[str, object]:
    base = {"invoice_id": number, "direction": "ar", "entity_id": "studio", "issued_on": day, "due_on": day}
    return {**base, "total_cents": total, "tax_cents": 0, "status": "open", "contract_id": "C1", **more}


def dataset(rows: Rows, contract: dict[str, object] | None = None, **more: Rows) -> Context:
    columns = ("work_id", "contract_id", "date", "minutes", "rate_cents", "invoice_id", "billable")
    return context(
        "2026-05-01",
        client_contract=typed("client_contract", [contract or HOURLY]),
        work_log=typed("work_log", rows, columns),
        **{name: typed(name, content) for name, content in more.items()},
    )


def fact(data: Context, metric_id: str, period: str = "2026-05-01", **dimensions: str) -> Fact:
    (found,) = [
        f
        for f in computed(data, "portfolio")
        if (f.metric_id, f.entity_id, f.period, dict(f.dimensions)) == (metric_id, "group", period, dimensions)
    ]
    return found


# ASC 606-10-45-3: work done and not billed is a contract asset; 90 minutes at 120.00 an hour are 180.00.
def test_billable_minutes_without_an_invoice_at_their_rate() -> None:
    data = dataset(
        [
            work(1, "2026-04-10", 90),
            work(2, "2026-04-11", 60, invoice_id="I1"),
            work(3, "2026-04-12", 30, billable=False),
        ]
    )
    assert fact(data, "unbilled_revenue").value == 18_000
    assert fact(data, "unbilled_revenue", contract="C1").value == 18_000


def test_an_invoice_that_was_voided_bills_nothing() -> None:
    data = dataset(
        [work(1, "2026-04-10", 60, invoice_id="I1")], invoice=[bill("I1", "2026-04-30", 12_000, status="void")]
    )
    assert fact(data, "unbilled_revenue").value == 12_000


def test_work_before_the_contract_began_is_separate() -> None:
    data = dataset([work(1, "2025-12-31", 60), work(2, "2026-01-01", 60)])
    assert fact(data, "unbilled_revenue").value == 12_000
    assert fact(data, "unbilled_revenue", state="before_contract_start").value == 12_000


def test_hours_inside_a_retainer_are_no_gap() -> None:
    retainer = {**HOURLY, "billing_model": "retainer", "mrr_cents": 60_000}
    rows = [work(1, "2026-03-10", 100), work(2, "2026-03-20", 80), work(3, "2026-04-02", 100)]
    assert fact(dataset(rows, retainer), "unbilled_revenue").value == 0
    allowance = [{"param": "retainer_allowance_minutes", "scope": "C1", "valid_from": "2026-01-01", "value": "120"}]
    # 180 minutes in March are 60 above the allowance of 120; April stays inside it.
    assert fact(dataset(rows, retainer, param=allowance), "unbilled_revenue").value == 12_000


def test_age_of_what_is_not_billed() -> None:
    data = dataset([work(1, "2026-04-30", 60), work(2, "2026-03-31", 60), work(3, "2026-01-02", 60)])
    ages = {age: fact(data, "unbilled_revenue", age_days=age).value for age in ("0-30", "31-60", "61-90", "91+")}
    assert ages == {"0-30": 12_000, "31-60": 12_000, "61-90": 0, "91+": 12_000}  # 1, 31 and 119 days old


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 30_000), st.booleans()), min_size=1, max_size=8))
def test_ages_and_billed_work_add_up(cells: list[tuple[int, int, bool]]) -> None:
    # Whole hours' worth of cents, so that no part is rounded.
    rows = [
        work(n, f"2026-0{1 + n % 4}-15", minutes * 60, rate, invoice_id="I" if billed else None)
        for n, (minutes, rate, billed) in enumerate(cells)
    ]
    data = dataset(rows)
    total = fact(data, "unbilled_revenue").value
    assert total == sum(minutes * rate for minutes, rate, billed in cells if not billed)
    assert sum(fact(data, "unbilled_revenue", age_days=age).value for age in ("0-30", "31-60", "61-90", "91+")) == total


def test_active_contracts_without_an_invoice_in_the_month() -> None:
    data = dataset([], invoice=[bill("I1", "2026-02-10", 5), bill("I2", "2026-03-10", 5, status="draft")])
    assert fact(data, "contracts_uninvoiced", "2026-02").value == 0
    assert fact(data, "contracts_uninvoiced", "2026-03").value == 1
    assert fact(data, "contracts_uninvoiced", "2026-03").qualifier == Qualifier(Why.COUNTED, of=1)
    assert fact(data, "contracts_uninvoiced", "2026-03", contract="C1").value == 1


# Realization (professional services): 180.00 billed of 240.00 worked is 75 %.
def test_realization_is_billed_value_of_standard_value() -> None:
    data = dataset(
        [work(1, "2026-04-10", 90, invoice_id="I1"), work(2, "2026-04-11", 30)],
        invoice=[bill("I1", "2026-04-30", 18_000)],
    )
    assert fact(data, "realisation_rate", "2026-04").value == Decimal("0.7500000000")


# Utilization: 120 billable hours of 160 available are 75 %.
def test_utilization_is_billable_of_available_hours() -> None:
    hours = [{"param": "available_hours_per_month", "scope": "group", "valid_from": "2026-01-01", "value": "160"}]
    rows = [work(1, "2026-04-10", 7200), work(2, "2026-04-11", 2400, billable=False)]
    data = dataset(rows, param=hours)
    assert fact(data, "billable_utilisation", "2026-04").value == Decimal("0.7500000000")
    assert fact(data, "billable_utilisation", "2026-04", basis="logged").value == Decimal("0.7500000000")
    unsaid = fact(dataset(rows), "billable_utilisation", "2026-04")
    assert (unsaid.value, unsaid.status) == (None, "not_evaluable")


# A fee of 600.00 for ten hours is 60.00 an hour, whatever the rate card says.
def test_what_an_hour_earned() -> None:
    data = dataset([work(1, "2026-04-10", 600)], invoice=[bill("I1", "2026-04-01", 66_000, tax_cents=6_000)])
    assert fact(data, "effective_hourly_rate", "2026-04").value == 6_000


def test_months_without_hours_earn_no_rate() -> None:
    data = dataset([work(1, "2026-02-10", 600)], invoice=[bill("I1", "2026-04-01", 60_000)])
    found = fact(data, "effective_hourly_rate", "2026-04")
    assert (found.value, found.status, found.reason) == (None, "not_applicable", "no hours worked")


def test_a_client_margin_is_net_of_direct_and_cloud_cost() -> None:
    line = {"txn_id": "T1", "line": 1, "date": "2026-04-03", "entity_id": "studio", "account": "5100"}
    data = dataset(
        [],
        invoice=[bill("I1", "2026-04-01", 100_000)],
        account=[{"account": "5100", "type": "expense", "is_cash": False}],
        ledger=[{**line, "amount_cents": 30_000, "contract_id": "C1"}],
        focus_cost=[
            {"BilledCost": "12.50", "BillingPeriodStart": "2026-04-01T00:00:00Z", "Tags": '{"client": "client-1"}'},
            {"BilledCost": "99.00", "BillingPeriodStart": "2026-04-01T00:00:00Z", "Tags": '{"client": "other"}'},
            {"BilledCost": "77.00", "BillingPeriodStart": "2026-04-01T00:00:00Z", "Tags": "client=client-1"},
        ],
    )
    assert fact(data, "client_margin").value == 100_000 - 30_000 - 1_250
    assert fact(data, "client_margin", client="client-1").value == 68_750


# The catalogue's gap "hosting cost > billed": 12.50 and 30.00 of cost against 10.00 and 90.00 invoiced leave 2.50.
def test_hosting_that_costs_more_than_it_is_billed() -> None:
    def cost(amount: str, name: str, month: str = "2026-04") -> dict[str, object]:
        return {"BilledCost": amount, "BillingPeriodStart": f"{month}-01T00:00:00Z", "Tags": f'{{"client": "{name}"}}'}

    both = typed("client_contract", [HOURLY, HOURLY | {"contract_id": "C2", "client_id": "client-2"}])
    bills = [bill("I1", "2026-04-01", 1_200, tax_cents=200), bill("I2", "2026-04-01", 9_000, contract_id="C2")]
    costs = [cost("12.50", "client-1"), cost("30.00", "client-2"), cost("99.00", "client-1", "2025-04")]
    data = dataset([], invoice=bills, focus_cost=costs)
    data = Context({**data.tables, "client_contract": both}, data.report_date, data.zone)
    assert fact(data, "hosting_cost_above_billed").value == 250
    assert fact(data, "hosting_cost_above_billed", client="client-1").value == 250
    assert fact(data, "hosting_cost_above_billed", client="client-2").value == 0
    silent = fact(dataset([], invoice=bills, focus_cost=[cost("1", "x") | {"Tags": "{}"}]), "hosting_cost_above_billed")
    assert (silent.value, silent.status) == (None, "not_applicable")
