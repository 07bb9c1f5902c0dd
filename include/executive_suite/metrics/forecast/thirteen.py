"""The 13-week cash forecast: the weeks of the base case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.cash_path import WEEKS
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting import documents
from executive_suite.metrics.book.book import book
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.ahead import NEEDS, about, within
from executive_suite.metrics.forecast.base import base
from executive_suite.metrics.forecast.path import spans, steps
from executive_suite.metrics.forecast.rate import SEASONS_FROM
from executive_suite.metrics.registry import metric


@metric(
    "cash_forecast_13_week",
    "cash_forecast_low",
    needs={
        **NEEDS,
        **documents.NEEDS,
        "account": (*NEEDS["account"], "cost_behaviour"),
        "booking": ("booking_id", "status"),
    },
)
def _weeks(context: Context) -> Iterator[Fact]:
    recent = window(context)
    if recent.missing:
        names = ("cash_forecast_13_week", "cash_forecast_low")
        yield from context.facts(dict.fromkeys(names, recent.missing), inputs={})
        return
    made, same = base(context), about(context)
    weeks = steps(made.cash_cents, made.items, spans(made.first)[:WEEKS])
    for week in weeks:
        at: dict[str, Any] = {"week": week.span.label, "ends": week.span.ends.isoformat(), **within(same, made, week)}
        lines = {"receipts": week.line("receipts"), "payments": week.line("payments"), "closing": week.closing}
        for line, cents in lines.items():
            yield context.fact("cash_forecast_13_week", Measure(cents), line=line, **at)
    lowest = min(weeks, key=lambda week: week.closing)
    seasons = len(book(context).complete(GROUP, context)) >= SEASONS_FROM
    basis = f"running costs {'by season' if seasons else f'at the mean of {len(recent.months)} months'}"
    when = f"in {lowest.span.label}, the week to {lowest.span.ends.isoformat()}"
    yield from context.facts(
        {
            "cash_forecast_13_week": Measure(weeks[-1].closing, reason=basis),
            "cash_forecast_low": Measure(lowest.closing, reason=when),
        },
        **same,
    )
