"""What the cloud costs per unit sold, and how much of the bill belongs to no entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import double_booked
from executive_suite.metrics.cut import cut, grouped, newest
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import COLUMNS, billed, complete_periods, plain
from executive_suite.period import Month


def unit_cost(cost: Decimal, units: int, unit: str) -> Measure:
    """Cost of one unit, US dollars rounded to four places, as text without trailing zeros.

    >>> unit_cost(Decimal("66.42"), 3, "booking").value
    '22.14'
    >>> unit_cost(Decimal("66.42"), 0, "booking").reason
    'no booking in the period'
    """
    if units <= 0:
        return not_applicable(f"no {unit} in the period")
    return Measure(plain((cost / units).quantize(Decimal("0.0001"), ROUND_HALF_UP)))


@metric("cloud_unit_cost", "cloud_untagged_share", needs={"focus_cost": (*COLUMNS, "Tags")})
def _units(context: Context) -> Iterator[Fact]:
    if not (complete := complete_periods(context)):
        lacking = not_applicable("no complete billing period yet")
        yield from context.facts(
            {"cloud_unit_cost": lacking, "cloud_untagged_share": lacking}, inputs={"focus_cost": 0}
        )
        return
    period = complete[-1]
    whole, entities = cut(context, "focus_cost", period.charges), period.entities
    untagged = billed(entities.get("", ()))
    share = ratio(untagged, max(period.cost, Decimal(0)), "the period cost nothing after credits")
    yield whole.fact("cloud_untagged_share", share)
    served, contracts = _completed(context, period.month), _contracts(context)
    sold, bookings = grouped(served, lambda row: row.entity_id), tuple(of_group(context, served))
    total, inputs = (
        unit_cost(period.cost, len(bookings), "completed booking"),
        {"focus_cost": whole, "booking": bookings},
    )
    yield whole.fact("cloud_unit_cost", total, inputs=inputs)
    yield whole.fact("cloud_unit_cost", total, inputs=inputs, per="booking")
    for name, charges in entities.items():
        if name in ("", GROUP):
            continue
        own, cost = replace(whole, rows=charges, entity_id=name), billed(charges)
        inputs = {"focus_cost": own}
        if count := sold.get(name):
            per_booking = unit_cost(cost, len(count), "completed booking")
            yield own.fact("cloud_unit_cost", per_booking, inputs={**inputs, "booking": count}, per="booking")
        elif count := contracts.get(name):
            per_contract = unit_cost(cost, len(count), "active contract")
            yield own.fact("cloud_unit_cost", per_contract, inputs={**inputs, "client_contract": count}, per="contract")
        else:
            nothing = unit_cost(cost, 0, "completed booking or active contract")
            yield own.fact("cloud_unit_cost", nothing, per="booking")


def _completed(context: Context, month: Month) -> tuple[Any, ...]:
    """Bookings completed in a month, each asset's once; none when there is no table of bookings."""
    if not context.has("booking"):
        return ()
    ended = (row for row in context.rows("booking", "entity_id", "status", "service_end") if row.status == "completed")
    twice = double_booked(context)
    return tuple(
        row
        for row in ended
        if row.get("booking_id") not in twice
        and row.service_end is not None
        and Month.of(context.local_day(row.service_end, row.entity_id)) == month
    )


def _contracts(context: Context) -> Mapping[str, tuple[Any, ...]]:
    """Active client contracts by the entity that serves them: the only business with a portfolio below it."""
    if not context.has("client_contract") or not context.has("entity"):
        return {}
    # A contract that ended keeps its active row next to the later one that ends it: the latest one counts.
    contracts = context.rows_in_force("client_contract", "contract_id", "status")
    active = tuple(one for one in newest(contracts, lambda one: one.contract_id) if one.status == "active")
    entities = context.rows("entity", "entity_id", "kind", "parent_entity_id")
    parents = {e.parent_entity_id for e in entities if e.kind == "domain"} - {GROUP, None}
    return dict.fromkeys(parents, active) if len(parents) == 1 else {}
