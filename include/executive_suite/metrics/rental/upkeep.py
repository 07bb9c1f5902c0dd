"""What upkeep costs, by category, with repairs and improvements apart."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from executive_suite.facts import Fact
from executive_suite.metrics.context import Context
from executive_suite.metrics.rates import per_unit
from executive_suite.metrics.registry import Definition, Measure, MissingInputError, metric, not_evaluable
from executive_suite.metrics.rental.properties import owners
from executive_suite.metrics.scope import any_assumed, by_entity, complete_months_since, in_month, or_said_why
from executive_suite.period import complete_months

TRAILING_MONTHS = 12

MAINTENANCE_COST = Definition(
    "maintenance_cost",
    "Maintenance cost",
    "cents",
    "Cost of the work orders by the month they were opened in, by category; repairs only. Improvements (capex) stand "
    "apart, as do orders without an entry in the ledger. Per work order, and per square foot (parameter "
    "floor_area_square_feet of the entity). Each entity's upkeep is that of its own assets. "
    "At the report date: the latest twelve complete months.",
    "NAA/IREM; Treas. Reg. 1.263(a)-3 (repair or improvement); IRS Schedule E, lines 7 and 14",
    "lower",
)


@metric(MAINTENANCE_COST, needs={"maintenance": ("work_order_id", "asset_id", "category", "opened_on", "cost_cents")})
def maintenance_cost(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return or_said_why(context, _facts(context), ("maintenance_cost",), "table maintenance has no complete month")


def _facts(context: Context) -> Iterable[Fact]:
    orders = context.tables["maintenance"]
    orders = orders.assign(entity_id=owners(context, orders["asset_id"]))
    for entity_id, rows in by_entity(orders):
        months = complete_months_since(context, rows["opened_on"])
        for month in months:
            yield from _of_period(context, entity_id, str(month), rows[in_month(rows["opened_on"], month)])
        if months:
            first, *_, last = complete_months(context.report_date, TRAILING_MONTHS)
            year = (rows["opened_on"] >= pd.Timestamp(first.first)) & (
                rows["opened_on"] < pd.Timestamp((last + 1).first)
            )
            yield from _of_period(context, entity_id, "", rows[year])


def _of_period(context: Context, entity_id: str, period: str, rows: pd.DataFrame) -> Iterable[Fact]:
    capital = (
        rows["is_capex"].fillna(value=False).astype(bool) if "is_capex" in rows.columns else rows["cost_cents"] < 0
    )
    repairs = rows[~capital]
    cuts: list[tuple[dict[str, str], pd.DataFrame]] = [({}, repairs), ({"kind": "capex"}, rows[capital])]
    cuts += [({"category": str(name)}, part) for name, part in repairs.groupby("category", sort=True)]
    if "ledger_txn_id" in rows.columns:
        cuts.append(({"state": "not_in_ledger"}, rows[rows["ledger_txn_id"].isna()]))
    for dimensions, part in cuts:
        yield context.fact(
            "maintenance_cost",
            Measure(int(part["cost_cents"].sum())),
            entity_id=entity_id,
            period=period,
            inputs={"maintenance": len(part)},
            assumed=any_assumed(part),
            **dimensions,
        )
    if not period:
        yield context.fact(
            "maintenance_cost",
            _per_square_foot(context, entity_id, repairs),
            entity_id=entity_id,
            inputs={"maintenance": len(repairs)},
            assumed=any_assumed(repairs),
            per="square_foot",
        )
    yield context.fact(
        "maintenance_cost",
        per_unit(int(repairs["cost_cents"].sum()), len(repairs), otherwise="no work orders"),
        entity_id=entity_id,
        period=period,
        inputs={"maintenance": len(repairs)},
        assumed=any_assumed(repairs),
        per="work_order",
    )


def _per_square_foot(context: Context, entity_id: str, repairs: pd.DataFrame) -> Measure:
    try:
        area = Fraction(context.param("floor_area_square_feet", entity_id))
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return per_unit(int(repairs["cost_cents"].sum()), area, otherwise="the floor area is 0")
