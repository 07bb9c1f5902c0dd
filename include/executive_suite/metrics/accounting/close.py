"""The month-end close: balances between entities, and the roll-forward of fixed assets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.assets import book_value, conventions, is_held, left_on
from executive_suite.metrics.book.book import NEEDS as NEEDS_BOOK
from executive_suite.metrics.book.book import Sum, lines, sums_of
from executive_suite.metrics.cut import cut
from executive_suite.metrics.registry import metric

BETWEEN_SUBTYPES = ("due_to", "due_from", "intercompany", "affiliates")
BETWEEN_TERMS = r"due (?:to|from)|intercompany|affiliate"

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


@metric("intercompany_difference", needs={**NEEDS_BOOK, "ledger": (*NEEDS_BOOK["ledger"], "counterparty_id")})
def _intercompany(context: Context) -> Iterator[Fact]:
    charted = context.rows("account", "name")
    between = of_class(charted, ("asset", "liability"), BETWEEN_SUBTYPES, BETWEEN_TERMS)
    if not between:
        nothing = not_applicable("the chart has no intercompany account")
        yield context.fact("intercompany_difference", nothing, inputs={"account": len(charted)})
        return
    sums: dict[str, Sum] = defaultdict(Sum)
    for (entity, party), total in sums_of(context, lines(context).on(between), "entity_id", "counterparty_id").items():
        sums[":".join(sorted((entity, party or "unknown")))] += total
    whole = Sum(sum(abs(total.cents) for total in sums.values()), sum(total.lines for total in sums.values()))
    yield whole.fact(context, "intercompany_difference")
    for pair, total in sums.items():
        yield total.fact(context, "intercompany_difference", pair=pair)


@metric("fixed_asset_closing", needs=NEEDS_FIXED)
def _fixed_assets(context: Context) -> Iterator[Fact]:
    day, year = context.report_date, fiscal_year(context).first.first
    for unit in cut(context, "asset", context.rows("asset")).units():
        listed = unit.where(lambda row: is_held(context, row, year))
        valued = listed.where(lambda row: book_value(row, day, left_on(context, row)) is not None)
        changes = _roll_forward(context, valued.rows, year)
        closing = changes["opening"] + changes["additions"] - changes["depreciation"] - changes["disposals"]
        coverage = f"{len(valued)} of {len(listed)} assets have a book value"
        undated = sum(left_on(context, row) == date.min for row in unit.rows)
        coverage += f"; {undated} gone without a date of disposal, left out" if undated else ""
        lacking = not_evaluable(coverage) if len(listed) and not len(valued) else None
        told = "; ".join(filter(None, (coverage, conventions(valued.rows))))
        yield valued.fact("fixed_asset_closing", lacking or Measure(closing, reason=told))
        for line, cents in changes.items():
            yield valued.fact("fixed_asset_closing", lacking or Measure(cents), line=line)


def _roll_forward(context: Context, valued: Iterable[Any], year: date) -> dict[str, int]:
    """Opening book value at the start of the year, and what changed it before the report date, cents."""
    found = {"opening": 0, "additions": 0, "depreciation": 0, "disposals": 0}
    for row in valued:
        left, day = left_on(context, row), context.report_date
        worth = book_value(row, day, left) or 0
        new = row.acquired_on is not None and row.acquired_on >= year
        # Of a new asset, what it was worth on its first day; of any other, at the start of the year.
        before = book_value(row, row.acquired_on + timedelta(days=1) if new else year) or 0
        opening, added = (0, before) if new else (before, 0)
        found["opening"] += opening
        found["additions"] += added
        found["depreciation"] += opening + added - worth
        found["disposals"] += 0 if is_held(context, row) else worth
    return found
