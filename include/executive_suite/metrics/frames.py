"""Rows by reporting unit, by month and by local day: the cuts that most metrics share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.cut import months_between
from executive_suite.period import Month, cut_off, last_complete_month


def by_entity(frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each entity's rows, in order of id, then all rows as the group's; rows of no known entity are only in the last.

    When all rows are one entity's, they come once, under its id: ``for_group_too`` repeats their facts for the group.
    No rows yield nothing, so that nothing is reported as zero.

    Args:
        frame: Rows with a column ``entity_id``, blank where it cannot be told.
    """
    entities = sorted(str(entity) for entity in frame["entity_id"].dropna().unique())
    for entity_id in entities:
        yield entity_id, frame[frame["entity_id"] == entity_id]
    if not frame.empty and (len(entities) != 1 or frame["entity_id"].isna().any()):
        yield GROUP, frame


def complete_months_since(context: Context, days: pd.Series) -> tuple[Month, ...]:
    """The complete months from the earliest of ``days`` to the report date; none when there are no days."""
    if days.empty or days.isna().all():
        return ()
    return months_between(days.min().date(), last_complete_month(context.report_date))


def in_month(days: pd.Series, month: Month) -> pd.Series:
    """Which of the ``days`` lie in ``month``."""
    return (days >= pd.Timestamp(month.first)) & (days < pd.Timestamp((month + 1).first))


def by_month(frame: pd.DataFrame, column: str, months: Iterable[Month]) -> Iterator[tuple[Month, pd.DataFrame]]:
    """The rows of each month, in order of the days in ``column``; those without a day are in none.

    One sort and a slice a month, where ``in_month`` compares every row with every month.
    """
    ordered = frame.sort_values(column, kind="stable")
    days = ordered[column].to_numpy().astype("datetime64[M]")
    for month in months:
        wanted = np.datetime64(str(month), "M")
        yield month, ordered.iloc[days.searchsorted(wanted) : days.searchsorted(wanted, side="right")]


def local_days(context: Context, instants: pd.Series, entities: pd.Series) -> pd.Series:
    """The calendar day of each instant where its entity keeps its clock (the group's zone when it names none).

    Args:
        context: The dataset, for ``entity.timezone``.
        instants: UTC instants.
        entities: Entity ids, same index.

    Returns:
        Naive midnights, same index.
    """
    zones: dict[str, ZoneInfo] = {}
    if context.has("entity") and "timezone" in context.tables["entity"].columns:
        known = context.tables["entity"].dropna(subset=["timezone"])
        zones = {str(e): ZoneInfo(str(z)) for e, z in zip(known["entity_id"], known["timezone"], strict=True)}
    zone_of = entities.map(lambda entity: zones.get(entity, context.zone))
    days = pd.Series(pd.NaT, index=instants.index, dtype="datetime64[us]")
    for zone in zone_of.unique():
        here = zone_of == zone
        days[here] = instants[here].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return days


def local_days_of(context: Context, frame: pd.DataFrame, column: str) -> pd.Series:
    """The calendar day of an instant in each row, where the row's entity keeps its clock; as ``local_days``."""
    nobody = pd.Series(index=frame.index, dtype="str")
    return local_days(context, frame[column], frame["entity_id"] if "entity_id" in frame.columns else nobody)


def year_before(context: Context) -> pd.Timestamp:
    """The instant at which the twelve months before the report date begin, in the group's zone."""
    day = pd.Timestamp(context.report_date) - pd.DateOffset(months=12)
    return pd.Timestamp(cut_off(day.date(), context.zone))


def any_assumed(*frames: pd.DataFrame) -> bool:
    """Whether a row of any of the ``frames`` is marked ``assumed``."""
    return any(bool(frame["assumed"].fillna(value=False).any()) for frame in frames if "assumed" in frame.columns)
