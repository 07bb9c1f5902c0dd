"""The register of delivery jobs: whose they are, how far they are, where they went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import Exact, exact, per_unit, rounded
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity, by_month, complete_months_since
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

YEAR = 12
NO_JOBS = "table delivery has no job"
PLANNED, UNDER_WAY, COMPLETED, CANCELLED = "planned", "in_progress", "completed", "cancelled"
COLUMNS = ("delivery_id", "planned_start", "planned_end", "actual_start", "actual_end", "status")
NEEDS: Mapping[str, tuple[str, ...]] = {"delivery": COLUMNS}
TRAILING = {"window": "trailing_12_months"}

DELIVERY_JOBS = Definition(
    "delivery_jobs",
    "Delivery jobs",
    "count",
    "Jobs known by the cut-off, by state and lane; completed when their last day is before the report date. Cancelled "
    "jobs stand apart and are in no other figure. Per month: jobs that set out in it.",
    "Job register of the business",
    "higher",
)
NAUTICAL_MILES = Definition(
    "delivery_nautical_miles",
    "Nautical miles delivered",
    "nm",
    "Nautical miles of the completed jobs; per month, by the month they ended in.",
    "Job register of the business",
    "higher",
)
DELIVERY_DAYS = Definition(
    "delivery_days",
    "Mean days per delivery",
    "days",
    "Calendar days from the first to the last of a completed job, both in; mean. No job completed: n/a.",
    "Job register of the business",
)


@per_context
def jobs(context: Context) -> pd.DataFrame:
    """Every job with its ``entity_id``, ``state``, ``first`` and ``last`` day (actual where there is one).

    Raises:
        MissingInputError: table delivery, or a column of it, is absent.
    """
    rows = context.table("delivery", *COLUMNS).sort_values("delivery_id").reset_index(drop=True)
    today = pd.Timestamp(context.report_date)
    state = pd.Series(PLANNED, index=rows.index)
    state[rows["actual_start"] < today] = UNDER_WAY
    state[rows["actual_end"] < today] = COMPLETED
    state[rows["status"].str.contains("cancel", case=False, regex=False)] = CANCELLED
    return rows.assign(
        entity_id=_owners(context, rows),
        state=state,
        first=rows["actual_start"].fillna(rows["planned_start"]),
        last=rows["actual_end"].fillna(rows["planned_end"]),
    )


def _owners(context: Context, rows: pd.DataFrame) -> pd.Series:
    owner: dict[str, str] = {}
    if context.has("ledger") and {"project_id", "entity_id"} <= set(context.tables["ledger"].columns):
        lines = context.tables["ledger"]
        lines = lines.loc[lines["project_id"].isin(rows["delivery_id"]), ["project_id", "entity_id"]]
        lines = lines.drop_duplicates("project_id")
        owner |= dict(zip(lines["project_id"], lines["entity_id"], strict=True))
    told = context.has("booking") and {"booking_id", "entity_id"} <= set(context.tables["booking"].columns)
    if told and "booking_id" in rows.columns:
        booked = dict(zip(context.tables["booking"]["booking_id"], context.tables["booking"]["entity_id"], strict=True))
        sold = rows["booking_id"].map(booked)
        owner |= {job: entity for job, entity in zip(rows["delivery_id"], sold, strict=True) if pd.notna(entity)}
    entities = rows["delivery_id"].map(owner).astype("str")
    known = set(owner.values())
    return entities.fillna(known.pop()) if len(known) == 1 else entities


def crew_scopes(register: pd.DataFrame) -> tuple[str, ...]:
    """The entities that the whole crew belongs to: the one that runs all jobs, if there is one, and the group."""
    known = sorted(str(entity) for entity in register["entity_id"].dropna().unique())
    return (*known, GROUP) if len(known) == 1 else (GROUP,)


def completed(register: pd.DataFrame) -> pd.DataFrame:
    """The jobs that are done."""
    return register[register["state"] == COMPLETED]


def recent(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    """The jobs that ended in the latest twelve complete months."""
    first, *_, last = complete_months(context.report_date, YEAR)
    end = rows["last"]
    return rows[(end >= pd.Timestamp(first.first)) & (end < pd.Timestamp((last + 1).first))]


def spread(context: Context, rows: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """All jobs of ``rows``, then those of the latest twelve complete months."""
    yield {}, rows
    yield TRAILING, recent(context, rows)


def miles(rows: pd.DataFrame) -> Exact:
    """Nautical miles of the jobs, exact."""
    return sum((exact(text) for text in rows["nautical_miles"].dropna()), exact(0))


@metric(DELIVERY_JOBS, needs={"delivery": (*COLUMNS, "origin", "destination")})
def delivery_jobs(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _counts(context), ("delivery_jobs",), NO_JOBS)


def _counts(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        live = rows[rows["state"] != CANCELLED]
        cuts: list[tuple[str, dict[str, str], pd.DataFrame]] = [("", {}, live), ("", TRAILING, recent(context, live))]
        cuts += [
            ("", {"state": state}, rows[rows["state"] == state]) for state in (PLANNED, UNDER_WAY, COMPLETED, CANCELLED)
        ]
        lanes = live["origin"] + " - " + live["destination"]
        cuts += [("", {"lane": str(lane)}, part) for lane, part in live.groupby(lanes, sort=True)]
        set_out = live[live["state"] != PLANNED]
        months = complete_months_since(context, set_out["first"])
        cuts += [(str(month), {}, part) for month, part in by_month(set_out, "first", months)]
        for period, dimensions, part in cuts:
            yield context.fact(
                "delivery_jobs",
                Measure(len(part)),
                entity_id=entity_id,
                period=period,
                inputs={"delivery": len(part)},
                assumed=any_assumed(part),
                **dimensions,
            )


@metric(NAUTICAL_MILES, DELIVERY_DAYS, needs={"delivery": (*COLUMNS, "nautical_miles")})
def distance_and_duration(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _extent(context), ("delivery_nautical_miles", "delivery_days"), NO_JOBS)


def _extent(context: Context) -> Iterator[Fact]:
    for entity_id, rows in by_entity(jobs(context)):
        done = completed(rows)
        windows = [("", dimensions, part) for dimensions, part in spread(context, done)]
        months = complete_months_since(context, done["last"])
        windows += [(str(month), {}, part) for month, part in by_month(done, "last", months)]
        for period, dimensions, part in windows:
            duration = part["actual_end"] - part["actual_start"]
            days = int((duration.dt.days + 1).sum())
            distance = Measure(rounded(miles(part), 1))
            if part["nautical_miles"].isna().any():
                distance = not_evaluable("a completed job has no nautical miles")
            for metric_id, measure in (
                ("delivery_nautical_miles", distance),
                ("delivery_days", per_unit(days, int(duration.notna().sum()), otherwise="no job completed")),
            ):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=period,
                    inputs={"delivery": len(part)},
                    assumed=any_assumed(part),
                    **dimensions,
                )
