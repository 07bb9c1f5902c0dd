"""The shipped sample as a dataset, and copies of it with some evidence changed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from executive_suite.dataset import snapshot
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.facts.table import ordered
from executive_suite.rules import agenda, judgement, rulebook
from executive_suite.run import pipeline
from executive_suite.signals import declared, ranking
from executive_suite.signals import found as signals
from executive_suite.sources import reading
from executive_suite.statements.carried import carried

INCLUDE = Path(__file__).parents[1] / "include"
REPORT_DATE = date(2026, 5, 1)

Change = Callable[[pd.DataFrame], pd.DataFrame]


@functools.cache
def sample() -> Context:
    """The sample as known on 2026-05-01."""
    given = snapshot.read(reading.of(INCLUDE / "data", INCLUDE / "config"))
    return pipeline.context_of(pipeline.dataset(given, REPORT_DATE), INCLUDE / "config")


def changed(context: Context, **changes: Change) -> Context:
    """The same dataset with some tables changed."""
    tables = dict(context.tables)
    for name, change in changes.items():
        tables[name] = change(tables[name].copy())
    return replace(context, tables=tables)


def without(context: Context, *names: str) -> Context:
    """The same dataset without some tables."""
    tables = {name: frame for name, frame in context.tables.items() if name not in names}
    return replace(context, tables=tables)


def at(context: Context, report_date: str) -> Context:
    """The same rows, reported at another date."""
    return replace(context, report_date=date.fromisoformat(report_date))


def put(column: str, value: object, **where: object) -> Change:
    """Set a column in the rows that have these values; at least one row must."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = pd.Series(data=True, index=frame.index)
        for name, wanted in where.items():
            chosen &= (frame[name] == wanted).astype("boolean").fillna(value=False).astype(bool)
        assert chosen.any(), f"no row has {where}"
        frame.loc[chosen, column] = value
        return frame

    return change


def add(**row: object) -> Change:
    """One more row; columns not given are blank."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        new = pd.DataFrame([row]).reindex(columns=frame.columns)
        types = {name: kind for name, kind in frame.dtypes.items() if name in row or not new[name].isna().all()}
        for name, kind in frame.dtypes.items():
            if name not in types:
                new[name] = pd.Series([None], dtype="Int64" if str(kind) == "int64" else kind)
        return pd.concat([frame, new.astype(types)], ignore_index=True)

    return change


def drop(**where: object) -> Change:
    """Take the rows away that have these values; at least one row must."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = pd.Series(data=True, index=frame.index)
        for name, wanted in where.items():
            chosen &= (frame[name] == wanted).astype("boolean").fillna(value=False).astype(bool)
        assert chosen.any(), f"no row has {where}"
        return frame[~chosen]

    return change


def facts_of(context: Context, field: str, metric_id: str) -> tuple[Any, ...]:
    """The facts of the calculation that gives one metric, without computing the rest of its field."""
    from executive_suite import metrics

    for calculation in metrics.load(field):
        if metric_id in calculation.metric_ids:
            return tuple(fact for fact in calculation.run(context) if fact.metric_id == metric_id)
    raise KeyError(metric_id)


def fact(context: Context, field: str, metric_id: str, entity_id: str = GROUP, **dimensions: str) -> Any:
    """One fact, by its dimensions (empty for the undivided one); the latest period where there are several."""
    found = [
        f for f in facts_of(context, field, metric_id) if f.entity_id == entity_id and dict(f.dimensions) == dimensions
    ]
    assert found, f"no fact {metric_id} {entity_id} {dimensions}"
    return max(found, key=lambda f: f.period)


def figures_of(run: Context, found: Iterable[Fact]) -> Figures:
    """What the reports of a dataset may say, from some of its facts, judged by the shipped rules."""
    facts = ordered(found)
    findings = judgement.evaluate(run, facts, rulebook.shipped())
    agendas = agenda.rank(run, facts, findings)
    thirty_day = [action for action in agendas if action.agenda == "thirty_day"]
    listed, told = ranking.ranked(
        run, findings, thirty_day, signals.signals(run, facts, declared.shipped()), declared.shipped()
    )
    entities = run.tables["entity"]
    return Figures(
        report_date=REPORT_DATE,
        cut_off="2026-05-01T07:00:00+00:00",
        zone=run.zone.key,
        dataset_hash="0" * 64,
        facts=facts,
        findings=findings,
        actions=(*agendas, *listed),
        signals=told,
        statements=carried(run),
        entities={str(e): str(n) for e, n in zip(entities["entity_id"], entities["name"], strict=True)},
        coverage={"entity": len(entities)},
        sample=True,
    )
