"""The CFO's section on break-even: the contribution of one sale, and how many sales cover the month."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import figures, table, words

_WORST = {"basis": "worst_month"}


def unit_of_sale(s: Selection) -> str:
    """The name of one unit of sale ("charter"); "unit" if there are none or several."""
    names = {fact.dimensions["unit"] for fact in s.facts("contribution_margin", "unit")}
    return names.pop() if len(names) == 1 else "unit"


def counted_units(s: Selection, fact: Fact) -> Fact:
    """A number of units with their name as the unit: "6 charters"."""
    return replace(fact, unit=f"{unit_of_sale(s)}s")


def break_even(s: Selection) -> Section:
    """The section on break-even."""
    margin, ratio = s.fact("contribution_margin"), s.fact("contribution_margin_ratio")
    mean, worst = (counted_units(s, s.fact("break_even_units", **basis)) for basis in ({}, _WORST))
    if margin.value is None or mean.value is None:
        reading = f"Not available: {margin.reason or mean.reason}."
    else:
        reading = (
            f"One {unit_of_sale(s)} leaves {formats.of(margin)} after its own costs, {formats.of(ratio)} of its price. "
            f"{_cover(mean, worst)} The cost to cover is net of all other income of the group."
        )
    return section("Break-even", reading=reading, chart=_chart(s, margin, mean, worst), table=_table(s))


def _cover(mean: Fact, worst: Fact) -> str:
    sales = f"{formats.of(mean)} a month {phrases.are(mean.value, 'covers', 'cover')}"
    if mean.value == worst.value:
        return f"{sales} the mean month, and the worst."
    return f"{sales} the mean month, {formats.of(worst)} the worst."


def _chart(s: Selection, margin: Fact, mean: Fact, worst: Fact) -> Chart:
    name = unit_of_sale(s)
    title = f"Contribution of {name}s sold in a month against the cost to cover, thousand {formats.currency()}"
    if margin.number is None or worst.number is None:
        return pictures.chart("break-even", title, "", f"Not available: {margin.reason}")
    costs = (
        ("mean", s.fact("residual_fixed_cost")),
        ("worst month", s.fact("residual_fixed_cost", **_WORST)),
    )
    last = max(2, int(worst.number) * 4 // 3 + 1)
    points = [Point(str(count), count * Decimal(margin.number), "") for count in range(last + 1)]
    points[-1] = replace(points[-1], text=f"of {last}")
    levels = [pictures.level(fact.number, f"cost, {which}") for which, fact in costs if fact.number is not None]
    listed = "; ".join(f"cost of the {which} {formats.within_period(fact)}" for which, fact in costs)
    crossings = formats.series(list(dict.fromkeys((formats.of(mean), formats.of(worst)))))
    return pictures.chart(
        "break-even",
        title,
        charts.lines([("contribution", points)], levels=levels),
        f"Each {name} contributes {formats.of(margin)}; {listed}. The lines cross at {crossings}",
        finding=f"It takes {formats.of(mean)} a month to cover the cost of the mean month.",
        note=f"Across: {name}s per month, from 0 to {last}.",
    )


def _table(s: Selection) -> Table:
    sales, safety, leverage = (
        phrases.of(s.fact(metric_id)) for metric_id in ("break_even_sales", "margin_of_safety", "operating_leverage")
    )
    return table(
        "Break-even per month: cost to cover, units, revenue",
        ((f"Mean of {window(s)}", {}), ("Worst month", _WORST)),
        (
            words("Month", lambda row: row[0]),
            figures("Cost to cover", lambda row: s.fact("residual_fixed_cost", **row[1])),
            figures("Units", lambda row: counted_units(s, s.fact("break_even_units", **row[1]))),
            figures("Revenue", lambda row: s.fact("break_even_revenue", **row[1])),
        ),
        note=(
            f"By the income statement, sales break even at {sales}; margin of safety {safety}; "
            f"degree of operating leverage {leverage}."
        ),
        fixed=True,
    )
