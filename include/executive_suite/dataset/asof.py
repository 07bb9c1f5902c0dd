"""As known then: the rows, and the version of each, that a report date may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from executive_suite.period import cut_off, time_zones
from executive_suite.schema import keys
from executive_suite.schema.tables import RECORDED_AT, Table, schema
from executive_suite.schema.typed import records

EARLIEST = pd.Timestamp("1700-01-01", tz="UTC").as_unit("us")


@dataclass(frozen=True, slots=True)
class Then:
    """The point of view of a run.

    Attributes:
        report_date: Rows of business days before it count.
        known_at: Rows recorded before this instant count; the cut-off, unless a period is restated.
        zone: The group's time zone.
        zones: Entity id to its own time zone, where it has one.
    """

    report_date: date
    known_at: datetime
    zone: ZoneInfo
    zones: Mapping[str, ZoneInfo]

    def day_starts(self, entities: pd.Series[Any] | None) -> pd.Timestamp | pd.Series[Any]:
        """The first instant of the report date: in the group's zone, or in each row's entity's."""
        group = pd.Timestamp(cut_off(self.report_date, self.zone)).as_unit("us")
        if entities is None:
            return group
        starts = {e: pd.Timestamp(cut_off(self.report_date, z)).as_unit("us") for e, z in self.zones.items()}
        if set(starts.values()) <= {group}:
            return group
        return entities.map(starts).fillna(group).astype("datetime64[us, UTC]")

    def local_day(self, at: datetime, entity: Any = None) -> date:
        """The business day of an instant, in the entity's zone or the group's."""
        return at.astimezone(self.zones.get(str(entity), self.zone)).date()


def then(entities: pd.DataFrame | None, report_date: date, known_at: datetime, zone: ZoneInfo) -> Then:
    """The point of view of a report date, with the zones of the entities as known then."""
    return Then(report_date, known_at, zone, zones(entities, report_date, known_at, zone))


def zones(entities: pd.DataFrame | None, report_date: date, known_at: datetime, zone: ZoneInfo) -> dict[str, ZoneInfo]:
    """Entity id to its time zone, as known at an instant."""
    if entities is None or not {"entity_id", "timezone"} <= set(entities.columns):
        return {}
    rows = latest(entities, schema()["entity"], Then(report_date, known_at, zone, {}))
    pairs, there = records(rows, "entity_id", "timezone"), time_zones()
    return {str(entity): ZoneInfo(name) for entity, name in pairs if name in there}


def group_zone(
    entities: pd.DataFrame | None, report_date: date, fallback: ZoneInfo, *, known_at: datetime | None = None
) -> ZoneInfo:
    """The time zone of the group's own entity as known at the cut-off in that zone, or at ``known_at``.

    Without such an entity, the zone that all entities share, else the fallback.
    """
    if entities is None or not {"entity_id", "kind", "timezone"} <= set(entities.columns):
        return fallback
    there = entities[entities["timezone"].isin(time_zones())]
    if RECORDED_AT in there.columns:
        there = there.sort_values(RECORDED_AT, na_position="first", kind="stable")
    for name, recorded in reversed(list(records(there[there["kind"] == "group"], "timezone", RECORDED_AT))):
        zone = ZoneInfo(name)
        if pd.isna(recorded) or recorded < pd.Timestamp(known_at or cut_off(report_date, zone)):
            return zone
    shared = there["timezone"].unique()
    return ZoneInfo(shared[0]) if len(shared) == 1 else fallback


def latest(frame: pd.DataFrame, table: Table, then: Then, *, once: bool = False) -> pd.DataFrame:
    """The latest known version of each key, in file order; for a bill the latest load of each billing period.

    Args:
        frame: Every version of every row.
        table: Their table.
        then: The point of view.
        once: Whether the keys are known to be unique.
    """
    if RECORDED_AT not in frame.columns:
        return frame
    seen = (frame[RECORDED_AT].isna() | (frame[RECORDED_AT] < pd.Timestamp(then.known_at))).to_numpy(dtype=bool)
    rows = frame if seen.all() else frame[seen]
    if table.load_key:
        return _latest_load(rows, table)
    return rows if once else _latest_version(rows, table)


def happened_before(rows: pd.DataFrame, table: Table, then: Then) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows have a business day before the report date; a blank day, or a table without one, counts as before."""
    if table.business_date not in rows.columns:
        return np.ones(len(rows), dtype=bool)
    day = rows[table.business_date]
    if table.kind(table.business_date) == "date":
        later = day >= pd.Timestamp(then.report_date)
    elif table.business_zone:
        later = day >= pd.Timestamp(cut_off(then.report_date, ZoneInfo(table.business_zone)))
    else:
        later = day >= then.day_starts(rows["entity_id"] if "entity_id" in rows.columns else None)
    return ~later.to_numpy(dtype=bool)


def happened_with(
    frame: pd.DataFrame, table: Table, known: Mapping[str, pd.DataFrame], used: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """The rows whose other row (a receipt's transaction) did not happen on or after the report date."""
    if table.happens_with is None:
        return frame
    other, column = table.happens_with
    if other not in used or column not in frame.columns or column not in used[other].columns:
        return frame
    later = set(known[other][column].dropna()) - set(used[other][column].dropna())
    return frame[~frame[column].isin(later)] if later else frame


def _latest_version(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    key = list(table.key)
    if not set(key) <= set(rows.columns) or not keys.repeated(rows, key).any():
        return rows
    order = rows[RECORDED_AT].fillna(EARLIEST).argsort(kind="stable")
    return rows.iloc[order].drop_duplicates(key, keep="last").sort_index()


def _latest_load(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    key = [column for column in table.load_key if column in rows.columns]
    if not key or rows.empty:
        return rows
    recorded = rows[RECORDED_AT].fillna(EARLIEST)
    latest = recorded.groupby([rows[column] for column in key], dropna=False).transform("max")
    return rows[(recorded == latest).to_numpy()]
