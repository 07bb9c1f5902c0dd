import pytest

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.facts import table as facts
from executive_suite.schema.tables import schema
from typed_tables import context, typed

FIELDS = ("rental", "delivery", "portfolio")


def empty(*, without: str = "") -> Context:
    tables = {name: typed(name, [], tuple(table.columns)) for name, table in schema().items() if name != without}
    return context("2026-05-01", **tables)


@pytest.mark.parametrize("field", FIELDS)
def test_empty_tables_say_so_and_break_nothing(field: str) -> None:
    found = metrics.compute(empty(), field)
    assert {fact.metric_id for fact in found} == {one for c in metrics.load(field) for one in c.metric_ids}
    assert [fact for fact in found if fact.value is not None or not fact.reason] == []
    assert facts.from_json(facts.to_json(found)) == found


@pytest.mark.parametrize(
    "absent", sorted({table for field in FIELDS for c in metrics.load(field) for table in c.needs})
)
def test_an_absent_table_is_named_by_every_metric_that_needs_it(absent: str) -> None:
    for field in FIELDS:
        reasons = {fact.metric_id: fact.reason for fact in metrics.compute(empty(without=absent), field)}
        for calculation in metrics.load(field):
            # The first input that is missing is the one that is named; here only one is.
            if absent in calculation.needs:
                assert {reasons[one] for one in calculation.metric_ids} == {f"table {absent} is absent"}
