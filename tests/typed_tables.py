"""Small datasets for tests of metrics: rows written as dictionaries, typed as the frozen dataset types them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from hypothesis import settings

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact
from executive_suite.facts.table import ordered
from executive_suite.rules import rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.schema.tables import schema

# A busy machine must not fail a property.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

PACIFIC = ZoneInfo("America/Los_Angeles")
Rows = Sequence[Mapping[str, object]]


def typed(table: str, rows: Rows, columns: Sequence[str] = ()) -> pd.DataFrame:
    known = schema()[table]
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame({name: _typed([row.get(name) for row in rows], known.kind(name)) for name in names})


def _typed(values: list[Any], kind: str) -> pd.Series:
    if kind == "date":
        return pd.Series(np.array(values, dtype="datetime64[us]"))
    if kind == "datetime":
        return pd.to_datetime(pd.Series(values, dtype="object"), utc=True).astype("datetime64[us, UTC]")
    if kind == "integer":
        return pd.Series(values, dtype="Int64" if None in values else "int64")
    if kind == "boolean":
        return pd.Series(values, dtype="boolean")
    return pd.Series([None if cell is None else str(cell) for cell in values], dtype="str")


def context(report_date: str, **tables: pd.DataFrame) -> Context:
    return Context(tables, date.fromisoformat(report_date), PACIFIC, Judgement(rulebook.shipped()))


_last: dict[str, tuple[Context, tuple[Fact, ...]]] = {}


def computed(data: Context, field: str) -> tuple[Fact, ...]:
    """The facts of a field, worked out once for one context however many of them a test looks at."""
    known = _last.get(field)
    if known is None or known[0] is not data:
        known = _last[field] = (data, metrics.compute(data, field))
    return known[1]


def facts_of(context: Context, field: str, metric_id: str) -> list[Fact]:
    """The facts of one metric, in table order; its calculation runs once per context, the rest of its field never."""
    own = (number for number, one in enumerate(metrics.load(field)) if metric_id in one.metric_ids)
    return [fact for number in own for fact in _calculated(field, number)(context) if fact.metric_id == metric_id]


@functools.cache
def _calculated(field: str, number: int) -> Callable[[Context], tuple[Fact, ...]]:
    return per_context(lambda context: ordered(metrics.load(field)[number].run(context)))
