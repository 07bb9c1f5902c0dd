"""Empty and absent tables: no figure breaks, and none turns into a silent zero."""

import pytest
from finance_rows import CHART, ledger, params
from test_finance_burn import six_months

from executive_suite.facts import Fact
from executive_suite.metrics import compute, load
from executive_suite.tables import schema
from typed_tables import context, typed

FIELDS = ("finance", "accounting")


def empty(table: str) -> object:
    return typed(table, [], list(schema()[table].columns))


def everything(facts: list[Fact]) -> None:
    for fact in facts:
        assert (fact.value is None) == (fact.status != "ok"), fact
        assert fact.status == "ok" or fact.reason, fact
        assert fact.value is None or str(fact.value).lower() not in {"nan", "inf", "-inf", "none"}, fact


def test_empty_tables_break_nothing() -> None:
    data = context("2026-05-01", **{table: empty(table) for table in schema()})  # type: ignore[arg-type]
    everything([fact for field in FIELDS for fact in compute(data, field)])


def test_a_ledger_alone_with_every_other_table_empty() -> None:
    tables = {table: empty(table) for table in schema()}
    tables |= {"ledger": ledger(six_months()), "account": CHART, "param": params({"burn_window_months": 6})}
    data = context("2026-05-01", **tables)  # type: ignore[arg-type]
    everything([fact for field in FIELDS for fact in compute(data, field)])


@pytest.mark.parametrize("field", FIELDS)
def test_without_any_table_every_metric_says_what_is_missing(field: str) -> None:
    facts = compute(context("2026-05-01"), field)
    assert {fact.metric_id for fact in facts} == {d.metric_id for c in load(field) for d in c.definitions}
    for fact in facts:
        assert (fact.value, fact.status) == (None, "not_evaluable")
        assert "is absent" in fact.reason
