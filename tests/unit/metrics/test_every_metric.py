"""What holds for every metric: none goes unmentioned, and none has a value without a reason to."""

import pytest

from executive_suite import facts, metrics
from executive_suite.schema.tables import schema
from typed_tables import context, typed

EVERYTHING_EMPTY = {name: typed(name, [], tuple(table.columns)) for name, table in schema().items()}


@pytest.mark.parametrize("field", metrics.FIELDS)
def test_with_empty_tables_every_metric_is_mentioned_and_says_why_it_has_no_value(field: str) -> None:
    found = metrics.compute(context("2026-05-01", **EVERYTHING_EMPTY), field)
    assert {fact.metric_id for fact in found} == {d.metric_id for c in metrics.load(field) for d in c.definitions}
    assert [fact for fact in found if (fact.value is None) == (fact.status == "ok")] == []
    assert [fact for fact in found if fact.value is None and not fact.reason] == []
    assert facts.from_json(facts.to_json(found)) == found
