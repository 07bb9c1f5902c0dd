"""Captains without a job, and the charters that they could take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.crew import NEEDS_CREW, NO_CREW, crewed
from executive_suite.metrics.delivery.jobs import PLANNED, YEAR, crew_scopes, jobs
from executive_suite.metrics.frames import complete_months_since, in_month, local_days
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

CAPTAIN = "captain"
SAILED = ("confirmed", "completed")

IDLE_CAPTAIN_DAYS = Definition(
    "idle_captain_days",
    "Idle captain-days",
    "days",
    "Days on which a captain was available and on no delivery; a person and day counts once. At the report date: the "
    "latest twelve complete months.",
    "Operations practice (capacity planning)",
    "lower",
)
PLACEABLE = Definition(
    "charter_days_placeable",
    "Charter days that idle captains could take",
    "days",
    "Day by day the lesser of idle captains and charters sailing (bookings of entities that own a vessel, confirmed or "
    "completed; the deliveries' own bookings are not charters). No captain-day counts twice.",
    "Operations practice (capacity planning)",
    "higher",
)
PLACEABLE_VALUE = Definition(
    "charter_days_placeable_value",
    "Contribution of the charter days that idle captains could take",
    "cents",
    "Placeable days times the mean contribution of a charter day of the window (gross less discount, platform fee and "
    "variable cost). No charter: n/a.",
    "Operations practice (capacity planning)",
    "higher",
)


@per_context
def idle_captains(context: Context) -> pd.DataFrame:
    """Idle captains by day: columns ``date`` and ``idle``."""
    calendar = context.table("crew_availability", *NEEDS_CREW["crew_availability"])
    free = calendar[(calendar["role"] == CAPTAIN) & calendar["available"].astype(bool)]
    free = free[["person_id", "date"]].drop_duplicates()
    rows = crewed(context)
    busy = set()
    for row in rows[(rows["role"] == CAPTAIN) & (rows["state"] != PLANNED)].to_dict("records"):
        # Who is paid for fewer days than the job took is busy on the first of them.
        span = pd.date_range(row["first"], row["last"])[: ceil(row["days"])]
        busy |= {(row["person_id"], day) for day in span}
    taken = [key in busy for key in zip(free["person_id"], free["date"], strict=True)]
    counts = free[~np.array(taken, dtype=bool)].groupby("date").size()
    days = pd.Series(sorted(free["date"].unique()), dtype="datetime64[us]")
    return pd.DataFrame({"date": days, "idle": days.map(counts).fillna(0).astype("int64")})


def charters(context: Context) -> pd.DataFrame:
    """One row a charter and local day: ``booking_id``, ``date``, ``contribution`` of the charter, ``days`` it takes."""
    less = ("discount_cents", "platform_fee_cents", "variable_cost_cents")
    booking = context.table(
        "booking", "booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents", *less
    )
    assets = context.table("asset", "entity_id", "asset_class")
    owners = set(assets.loc[assets["asset_class"] == "vessel", "entity_id"])
    deliveries = context.tables["delivery"]
    own = set(deliveries["booking_id"].dropna()) if "booking_id" in deliveries.columns else set()
    rows = booking[
        booking["entity_id"].isin(owners) & booking["status"].isin(SAILED) & ~booking["booking_id"].isin(own)
    ].reset_index(drop=True)
    contribution = rows["gross_cents"].astype("int64")
    for column in less:
        contribution = contribution - rows[column].fillna(0).astype("int64")
    start = local_days(context, rows["service_start"], rows["entity_id"])
    length = ((local_days(context, rows["service_end"], rows["entity_id"]) - start).dt.days.clip(lower=0) + 1).astype(
        "int64"
    )
    row = np.repeat(np.arange(len(rows)), length)
    index = pd.Series(row)
    ordinal = index.groupby(index).cumcount().to_numpy()
    return pd.DataFrame(
        {
            "booking_id": rows["booking_id"].to_numpy()[row],
            "date": start.to_numpy()[row] + ordinal * np.timedelta64(1, "D"),
            "contribution": contribution.to_numpy()[row],
            "days": length.to_numpy()[row],
        }
    )


def value_of(days: int, sailed: pd.DataFrame) -> Measure:
    """So many charter days at the mean contribution of a day of the charters (one row each) that sailed."""
    if sailed.empty:
        return not_applicable("no charter sailed")
    return Measure(whole_cents(Fraction(days * int(sailed["contribution"].sum()), int(sailed["days"].sum()))))


@metric(IDLE_CAPTAIN_DAYS, needs=NEEDS_CREW)
def idle_captain_days(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _idle(context), ("idle_captain_days",), NO_CREW)


def windows(context: Context, days: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Each complete month since the first day, then the latest twelve: which of the ``days`` lie in it."""
    months = complete_months_since(context, days)
    for month in months:
        yield str(month), in_month(days, month)
    latest = [m for m in complete_months(context.report_date, YEAR) if m in months]
    if latest:
        yield "", (days >= pd.Timestamp(latest[0].first)) & (days < pd.Timestamp((latest[-1] + 1).first))


def _idle(context: Context) -> Iterator[Fact]:
    idle = idle_captains(context)
    scopes = crew_scopes(jobs(context))
    for period, inside in windows(context, idle["date"]):
        for entity_id in scopes:
            yield context.fact(
                "idle_captain_days",
                Measure(int(idle.loc[inside, "idle"].sum())),
                entity_id=entity_id,
                period=period,
                inputs={"crew_availability": int(inside.sum())},
                assumed=False,
            )


@metric(
    PLACEABLE,
    PLACEABLE_VALUE,
    needs={
        **NEEDS_CREW,
        "asset": ("entity_id", "asset_class"),
        "booking": ("booking_id", "entity_id", "service_start", "service_end", "status", "gross_cents"),
    },
)
def placeable(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("charter_days_placeable", "charter_days_placeable_value")
    return for_group_too(context, _placeable(context), ids, NO_CREW)


def _placeable(context: Context) -> Iterator[Fact]:
    idle, sailing = idle_captains(context), charters(context)
    counts = sailing.groupby("date").size()
    wanted = idle["date"].map(counts).fillna(0).astype("int64")
    possible = np.minimum(idle["idle"], wanted)
    booking = context.tables["booking"]
    marked = booking.loc[booking["assumed"].fillna(value=False), "booking_id"] if "assumed" in booking.columns else ()
    assumed = set(marked)
    scopes = crew_scopes(jobs(context))
    for period, inside in windows(context, idle["date"]):
        days = int(possible[inside].sum())
        here = sailing[sailing["date"].isin(idle.loc[inside, "date"])]
        charter = here.drop_duplicates("booking_id")
        worth = value_of(days, charter)
        used = set(charter["booking_id"])
        for entity_id in scopes:
            for metric_id, measure in (
                ("charter_days_placeable", Measure(days, reason=f"of {len(here)} charter days")),
                ("charter_days_placeable_value", worth),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=period,
                    inputs={"booking": len(used), "crew_availability": int(inside.sum())},
                    assumed=not used.isdisjoint(assumed),
                )
