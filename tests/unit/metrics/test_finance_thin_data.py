"""Empty and absent tables: no figure breaks, and none turns into a silent zero."""

import pytest
from finance_rows import CHART, fact_of, ledger, params, value_of
from test_finance_burn import six_months

from executive_suite.facts.fact import Fact
from executive_suite.metrics import compute, load
from executive_suite.schema.tables import schema
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
    assert {fact.metric_id for fact in facts} == {one for c in load(field) for one in c.metric_ids}
    for fact in facts:
        assert (fact.value, fact.status) == (None, "not_evaluable")
        assert "is absent" in fact.reason


def test_a_figure_asks_only_for_the_tables_that_it_needs() -> None:
    invoice = {"invoice_id": "I1", "direction": "ar", "entity_id": "a", "issued_on": "2026-01-02",
               "due_on": "2026-03-31", "total_cents": 1000, "status": "open"}  # fmt: skip
    payments = typed("payment", [], ["invoice_id", "paid_on", "amount_cents"])
    aged = context("2026-05-01", invoice=typed("invoice", [invoice]), payment=payments)
    assert value_of(aged, "accounting", "ar_ageing", bucket="31-60") == 1000
    booked = context("2026-05-01", ledger=ledger(six_months()))
    assert value_of(booked, "accounting", "trial_balance_difference") == 0
    assert value_of(booked, "accounting", "trial_balance_difference", entity="b") == 0
    charted = context("2026-05-01", ledger=ledger(six_months()), account=CHART)
    assert value_of(charted, "finance", "net_burn", period="2026-04") == 7800_00
    assert fact_of(charted, "finance", "net_burn").reason == "param burn_window_months has no value"
