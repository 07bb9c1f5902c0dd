"""The board's section on our forecasts: what was foreseen as the quarter began, what came, and the track record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.foreseen import Foreseen
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports.absence import left, none
from executive_suite.reports.board import quarter
from executive_suite.reports.cfo import weeks
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, day, figures, table, words
from executive_suite.wording import noted, say

_OF = {"cash": noted("Cash at the end"), "revenue": noted("Revenue"), "net_burn": noted("Net burn")}
_WHOLE = "month_3"
"""The horizon of a forecast that was made as the quarter began and covers all of it."""
_OWNERS = noted("Cash is without what owners and lenders put in or took out since the forecast was made.")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A forecast that ended in the quarter, and by how much what came differs."""

    foreseen: Foreseen
    error: Fact

    @property
    def actual(self) -> int:
        return self.foreseen.cents + cents(self.error)


def forecast(s: Selection) -> Section:
    """The section on forecasts."""
    every = list(_outcomes(s))
    now = quarter.latest(s)
    whole = [one for one in every if (one.foreseen.horizon, one.foreseen.made_on) == (_WHOLE, now.first)]
    if not every:
        return section(
            "Forecast against actual",
            point=none("No forecast that ended in the quarter is on record.", left(every)),
            covered=False,
        )
    shown: dict[str, Any] = {}
    if whole:
        shown["whole"] = _table(say("Foreseen on {day} for the quarter", day=formats.day(now.first)), whole)
    return section(
        "Forecast against actual",
        point=" ".join(filter(None, (_point(s, whole), weeks.record(s)))),
        rows={"every": _table("Every forecast that ended in the quarter", every, made=True)},
        **shown,
    )


def _outcomes(s: Selection) -> Iterator[_Outcome]:
    now = quarter.latest(s)
    errors = {
        (fact.dimensions["of"], fact.dimensions["horizon"], fact.dimensions["made_on"]): fact
        for fact in s.facts("forecast_error", "of", "horizon", "made_on", entity_id=GROUP)
        if fact.number is not None
    }
    order = list(_OF)
    for one in sorted(s.figures.earlier.foreseen, key=lambda one: (order.index(one.of), one.ends, one.made_on)):
        error = errors.get((one.of, one.horizon, one.made_on.isoformat()))
        if error is not None and now.first <= one.ends <= now.last:
            yield _Outcome(one, error)


def _point(s: Selection, whole: list[_Outcome]) -> str:
    """Where the cash of the quarter went against its forecast."""
    found = next((one for one in whole if one.foreseen.of == "cash"), None)
    if found is None:
        return ""
    return say(
        "As {quarter} began, we foresaw {foreseen} of cash at its end; it came to {actual}.",
        quarter=quarter.named(quarter.latest(s)),
        foreseen=formats.money(found.foreseen.cents),
        actual=formats.money(found.actual),
    )


def _table(title: str, rows: list[_Outcome], *, made: bool = False) -> Table:
    dates: tuple[Col[_Outcome], ...] = (
        day("Made on", lambda one: one.foreseen.made_on.isoformat()),
        day("Until", lambda one: one.foreseen.ends.isoformat()),
    )
    return table(
        title,
        rows,
        (
            words("Figure", lambda one: say(_OF[one.foreseen.of])),
            *(dates if made else ()),
            figures("Forecast", lambda one: Cell(one.foreseen.cents, "cents")),
            figures("Actual", lambda one: Cell(one.actual, "cents")),
            figures(
                "Difference",
                lambda one: Cell(
                    one.error.value, "cents", metric_id="forecast_error", signed=True, fact_id=one.error.fact_id
                ),
            ),
        ),
        note=_OWNERS if any(one.foreseen.of == "cash" for one in rows) else "",
    )
