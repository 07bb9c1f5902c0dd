"""What upkeep costs, by category, with repairs and improvements apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_entity, by_month, complete_months_since
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import owners
from executive_suite.metrics.rows import rows
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
    return for_group_too(context, _facts(context), ("maintenance_cost",), "table maintenance has no complete month")


def _facts(context: Context) -> Iterable[Fact]:
    register = context.tables["maintenance"]
    register = register.assign(entity_id=owners(context, register["asset_id"]))
    booked = "ledger_txn_id" in register.columns
    for entity_id, own in by_entity(register):
        months = complete_months_since(context, own["opened_on"])
        opened = {month: _orders(part) for month, part in by_month(own, "opened_on", months)}
        windows: list[tuple[str, list[_Order]]] = [(str(month), orders) for month, orders in opened.items()]
        if months:
            year = complete_months(context.report_date, TRAILING_MONTHS)
            windows.append(("", [order for month in year for order in opened.get(month, [])]))
        for period, orders in windows:
            yield from _of_period(context, entity_id, period, orders, booked=booked)


@dataclass(frozen=True, slots=True)
class _Order:
    """A work order.

    Attributes:
        cents: What it cost.
        category: Of the work; empty when none is stated.
        capital: Whether it is an improvement.
        booked: Whether it has an entry in the ledger.
        assumed: Whether the row is marked so.
    """

    cents: int
    category: str
    capital: bool
    booked: bool
    assumed: bool


def _orders(register: pd.DataFrame) -> list[_Order]:
    says = "is_capex" in register.columns
    return [
        _Order(
            row.whole("cost_cents"),
            row.text("category"),
            row.flag("is_capex") if says else row.whole("cost_cents") < 0,
            row.has("ledger_txn_id"),
            row.assumed,
        )
        for row in rows(register)
    ]


def _of_period(context: Context, entity_id: str, period: str, orders: list[_Order], *, booked: bool) -> Iterable[Fact]:
    repairs = [order for order in orders if not order.capital]
    cuts: list[tuple[dict[str, str], list[_Order]]] = [
        ({}, repairs),
        ({"kind": "capex"}, [order for order in orders if order.capital]),
    ]
    categories = sorted({order.category for order in repairs if order.category})
    cuts += [({"category": name}, [order for order in repairs if order.category == name]) for name in categories]
    if booked:
        cuts.append(({"state": "not_in_ledger"}, [order for order in orders if not order.booked]))
    spent = sum(order.cents for order in repairs)
    figures = [(Measure(sum(order.cents for order in part)), part, dimensions) for dimensions, part in cuts]
    if not period:
        figures.append((_per_square_foot(context, entity_id, spent), repairs, {"per": "square_foot"}))
    each = per_unit(spent, len(repairs), otherwise="no work orders")
    figures.append((each, repairs, {"per": "work_order"}))
    for measure, part, dimensions in figures:
        yield context.fact(
            "maintenance_cost",
            measure,
            entity_id=entity_id,
            period=period,
            inputs={"maintenance": len(part)},
            assumed=any(order.assumed for order in part),
            **dimensions,
        )


def _per_square_foot(context: Context, entity_id: str, spent: int) -> Measure:
    try:
        area = Fraction(param(context, "floor_area_square_feet", entity_id).value)
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return per_unit(spent, area, otherwise="the floor area is 0")
