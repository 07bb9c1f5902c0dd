"""Local search visibility by month, entity and keyword."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.finance.measures import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.registry import Definition, Measure, metric, not_applicable
from executive_suite.period import last_complete_month

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

COLUMNS = ("entity_id", "keyword", "date", "position", "impressions", "clicks")
_SOURCE = "Google Search Console, performance report definitions"


def mean_position(frame: pd.DataFrame) -> Measure:
    """Position weighted by impressions; the plain mean where no impressions are recorded.

    >>> mean_position(pd.DataFrame({"position": [1, 5], "impressions": [300, 100]})).value
    Decimal('2.00')
    """
    known = frame[frame["position"].notna()]
    if known.empty:
        return not_applicable("no position is recorded")
    positions = [int(p) for p in known["position"]]
    weights = [int(w) for w in known["impressions"].fillna(0)]
    if not sum(weights):
        return Measure(quotient(sum(positions), len(positions), CENT_HUNDREDTH), reason="not weighted: no impressions")
    total = sum(Decimal(p) * w for p, w in zip(positions, weights, strict=True))
    return Measure(quotient(total, sum(weights), CENT_HUNDREDTH))


@metric(
    Definition(
        "search_impressions", "Search impressions", "count", "Impressions in a complete month.", _SOURCE, "higher"
    ),
    Definition("search_clicks", "Search clicks", "count", "Clicks in a complete month.", _SOURCE, "higher"),
    Definition(
        "search_ctr",
        "Search click-through rate",
        "ratio",
        "Clicks over impressions in a complete month; n/a without impressions.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "search_position",
        "Search position",
        "position",
        "Mean position in a complete month, weighted by impressions; 1 is the top.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "search_clicks_in_reach",
        "Search clicks within reach",
        "count",
        "Clicks a month that a keyword would add at the best click-through of the entity's own keywords in the same "
        "month: impressions times the difference, rounded down. An estimate for ordering work, not a forecast.",
        "Opportunity sizing by own click-through, as in search practice",
        "higher",
    ),
    needs={"seo_rank": COLUMNS},
)
def _visibility(context: Context) -> Iterator[Fact]:
    frame = context.table("seo_rank")
    frame = frame[frame["date"] < pd.Timestamp((last_complete_month(context.report_date) + 1).first)]
    months = frame["date"].dt.strftime("%Y-%m")
    for month, all_rows in frame.groupby(months, sort=True):
        yield from _facts(context, all_rows, GROUP, str(month))
        for entity, own in all_rows.groupby("entity_id", observed=True):
            if entity != GROUP:
                yield from _facts(context, own, str(entity), str(month))
            for keyword, few in own.groupby("keyword", observed=True):
                yield from _facts(context, few, str(entity), str(month), keyword=str(keyword))
            yield from _in_reach(context, own, str(entity), str(month))


def _facts(context: Context, frame: pd.DataFrame, entity: str, month: str, **dimensions: str) -> Iterator[Fact]:
    impressions, clicks = int(frame["impressions"].fillna(0).sum()), int(frame["clicks"].fillna(0).sum())
    for metric_id, measure in (
        ("search_impressions", Measure(impressions)),
        ("search_clicks", Measure(clicks)),
        ("search_ctr", ratio(clicks, impressions, "no impressions")),
        ("search_position", mean_position(frame)),
    ):
        yield context.fact(
            metric_id,
            measure,
            inputs={"seo_rank": len(frame)},
            entity_id=entity,
            period=month,
            assumed=False,
            **dimensions,
        )


def clicks_in_reach(impressions: int, clicks: int, best: Fraction) -> int:
    """Clicks that a keyword would add at the best click-through, rounded down.

    >>> clicks_in_reach(1_000, 10, Fraction(3, 100))
    20
    """
    return max(0, int(impressions * best - clicks))


def _in_reach(context: Context, frame: pd.DataFrame, entity: str, month: str) -> Iterator[Fact]:
    """Of each keyword of one entity and month, and their sum."""
    sums = frame.groupby("keyword", observed=True)[["impressions", "clicks"]].sum()
    pairs = {
        str(keyword): (int(shown), int(clicked))
        for keyword, shown, clicked in zip(sums.index, sums["impressions"], sums["clicks"], strict=True)
    }
    best = max((Fraction(clicked, shown) for shown, clicked in pairs.values() if shown), default=Fraction(0))
    found = {keyword: clicks_in_reach(shown, clicked, best) for keyword, (shown, clicked) in pairs.items()}
    inputs = {"seo_rank": len(frame)}
    total = Measure(sum(found.values()))
    yield context.fact("search_clicks_in_reach", total, inputs=inputs, entity_id=entity, period=month)
    for keyword, clicks in found.items():
        measure = Measure(clicks)
        yield context.fact(
            "search_clicks_in_reach", measure, inputs=inputs, entity_id=entity, period=month, keyword=keyword
        )
