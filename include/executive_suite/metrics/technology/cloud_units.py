"""What the cloud costs for each thing sold, and how much of the bill nobody can be charged with."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.frames import local_days_of
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import COLUMNS, bill, exact, periods, plain, tagged

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

_UNIT_PLACES = Decimal("0.0001")


def unit_cost(cost: Decimal, units: int, unit: str) -> Measure:
    """Cost of one unit, US dollars rounded to four places, as text without zeros at its end.

    >>> unit_cost(Decimal("66.42"), 3, "booking").value
    '22.14'
    >>> unit_cost(Decimal("66.42"), 0, "booking").reason
    'no booking in the period'
    """
    if units <= 0:
        return not_applicable(f"no {unit} in the period")
    return Measure(plain((cost / units).quantize(_UNIT_PLACES, ROUND_HALF_UP)))


@metric(
    Definition(
        "cloud_unit_cost",
        "Cloud cost per unit",
        "USD",
        "Billed cost of the latest complete billing period over bookings completed in that month, by the entity that "
        "the charges are tagged with; for entities with client contracts over active contracts. Cost without a tag is "
        "in the group's figure only: all cost over all completed bookings.",
        "FinOps Framework, Unit Economics",
        "lower",
    ),
    Definition(
        "cloud_untagged_share",
        "Untagged cloud cost",
        "ratio",
        "Billed cost without an entity tag over all billed cost of the latest complete billing period.",
        "FinOps Framework, Allocation",
        "lower",
    ),
    needs={"focus_cost": (*COLUMNS, "Tags")},
)
def _units(context: Context) -> Iterator[Fact]:
    complete = [p for p in periods(context) if p.complete]
    if not complete:
        for metric_id in ("cloud_unit_cost", "cloud_untagged_share"):
            yield context.fact(metric_id, not_applicable("no complete billing period yet"), inputs={"focus_cost": 0})
        return
    latest = complete[-1]
    frame = bill(context)
    frame = frame[frame["BillingPeriodStart"].dt.strftime("%Y-%m") == str(latest.month)]
    entity = frame["Tags"].map(tagged, na_action="ignore").fillna("")
    untagged = exact(frame.loc[entity == "", "BilledCost"])
    share = (
        Measure(quotient(untagged, latest.cost, RATIO))
        if latest.cost > 0
        else not_applicable("the period cost nothing after credits")
    )
    inputs = {"focus_cost": len(frame)}
    yield context.fact("cloud_untagged_share", share, inputs=inputs)
    sold, contracts = _completed(context, str(latest.month)), _contracts(context)
    total = unit_cost(latest.cost, sum(sold.values()), "completed booking")
    everything = {**inputs, "booking": sum(sold.values())}
    yield context.fact("cloud_unit_cost", total, inputs=everything)
    yield context.fact("cloud_unit_cost", total, inputs=everything, per="booking")
    for name in sorted(set(entity) - {"", GROUP}):
        cost = exact(frame.loc[entity == name, "BilledCost"])
        own = {"focus_cost": int((entity == name).sum())}
        if sold.get(name):
            per_booking = unit_cost(cost, sold[name], "completed booking")
            used = {**own, "booking": sold[name]}
            yield context.fact("cloud_unit_cost", per_booking, inputs=used, entity_id=name, per="booking")
        elif contracts.get(name):
            per_contract = unit_cost(cost, contracts[name], "active contract")
            used = {**own, "client_contract": contracts[name]}
            yield context.fact("cloud_unit_cost", per_contract, inputs=used, entity_id=name, per="contract")
        else:
            nothing = unit_cost(cost, 0, "completed booking or active contract")
            yield context.fact("cloud_unit_cost", nothing, inputs=own, entity_id=name, per="booking")


def _completed(context: Context, month: str) -> dict[str, int]:
    """Bookings completed in a month by entity; empty when there is no table of bookings."""
    if not context.has("booking"):
        return {}
    frame = context.table("booking", "entity_id", "status", "service_end")
    served = local_days_of(context, frame, "service_end").dt.strftime("%Y-%m") == month
    counts = frame[served & (frame["status"] == "completed")].groupby("entity_id", observed=True).size()
    return {str(entity): int(count) for entity, count in counts.items()}


def _contracts(context: Context) -> dict[str, int]:
    """Active client contracts by the entity that serves them: the only business with a portfolio below it."""
    if not context.has("client_contract") or not context.has("entity"):
        return {}
    contracts = context.current("client_contract", "contract_id", "status").sort_values("valid_from")
    # A contract that ended keeps its active row beside the later one that says so: the latest speaks.
    contracts = contracts.drop_duplicates("contract_id", keep="last")
    active = int(contracts.loc[contracts["status"] == "active", "contract_id"].nunique())
    entities = context.table("entity", "entity_id", "kind", "parent_entity_id")
    parents = entities.loc[(entities["kind"] == "domain") & (entities["parent_entity_id"] != GROUP), "parent_entity_id"]
    names = [str(parent) for parent in parents.dropna().unique() if not pd.isna(parent)]
    return {names[0]: active} if len(names) == 1 else {}
