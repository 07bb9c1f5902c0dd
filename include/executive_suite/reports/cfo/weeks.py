"""The next 13 weeks: the forecast by week, its lowest point, and the accuracy of the last ones."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from executive_suite import formats
from executive_suite.facts.cash_path import WEEKS
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import pictures, runway
from executive_suite.reports.absence import Proof, left, none
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import day, figures, itself, table
from executive_suite.wording import say

_FORECAST = "cash_forecast_13_week"


def rows(s: Selection) -> dict[str, Any]:
    """The forecast by week, drawn and listed, and how the previous one fared: what is behind the section on cash."""
    closing, low, needed = _closing(s), s.fact("cash_forecast_low"), runway.floor_cents(s)
    known = [fact for fact in closing if fact.number is not None]
    points = [
        Point(formats.day_of_year(f.dimensions["ends"]), f.number or 0, pictures.in_thousands(f), "forecast")
        for f in known
    ]
    title = say(
        "Cash at week end, thousand {currency}, next {weeks} weeks, forecast",
        currency=formats.currency(),
        weeks=formats.number(WEEKS),
    )
    listed = ", ".join(f"{point.label} {point.text}" for point in points)
    levels = [pictures.level(needed, "floor")] if needed is not None else []
    chart = pictures.chart(
        "weeks",
        title,
        charts.columns(points, levels=levels),
        f"{title}: {listed}" if listed else say("The forecast is not available: {reason}", reason=low.reason),
        finding=_found(s, known),
    )
    return {"weeks_chart": chart, "weeks": _table(s, closing, low), "kept": _kept(s)}


def _table(s: Selection, closing: list[Fact], low: Fact) -> Table:
    def line(end: Fact, name: str) -> Fact:
        return s.fact(_FORECAST, week=end.dimensions["week"], ends=end.dimensions["ends"], line=name)

    return table(
        "Cash by week, forecast: known receipts and payments, running costs on their usual days; no unsold sales",
        closing,
        (
            day("Week to", lambda f: f.dimensions["ends"]),
            figures("Receipts", lambda f: line(f, "receipts")),
            figures("Payments", lambda f: line(f, "payments")),
            itself("Cash at week end", tone=lambda f: "act" if cents(f) < 0 else "neutral"),
        ),
        empty=say("Not available: {reason}.", reason=low.reason),
    )


def _found(s: Selection, known: list[Fact]) -> str:
    """How low cash falls, and when it falls below its floor."""
    low = s.fact("cash_forecast_low")
    if low.value is None:
        return ""
    floor = runway.floor_day(s)
    below = (
        say("; it {falls_below}", falls_below=runway.falls_below(s))
        if floor and known and floor.isoformat() <= known[-1].dimensions["ends"]
        else ""
    )
    return say(
        "Cash is lowest {lowest_week}: {low}{below}.", lowest_week=lowest_week(s), low=formats.of(low), below=below
    )


def _kept(s: Selection) -> Table:
    """The previous report's forecast of the latest weeks against the actual."""
    foreseen = {
        fact.dimensions["ends"]: fact
        for fact in s.facts_before(_FORECAST, "week", "ends", "line", entity_id=GROUP)
        if fact.dimensions["line"] == "closing" and fact.number is not None
    }
    rows = [
        (foreseen[fact.dimensions["ends"]], fact)
        for fact in sorted(s.facts("cash_week_end", "week", "ends"), key=lambda f: f.dimensions["ends"])
        if fact.dimensions["ends"] in foreseen and fact.number is not None
    ]

    def difference(row: tuple[Fact, Fact]) -> Cell:
        away = Decimal(row[1].number or 0) - (row[0].number or 0)
        return Cell(away, "cents", "watch" if away < 0 else "neutral", signed=True)

    return table(
        "Cash at week end: the previous report's forecast and the actual",
        rows,
        (
            day("Week to", lambda row: row[1].dimensions["ends"]),
            figures("Forecast", lambda row: row[0]),
            figures("Actual", lambda row: row[1]),
            figures("Difference", difference),
        ),
        empty=none("The previous report has no forecast of these weeks.", left(rows)),
    )


def record(s: Selection) -> str:
    """How our 13-week forecasts of cash have fared, in one line."""
    bias, error, covered = (
        s.fact(name, of="cash", horizon="week_13")
        for name in ("forecast_bias", "forecast_error_mean_absolute", "forecast_coverage")
    )
    if bias.number is None or bias.qualifier is None or bias.qualifier.count is None:
        return none("Our forecasts have no track record yet.", Proof(holds=True, facts=(bias.fact_id,)))
    made = formats.number(bias.qualifier.count)
    away = formats.money(abs(Decimal(bias.number)))
    side = say("{away} too high", away=away) if bias.number < 0 else say("{away} too low", away=away)
    if bias.qualifier.count == 1:
        return say("Our last forecast over {weeks} weeks was {side}.", weeks=formats.number(WEEKS), side=side)
    weeks = say("{weeks} weeks", weeks=formats.number(WEEKS))
    line = say(
        "Our last {made} forecasts over {weeks} were {side} on average and off by {error}",
        made=made,
        weeks=weeks,
        side=side,
        error=formats.of(error),
    )
    share = say("; {covered} of the outcomes lay in the range of the others", covered=formats.of(covered))
    inside = share if covered.number is not None else ""
    return f"{line}{inside}."


def lowest_week(s: Selection) -> str:
    """The week of the forecast with the least cash: "in the week to Jul 26, 2026"; empty without a forecast."""
    closing = [fact for fact in _closing(s) if fact.number is not None]
    if not closing:
        return ""
    return say("in the week to {ends}", ends=formats.day(min(closing, key=lambda f: f.number or 0).dimensions["ends"]))


def _closing(s: Selection) -> list[Fact]:
    facts = s.facts(_FORECAST, "week", "ends", entity_id=GROUP, line="closing")
    return sorted(facts, key=lambda f: f.dimensions["ends"])
