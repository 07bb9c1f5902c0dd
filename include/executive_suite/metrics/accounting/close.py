"""The month-end close: the roll-forward of fixed assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import YEAR, cut
from executive_suite.metrics.registry import metric

GONE = ("disposed", "sold", "retired", "scrapped", "lost")

NEEDS_FIXED = {
    "asset": (
        "asset_id",
        "entity_id",
        "acquired_on",
        "cost_cents",
        "useful_life_months",
        "salvage_cents",
        "method",
        "status",
    )
}


def depreciation(cost_cents: int, salvage_cents: int, life_months: int, months: int) -> int:
    """Straight-line depreciation of the first ``months`` months, cents, rounded on the running total.

    Source: OpenStax, Principles of Accounting 1, 11.3: Kenzie's press, ($58,000 - $10,000) / 5 years = $9,600 a year.

    >>> depreciation(5_800_000, 1_000_000, 60, 12)
    960000
    """
    used = min(max(months, 0), life_months)
    return whole_cents(Fraction(max(cost_cents - salvage_cents, 0) * used, life_months))


@metric("fixed_asset_closing", needs=NEEDS_FIXED)
def _fixed_assets(context: Context) -> Iterator[Fact]:
    day = context.report_date
    for unit in cut(context, "asset", context.rows("asset")).units():
        valued = unit.where(lambda row: row.cost_cents is not None and _acquired(row, day))
        changes = _roll_forward(valued.rows, date(context.last_day.year, 1, 1), day)
        closing = changes["opening"] + changes["additions"] - changes["depreciation"] - changes["disposals"]
        coverage = f"{len(valued)} of {len(unit)} assets have a cost and a date"
        lacking = None if len(valued) else not_evaluable(coverage)
        yield valued.fact("fixed_asset_closing", lacking or Measure(closing, reason=coverage))
        for line, cents in changes.items():
            yield valued.fact("fixed_asset_closing", lacking or Measure(cents), line=line)


def _acquired(row: Any, day: date) -> bool:
    """Whether an asset was acquired before a day."""
    return row.acquired_on is not None and row.acquired_on < day


def _roll_forward(valued: Iterable[Any], year: date, day: date) -> dict[str, int]:
    """Opening book value at the start of the year, and what changed it before a day, cents."""
    found = {"opening": 0, "additions": 0, "depreciation": 0, "disposals": 0}
    for row in valued:
        opening, added = (_book_value(row, year), 0) if _acquired(row, year) else (0, row.cost_cents)
        worth = _book_value(row, day)
        found["opening"] += opening
        found["additions"] += added
        found["depreciation"] += opening + added - worth
        found["disposals"] += worth if row.status in GONE else 0
    return found


def _book_value(row: Any, day: date) -> int:
    """Book value at the start of a day, cents; an asset without method or life is not depreciated."""
    if row.method != "straight_line" or not row.useful_life_months:
        return int(row.cost_cents)
    months = (day.year - row.acquired_on.year) * YEAR + day.month - row.acquired_on.month
    months -= day.day < row.acquired_on.day
    return int(row.cost_cents) - depreciation(row.cost_cents, row.salvage_cents or 0, row.useful_life_months, months)
