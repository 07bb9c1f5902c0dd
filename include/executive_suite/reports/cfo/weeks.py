"""The CFO's report on the next 13 weeks: the forecast by week, its lowest point, and how the last forecast was kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame
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
        Point(formats.day(f.dimensions["ends"])[:-5], decimal_of(f), short(f.value), "forecast")
        for f in closing
        if is_number(f.value)
    ]
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    needed = _floor(s)
    levels = [Level(needed, f"floor {short(needed)}")] if points and needed is not None else []
    chart = frame.chart(
        "weeks",
        f"Cash at week end, thousand {formats.currency()}, next 13 weeks, forecast",
        charts.columns(points, levels=levels),
        f"Forecast of cash at week end, thousand {formats.currency()}: {words or low.reason}.",
        finding=_found(s, closing, needed),
    )
    if low.value is None:
        reading = f"The forecast is not evaluable: {low.reason}."
    else:
        basis = s.fact("cash_forecast_13_week").reason
        reading = f"What is dated comes when it is due; {basis}. Sales that nobody booked yet are left out."
    heads = ("Week to", "Receipts", "Payments", "Cash at its end")
    rows = tuple(
        (
            Cell(formats.day(end.dimensions["ends"])),
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
        f"Cash by week, {formats.currency()}, forecast: dated receipts and payments, running costs "
        "spread over the days",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        rows,
        empty=f"Not evaluable: {low.reason}.",
    )
    return Weeks(reading, chart, table, _kept(s))


def _floor(s: Selection) -> Decimal | None:
    """The cash that the floor of the runway stands for at the mean burn, cents; None without burn or floor."""
    months, burn = s.fact("runway_floor"), s.fact("net_burn")
    if not is_number(months.value) or not is_number(burn.value) or decimal_of(burn) <= 0:
        return None
    return decimal_of(months) * decimal_of(burn)


def _found(s: Selection, closing: list[Fact], needed: Decimal | None) -> str:
    """How low cash falls, and in which week it falls below its floor."""
    low = s.fact("cash_forecast_low")
    if low.value is None:
        return ""
    below = next((f for f in closing if needed is not None and is_number(f.value) and decimal_of(f) < needed), None)
    floor = "" if needed is None else f", above the floor of {formats.money(needed)}"
    if below is not None and needed is not None:
        floor = f"; below the floor of {formats.money(needed)} from the week to {formats.day(below.dimensions['ends'])}"
    return f"Cash is lowest {lowest_week(s)}: {formats.of(low)}{floor}."


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
        difference = Cell(f"{sign}{formats.money(cents)}", cents, "money", "bad" if cents < 0 else "good")
        rows.append((Cell(formats.day(actual.dimensions["ends"])), plain(s.cell(before)), s.cell(actual), difference))
    return Table(
        f"Cash at week end, {formats.currency()}: the previous report's forecast and what came",
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
    return f"in the week to {formats.day(lowest.dimensions['ends'])}"


def _line(s: Selection, line: str) -> list[Fact]:
    facts = s.facts("cash_forecast_13_week", "week", "ends", entity_id=GROUP, line=line)
    return sorted(facts, key=lambda f: f.dimensions["ends"])
