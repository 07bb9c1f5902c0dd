"""Local search visibility by month, entity and keyword."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.cut import Cut, complete_months_since, cut, grouped
from executive_suite.metrics.registry import metric

COLUMNS = ("entity_id", "keyword", "date", "position", "impressions", "clicks")


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
    if shown <= 0:
        total = sum(position for position, _ in seen)
        return Measure(quotient(total, len(seen), CENT_HUNDREDTH), reason="not weighted: no impressions")
    return Measure(quotient(sum(position * weight for position, weight in seen), shown, CENT_HUNDREDTH))


@metric(
    "search_impressions",
    "search_clicks",
    "search_ctr",
    "search_position",
    "search_clicks_in_reach",
    needs={"seo_rank": COLUMNS},
)
def _visibility(context: Context) -> Iterator[Fact]:
    seen = cut(context, "seo_rank", context.rows("seo_rank"))
    for month in seen.by_month(lambda row: row.date, complete_months_since(context, (row.date for row in seen.rows))):
        if len(month):
            yield from _facts(month)
        for entity, rows in grouped(month.rows, lambda row: row.entity_id).items():
            own = replace(month, rows=rows, entity_id=entity)
            if entity != GROUP:
                yield from _facts(own)
            for keyword in own.by("keyword", lambda row: row.keyword):
                yield from _facts(keyword)
            yield from _in_reach(own)


def _facts(seen: Cut) -> Iterator[Fact]:
    impressions, clicks = seen.sum("impressions"), seen.sum("clicks")
    positions = [(row.position, row.impressions or 0) for row in seen.rows if row.position is not None]
    told = _recorded(seen, "impressions") or _recorded(seen, "clicks")
    yield seen.fact("search_impressions", _recorded(seen, "impressions") or Measure(impressions))
    yield seen.fact("search_clicks", _recorded(seen, "clicks") or Measure(clicks))
    yield seen.fact("search_ctr", told or ratio(clicks, impressions, "no impressions"))
    yield seen.fact("search_position", mean_position(positions))


def _recorded(seen: Cut, column: str) -> Measure | None:
    """Why a column that is blank throughout has no sum; None if a row has it."""
    blank = all(getattr(row, column) is None for row in seen.rows)
    return not_evaluable(f"column seo_rank.{column} is blank") if blank else None


def _in_reach(seen: Cut) -> Iterator[Fact]:
    """The clicks that each keyword of one entity and month would add at the best click-through, and their sum."""
    keywords = [(own, own.sum("impressions"), own.sum("clicks")) for own in seen.by("keyword", lambda row: row.keyword)]
    rates = [Fraction(clicked, shown) for _, shown, clicked in keywords if shown > 0]
    best = max(rates, default=Fraction(0))
    found = [(own, max(0, int(shown * best - clicked))) for own, shown, clicked in keywords]
    told = _recorded(seen, "impressions") or _recorded(seen, "clicks")
    told = told or (None if rates else not_applicable("no impressions"))
    for own, clicks in ((seen, sum(clicks for _, clicks in found)), *found):
        yield own.fact("search_clicks_in_reach", told or Measure(clicks), inputs={"seo_rank": seen})
