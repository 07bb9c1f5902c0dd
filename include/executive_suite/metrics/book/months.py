"""Months as whole numbers: how a ledger's days are sorted into them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from executive_suite.period import Month
from executive_suite.schema.keys import BLOCK

_EPOCH_YEAR = 1970


@functools.cache
def as_month(index: int) -> Month:
    """The month that many months after January 1970.

    >>> str(as_month(675))
    '2026-04'
    """
    return Month(_EPOCH_YEAR + index // 12, index % 12 + 1)


def as_index(month: Month) -> int:
    """Months since January 1970.

    >>> as_index(Month(2026, 4))
    675
    """
    return (month.year - _EPOCH_YEAR) * 12 + month.month - 1


def month_index(dates: pd.Series[Any]) -> npt.NDArray[np.int32]:
    """Months since January 1970 of a column of dates."""
    days = dates.to_numpy()
    found = np.empty(len(days), dtype=np.int32)
    for start in range(0, len(days), BLOCK):
        found[start : start + BLOCK] = _months_of(days[start : start + BLOCK])
    return found


def _months_of(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int32]:
    """The months of some days: looked up among all days between the first and the last, which are few."""
    first, last = days.min().astype("datetime64[D]"), days.max().astype("datetime64[D]")
    every = np.arange(first, last + 1).astype("datetime64[M]").astype(np.int32)
    if every[0] == every[-1]:
        return every[:1]
    place: npt.NDArray[np.int64] = (days.astype("datetime64[D]") - first).astype(np.int64)
    return every[place]
