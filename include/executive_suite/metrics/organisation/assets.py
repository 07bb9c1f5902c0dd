"""The register of assets: what the group owns, at book and at market, what is owed on it, how much is insured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics import assets
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.registry import metric

COLUMNS = ("asset_id", "entity_id", "asset_class")


def book_value(context: Context, held: Sequence[Any]) -> Measure:
    """Sum of book values; assets without one (a brand that was not bought has none) are left out and counted."""
    return _sum([assets.book_value(context, row, context.report_date) for row in held], "without book value")


def market_value(held: Sequence[Any]) -> Measure:
    """Sum of market values; unvalued assets are left out and counted."""
    return _sum([row.market_value_cents for row in held], "unvalued")


def equity(held: Sequence[Any]) -> Measure:
    """Market value less liens, below zero when more is owed; assets without either are left out and counted.

    What is owed on an asset whose lien is blank is not known; one without a lien has one of zero.
    """
    valued = [row for row in held if row.market_value_cents is not None]
    told = [row.market_value_cents - row.lien_cents for row in valued if row.lien_cents is not None]
    if valued and not told:
        return not_evaluable("no valued asset says what is owed on it")
    blank = len(valued) - len(told)
    note = f"{blank} of {len(valued)} valued assets, left out, do not say what is owed on them" if blank else ""
    return qualified(_sum([*[None] * (len(held) - len(valued)), *told], "unvalued"), note)


def insured_ratio(held: Sequence[Any]) -> Measure:
    """Insured sum over market value of the valued assets; an asset without a recorded sum counts as uninsured."""
    valued = [row for row in held if row.market_value_cents is not None]
    bare = sum(row.insured_cents is None for row in valued)
    insured = sum(row.insured_cents or 0 for row in valued)
    measure = ratio(insured, sum(row.market_value_cents for row in valued), "no market value recorded")
    if valued and bare == len(valued):
        return not_evaluable("no valued asset has an insured sum on record")
    note = f"{bare} of {len(valued)} valued assets have no insured sum on record" if bare else ""
    return replace(measure, reason=measure.reason or note)


def _sum(amounts: list[int | None], lacking: str) -> Measure:
    known = [amount for amount in amounts if amount is not None]
    missing = len(amounts) - len(known)
    if not known:
        return not_applicable(f"every asset is {lacking}" if missing else "no asset is registered")
    return Measure(sum(known), reason=f"{missing} of {len(amounts)} assets {lacking}" if missing else "")


@metric("asset_book_value", needs={"asset": COLUMNS})
def _book_values(context: Context) -> Iterator[Fact]:
    if "cost_cents" not in context.table("asset").columns:
        context.table("asset", "book_value_cents")
    return (part.fact("asset_book_value", book_value(context, part.rows)) for part in _register(context))


def _figure(metric_id: str, formula: Callable[[Sequence[Any]], Measure], *columns: str) -> None:
    """Register one figure of the register: its formula, and the columns that it is made of."""

    @metric(metric_id, needs={"asset": (*COLUMNS, *columns)})
    def _facts(context: Context) -> Iterator[Fact]:
        return (part.fact(metric_id, formula(part.rows)) for part in _register(context))


_figure("asset_count", lambda held: Measure(len(held)))
_figure("asset_market_value", market_value, "market_value_cents")
_figure("asset_equity", equity, "market_value_cents", "lien_cents")
_figure("asset_insured_ratio", insured_ratio, "market_value_cents", "insured_cents")


def _register(context: Context) -> Iterator[Cut]:
    """The assets that are held: by entity, by class within it, and one by one."""
    held = cut(context, "asset", (row for row in context.rows("asset", *COLUMNS) if assets.is_held(context, row)))
    for unit in held.units():
        yield unit
        yield from unit.by("class", lambda row: row.asset_class)
    for row in held.rows:
        named = {"asset": row.asset_id, "class": row.asset_class, "name": row.text("name") or row.asset_id}
        yield Cut(context, "asset", (row,), row.entity_id, dimensions=named)
