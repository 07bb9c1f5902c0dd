"""The CFO's report on revenue targets: what the units of sale have to bring in, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame
from executive_suite.reports.cfo.break_even import unit_of_sale
from executive_suite.reports.cfo.cash import short
from executive_suite.reports.phrases import plain, signed
from executive_suite.reports.selection import Selection

WIDEST = 12
"""Columns of a chart that still have room for their values."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the units of sale have to bring in, month by month."""

    chart: Chart
    table: Table


def targets(s: Selection) -> Targets:
    """The section on revenue targets."""
    year = str(s.figures.report_date.year)
    wanted = sorted(
        (f for f in s.figures.facts if f.metric_id == "revenue_target" and f.period >= year and len(f.period) == 7),  # noqa: PLR2004 - YYYY-MM
        key=lambda f: f.period,
    )
    rows: list[tuple[Cell, ...]] = []
    over: list[Fact] = []
    ahead: list[Fact] = []
    for target in wanted:
        sold, index = (
            s.fact("unit_revenue", period=target.period),
            s.fact("revenue_seasonal_index", period=target.period),
        )
        done = isinstance(sold.value, int)
        (over if done else ahead).append(target)
        gap = Cell("ahead")
        if done and isinstance(target.value, int):
            cents = int(str(sold.value)) - target.value
            gap = signed(Cell(formats.money(cents), cents, "money", "good" if cents >= 0 else "bad"))
        rows.append(
            (
                Cell(formats.month(target.period)),
                Cell(
                    formats.number(Decimal(str(index.value)), 2) if index.value is not None else formats.NOT_AVAILABLE
                ),
                plain(s.cell(target)) if target.value is not None else s.cell(target),
                plain(s.cell(sold)) if done else Cell("ahead"),
                gap,
            )
        )
    chart = _targets_chart(s, year, over, ahead)
    heads = ("Month", "Season", "Target", "Actual", "Actual less target")
    table = Table(
        f"Revenue target by month, {formats.currency()}, {year}: cost to cover and target profit over "
        "margin, by season",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(rows),
        _year(wanted, over, s) if rows else (),
        note="A month's target is set from the months before it and stays. Season: 1 is an average month.",
        empty=f"Not evaluable: {s.fact('revenue_target').reason}.",
    )
    return Targets(chart, table)


def _year(wanted: list[Fact], over: list[Fact], s: Selection) -> tuple[Cell, ...]:
    """The year's targets; of the months that are over, what came of them."""
    sold = sum(_cents(s.fact("unit_revenue", period=target.period)) for target in over)
    gap = sold - sum(map(_cents, over))
    return (
        Cell("Year"),
        Cell("", kind="number"),
        Cell(formats.money(sum(map(_cents, wanted))), sum(map(_cents, wanted)), "money"),
        Cell(formats.money(sold), sold, "money"),
        signed(Cell(formats.money(gap), gap, "money", "good" if gap >= 0 else "bad")),
    )


def _cents(fact: Fact) -> int:
    return fact.value if isinstance(fact.value, int) else 0


def _found(s: Selection, over: list[Fact], ahead: list[Fact]) -> str:
    """What the months that are over brought of their targets, and how much the rest of the year has to bring."""
    if not over and not ahead:
        return ""
    left = sum(map(_cents, ahead))
    if ahead and not over:
        first, last = (formats.month(ahead[place].period) for place in (0, -1))
        return f"{first} to {last} have to bring {formats.money(left)}."
    wanted, sold = sum(map(_cents, over)), sum(_cents(s.fact("unit_revenue", period=f.period)) for f in over)
    span = (
        f"{formats.month(over[0].period)} to {formats.month(over[-1].period)}"
        if len(over) > 1
        else formats.month(over[0].period)
    )
    rest = f"; {formats.money(left)} is to come by {formats.month(ahead[-1].period)}" if ahead else ""
    return f"{span} brought {formats.money(sold)} of {formats.money(wanted)}{rest}."


def _targets_chart(s: Selection, year: str, over: list[Fact], ahead: list[Fact]) -> Chart:
    """Targets outlined; beside those of the latest months over, as far as there is room, the actual sales."""
    shown = over[-max(1, (WIDEST - len(ahead)) // 2) :] if over else []
    points, words = [], []
    for target in (*shown, *ahead):
        label = formats.month(target.period)[:3]
        if isinstance(target.value, int):
            points.append(Point(label, target.value, short(target.value), "plan"))
            words.append(f"{label} target {short(target.value)}")
        if target in shown:
            sold = s.fact("unit_revenue", period=target.period)
            points.append(Point(label, int(str(sold.value or 0)), short(sold.value or 0)))
            words.append(f"{label} actual {short(sold.value or 0)}")
    title = (
        f"Revenue of {unit_of_sale(s)}s by month, thousand {formats.currency()}, {year}: target "
        "(outlined), actual (filled)"
    )
    alt = ", ".join(words) or s.fact("revenue_target").reason
    return frame.chart("targets", title, charts.columns(points), f"{alt}.", finding=_found(s, over, ahead))
