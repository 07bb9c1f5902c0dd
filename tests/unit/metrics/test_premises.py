"""Driven out of its domain, a metric says why it has no value: never NaN, infinity, a number out of its range, a stop.

The sample is changed so that the premises go, table by table and all at once: money below zero, zero and blank, one
row, the opening month alone, refunds above sales, one entity.
"""

from __future__ import annotations

import functools
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.dataset.context import Context
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.metrics import arithmetic
from executive_suite.metrics.registry import Calculation
from executive_suite.run import pipeline
from executive_suite.schema.tables import Column, schema
from executive_suite.sources import reading
from group_data import INCLUDE, changed, sample

CALCULATIONS = [calculation for field in metrics.FIELDS for calculation in metrics.load(field)]
METRICS = sorted(one for calculation in CALCULATIONS for one in calculation.metric_ids)
TABLES = sorted({table for calculation in CALCULATIONS for table in calculation.needs} & set(sample().tables))

Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize("metric_id", METRICS)
def test_a_metric_that_divides_states_its_premise(metric_id: str) -> None:
    meaning = definition_of(metric_id)
    divides = meaning.unit in {"ratio", "x", "months", "index"} or "/" in meaning.unit or "per " in meaning.unit
    if divides:
        assert meaning.premise, f"{metric_id}: state when it means something (premise), and its range"


def _amounts(table: str) -> Iterable[Column]:
    """The columns of amounts that a table may have: what identifies a row, or has limits of its own, stays."""
    known = schema()[table]
    for name, column in known.columns.items():
        if column.kind in {"integer", "number"} and name not in {*known.key, "source_row"} and column.least is None:
            yield column


def _each(table: str, change: Callable[[pd.Series, Column], pd.Series]) -> Change:
    def changed_frame(frame: pd.DataFrame) -> pd.DataFrame:
        for column in _amounts(table):
            if column.name in frame.columns:
                frame[column.name] = change(frame[column.name], column)
        return frame

    return changed_frame


def _negative(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "integer":
        return -values
    return values.map(lambda text: text if text.startswith("-") else f"-{text}", na_action="ignore").astype("str")


def _mixed(values: pd.Series, column: Column) -> pd.Series:
    """Every other one below zero."""
    other = pd.Series(np.arange(len(values)) % 2 == 0, index=values.index)
    return values.where(other, _negative(values, column))


def _zero(values: pd.Series, column: Column) -> pd.Series:
    return values.where(values.isna(), 0 if column.kind == "integer" else "0")


def _blank(values: pd.Series, column: Column) -> pd.Series:
    if column.required:
        return values
    return pd.Series([None] * len(values), index=values.index, dtype="Int64" if column.kind == "integer" else "str")


def _changes(table: str) -> Mapping[str, Change]:
    return {
        "below zero": _each(table, _negative),
        "mixed signs": _each(table, _mixed),
        "zero": _each(table, _zero),
        "blank": _each(table, _blank),
        "its first row": lambda frame: frame.iloc[:1].reset_index(drop=True),
        "its last row": lambda frame: frame.iloc[-1:].reset_index(drop=True),
        "no row": lambda frame: frame.iloc[:0],
    }


@pytest.fixture(autouse=True)
def _positive_divisors(monkeypatch: pytest.MonkeyPatch) -> None:
    """No quotient of a metric has a divisor of zero or less: the premise is looked at before."""
    whole = arithmetic.quotient

    def quotient(numerator: arithmetic.Exact, denominator: arithmetic.Exact, places: int) -> Decimal:
        assert denominator > 0, f"{numerator} divided by {denominator}"
        return whole(numerator, denominator, places)

    for name, module in list(sys.modules.items()):
        if name.startswith("executive_suite.metrics") and getattr(module, "quotient", None) is whole:
            monkeypatch.setattr(module, "quotient", quotient)


def _wrong(fact: Fact) -> str:
    """What is wrong with a fact, whatever its inputs; empty if nothing is."""
    if (fact.value is None) == (fact.status == "ok"):
        return f"{fact.status} with value {fact.value}"
    if fact.value is None:
        return "" if fact.reason else f"{fact.status} without a reason"
    number = fact.number
    if isinstance(number, Decimal) and not number.is_finite():
        return f"value {number}"
    if number is not None and not definition_of(fact.metric_id).possible(number):
        return f"{number} is out of its range"
    return ""


def _faults(calculations: Iterable[Calculation], run: Context) -> list[str]:
    found = (fact for calculation in calculations for fact in calculation.run(run))
    return [f"{fact.metric_id} {fact.entity_id} {fact.period}: {wrong}" for fact in found if (wrong := _wrong(fact))]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_out_of_its_domain_gives_reasons(table: str) -> None:
    reading_it = [calculation for calculation in CALCULATIONS if table in calculation.needs]
    for name, change in _changes(table).items():
        assert _faults(reading_it, changed(sample(), **{table: change})) == [], name


def _refunded(frame: pd.DataFrame) -> pd.DataFrame:
    """Refunds above sales: the revenue of the latest year is taken back twice."""
    accounts = sample().tables["account"]
    sales = frame["account"].isin(accounts.loc[accounts["type"] == "revenue", "account"])
    recent = sales & (frame["date"] >= pd.Timestamp("2025-05-01"))
    frame.loc[recent, "amount_cents"] *= -2
    return frame


def _opening_month() -> Context:
    given = snapshot.read(reading.of(INCLUDE / "data", INCLUDE / "config"))
    first = given.frames["ledger"]["date"].min()
    day = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return pipeline.context_of(pipeline.dataset(given, day), INCLUDE / "config")


def _one_entity(run: Context) -> Context:
    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["entity_id"] == "jada"].reset_index(drop=True)

    tables = {name: own(frame) if "entity_id" in frame.columns else frame for name, frame in run.tables.items()}
    return replace(run, tables=tables)


def _everywhere(name: str) -> Context:
    whole = {table: _changes(table)[name] for table in sample().tables if table not in {"entity", "account", "param"}}
    return changed(sample(), **whole)


SCENARIOS: Mapping[str, Callable[[], Context]] = {
    **{f"every table: {name}": functools.partial(_everywhere, name) for name in _changes("ledger")},
    "parameters below zero": lambda: changed(sample(), param=_changes("param")["below zero"]),
    "parameters of zero": lambda: changed(sample(), param=_changes("param")["zero"]),
    "refunds above sales": lambda: changed(sample(), ledger=_refunded),
    "the opening month alone": _opening_month,
    "one entity": lambda: _one_entity(sample()),
    "no table": lambda: replace(sample(), tables={}),
}


@functools.cache
def _outcomes(scenario: str) -> Mapping[str, tuple[Fact, ...]]:
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in metrics.compute_all(SCENARIOS[scenario]()):
        found[fact.metric_id].append(fact)
    return {metric_id: tuple(facts) for metric_id, facts in found.items()}


@pytest.mark.parametrize("metric_id", METRICS)
def test_out_of_its_domain_a_metric_has_a_reason(metric_id: str) -> None:
    for scenario in SCENARIOS:
        facts = _outcomes(scenario)[metric_id]
        assert facts, scenario
        assert [(f.entity_id, f.period, wrong) for f in facts if (wrong := _wrong(f))] == [], scenario


@pytest.mark.parametrize("metric_id", METRICS)
def test_without_any_table_a_metric_names_one(metric_id: str) -> None:
    facts = _outcomes("no table")[metric_id]
    assert {fact.value for fact in facts} == {None}
    assert all("absent" in fact.reason for fact in facts)
