"""The cost of upkeep by category, repairs and improvements separately."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import Cut, Owned, cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import owned


@metric(
    "maintenance_cost",
    needs={"maintenance": ("work_order_id", "asset_id", "category", "opened_on", "cost_cents")},
    otherwise="table maintenance has no complete month",
)
def _facts(context: Context) -> Iterator[Fact]:
    orders = owned(context, context.rows("maintenance"))
    for unit in cut(context, "maintenance", orders).by_entity():
        for orders_then, _ in unit.windows(attrgetter("opened_on")):
            yield from _of_period(orders_then)


def _of_period(orders: Cut) -> Iterator[Fact]:
    repairs, improvements = orders.where(lambda one: not _is_capital(one)), orders.where(_is_capital)
    yield repairs.fact("maintenance_cost", Measure(repairs.sum("cost_cents")))
    yield improvements.fact("maintenance_cost", Measure(improvements.sum("cost_cents")), kind="capex")
    for part in repairs.by("category", attrgetter("category")):
        yield part.fact("maintenance_cost", Measure(part.sum("cost_cents")))
    if "ledger_txn_id" in orders.context.table("maintenance").columns:
        missing = orders.where(lambda one: one.ledger_txn_id is None)
        yield missing.fact("maintenance_cost", Measure(missing.sum("cost_cents")), state="not_in_ledger")
    each = per_unit(repairs.sum("cost_cents"), len(repairs), otherwise="no work orders")
    yield repairs.fact("maintenance_cost", each, per="work_order")
    if not orders.period:
        yield repairs.fact("maintenance_cost", _per_square_foot(repairs), per="square_foot")


def _is_capital(order: Owned) -> bool:
    """Whether an order is an improvement; where the table does not say, credits are."""
    marked = order.get("is_capex")
    return order.cost_cents < 0 if marked is None else bool(marked)


def _per_square_foot(repairs: Cut) -> Measure:
    try:
        area = Fraction(param(repairs.context, "floor_area_square_feet", repairs.entity_id).value)
    except MissingInputError as missing:
        return not_evaluable(str(missing))
    return per_unit(repairs.sum("cost_cents"), area, otherwise="the floor area is 0")
