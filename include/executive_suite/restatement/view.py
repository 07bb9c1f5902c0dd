"""The two points of view of a restatement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from executive_suite.dataset import asof, snapshot
from executive_suite.dataset.snapshot import Typed
from executive_suite.schema.tables import RECORDED_AT

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class View:
    """A report date, its cut-off, and the later instant it is viewed from."""

    report_date: date
    zone: ZoneInfo
    start: datetime
    end: datetime

    def late(self, frame: pd.DataFrame) -> Flags:
        """Which rows were recorded at or after the cut-off; none where the table does not say when."""
        if RECORDED_AT not in frame.columns:
            return np.zeros(len(frame), dtype=bool)
        return (frame[RECORDED_AT] >= pd.Timestamp(self.start)).to_numpy(dtype=bool)

    def since(self, frame: pd.DataFrame) -> Flags:
        """Which rows were recorded between the cut-off and the later instant."""
        late = self.late(frame)
        return late & (frame[RECORDED_AT] < pd.Timestamp(self.end)).to_numpy(dtype=bool) if late.any() else late

    def zone_now(self, given: Typed) -> ZoneInfo:
        """The group's time zone as known later."""
        return asof.group_zone(given.frames.get("entity"), self.report_date, self.zone, known_at=self.end)

    def selected(self, given: Typed) -> dict[str, pd.DataFrame]:
        """The rows that the report date uses, as known later."""
        return snapshot.select(given, self.report_date, self.zone_now(given), self.end)[1]
