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
from executive_suite.wording import say

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
    mean, worst = (counted_units(s, s.fact("break_even_units", **basis)) for basis in ({}, _WORST))
    margin = s.fact("contribution_margin")
    return section(
        "Break-even",
        covered=mean.value is not None,
        point=_point(s, margin, mean, worst),
        rows={"chart": _chart(s, margin, mean, worst), "table": _table(s)},
    )


def _point(s: Selection, margin: Fact, mean: Fact, worst: Fact) -> str:
    """How many sales cover a month, what each leaves, and what the latest month brought."""
    if margin.value is None or mean.value is None:
        return say("Not available: {value}.", value=margin.reason or mean.reason)
    name, cost = unit_of_sale(s), s.fact("residual_fixed_cost")
    part = formats.of(s.fact("contribution_margin_ratio"))
    each = say(
        "One {name} leaves {margin} after its own costs ({part}).", name=name, margin=formats.of(margin), part=part
    )
    if mean.number == 0:
        bad = say(", and the worst takes {worst}", worst=formats.of(worst)) if worst.number else ""
        return say(
            "Other income covers all costs of the mean month without a single {name}{bad}. {each}",
            name=name,
            bad=bad,
            each=each,
        )
    over = (
        say(" the {cost} that other income leaves uncovered", cost=formats.within_period(cost))
        if cost.number
        else say(" the mean month")
    )
    cover = say(
        "{mean} a month {are}{over}{mean_2}",
        mean=formats.of(mean),
        are=phrases.are(mean.value, "covers", "cover"),
        over=over,
        mean_2=_worst(mean, worst),
    )
    return f"{cover}. {each}{_sold(s)}"


def _worst(mean: Fact, worst: Fact) -> str:
    if worst.value is None:
        return ""
    return (
        say(", also in the worst month")
        if mean.value == worst.value
        else say("; the worst month takes {worst}", worst=formats.of(worst))
    )


def _sold(s: Selection) -> str:
    """What the latest month brought of the revenue that breaks even."""
    sold, needed = s.month("unit_revenue"), s.fact("break_even_revenue")
    if sold.number is None or needed.number is None:
        return ""
    brought = say("{period} brought {sold}", period=formats.month(sold.period), sold=formats.of(sold))
    return say(" {brought} of the {needed} needed.", brought=brought, needed=formats.within_period(needed))


def _chart(s: Selection, margin: Fact, mean: Fact, worst: Fact) -> Chart:
    name = unit_of_sale(s)
    title = say(
        "Contribution of {name}s sold in a month against the cost to cover, thousand {currency}",
        name=name,
        currency=formats.currency(),
    )
    if margin.number is None or worst.number is None:
        return pictures.chart("break-even", title, "", say("Not available: {reason}", reason=margin.reason))
    costs = (
        ("mean", s.fact("residual_fixed_cost")),
        (say("worst month"), s.fact("residual_fixed_cost", **_WORST)),
    )
    last = max(2, int(worst.number) * 4 // 3 + 1)
    points = [Point(str(count), count * Decimal(margin.number), "") for count in range(last + 1)]
    points[-1] = replace(points[-1], text=say("of {last}", last=last))
    levels = [
        pictures.level(fact.number, say("cost, {which}", which=which))
        for which, fact in costs
        if fact.number is not None
    ]
    listed = "; ".join(
        say("cost of the {which} {fact}", which=which, fact=formats.within_period(fact)) for which, fact in costs
    )
    crossings = formats.series(list(dict.fromkeys((formats.of(mean), formats.of(worst)))))
    return pictures.chart(
        "break-even",
        title,
        charts.lines([("contribution", points)], levels=levels),
        say(
            "Each {name} contributes {margin}; {listed}. The lines cross at {crossings}",
            name=name,
            margin=formats.of(margin),
            listed=listed,
            crossings=crossings,
        ),
        finding=say("It takes {mean} a month to cover the cost of the mean month.", mean=formats.of(mean)),
        note=say("Across: {name}s per month, from 0 to {last}.", name=name, last=last),
    )


def _table(s: Selection) -> Table:
    sales, safety, leverage = (
        phrases.of(s.fact(metric_id)) for metric_id in ("break_even_sales", "margin_of_safety", "operating_leverage")
    )
    return table(
        "Break-even per month: cost to cover, units, revenue",
        ((say("Mean of {window}", window=window(s)), {}), (say("Worst month"), _WORST)),
        (
            words("Month", lambda row: row[0]),
            figures("Cost to cover", lambda row: s.fact("residual_fixed_cost", **row[1])),
            figures("Units", lambda row: counted_units(s, s.fact("break_even_units", **row[1]))),
            figures("Revenue", lambda row: s.fact("break_even_revenue", **row[1])),
        ),
        note=(
            say(
                "By the income statement, sales break even at {sales}; margin of safety {safety}; degree of "
                "operating leverage {leverage}.",
                sales=sales,
                safety=safety,
                leverage=leverage,
            )
        ),
        fixed=True,
    )
