"""As known then: which rows, and which version of each, a report date may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from executive_suite.period import cut_off
from executive_suite.tables import RECORDED_AT, Table

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


def known(frame: pd.DataFrame, table: Table, then: Then) -> tuple[pd.DataFrame, int]:
    """The rows that a report of ``then`` may see: latest known version of each key, business days before the date.

    Returns:
        The rows in file order, and how many were known but dated on or after the report date (quarantined).
    """
    rows = frame
    if RECORDED_AT in frame.columns:
        seen = frame[RECORDED_AT].isna() | (frame[RECORDED_AT] < pd.Timestamp(then.known_at))
        rows = frame[seen.to_numpy()]
        rows = _latest_load(rows, table) if table.load_key else _latest_version(rows, table)
    if table.business_date not in frame.columns:
        return rows, 0
    happened = happened_before(rows, table, then)
    return rows[happened], int((~happened).sum())


def happened_before(rows: pd.DataFrame, table: Table, then: Then) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows have a business day before the report date; a blank day counts as before."""
    day = rows[table.business_date]
    if table.kind(table.business_date) == "date":
        later = day >= pd.Timestamp(then.report_date)
    else:
        later = day >= then.day_starts(rows["entity_id"] if "entity_id" in rows.columns else None)
    return ~later.to_numpy(dtype=bool)


def _latest_version(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    key = list(table.key)
    if not set(key) <= set(rows.columns) or not rows.duplicated(key).any():
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
