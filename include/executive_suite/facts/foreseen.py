"""What an earlier report date foresaw, as known then: the other half of a track record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Of = Literal["cash", "revenue", "net_burn"]
Horizon = Literal["week_4", "week_8", "week_13", "month_1", "month_3", "month_6"]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One forecast.

    Attributes:
        of: What was foreseen: cash at the end of the days, or revenue or net burn over them.
        horizon: How far ahead.
        made_on: The report date that foresaw it.
        starts: The first day that it covers.
        ends: The last.
        cents: The amount.
        moved_cents: Receipts and payments foreseen until then, added up: what an error is measured against.
    """

    of: Of
    horizon: Horizon
    made_on: date
    starts: date
    ends: date
    cents: int
    moved_cents: int
