"""The CFO's report on break-even: what one sale leaves, and how many cover the month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame
from executive_suite.reports.cfo.cash import amount, short
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How much has to be sold."""

    reading: str
    chart: Chart
    table: Table


def unit_of_sale(s: Selection) -> str:
    """What one unit is called ("charter"); "unit" when there is none or several."""
    names = {f.dimensions["unit"] for f in s.facts("contribution_margin", "unit")}
    return names.pop() if len(names) == 1 else "unit"


def units_in_words(s: Selection, fact: Fact) -> str:
    """A number of units with their name: "6 charters"."""
    if not isinstance(fact.value, int):
        return formats.NOT_AVAILABLE
    return f"{formats.number(fact.value)} {unit_of_sale(s)}{'' if fact.value == 1 else 's'}"


def break_even(s: Selection) -> BreakEven:
    """The section on break-even."""
    margin, ratio = s.fact("contribution_margin"), s.fact("contribution_margin_ratio")
    mean, worst = s.fact("break_even_units"), s.fact("break_even_units", basis="worst_month")
    if margin.value is None or mean.value is None:
        reading = f"Not evaluable: {margin.reason or mean.reason}."
    else:
        reading = (
            f"One {unit_of_sale(s)} leaves {formats.of(margin)} after its own costs, {formats.of(ratio)} of its price. "
            f"{_cover(s, mean, worst)} The cost to cover is net of all other income of the group."
        )
    return BreakEven(reading, _break_even_chart(s), _break_even_table(s))


def _cover(s: Selection, mean: Fact, worst: Fact) -> str:
    sales = f"{units_in_words(s, mean)} a month {'covers' if mean.value == 1 else 'cover'}"
    if mean.value == worst.value:
        return f"{sales} the mean month, and the worst."
    return f"{sales} the mean month, {units_in_words(s, worst)} the worst."


def _break_even_chart(s: Selection) -> Chart:
    margin = s.fact("contribution_margin")
    bases = (
        ("mean", s.fact("residual_fixed_cost")),
        ("worst month", s.fact("residual_fixed_cost", basis="worst_month")),
    )
    units = s.fact("break_even_units", basis="worst_month")
    unit = unit_of_sale(s)
    title = f"Contribution of {unit}s sold in a month against the cost to cover, thousand {formats.currency()}"
    if not isinstance(margin.value, int | Decimal) or not isinstance(units.value, int):
        return frame.chart("break-even", title, charts.columns([]), f"Not evaluable: {margin.reason}.")
    last = max(2, units.value * 4 // 3 + 1)
    points = [Point(str(n), n * Decimal(margin.value), "") for n in range(last + 1)]
    points[-1] = Point(points[-1].label, points[-1].value, f"of {last}")
    levels = [
        Level(Decimal(str(f.value)), f"cost, {name} {short(f.value)}") for name, f in bases if f.value is not None
    ]
    words = "; ".join(f"cost at the {name} {amount(f)}" for name, f in bases)
    alt = (
        f"Each {unit} contributes {formats.of(margin)}; {words}. The lines cross at "
        f"{' and '.join(dict.fromkeys((units_in_words(s, s.fact('break_even_units')), units_in_words(s, units))))}."
    )
    note = f"Across: {unit}s a month, from 0 to {last}."
    picture = charts.lines([("contribution", points)], levels=levels)
    finding = f"It takes {units_in_words(s, s.fact('break_even_units'))} a month to cover the cost of the mean month."
    return frame.chart("break-even", title, picture, alt, note, finding=finding)


def _break_even_table(s: Selection) -> Table:
    rows = []
    for words, basis in ((f"Mean of {window(s)}", {}), ("Worst month", {"basis": "worst_month"})):
        units = s.fact("break_even_units", **basis)
        needed = Cell(units_in_words(s, units), units.value, "number", metric_id=units.metric_id, assumed=units.assumed,
                      note=units.reason)  # fmt: skip
        rows.append(
            (
                Cell(words),
                s.cell(s.fact("residual_fixed_cost", **basis)),
                needed,
                s.cell(s.fact("break_even_revenue", **basis)),
            )
        )
    safety, leverage = s.fact("margin_of_safety"), s.fact("operating_leverage")
    sales = _with_reason(s.fact("break_even_sales"))
    note = (
        f"By the income statement, sales break even at {sales}; margin of safety {_with_reason(safety)}; "
        f"degree of operating leverage {_with_reason(leverage)}."
    )
    table = Table(
        f"Break-even a month: cost to cover, units, revenue, {formats.currency()}",
        (
            Column("Month as"),
            Column("Cost to cover", "right"),
            Column("Units", "right"),
            Column("Revenue", "right"),
        ),
        tuple(rows),
        note=note,
    )
    return without_figures(table)


def _with_reason(fact: Fact) -> str:
    return formats.of(fact) if fact.value is not None else f"{formats.NOT_AVAILABLE} ({fact.reason})"
