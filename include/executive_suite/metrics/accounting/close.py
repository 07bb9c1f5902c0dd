"""The month-end close: the roll-forward of fixed assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.assets import book_value, conventions, is_held, left_on, wears
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

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


@metric("fixed_asset_closing", needs=NEEDS_FIXED)
def _fixed_assets(context: Context) -> Iterator[Fact]:
    day, year = context.report_date, fiscal_year(context).first.first
    for unit in cut(context, "asset", context.rows("asset")).units():
        listed = unit.where(lambda row: is_held(context, row, year))
        valued = listed.where(lambda row: book_value(context, row, day, left_on(context, row)) is not None)
        changes = _roll_forward(context, valued.rows, year)
        closing = changes["opening"] + changes["additions"] - changes["depreciation"] - changes["disposals"]
        coverage = f"{len(valued)} of {len(listed)} assets have a book value"
        undated = sum(left_on(context, row) == date.min for row in unit.rows)
        coverage += f"; {undated} gone without a date of disposal, left out" if undated else ""
        lacking = not_evaluable(coverage) if len(listed) and not len(valued) else None
        told = "; ".join(filter(None, (coverage, conventions(context, valued.rows))))
        yield valued.fact("fixed_asset_closing", lacking or Measure(closing, reason=told))
        unworn, undated = (sum(map(test, valued.rows)) for test in (_stands_still, _undated))
        notes = {
            "depreciation": (unworn, "state no cost, day, life or method"),
            "additions": (undated, "state no day of acquisition"),
        }
        for line, cents in changes.items():
            count, words = notes.get(line, (0, ""))
            why = f"{count} of {len(valued)} assets {words}" if count else ""
            unknown = not_evaluable(why) if count and count == len(valued) else None
            yield valued.fact("fixed_asset_closing", lacking or unknown or Measure(cents, reason=why), line=line)


def _stands_still(asset: Any) -> bool:
    return not wears(asset)


def _undated(asset: Any) -> bool:
    return asset.get("acquired_on") is None


def _roll_forward(context: Context, valued: Iterable[Any], year: date) -> dict[str, int]:
    """Opening book value at the start of the year, and what changed it before the report date, cents."""
    found = {"opening": 0, "additions": 0, "depreciation": 0, "disposals": 0}
    for row in valued:
        left, day = left_on(context, row), context.report_date
        worth = book_value(context, row, day, left) or 0
        new = row.acquired_on is not None and row.acquired_on >= year
        # Of a new asset, what it was worth on its first day; of any other, at the start of the year.
        before = book_value(context, row, row.acquired_on + timedelta(days=1) if new else year) or 0
        opening, added = (0, before) if new else (before, 0)
        found["opening"] += opening
        found["additions"] += added
        found["depreciation"] += opening + added - worth
        found["disposals"] += 0 if is_held(context, row) else worth
    return found
