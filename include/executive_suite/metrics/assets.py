"""Assets: which are still held, and what each is worth in the books. Every report takes both from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends, fiscal_year
from executive_suite.dataset.memo import per_context
from executive_suite.metrics import macrs
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import YEAR
from executive_suite.schema.tables import RECORDED_AT

GONE = frozenset({"destroyed", "disposed", "lost", "retired", "scrapped", "sold", "stolen", "written off"})
"""The statuses of an asset that is no longer held."""


def left_on(context: Context, asset: Any) -> date | None:
    """The last day on which an asset was held: that of its disposal, else of its entity; None while it is held.

    Where its status alone says that it is gone, the day on which that was recorded; where none was, the first day of
    all: it left in no year that a report covers.
    """
    day: date | None = asset.get("disposed_on") or ends(context).get(asset.entity_id)
    if day is None and asset.text("status").strip().lower().replace("_", " ") in GONE:
        told = asset.get(RECORDED_AT)
        return date.min if told is None else min(context.local_day(told, asset.entity_id), context.last_day)
    return day


def is_held(context: Context, asset: Any, on: date | None = None) -> bool:
    """Whether an asset is held at the start of a day (default: the report date)."""
    left = left_on(context, asset)
    return left is None or left >= (on or context.report_date)


def book_value(context: Context, asset: Any, day: date, left: date | None = None) -> int | None:
    """What an asset is worth in the books at the start of a day, cents; None if the register does not tell.

    Cost less depreciation where the register has what its method needs; else the book value that it states; else the
    cost. Straight-line: cost less salvage over the life, by whole months since acquisition; also where only a life is
    stated and neither method nor book value. MACRS: by the tables of the IRS, whatever the salvage value, by fiscal
    years. Depreciation ends with the disposal.

    Args:
        context: The run.
        asset: A row of table asset.
        day: The day.
        left: The last day on which it was held; later than ``day``, or None, while it is.

    Raises:
        MissingInputError: straight-line depreciation of a register without salvage values.
    """
    cost, placed, life = asset.get("cost_cents"), asset.get("acquired_on"), asset.get("useful_life_months") or 0
    method, stated = asset.get("method"), asset.get("book_value_cents")
    if placed is not None and placed >= day:
        return None
    gone = left if left is not None and left < day else None
    if cost is not None and placed is not None and life > 0:
        if method == "straight_line" or (method is None and stated is None):
            until = day if gone is None else gone + timedelta(days=1)
            return int(cost) - depreciation(cost, asset.salvage_cents or 0, life, _months(placed, until))
        if method == "macrs" and macrs.covers(life):
            return int(cost) - whole_cents(cost * _property(context, asset).taken(day, gone))
        if method == "macrs" and stated is None:
            return None  # no table has this life
    return cost if stated is None else int(stated)


def wears(asset: Any) -> bool:
    """Whether the register tells how an asset loses its value: what its method needs, or that it does not wear out."""
    if asset.get("method") == "none":
        return True
    cost, placed, life = asset.get("cost_cents"), asset.get("acquired_on"), asset.get("useful_life_months") or 0
    known = cost is not None and placed is not None and life > 0
    if asset.get("method") is None:
        return known and asset.get("book_value_cents") is None
    return known and (asset.get("method") != "macrs" or macrs.covers(life))


def depreciation(cost_cents: int, salvage_cents: int, life_months: int, months: int) -> int:
    """Straight-line depreciation of the first ``months`` months, cents, rounded on the running total.

    Source: OpenStax, Principles of Accounting 1, 11.3: Kenzie's press, ($58,000 - $10,000) / 5 years = $9,600 a year.

    >>> depreciation(5_800_000, 1_000_000, 60, 12)
    960000
    """
    used = min(max(months, 0), life_months)
    return whole_cents(Fraction(max(cost_cents - salvage_cents, 0) * used, life_months))


def _months(start: date, day: date) -> int:
    """Whole months from one day to another."""
    return (day.year - start.year) * YEAR + day.month - start.month - (day.day < start.day)


def _property(context: Context, asset: Any) -> macrs.Property:
    """An asset under MACRS, with the convention of its year."""
    alone = _placed(context, asset)
    year = macrs.tax_month(alone.placed, alone.first_month).year
    return replace(alone, mid_quarter=(asset.entity_id, year) in _mid_quarter(context))


def _placed(context: Context, asset: Any) -> macrs.Property:
    first = fiscal_year(context, asset.acquired_on).first.month
    return macrs.Property(asset.useful_life_months, asset.acquired_on, first_month=first)


@per_context
def _mid_quarter(context: Context) -> frozenset[tuple[str, int]]:
    """The entities and tax years with more than two fifths of the cost placed in service in the last quarter.

    Of property under MACRS, without buildings and what left in its first year (26 U.S.C. 168(d)(3)).
    """
    whole: dict[tuple[str, int], int] = defaultdict(int)
    late: dict[tuple[str, int], int] = defaultdict(int)
    for row in context.rows("asset"):
        cost, placed, life = row.get("cost_cents"), row.get("acquired_on"), row.get("useful_life_months") or 0
        if row.get("method") != "macrs" or cost is None or placed is None or placed >= context.report_date:
            continue
        if life >= macrs.MID_MONTH or not macrs.covers(life):
            continue
        first = _placed(context, row).first_month
        begun, left = macrs.tax_month(placed, first), left_on(context, row)
        if left is None or macrs.tax_month(max(left, placed), first).year > begun.year:
            whole[row.entity_id, begun.year] += cost
            late[row.entity_id, begun.year] += cost if macrs.quarter_of(begun.month) == macrs.LAST_QUARTER else 0
    return frozenset(key for key, cents in whole.items() if late[key] > macrs.MOST_IN_LAST_QUARTER * cents)


def conventions(context: Context, assets: Iterable[Any]) -> str:
    """How some assets are depreciated, for people; empty if none is."""
    found = dict.fromkeys(filter(None, (_convention(context, asset) for asset in assets)))
    return ", ".join(sorted(found, reverse=True))


def _convention(context: Context, asset: Any) -> str:
    if asset.get("method") == "straight_line":
        return "straight-line by whole months"
    if asset.get("method") != "macrs":
        return ""
    life = asset.get("useful_life_months") or 0
    if asset.get("acquired_on") is None or not macrs.covers(life):
        return "MACRS (IRS Pub. 946)"
    if life >= macrs.MID_MONTH:
        return "MACRS (IRS Pub. 946), mid-month"
    return f"MACRS (IRS Pub. 946), {'mid-quarter' if _property(context, asset).mid_quarter else 'half-year'}"
