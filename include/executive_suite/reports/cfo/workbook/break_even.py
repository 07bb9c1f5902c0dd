"""Break-even as a model: price, cost and what has to be covered are inputs, the rest follows."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from executive_suite import formats
from executive_suite.rendering.workbook.draft import Draft, at
from executive_suite.rendering.workbook.sheets import NativeChart, Series, Sheet
from executive_suite.reports.cfo.break_even import unit_of_sale
from executive_suite.reports.selection import Selection

NAME = "Break-even"
_MOST = 12
"""Sales in a month up to which the result is shown."""


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """The inputs in yellow, the units that break even, and the month's result by units sold."""
    margin, ratio = s.fact("contribution_margin").number, s.fact("contribution_margin_ratio").number
    costs = [s.fact("residual_fixed_cost", **basis).number for basis in ({}, {"basis": "worst_month"})]
    if not margin or not ratio or None in costs:
        return ()
    unit, price = unit_of_sale(s), Decimal(margin) / Decimal(ratio)
    draft = Draft(
        NAME,
        f"Break-even in {unit}s a month, in {formats.currency()}",
        "Change a yellow cell: contribution, break-even and the result of the month follow.",
    )
    row = draft.next
    inputs = ((f"Price of one {unit}", price), (f"Its own cost of one {unit}", price - Decimal(margin)))
    for place, (words, value) in enumerate(inputs, start=row):
        draft.put(place, 0, words)
        draft.put(place, 1, value.quantize(Decimal(1)), "money", "input")
    draft.names |= {"unit_price": (row, 1), "unit_cost": (row + 1, 1)}
    contribution = draft.amount(row, 1) - draft.amount(row + 1, 1)
    draft.put(row + 2, 0, "Contribution of one", look="total")
    draft.put(row + 2, 1, contribution, "money", "total", formula="unit_price-unit_cost")
    draft.put(row + 3, 0, "Contribution, part of the price")
    draft.put(row + 3, 1, Decimal(contribution) / draft.amount(row, 1), "ratio", formula=f"{at(row + 2, 1)}/unit_price")
    draft.names["unit_contribution"] = row + 2, 1
    _covered(draft, row + 5, [Decimal(cost or 0) for cost in costs], unit)
    _results(draft, row + 11, Decimal(costs[0] or 0), unit)
    draft.widths |= {0: 44, 1: 18, 2: 18}
    return (draft.finish(),)


def _covered(draft: Draft, row: int, costs: list[Decimal], unit: str) -> None:
    """What a month has to cover, and the units and revenue that do."""
    draft.heads(row, ("", "Mean month", "Worst month"))
    for words, place in (
        ("Cost to cover, net of other income", 1),
        (f"Break-even, {unit}s", 2),
        ("Break-even revenue", 3),
    ):
        draft.put(row + place, 0, words, look="total" if place == 2 else "plain")  # noqa: PLR2004 - the row of the answer
    contribution, price = draft.amount(*draft.names["unit_contribution"]), draft.amount(*draft.names["unit_price"])
    for column, cost in enumerate(costs, start=1):
        draft.put(row + 1, column, cost, "money", "input")
        units = max(Decimal(0), (cost / contribution).to_integral_value(ROUND_CEILING))
        answer = f"MAX(0,ROUNDUP({at(row + 1, column)}/unit_contribution,0))"
        draft.put(row + 2, column, units, "whole", "total", formula=answer)
        revenue = max(Decimal(0), cost / contribution * price)
        formula = f"MAX(0,{at(row + 1, column)}/unit_contribution*unit_price)"
        draft.put(row + 3, column, revenue, "money", formula=formula)
    draft.names |= {"cost_to_cover": (row + 1, 1), "break_even_units": (row + 2, 1)}


def _results(draft: Draft, row: int, cost: Decimal, unit: str) -> None:
    """The result of a mean month by units sold, drawn."""
    contribution = draft.amount(*draft.names["unit_contribution"])
    draft.heads(row, (f"{unit.capitalize()}s in a month", "Contribution", "Result of the month"), words=0)
    for count in range(_MOST + 1):
        place = row + 1 + count
        draft.put(place, 0, count, "whole")
        draft.put(place, 1, count * contribution, "money", formula=f"{at(place, 0)}*unit_contribution")
        draft.put(place, 2, count * contribution - cost, "money", formula=f"{at(place, 1)}-cost_to_cover")
    first, last = row + 1, row + 1 + _MOST
    labels = draft.span((first, 0), (last, 0))
    series = (Series("Result of the month", draft.span((first, 2), (last, 2))),)
    title = f"Result of a mean month by {unit}s sold, {formats.currency()}"
    draft.charts.append(NativeChart("column", title, labels, series, (row, 4)))
