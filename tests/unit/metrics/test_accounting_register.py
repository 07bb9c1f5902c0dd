"""The accounting system, milestones, the month of profitability, expenses by function."""

from decimal import Decimal

import pytest
from finance_rows import CHART, fact_of, facts_of, ledger, params, value_of
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Qualifier, Why
from executive_suite.metrics.accounting.roadmap import profitability_month
from executive_suite.period import Month
from typed_tables import context, typed

MILESTONE = {"milestone_id": "M1", "report": "accounting", "title": "system live", "due_on": "2026-06-30",
             "target_metric": "trial_balance_diff_cents", "target_value": "0", "achieved_on": None}  # fmt: skip


@pytest.mark.parametrize(
    ("category", "status", "since", "expected"),
    [
        ("accounting", "deployed", None, True),
        ("accounting", "deployed", "2026-05-01", False),  # only from the report date on
        ("accounting", "planned", None, False),
        ("accounting", "none", None, False),
        ("email", "deployed", None, False),
    ],
)
def test_accounting_system(category: str, status: str, since: str | None, expected: object) -> None:
    row = {"system_id": "S1", "category": category, "status": status, "since": since}
    data = context("2026-05-01", system=typed("system", [row]))
    assert fact_of(data, "accounting", "accounting_system_deployed").value is expected


def milestones(**change: object) -> Context:
    return context("2026-07-01", milestone=typed("milestone", [MILESTONE | change]))


@pytest.mark.parametrize(
    ("change", "slipped", "status", "typed_as"),
    [
        ({}, 1, "slipped by 1 days", Qualifier(Why.SLIPPED, count=1)),
        ({"due_on": "2026-07-01"}, 0, "0 days to go", Qualifier(Why.AHEAD, count=0)),
        ({"achieved_on": "2026-06-30"}, 0, "achieved 2026-06-30", Qualifier(Why.ACHIEVED)),
        # not achieved before the report date
        ({"achieved_on": "2026-07-01"}, 1, "slipped by 1 days", Qualifier(Why.SLIPPED, count=1)),
    ],
)
def test_milestones(change: dict[str, object], slipped: int, status: str, typed_as: Qualifier) -> None:
    data = milestones(**change)
    assert value_of(data, "accounting", "milestones_due") == 1
    assert value_of(data, "accounting", "milestones_slipped") == slipped
    which = {"milestone": "M1", "report": "accounting", "title": "system live",
             "due_on": str(change.get("due_on", "2026-06-30")), "target": "trial_balance_diff_cents 0"}  # fmt: skip
    found = fact_of(data, "accounting", "milestone_status", **which)
    assert (found.value, found.qualifier) == (status, typed_as)


def test_another_reports_milestones_are_not_in_the_undivided_figure() -> None:
    data = milestones(report="cmo")
    assert value_of(data, "accounting", "milestones_due") == 0
    assert value_of(data, "accounting", "milestones_due", report="cmo") == 1


def test_profit_has_to_hold_for_three_months() -> None:
    # By hand: June is profitable alone, August to October hold.
    income = {Month(2026, 6): 5, Month(2026, 7): -1, Month(2026, 8): 0, Month(2026, 9): 1, Month(2026, 10): 1}
    assert profitability_month(income, Month(2026, 5)) == Month(2026, 8)
    assert profitability_month({Month(2026, 12): 1}, Month(2026, 5)) is None


def test_profitability_comes_from_the_latest_budget() -> None:
    rows = [
        {"entity_id": "a", "month": f"2026-{month:02d}-01", "account": account, "amount_cents": cents, "version": "v1"}
        for month in range(5, 12)
        for account, cents in (("4100", 100 * month), ("6100", 800))
    ]
    data = context("2026-05-01", budget=typed("budget", rows), account=CHART)
    assert value_of(data, "accounting", "profitability_month") == "2026-08-01"
    never = [row | {"amount_cents": 1} if row["account"] == "4100" else row for row in rows]
    fact = fact_of(
        context("2026-05-01", budget=typed("budget", never), account=CHART), "accounting", "profitability_month"
    )
    assert (fact.status, fact.reason) == ("not_applicable", "not reached: the budget ends 2026-11")


@given(st.dictionaries(st.integers(1, 12), st.integers(-5, 5)))
def test_what_is_found_holds_and_nothing_earlier_does(plan: dict[int, int]) -> None:
    income = {Month(2026, number): cents for number, cents in plan.items()}
    found = profitability_month(income, Month(2026, 1))
    holds = [m for m in range(1, 11) if all(plan.get(m + n, -1) >= 0 for n in range(3))]
    assert found == (Month(2026, holds[0]) if holds else None)


def test_expenses_by_function_and_nature() -> None:
    rows = [
        ("2026-04-01", "a", "operating", {"1010": 1000, "4100": -1000}),
        ("2026-04-02", "a", "operating", {"5100": 300, "1010": -300}),
        ("2026-03-02", "a", "operating", {"6100": 200, "1010": -200}),
        ("2026-03-03", "b", "operating", {"6400": 50, "1010": -50}),
    ]
    chart = CHART.copy()
    chart.loc[chart["account"] == "6400", "function"] = None
    data = context("2026-05-01", ledger=ledger(rows), account=chart, param=params({"burn_window_months": 2}))
    assert value_of(data, "accounting", "expense_by_function") == 550
    assert value_of(data, "accounting", "expense_by_function", function="cogs") == 300
    assert value_of(data, "accounting", "expense_by_function", function="uncategorised") == 50
    assert value_of(data, "accounting", "expense_by_nature", account="6100") == 200
    assert value_of(data, "accounting", "expense_share_of_revenue", function="cogs") == Decimal("0.3")
    assert fact_of(data, "accounting", "expense_share_of_revenue", entity="b").reason == "no revenue in the window"


# The twelve months before 15 May 2026 begin on 15 May 2025: a line of the day before is older, though of that month.
@pytest.mark.parametrize(("day", "unused"), [("2025-05-14", True), ("2025-05-15", False), ("2025-06-01", False)])
def test_an_account_is_idle_to_the_day(day: str, *, unused: bool) -> None:
    rows = [
        (day, "a", "operating", {"6400": 50, "1010": -50}),
        ("2026-05-01", "a", "operating", {"1010": 10, "4100": -10}),
    ]
    data = context("2026-05-15", ledger=ledger(rows), account=CHART)
    idle = {f.dimensions["account"] for f in facts_of(data, "accounting", "accounts_unused") if f.dimensions}
    assert ("6400" in idle) is unused
    assert "1010" not in idle


# 100 in the bank of one entity hides in the group's balance that the other has overdrawn its own by 40.
def test_an_overdraft_of_one_entity_is_not_made_good_by_another() -> None:
    rows = [
        ("2026-03-02", "a", "operating", {"1010": 100, "4100": -100}),
        ("2026-03-03", "b", "operating", {"6100": 40, "1010": -40}),
    ]
    data = context("2026-05-01", ledger=ledger(rows), account=CHART)
    found = {f.entity_id: f.value for f in facts_of(data, "accounting", "accounts_wrong_side") if not f.dimensions}
    assert found == {"group": 0, "a": 0, "b": 1}
