"""The base case and its levers as workbooks carry them: by day, so that every choice of levers gives its own date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from executive_suite.facts.cash_path import NO_PATH, CashPath, PathLever
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.base import base
from executive_suite.metrics.forecast.levers import levers

if TYPE_CHECKING:
    from datetime import date

    from executive_suite.dataset.context import Context


def carried(context: Context) -> CashPath:
    """The path of a report date; none where an input of it is missing, which the figure ``cash_out_date`` says."""
    try:
        if window(context).missing:
            return NO_PATH
        made = base(context)
        found = levers(context)
    except MissingInputError:
        return NO_PATH
    return CashPath(
        made.first.isoformat(),
        made.last.isoformat(),
        made.cash_cents,
        made.floor_cents,
        _by_day(made.moves),
        tuple(PathLever(one.name, one.key, one.entity_id, _by_day(one.changes)) for one in found),
    )


def _by_day(moves: Mapping[date, int]) -> dict[str, int]:
    return {day.isoformat(): cents for day, cents in sorted(moves.items()) if cents}
