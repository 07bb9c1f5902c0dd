"""Vessels that were delivered and that their owners would let for charter, and the captains who could sail them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.crew import NEEDS_CREW
from executive_suite.metrics.delivery.idle import charters, idle_captains, value_of, windows
from executive_suite.metrics.delivery.jobs import COLUMNS, completed, crew_scopes, jobs, recent
from executive_suite.metrics.frames import any_assumed
from executive_suite.metrics.registry import metric

SOURCE = "Operations practice (capacity planning)"
NO_VESSEL = "no vessel of a completed job is recorded (delivery.vessel_id, delivery.charter_days_offered)"

VESSELS = Definition(
    "charter_vessels_placeable",
    "Delivered vessels that could charter",
    "count",
    "Different vessels (delivery.vessel_id) of the jobs completed in the latest twelve complete months whose owner, by "
    "the latest of those jobs, offers days for charter (delivery.charter_days_offered).",
    SOURCE,
    "higher",
)
VESSEL_DAYS = Definition(
    "charter_vessel_days_placeable",
    "Charter days on delivered vessels that idle captains could take",
    "days",
    "The lesser of the days that owners of those vessels offer and of the captain-days of the same twelve months that "
    "are idle and not already placeable on the group's own charters: no captain-day counts twice.",
    SOURCE,
    "higher",
)
VESSEL_VALUE = Definition(
    "charter_vessel_value_placeable",
    "Contribution of charter days on delivered vessels",
    "cents",
    "Those days times the mean contribution of a charter day of the same twelve months. No charter: n/a.",
    SOURCE,
    "higher",
)


@metric(
    VESSELS,
    VESSEL_DAYS,
    VESSEL_VALUE,
    needs={
        **NEEDS_CREW,
        "delivery": (*COLUMNS, "vessel_id", "charter_days_offered"),
        "asset": ("entity_id", "asset_class"),
        "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
    },
)
def vessels(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("charter_vessels_placeable", "charter_vessel_days_placeable", "charter_vessel_value_placeable")
    return for_group_too(context, _facts(context), ids, NO_VESSEL)


def offers(context: Context) -> pd.DataFrame:
    """The latest completed job of each vessel in the latest twelve complete months, of those recorded."""
    done = recent(context, completed(jobs(context)))
    done = done[done["vessel_id"].notna() & done["charter_days_offered"].notna()]
    return done.sort_values(["last", "delivery_id"]).drop_duplicates("vessel_id", keep="last")


def _facts(context: Context) -> Iterator[Fact]:
    known = offers(context)
    if known.empty:
        return
    offered = known[known["charter_days_offered"] > 0]
    idle, sailing = idle_captains(context), charters(context)
    left, charter = 0, sailing[:0]
    for period, inside in windows(context, idle["date"]):
        if not period:  # the latest twelve complete months
            days = idle[inside]
            wanted = days["date"].map(sailing.groupby("date").size()).fillna(0).astype("int64")
            left = int((days["idle"] - np.minimum(days["idle"], wanted)).sum())
            charter = sailing[sailing["date"].isin(days["date"])].drop_duplicates("booking_id")
    days_placeable = min(int(offered["charter_days_offered"].sum()), left)
    reason = f"{int(offered['charter_days_offered'].sum())} days offered, {left} captain-days left"
    placeable = Measure(days_placeable, reason=reason)
    if idle.empty:
        placeable = not_evaluable("table crew_availability has no day")
    worth = value_of(days_placeable, charter)
    for entity_id in crew_scopes(known):
        for metric_id, measure in (
            ("charter_vessels_placeable", Measure(len(offered), reason=f"of {len(known)} recorded")),
            ("charter_vessel_days_placeable", placeable),
            ("charter_vessel_value_placeable", worth if placeable.value is not None else placeable),
        ):
            yield context.fact(
                metric_id,
                measure,
                entity_id=entity_id,
                inputs={"delivery": len(known), "crew_availability": len(idle), "booking": len(charter)},
                assumed=any_assumed(known),
            )
