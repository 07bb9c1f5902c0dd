"""The month-end close: balances between entities, and the roll-forward of fixed assets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book.book import NEEDS as NEEDS_BOOK
from executive_suite.metrics.registry import metric

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

BETWEEN_SUBTYPES = ("due_to", "due_from", "intercompany", "affiliates")
BETWEEN_TERMS = r"due (?:to|from)|intercompany|affiliate"
GONE = ("disposed", "sold", "retired", "scrapped", "lost")
MONTHS = 12

INTERCOMPANY = Definition(
    "intercompany_difference",
    "Intercompany difference",
    "cents",
    "For each pair of entities the sum of both sides' balances on intercompany accounts (due to, due from); zero when "
    "they agree. Undivided: the sum without sign.",
    "ASC 810-10-45-1, elimination of intercompany balances",
    "zero",
)
FIXED = Definition(
    "fixed_asset_closing",
    "Fixed assets, book value",
    "cents",
    "Cost less straight-line depreciation by whole months since acquisition, down to salvage value, of the assets in "
    "the register that have a cost. By line: opening at the start of the calendar year, additions, depreciation, "
    "disposals; opening plus additions less depreciation less disposals is closing.",
    "ASC 360-10-35-4, depreciation",
)


def depreciation(cost_cents: int, salvage_cents: int, life_months: int, months: int) -> int:
    """Straight-line depreciation of the first ``months`` months, cents, rounded on the running total.

    Source: OpenStax, Principles of Accounting 1, 11.3: Kenzie's press, ($58,000 - $10,000) / 5 years = $9,600 a year.

    >>> depreciation(5_800_000, 1_000_000, 60, 12)
    960000
    """
    used = min(max(months, 0), life_months)
    exact = Decimal(max(cost_cents - salvage_cents, 0) * used) / life_months
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@metric(INTERCOMPANY, needs={**NEEDS_BOOK, "ledger": (*NEEDS_BOOK["ledger"], "counterparty_id")})
def intercompany_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    accounts = context.table("account", "name")
    subtype = accounts["subtype"].fillna("") if "subtype" in accounts.columns else pd.Series("", index=accounts.index)
    name = accounts["name"].fillna("")
    chosen = subtype.isin(BETWEEN_SUBTYPES) | name.str.contains(BETWEEN_TERMS, case=False, regex=True)
    between = set(accounts.loc[chosen & accounts["type"].isin(["asset", "liability"]), "account"])
    if not between:
        yield context.fact(
            "intercompany_difference",
            not_applicable("the chart has no intercompany account"),
            inputs={"account": len(accounts)},
        )
        return
    ledger = context.table("ledger")
    lines = ledger.loc[ledger["account"].isin(between), ["entity_id", "counterparty_id", "amount_cents"]]
    other_side = lines["counterparty_id"].astype("str").fillna("unknown")
    by_side = lines.assign(counterparty_id=other_side).groupby(["entity_id", "counterparty_id"], observed=True)
    totals = by_side["amount_cents"].agg(["sum", "size"]).reset_index()
    sums: dict[str, tuple[int, int]] = {}
    for one, other, cents, count in totals.itertuples(index=False, name=None):
        pair = ":".join(sorted((str(one), str(other))))
        before = sums.get(pair, (0, 0))
        sums[pair] = (before[0] + int(cents), before[1] + int(count))
    whole = sum(abs(cents) for cents, _ in sums.values())
    yield context.fact("intercompany_difference", Measure(whole), inputs={"ledger": len(lines)})
    for pair, (cents, count) in sorted(sums.items()):
        yield context.fact("intercompany_difference", Measure(cents), inputs={"ledger": count}, pair=pair)


@metric(
    FIXED,
    needs={
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
    },
)
def fixed_asset_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    rows = context.table("asset").to_dict("records")
    year = date(context.last_day.year, 1, 1)
    for entity in (GROUP, *sorted({str(row["entity_id"]) for row in rows} - {GROUP})):
        own = [row for row in rows if entity in (GROUP, row["entity_id"])]
        valued = [row for row in own if _known(row, context.report_date)]
        lines = {"opening": 0, "additions": 0, "depreciation": 0, "disposals": 0}
        for row in valued:
            acquired = _day(row["acquired_on"])
            opening = _book_value(row, year) if acquired < year else 0
            added = int(row["cost_cents"]) if acquired >= year else 0
            worth = _book_value(row, context.report_date)
            lines["opening"] += opening
            lines["additions"] += added
            lines["depreciation"] += opening + added - worth
            lines["disposals"] += worth if row["status"] in GONE else 0
        closing = lines["opening"] + lines["additions"] - lines["depreciation"] - lines["disposals"]
        inputs = {"asset": len(valued)}
        coverage = f"{len(valued)} of {len(own)} assets have a cost and a date"
        measure = Measure(closing, reason=coverage) if valued else not_evaluable(coverage)
        yield context.fact("fixed_asset_closing", measure, inputs=inputs, entity_id=entity)
        for line, cents in lines.items():
            part = Measure(cents) if valued else measure
            yield context.fact("fixed_asset_closing", part, inputs=inputs, entity_id=entity, line=line)


def _known(row: Mapping[Any, Any], day: date) -> bool:
    acquired = row["acquired_on"]
    return isinstance(acquired, pd.Timestamp) and acquired.date() < day and not pd.isna(row["cost_cents"])


def _day(value: object) -> date:
    return pd.Timestamp(str(value)).date()


def _book_value(row: Mapping[Any, Any], day: date) -> int:
    """Book value at the start of a day; an asset without method or life is not depreciated."""
    cost = int(str(row["cost_cents"]))
    life = row["useful_life_months"]
    if row["method"] != "straight_line" or pd.isna(life) or not int(str(life)):
        return cost
    acquired = _day(row["acquired_on"])
    months = (day.year - acquired.year) * MONTHS + day.month - acquired.month - (day.day < acquired.day)
    salvage = row["salvage_cents"]
    kept = 0 if pd.isna(salvage) else int(str(salvage))
    return cost - depreciation(cost, kept, int(str(life)), months)
