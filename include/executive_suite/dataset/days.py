"""Days alone in columns of instants: each begins when it begins for the business whose day it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite.dataset import asof
from executive_suite.period import cut_off
from executive_suite.schema.tables import RECORDED_AT, Table, schema
from executive_suite.schema.typed import Rows

LATEST = date(9000, 1, 1)
"""A report date at which every version of an entity is known."""


def placed(tables: Mapping[str, Rows], fallback: ZoneInfo) -> dict[str, pd.DataFrame]:
    """The frames of all tables, in which ``2026-03-05`` of a column of instants is that day's first instant.

    The day is the row's entity's, by the zone of the entity's latest version; without an entity or a zone of its own
    the group's, else ``fallback``. Cloud bills run on UTC days.

    Args:
        tables: Typed rows; a day alone is midnight UTC so far.
        fallback: The zone of a group that states none.
    """
    frames = {name: rows.frame for name, rows in tables.items()}
    if not any(rows.days for rows in tables.values()):
        return frames
    entities = frames.get("entity")
    group = asof.group_zone(entities, LATEST, fallback)
    known = datetime.combine(LATEST, datetime.min.time(), UTC)
    zones = asof.zones(entities, LATEST, known, group)
    return {name: _placed(frames[name], schema()[name], rows, group, zones) for name, rows in tables.items()}


def _placed(
    frame: pd.DataFrame, table: Table, rows: Rows, group: ZoneInfo, zones: Mapping[str, ZoneInfo]
) -> pd.DataFrame:
    for column, positions in rows.days.items():
        bill = table.business_zone and column != RECORDED_AT
        own = {} if bill else zones
        other = ZoneInfo(table.business_zone) if bill else group
        owners = frame["entity_id"].tolist() if "entity_id" in frame.columns else [None] * len(frame)
        values = frame[column].tolist()
        for position in positions:
            values[position] = pd.Timestamp(cut_off(values[position].date(), own.get(owners[position], other)))
        frame = frame.assign(**{column: pd.Series(values, index=frame.index, dtype="datetime64[us, UTC]")})
    return frame
