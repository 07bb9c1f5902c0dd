"""Local search visibility by month, entity and keyword."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, last_complete_month
from executive_suite.schema.typed import records

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("entity_id", "keyword", "date", "position", "impressions", "clicks")
_SOURCE = "Google Search Console, performance report definitions"


def mean_position(seen: Sequence[tuple[int, int]]) -> Measure:
    """Position weighted by impressions; the plain mean where no impressions are recorded.

    Args:
        seen: Position and impressions of each row that has a position.

    >>> mean_position([(1, 300), (5, 100)]).value
    Decimal('2.00')
    """
    if not seen:
        return not_applicable("no position is recorded")
    shown = sum(impressions for _, impressions in seen)
    if not shown:
        total = sum(position for position, _ in seen)
        return Measure(quotient(total, len(seen), CENT_HUNDREDTH), reason="not weighted: no impressions")
    return Measure(quotient(sum(position * weight for position, weight in seen), shown, CENT_HUNDREDTH))


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
    months: dict[str, list[_Seen]] = {}
    columns = ("entity_id", "keyword", "date", "position", "impressions", "clicks")
    for entity, keyword, day, position, impressions, clicks in records(frame, *columns):
        place = None if pd.isna(position) else int(position)
        shown, clicked = (0 if pd.isna(number) else int(number) for number in (impressions, clicks))
        months.setdefault(str(Month.of(day)), []).append(_Seen(_word(entity), _word(keyword), place, shown, clicked))
    for month, everything in sorted(months.items()):
        yield from _facts(context, everything, GROUP, month)
        for entity in sorted({seen.entity for seen in everything if seen.entity}):
            own = [seen for seen in everything if seen.entity == entity]
            if entity != GROUP:
                yield from _facts(context, own, entity, month)
            for keyword in sorted({seen.keyword for seen in own if seen.keyword}):
                few = [seen for seen in own if seen.keyword == keyword]
                yield from _facts(context, few, entity, month, keyword=keyword)
            yield from _in_reach(context, own, entity, month)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A keyword of an entity on a day: where it stood (None where not recorded), how often shown and clicked."""

    entity: str
    keyword: str
    position: int | None
    impressions: int
    clicks: int


def _word(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def _facts(context: Context, seen: list[_Seen], entity: str, month: str, **dimensions: str) -> Iterator[Fact]:
    impressions, clicks = sum(one.impressions for one in seen), sum(one.clicks for one in seen)
    for metric_id, measure in (
        ("search_impressions", Measure(impressions)),
        ("search_clicks", Measure(clicks)),
        ("search_ctr", ratio(clicks, impressions, "no impressions")),
        ("search_position", mean_position([(s.position, s.impressions) for s in seen if s.position is not None])),
    ):
        yield context.fact(
            metric_id,
            measure,
            inputs={"seo_rank": len(seen)},
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


def _in_reach(context: Context, seen: list[_Seen], entity: str, month: str) -> Iterator[Fact]:
    """Of each keyword of one entity and month, and their sum."""
    pairs: dict[str, tuple[int, int]] = {}
    for one in sorted((one for one in seen if one.keyword), key=lambda one: one.keyword):
        shown, clicked = pairs.get(one.keyword, (0, 0))
        pairs[one.keyword] = (shown + one.impressions, clicked + one.clicks)
    best = max((Fraction(clicked, shown) for shown, clicked in pairs.values() if shown), default=Fraction(0))
    found = {keyword: clicks_in_reach(shown, clicked, best) for keyword, (shown, clicked) in pairs.items()}
    inputs = {"seo_rank": len(seen)}
    total = Measure(sum(found.values()))
    yield context.fact("search_clicks_in_reach", total, inputs=inputs, entity_id=entity, period=month)
    for keyword, clicks in found.items():
        measure = Measure(clicks)
        yield context.fact(
            "search_clicks_in_reach", measure, inputs=inputs, entity_id=entity, period=month, keyword=keyword
        )
