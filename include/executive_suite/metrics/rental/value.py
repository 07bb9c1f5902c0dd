"""The value of a property by market, by income and by cost, and the owner's equity in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.assets import book_value, conventions
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.income import trailing_income
from executive_suite.metrics.rental.properties import held, units

NO_PROPERTY = "table asset has no property"


def income_approach(net_operating_income: int, cap_rate: Fraction) -> Measure:
    """Value by direct capitalization, cents.

    Args:
        net_operating_income: Of twelve months, cents.
        cap_rate: The market's, as a fraction.

    >>> income_approach(2_400_000, Fraction(6, 100)).value
    40000000
    """
    if cap_rate <= 0:
        return not_applicable("the cap rate is zero")
    if net_operating_income <= 0:
        return not_applicable("net operating income is not positive")
    return Measure(whole_cents(net_operating_income / cap_rate))


@metric(
    "property_value",
    "property_equity",
    needs={"asset": ("asset_id", "entity_id", "asset_class", "market_value_cents")},
    otherwise=NO_PROPERTY,
)
def _facts(context: Context) -> Iterator[Fact]:
    properties = cut(context, "asset", held(context))
    parts = list(properties.by_entity())
    alone = bool(parts) and parts[-1].entity_id != GROUP and _dealt_within(context)
    parts += [replace(properties, entity_id=GROUP)] if alone else []
    for unit in parts:
        approaches = {"market": _market(unit.rows), "income": _income(unit), "cost": _cost(unit)}
        for approach, own in approaches.items():
            yield unit.fact("property_value", own, approach=approach)
        valued = (approach for approach, own in approaches.items() if own.value is not None)
        chosen = next(valued, "market")
        best = approaches[chosen]
        reason = f"{chosen} approach: {best.reason}" if best.reason else f"{chosen} approach"
        yield unit.fact("property_value", replace(best, reason=reason))
        yield unit.fact("property_equity", _equity(unit, replace(best, reason=reason)))
    for row in properties.rows:
        named = {"asset": row.asset_id, "name": row.text("name") or row.asset_id}
        one = replace(properties, rows=(row,), entity_id=row.entity_id, dimensions=named)
        for whose in (one, *([replace(one, entity_id=GROUP)] if alone else [])):
            yield whose.fact("property_value", _market((row,)))


def _dealt_within(context: Context) -> bool:
    """Whether the income of the group's property differs from its entities'."""
    try:
        return any(entity_id == GROUP for entity_id, _ in units(context))
    except MissingInputError:
        return False


def _market(rows: Sequence[Any]) -> Measure:
    blank = sum(row.market_value_cents is None for row in rows)
    if blank:
        why = f"{blank} of {len(rows)} properties have no market value"
        return not_evaluable(why, Qualifier(Why.INPUT_BLANK, blank, len(rows)))
    said = dict.fromkeys(map(_basis, rows))
    return Measure(sum(row.market_value_cents for row in rows), reason=", ".join(said))


def _basis(row: Any) -> str:
    day, basis = row.get("valued_on"), row.text("valuation_basis") or "basis not stated"
    return f"{basis}, undated" if day is None else f"{basis} of {day.day} {day:%b %Y}"


def _income(unit: Cut) -> Measure:
    total = 0
    try:
        for entity_id in sorted({row.entity_id for row in unit.rows}):
            income = trailing_income(unit.context, entity_id, of_group=unit.entity_id == GROUP)
            if not isinstance(income.value, int):
                return income
            rate = Fraction(param(unit.context, "market_cap_rate", entity_id).value)
            value = income_approach(income.value, rate)
            if not isinstance(value.value, int):
                return value
            total += value.value
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return Measure(total, reason="net operating income of twelve months / market cap rate")


def _cost(unit: Cut) -> Measure:
    on = unit.context.report_date
    try:
        unit.context.rows("asset", "cost_cents", "useful_life_months", "acquired_on", "salvage_cents")
        worth = [book_value(unit.context, row, on) if row.cost_cents is not None else None for row in unit.rows]
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    blank = sum(own is None or not (row.acquired_on and _wears(row)) for own, row in zip(worth, unit.rows, strict=True))
    if blank:
        why = f"{blank} of {len(unit)} properties have no cost, life or date of acquisition"
        return not_evaluable(why, Qualifier(Why.INPUT_BLANK, blank, len(unit)))
    how = conventions(unit.context, unit.rows)
    return Measure(
        sum(filter(None, worth)),
        reason=f"book value: cost less depreciation, {how}" if how else "book value: cost less depreciation",
    )


def _wears(row: Any) -> bool:
    """Whether the inventory tells how long a property lasts, or that it does not wear out."""
    return (row.useful_life_months or 0) > 0 or row.get("method") == "none"


def _equity(unit: Cut, value: Measure) -> Measure:
    if not isinstance(value.value, int):
        return value
    try:
        liens = [row.lien_cents for row in unit.rows]
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    blank = sum(lien is None for lien in liens)
    if blank:
        why = f"{blank} of {len(liens)} properties do not say what is owed on them"
        return not_evaluable(why, Qualifier(Why.INPUT_BLANK, blank, len(liens)))
    return Measure(value.value - sum(liens), reason=value.reason)
