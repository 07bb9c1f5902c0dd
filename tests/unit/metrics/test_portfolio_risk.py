from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.metrics.portfolio.survival import kaplan_meier, surviving
from typed_tables import Rows, computed, context, typed

cohorts = st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40)

# The 6-mercaptopurine arm of Freireich et al. (1963), weeks in remission; the estimate is in every textbook of
# survival analysis (Kleinbaum and Klein, Survival Analysis, table 2.1).
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = (
    [True] * 3 + [False, True, False, True, False, False] + [True, True] + [False] * 3 + [True, True] + [False] * 5
)
EXPECTED = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def test_kaplan_meier_of_the_textbook() -> None:
    steps = kaplan_meier(WEEKS, RELAPSED)
    assert {time: round(float(share), 4) for time, share in steps} == EXPECTED
    assert round(float(surviving(steps, 12)), 4) == 0.7529


@given(cohorts)
def test_survival_only_falls(cohort: list[tuple[int, bool]]) -> None:
    shares = [share for _, share in kaplan_meier(*map(list, zip(*cohort, strict=True)))]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share < 1 for share in shares)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40), st.integers(0, 31))
def test_without_censoring_it_is_the_share_still_there(times: list[int], at: int) -> None:
    steps = kaplan_meier(times, [True] * len(times))
    assert surviving(steps, at) == Fraction(sum(time > at for time in times), len(times))


def contract(name: str, **more: object) -> dict[str, object]:
    return {
        "contract_id": name,
        "valid_from": "2025-01-01",
        "valid_to": None,
        "client_id": f"client-{name}",
        "tier": "gold",
        "billing_model": "retainer",
        "mrr_cents": 10_000,
        "start_on": "2025-01-01",
        "end_on": None,
        "auto_renew": True,
        "status": "active",
        **more,
    }


WINDOWS: Rows = [
    {"param": "churn_renewal_window_days", "scope": "group", "valid_from": "2020-01-01", "value": "90"},
    {"param": "churn_quiet_days", "scope": "group", "valid_from": "2020-01-01", "value": "60"},
]


def dataset(rows: Rows, **more: Rows) -> Context:
    tables = {"param": WINDOWS, **more}
    return context(
        "2026-05-01",
        client_contract=typed("client_contract", rows),
        **{name: typed(name, content) for name, content in tables.items()},
    )


def facts(data: Context, metric_id: str, **dimensions: str) -> list[Fact]:
    return [
        f
        for f in computed(data, "portfolio")
        if (f.metric_id, f.entity_id) == (metric_id, "group") and dimensions.items() <= f.dimensions.items()
    ]


def test_signals_name_themselves_and_few_clients_get_no_model() -> None:
    rows = [
        contract("calm"),
        contract("ending", end_on="2026-06-30", auto_renew=False),
        contract("over", end_on="2026-04-30", auto_renew=False),
        contract("unmodelled", billing_model=None, mrr_cents=None),
    ]
    log = [{"contract_id": str(r["contract_id"]), "date": "2026-04-20"} for r in rows if r["contract_id"] != "over"]
    data = dataset(rows, work_log=log)
    scores = {f.dimensions["contract"]: f for f in facts(data, "churn_risk_score") if "contract" in f.dimensions}
    assert {name: f.value for name, f in scores.items()} == {"calm": 0, "ending": 1, "over": 2, "unmodelled": 1}
    assert scores["over"].reason.startswith("out of contract, no recent work")
    (undivided,) = [f for f in facts(data, "churn_risk_score") if not f.dimensions]
    assert undivided.status == "not_applicable"
    assert undivided.reason == "clients: 4, fewer than 20; no model, signals and exposure only"
    (exposure,) = facts(data, "churn_exposure")
    assert exposure.value == 20_000


def test_a_signal_without_its_input_is_named_and_not_passed() -> None:
    (score,) = facts(dataset([contract("a")]), "churn_risk_score", contract="a")
    assert score.value == 0
    assert "not checked: paid late or overdue (table invoice is absent)" in score.reason


def test_records_that_no_one_keeps_make_no_client_late_or_quiet() -> None:
    invoice = {"invoice_id": "I", "direction": "ar", "contract_id": "a", "due_on": "2026-03-31", "total_cents": 5}
    data = dataset([contract("a")], invoice=[{**invoice, "status": "open"}])
    columns = {"payment": ("invoice_id", "paid_on", "amount_cents"), "work_log": ("contract_id", "date")}
    empty = {name: typed(name, [], names) for name, names in columns.items()}
    (score,) = facts(context("2026-05-01", **data.tables, **empty), "churn_risk_score", contract="a")
    assert score.value == 0
    assert "paid late or overdue (no payment is recorded)" in score.reason
    assert "no recent work (no work log is recorded)" in score.reason


def test_late_payment_is_a_signal() -> None:
    invoice = {"invoice_id": "I", "direction": "ar", "contract_id": "a", "due_on": "2026-03-31", "total_cents": 5}
    log = [{"contract_id": "a", "date": "2026-04-20"}]

    def score(paid_on: str) -> object:
        paid = [{"invoice_id": "I", "paid_on": paid_on, "amount_cents": 5}]
        data = dataset([contract("a")], work_log=log, invoice=[{**invoice, "status": "open"}], payment=paid)
        (found,) = facts(data, "churn_risk_score", contract="a")
        return found.value

    assert score("2026-03-31") == 0
    assert score("2026-04-01") == 1


def test_less_recurring_revenue_than_a_year_ago_is_a_signal() -> None:
    rows = [contract("a", mrr_cents=20_000), contract("a", valid_from="2026-02-01")]
    (score,) = facts(
        dataset(rows, work_log=[{"contract_id": "a", "date": "2026-04-20"}]), "churn_risk_score", contract="a"
    )
    assert score.value == 1
    assert "recurring revenue fell" in score.reason


# Twenty clients, five lost after 100 days, all others seen for longer than a year: 75 % survive the year.
def test_survival_needs_twenty_clients() -> None:
    there = [contract(f"stays{n}") for n in range(15)]
    lost = [contract(f"goes{n}", valid_to="2025-04-10") for n in range(5)]
    (found,) = facts(dataset(there + lost), "client_survival_12_months")
    assert found.value == Fraction(3, 4)
    (too_few,) = facts(dataset(there), "client_survival_12_months")
    assert too_few.status == "not_applicable"
