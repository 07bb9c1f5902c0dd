"""The CFO's report on the next 13 weeks: the forecast by week, its lowest point, and how the last forecast was kept."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite.facts import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, wording
from executive_suite.reports.cfo.cash import decimal_of, is_number, short
from executive_suite.reports.phrases import plain
from executive_suite.reports.selection import Selection


@dataclass(frozen=True, slots=True)
class Weeks:
    """The 13-week forecast."""

    reading: str
    chart: Chart
    table: Table
    kept: Table


def weeks(s: Selection) -> Weeks:
    """The section on the next 13 weeks."""
    closing = _line(s, "closing")
    low = s.fact("cash_forecast_low")
    points = [
        Point(wording.day(f.dimensions["ends"])[:-5], decimal_of(f), short(f.value), "forecast")
        for f in closing
        if is_number(f.value)
    ]
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    chart = frame.chart(
        "weeks",
        f"Cash at week end, thousand {wording.currency()}, next 13 weeks, forecast",
        charts.columns(points),
        f"Forecast of cash at week end, thousand {wording.currency()}: {words or low.reason}.",
    )
    if low.value is None:
        reading = f"The forecast is not evaluable: {low.reason}."
    else:
        basis = s.fact("cash_forecast_13_week").reason
        reading = (
            f"Lowest balance {wording.of(low)} {lowest_week(s)}; {basis}. Sales that nobody booked yet are left out."
        )
    heads = ("Week to", "Receipts", "Payments", "Cash at its end")
    rows = tuple(
        (
            Cell(wording.day(end.dimensions["ends"])),
            *(
                s.cell(
                    s.fact(
                        "cash_forecast_13_week",
                        week=end.dimensions["week"],
                        ends=end.dimensions["ends"],
                        line=line,
                    )
                )
                for line in ("receipts", "payments")
            ),
            s.cell(end, "bad" if is_number(end.value) and decimal_of(end) < 0 else "neutral"),
        )
        for end in closing
    )
    table = Table(
        f"Cash by week, {wording.currency()}, forecast: dated receipts and payments, running costs "
        "spread over the days",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        rows,
        empty=f"Not evaluable: {low.reason}.",
    )
    return Weeks(reading, chart, table, _kept(s))


def _kept(s: Selection) -> Table:
    """The previous report's forecast of the latest weeks beside what came."""
    foreseen = {
        f.dimensions["ends"]: f
        for f in s.figures.previous
        if f.metric_id == "cash_forecast_13_week" and f.dimensions.get("line") == "closing"
    }
    rows = []
    for actual in sorted(s.facts("cash_week_end", "week", "ends"), key=lambda f: f.dimensions["ends"]):
        before = foreseen.get(actual.dimensions["ends"])
        if before is None or not (is_number(before.value) and is_number(actual.value)):
            continue
        cents = decimal_of(actual) - decimal_of(before)
        sign = "+" if cents > 0 else ""
        difference = Cell(f"{sign}{wording.money(cents)}", cents, "money", "bad" if cents < 0 else "good")
        rows.append((Cell(wording.day(actual.dimensions["ends"])), plain(s.cell(before)), s.cell(actual), difference))
    return Table(
        f"Cash at week end, {wording.currency()}: the previous report's forecast and what came",
        (Column("Week to"), Column("Forecast", "right"), Column("Actual", "right"), Column("Difference", "right")),
        tuple(rows),
        empty="The previous report has no forecast of these weeks.",
    )


def lowest_week(s: Selection) -> str:
    """The week of the forecast with the least cash: "in the week to 26 Jul 2026"; empty when nothing is forecast."""
    closing = [f for f in _line(s, "closing") if is_number(f.value)]
    if not closing:
        return ""
    lowest = min(closing, key=decimal_of)
    return f"in the week to {wording.day(lowest.dimensions['ends'])}"


def _line(s: Selection, line: str) -> list[Fact]:
    facts = s.facts("cash_forecast_13_week", "week", "ends", entity_id=GROUP, line=line)
    return sorted(facts, key=lambda f: f.dimensions["ends"])
