"""Figures of the books driven out of their domain: none is a number without its premise, none is silent."""

import pytest
from group_books import ENTITIES, Entry, books
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.metrics import compute
from typed_tables import typed

FIELDS = ("finance", "accounting")
RATES = ("net_burn", "gross_burn", "free_cash_flow_burn", "cash_runway_months", "residual_fixed_cost")
SHARES = ("gross_margin", "contribution_ratio", "ebitda_margin", "expense_share_of_revenue", "margin_of_safety")


def every(data: Context) -> list[Fact]:
    found = [fact for field in FIELDS for fact in compute(data, field)]
    for fact in found:
        assert (fact.value is None) == (fact.status != "ok"), fact
        assert fact.value is not None or fact.reason, fact
        number = fact.number
        assert number is None or definition_of(fact.metric_id).possible(number), fact
    return found


def states(found: list[Fact], metric_ids: tuple[str, ...]) -> set[str]:
    """How the headlines of some metrics stand."""
    return {f.status for f in found if f.metric_id in metric_ids and f.period == "2026-05-01"}


entries = st.builds(
    lambda month, day, who, activity, one, other, cents, party: Entry(
        f"{month}-{day:02d}", who, activity, {one: cents, other: -cents}, party
    ),
    st.sampled_from(["2025-10", "2025-12", "2026-01", "2026-04"]),
    st.integers(1, 28),
    st.sampled_from(["a", "b", "group"]),
    st.sampled_from(["operating", "investing", "financing", "noncash", None]),
    st.sampled_from(["1010", "1090", "1600", "1900", "2300", "3010", "4100"]),
    st.sampled_from(["1020", "1500", "2500", "2900", "5100", "6100", "7100"]),
    st.integers(-(10**9), 10**9),
    st.sampled_from(["a", "b", "C-1", None]),
)


@settings(max_examples=8)
@given(st.lists(entries, max_size=6), st.sampled_from([None, "2025-12-31", "2026-03-15"]))
def test_any_books_give_numbers_in_their_range_or_reasons(rows: list[Entry], left: str | None) -> None:
    entities = [{"entity_id": e, "kind": "business", "ended_on": left if e == "b" else None} for e in ENTITIES]
    every(books(rows, burn_window_months=2, entity=typed("entity", entities)))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [Entry("2026-04-30", "a", "financing", {"1010": 1, "3030": -1})],  # the opening alone
        [Entry("2026-05-01", "a", "operating", {"1010": 1, "4100": -1})],  # not yet
        [Entry("2026-04-30", "a", "operating", {"1010": 1})],  # one line
    ],
)
def test_books_that_have_only_begun_have_no_rates(rows: list[Entry]) -> None:
    known = [row for row in rows if row.day < "2026-05-01"]
    assert states(every(books(known)), RATES) <= {"not_evaluable", "not_applicable"}


@pytest.mark.parametrize("sign", [0, -1])
def test_shares_of_no_revenue_or_of_refunds_have_no_value(sign: int) -> None:
    months = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
    rows = [Entry(f"{m}-02", "a", "operating", {"6100": 500, "1010": -500}) for m in months]
    rows += [Entry(f"{m}-03", "a", "operating", {"1010": 100 * sign, "4100": -100 * sign}) for m in months]
    assert states(every(books(rows)), SHARES) == {"not_applicable"}


def test_a_cost_that_is_paid_back_is_no_margin_above_all_revenue() -> None:
    # Sales of 10 and a refund of 250 from a supplier would be a gross margin of 2,600%.
    months = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")
    rows = [Entry(f"{m}-02", "a", "operating", {"1010": 1_000, "4100": -1_000}) for m in months]
    rows += [Entry("2026-04-03", "a", "operating", {"1010": 150_000, "5100": -150_000})]
    found = every(books(rows))
    assert states(found, ("gross_margin", "contribution_ratio", "ebitda_margin")) == {"not_applicable"}
