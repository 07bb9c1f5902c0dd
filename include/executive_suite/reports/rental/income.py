"""The rental section on net operating income: what costs and financing leave, and whether property tax is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.reports import audit, months, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.reports.tables.previous import with_previous
from executive_suite.wording import noted, say

BARELY_COVERED = "financing_barely_covered"
_NOI = "net_operating_income"
_GROSS, _COSTS = "effective_gross_income", "operating_expense"
_ADD_POSTINGS = noted("Record the property's postings in the ledger, and the property in the asset register.")
_RETURNS = ("operating_expense_ratio", "property_debt_service_cover", "cap_rate", "cash_on_cash_return")

_Line = tuple[str, dict[str, str]]
"""A line of the income and the part of the metric that it shows."""
_LINES: Sequence[_Line] = (
    (noted("Income"), {"part": _GROSS}),
    (noted("Operating costs"), {"part": _COSTS}),
    (noted("Net operating income"), {}),
)


def income(s: Selection, who: str) -> Section:
    """The section on net operating income, month by month with the year before."""
    facts, whole = s.months(_NOI, months.YEAR, who), s.fact(_NOI, who)
    chart = pictures.by_month(
        s,
        "noi",
        "Net operating income",
        facts,
        instead=say("Net operating income is {whole}", whole=phrases.of(whole)),
        finding=_found(s, who, whole),
        with_year_before=True,
    )
    return section(
        "Net operating income",
        covered=whole.value is not None,
        point=" ".join(filter(None, (_found(s, who, whole), _left(s, who), _property_tax(s, who))))
        or phrases.missing(whole, _ADD_POSTINGS),
        rows={"chart": chart, "months": _months(s, who), "returns": _returns(s, who)},
        **shown(years=_years(s, who, whole)),
    )


def _left(s: Selection, who: str) -> str:
    """What is left after the financing, and the cover that lenders ask for."""
    paid, left = _financing(s, who)
    if not paid or left is None:
        return ""
    cover, asked = s.fact("property_debt_service_cover", who), audit.judged_by(s, BARELY_COVERED, "asked")
    said = (
        say(
            "Financing and other costs below the line took {paid}: {left} is left",
            paid=formats.money(paid),
            left=formats.money(left),
        )
        if left >= 0
        else say(
            "Financing and other costs below the line took {paid}: that is {more} more than was earned",
            paid=formats.money(paid),
            more=formats.money(-left),
        )
    )
    if cover.value is None:
        return f"{said}."
    if asked is None:
        return say("{said}, a cover of {cover}.", said=said, cover=formats.of(cover))
    return say(
        "{said}, a cover of {cover}; lenders ask for {asked}.",
        said=said,
        cover=formats.of(cover),
        asked=formats.amount(asked, "x"),
    )


def _financing(s: Selection, who: str) -> tuple[int, int | None]:
    """What was paid below the line, and what of the income is left after it; cents."""
    below, wear = (s.fact(_NOI, who, part=f"below_the_line{part}") for part in ("", "_non_cash"))
    whole = s.fact(_NOI, who)
    paid = cents(below) - cents(wear)
    return paid, None if below.value is None or whole.value is None else cents(whole) - paid


def _property_tax(s: Selection, who: str) -> str:
    """Whether the tax on the property is among the costs; if it is not, what it may come to before there is a loss."""
    tax, left = s.fact(_NOI, who, part="property_tax"), _financing(s, who)[1]
    if tax.value is not None:
        return say("The costs include {tax} of property tax.", tax=formats.of(tax))
    if tax.status == "not_evaluable":
        return ""
    if left is None or left < 0:
        return say("Property tax is missing from the books. Have it booked.")
    return say(
        "Property tax is missing from the books: more than {left} of it makes the year a loss. Have it booked.",
        left=formats.money(left),
    )


def _years(s: Selection, who: str, whole: Fact) -> Table:
    """The income of twelve months from top to bottom, next to the twelve months before."""

    def change(line: _Line) -> Cell:
        cell = cells.change(_NOI, s.fact(_NOI, who, **line[1]).number, _before(s, who, line))
        if line[1].get("part") != _COSTS or cell.number is None:
            return cell
        return replace(cell, tone="watch" if cell.number > 0 else "neutral")  # costs that rise are no good news

    count = len(s.months(_NOI, months.YEAR, who)) or months.YEAR
    return table(
        say("Latest 12 complete months, and the 12 before, actual")
        if count == months.YEAR
        else say("{months}, actual", months=phrases.capital(months.latest(count))),
        _LINES if whole.value is not None else (),
        (
            words("Line", lambda line: say(line[0])),
            figures(months.span(count), lambda line: s.fact(_NOI, who, **line[1])),
            figures("Year before", lambda line: cells.money(_before(s, who, line))),
            figures("Change", change),
        ),
    )


def _before(s: Selection, who: str, line: _Line) -> int | None:
    return months.total(s, _NOI, who, back=months.YEAR, **line[1])


def _found(s: Selection, who: str, whole: Fact) -> str:
    if whole.value is None:
        return ""
    gross, costs = (formats.of(s.fact(_NOI, who, part=part)) for part in (_GROSS, _COSTS))
    before = months.total(s, _NOI, who, back=months.YEAR)
    span = months.span(len(s.months(_NOI, months.YEAR, who)))
    return say(
        "Stays and leases brought {gross}; costs of {costs} left {whole} in {span}{compared}.",
        gross=gross,
        costs=costs,
        whole=formats.of(whole),
        span=span,
        compared=months.compared(cents(whole), before),
    )


def _months(s: Selection, who: str) -> Table:
    """Income, costs, net operating income, and its change from the same month a year earlier."""
    facts, whole = s.months(_NOI, months.YEAR, who), s.fact(_NOI, who)

    def part(head: str, name: str) -> Col[Fact]:
        def fact(row: Fact) -> Fact:
            return s.fact(_NOI, who, "" if row is whole else row.period, part=name)

        return figures(head, fact)

    def change(row: Fact) -> Cell:
        if row is whole:
            return cells.change(_NOI, cents(whole), months.total(s, _NOI, who, back=months.YEAR))
        return cells.change(_NOI, row.number, months.year_before(s, row).number)

    return table(
        "Income, operating costs and net operating income (NOI) by month, actual, and change from a year earlier",
        facts,
        (
            month(lambda f: f.period),
            part("Income", _GROSS),
            part("Costs", _COSTS),
            itself("NOI"),
            figures("Change", change),
        ),
        total=whole if len(facts) == months.YEAR else None,
        total_name="12 months",
        note=_below(s, who),
        empty=phrases.missing(whole, _ADD_POSTINGS),
    )


def _below(s: Selection, who: str) -> str:
    """Financing and other costs below the line, and the income left after them."""
    paid, left = _financing(s, who)
    if left is None:
        return ""
    wear = s.fact(_NOI, who, part="below_the_line_non_cash")
    said = (
        say(
            "Financing and other costs below the line: {paid} paid, {left} left.",
            paid=formats.money(paid),
            left=formats.money(left),
        )
        if left >= 0
        else say(
            "Financing and other costs below the line: {paid} paid, {more} more than was earned.",
            paid=formats.money(paid),
            more=formats.money(-left),
        )
    )
    if not cents(wear):
        return said
    apart = say("Depreciation of {wear} is not a payment and is not included.", wear=formats.of(wear))
    return f"{said} {apart}"


def _returns(s: Selection, who: str) -> Table:
    facts = [fact for metric_id in _RETURNS if (fact := s.fact(metric_id, who)).inputs]
    return with_previous(
        s,
        "Returns and cover, latest 12 complete months, actual",
        facts,
        phrases.missing(s.fact(_NOI, who), "Record ledger, accounts and assets."),
    )
