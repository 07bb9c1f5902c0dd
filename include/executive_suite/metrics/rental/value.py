"""What a property is worth, by market, by income and by cost, and what of it is the owner's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.income import trailing_income
from executive_suite.metrics.rental.properties import held

NO_PROPERTY = "table asset has no property"

PROPERTY_VALUE = Definition(
    "property_value",
    "Property value",
    "cents",
    "The market value on record, with its basis and date; without one, the income approach (net operating income of "
    "twelve months / the market's cap rate); without that, cost less straight-line depreciation. All three stand "
    "beside it by approach. Cap rate 0, or income not positive: the income approach is n/a.",
    "Appraisal Institute, The Appraisal of Real Estate; 26 USC 168(c), (d)",
    "higher",
)
PROPERTY_EQUITY = Definition(
    "property_equity",
    "Owner's equity in property",
    "cents",
    "Property value less the liens on record.",
    "Appraisal Institute, The Appraisal of Real Estate",
    "higher",
)


def income_approach(net_operating_income: int, cap_rate: Fraction) -> Measure:
    """Value by direct capitalisation, cents.

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


def depreciated_cost(cost: int, salvage: int, life_months: int, in_service: date, on: date) -> int:
    """Cost less straight-line depreciation with the mid-month convention, cents.

    The month of acquisition counts half, every month that ended before ``on`` counts whole; what does not wear out
    (land) is ``salvage`` and stays.

    >>> depreciated_cost(33_000_000, 0, 330, date(2025, 1, 10), date(2026, 1, 1))
    31850000
    """
    elapsed = (on.year - in_service.year) * 12 + on.month - in_service.month
    months = min(max(Fraction(elapsed) - Fraction(1, 2), Fraction(0)), Fraction(life_months))
    return cost - whole_cents((cost - salvage) * months / life_months)


@metric(
    PROPERTY_VALUE,
    PROPERTY_EQUITY,
    needs={"asset": ("asset_id", "entity_id", "asset_class", "market_value_cents")},
)
def property_value(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _facts(context), ("property_value", "property_equity"), NO_PROPERTY)


def _facts(context: Context) -> Iterable[Fact]:
    assets = held(context)
    for entity_id, rows in by_entity(assets):
        approaches = {
            "market": _market(rows),
            "income": _income(context, tuple(sorted(rows["entity_id"].unique()))),
            "cost": _cost(context, rows),
        }
        inputs = {"asset": len(rows)}
        chosen, measure = _best(approaches)
        assumed = any_assumed(rows)
        for approach, own in approaches.items():
            yield context.fact(
                "property_value", own, entity_id=entity_id, inputs=inputs, assumed=assumed, approach=approach
            )
        reason = f"{chosen} approach" + (f": {measure.reason}" if measure.reason else "")
        yield context.fact(
            "property_value",
            Measure(measure.value, measure.status, reason),
            entity_id=entity_id,
            inputs=inputs,
            assumed=assumed,
        )
        yield context.fact(
            "property_equity", _equity(measure, rows, reason), entity_id=entity_id, inputs=inputs, assumed=assumed
        )
    for row in assets.itertuples():
        one = assets.loc[[row.Index]]
        yield context.fact(
            "property_value",
            _market(one),
            entity_id=str(row.entity_id),
            inputs={"asset": 1},
            assumed=any_assumed(one),
            asset=str(row.asset_id),
            name=str(row.name) if "name" in assets.columns else str(row.asset_id),
        )


def _market(rows: pd.DataFrame) -> Measure:
    known = rows["market_value_cents"].dropna()
    if len(known) < len(rows):
        return not_evaluable(f"{len(rows) - len(known)} of {len(rows)} properties have no market value")
    said = []
    for row in rows.itertuples():
        basis = getattr(row, "valuation_basis", None)
        day = getattr(row, "valued_on", None)
        said.append(
            ("basis not stated" if pd.isna(basis) else str(basis))
            + (", undated" if pd.isna(day) else f" of {day.day} {day:%b %Y}")
        )
    return Measure(int(known.sum()), reason=", ".join(dict.fromkeys(said)))


def _income(context: Context, entities: tuple[str, ...]) -> Measure:
    total = 0
    try:
        for entity_id in entities:
            income = trailing_income(context, entity_id)
            if not isinstance(income.value, int):
                return income
            value = income_approach(income.value, Fraction(param(context, "market_cap_rate", entity_id).value))
            if not isinstance(value.value, int):
                return value
            total += value.value
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return Measure(total, reason="net operating income of twelve months / market cap rate")


def _cost(context: Context, rows: pd.DataFrame) -> Measure:
    needed = ("cost_cents", "useful_life_months", "acquired_on")
    absent = [column for column in (*needed, "salvage_cents") if column not in rows.columns]
    if absent:
        return not_evaluable(f"column {', '.join(f'asset.{column}' for column in absent)} is absent")
    blank = rows[list(needed)].isna().any(axis=1) | (rows["useful_life_months"] <= 0).fillna(value=False)
    if blank.any():
        return not_evaluable(f"{int(blank.sum())} of {len(rows)} properties have no cost, life or date of acquisition")
    total = 0
    for row in rows.to_dict("records"):
        salvage = row["salvage_cents"]
        total += depreciated_cost(
            int(row["cost_cents"]),
            0 if pd.isna(salvage) else int(salvage),
            int(row["useful_life_months"]),
            row["acquired_on"].date(),
            context.report_date,
        )
    return Measure(total, reason="cost less straight-line depreciation, mid-month convention")


def _best(approaches: Mapping[str, Measure]) -> tuple[str, Measure]:
    """The first approach that has a value; the market's reason when none has."""
    for approach, measure in approaches.items():
        if measure.value is not None:
            return approach, measure
    return "market", approaches["market"]


def _equity(value: Measure, rows: pd.DataFrame, reason: str) -> Measure:
    if not isinstance(value.value, int):
        return Measure(None, value.status, reason)
    if "lien_cents" not in rows.columns:
        return not_evaluable("column asset.lien_cents is absent")
    liens = rows["lien_cents"]
    open_question = "; no lien on record" if liens.isna().all() else ""
    return Measure(value.value - int(liens.fillna(0).sum()), reason=reason + open_question)
