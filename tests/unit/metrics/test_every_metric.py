"""What holds for every metric: none goes unmentioned, and none has a value without a reason to."""

import pytest

from executive_suite import metrics
from executive_suite.facts import table as facts
from executive_suite.schema.tables import schema
from group_data import changed, sample
from typed_tables import context, typed

EVERYTHING_EMPTY = {name: typed(name, [], tuple(table.columns)) for name, table in schema().items()}


@pytest.mark.parametrize("field", metrics.FIELDS)
def test_with_empty_tables_every_metric_is_mentioned_and_says_why_it_has_no_value(field: str) -> None:
    found = metrics.compute(context("2026-05-01", **EVERYTHING_EMPTY), field)
    assert {fact.metric_id for fact in found} == {one for c in metrics.load(field) for one in c.metric_ids}
    assert [fact for fact in found if (fact.value is None) == (fact.status == "ok")] == []
    assert [fact for fact in found if fact.value is None and not fact.reason] == []
    assert facts.from_json(facts.to_json(found)) == found


@pytest.mark.parametrize(
    ("field", "table", "column"),
    [
        ("rental", "asset", "asset_id"),
        ("delivery", "booking", "booking_id"),
        ("marketing", "booking", "discount_cents"),
    ],
)
def test_a_column_that_is_wanted_beside_the_needs_is_named_and_breaks_nothing(
    field: str, table: str, column: str
) -> None:
    found = metrics.compute(changed(sample(), **{table: lambda rows: rows.drop(columns=column)}), field)
    assert {fact.metric_id for fact in found} == {one for c in metrics.load(field) for one in c.metric_ids}
    assert f"column {table}.{column} is absent" in {fact.reason for fact in found if fact.status == "not_evaluable"}
    assert any(fact.status == "ok" for fact in found)
