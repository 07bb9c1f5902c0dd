"""The rental sections on the value of the property, its net operating income, and returns."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, itself, month, table, words
from executive_suite.reports.tables.previous import with_previous

_NOI = "net_operating_income"
_GROSS, _COSTS = "effective_gross_income", "operating_expense"
_APPROACHES = {"market": "Market", "income": "Income (NOI / market cap rate)", "cost": "Cost less depreciation"}
_RETURNS = ("operating_expense_ratio", "property_debt_service_cover", "cap_rate", "cash_on_cash_return")


def value(s: Selection, who: str) -> Section:
    """The section on valuation: value by three approaches, and the owner's equity."""
    worth, equity, earned = (s.fact(m, who) for m in ("property_value", "property_equity", "cash_on_cash_return"))
    if worth.value is None:
        summary = [f"The value is {phrases.of(worth)}."]
    else:
        summary = [f"The property is worth {formats.of(worth)} ({worth.reason})."]
        if equity.value is not None:
            owed = cents(worth) - cents(equity)
            part = f" ({formats.share(Decimal(owed) / cents(worth))} of the value)" if cents(worth) > 0 else ""
            summary.append(f"Less liens of {formats.money(owed)}{part}, the owner's equity is {formats.of(equity)}.")
        if earned.value is not None:
            summary.append(f"The owner's cash investment earned {formats.of(earned)} in 12 months.")
    return section("Valuation", reading=" ".join(summary), table=_approaches(s, who, worth, equity))


def _approaches(s: Selection, who: str, worth: Fact, equity: Fact) -> Table:
    rows: list[tuple[str, Fact | Cell, Cell, str]] = []
    for approach, name in _APPROACHES.items():
        fact = s.fact("property_value", who, approach=approach)
        away = Cell(NOTHING)
        if cents(fact) and cents(worth) > 0:
            away = Cell(Decimal(cents(fact)) / cents(worth) - 1, "ratio", signed=True)
        rows.append((name, fact, away, phrases.reason(fact)))
    if equity.value is not None and worth.value is not None:
        rows.append(("Liens", Cell(cents(worth) - cents(equity), "cents"), Cell(), ""))
    basis = "value less liens" if equity.value is not None else equity.reason
    rows.append(("Owner's equity", equity, Cell(), basis))
    return table(
        "Value of the property by three approaches, at the report date",
        rows if worth.inputs else (),
        (
            words("Approach", lambda row: row[0]),
            figures("Value", lambda row: row[1], notes="never"),
            figures("Against value", lambda row: row[2]),
            words("Basis and date", lambda row: row[3]),
        ),
        empty=phrases.missing(worth, "Add the property to the asset register with its market value."),
    )


def income(s: Selection, who: str) -> Section:
    """The section on net operating income, month by month with the year before."""
    facts, whole = s.months(_NOI, months.YEAR, who), s.fact(_NOI, who)
    chart = pictures.by_month(
        s,
        "noi",
        "Net operating income",
        facts,
        instead=f"Net operating income is {phrases.of(whole)}",
        finding=_found(s, who, whole),
        with_year_before=True,
    )
    return section("Net operating income", chart=chart, months=_months(s, who), returns=_returns(s, who))


def _found(s: Selection, who: str, whole: Fact) -> str:
    if whole.value is None:
        return ""
    gross, costs = (formats.of(s.fact(_NOI, who, part=part)) for part in (_GROSS, _COSTS))
    before = months.total(s, _NOI, who, back=months.YEAR)
    span = months.span(len(s.months(_NOI, months.YEAR, who)))
    return (
        f"Income of {gross} less costs of {costs} left {formats.of(whole)} in {span}"
        f"{months.compared(cents(whole), before)}."
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
        empty=phrases.missing(
            whole, "Record the property's postings in the ledger, and the property in the asset register."
        ),
    )


def _below(s: Selection, who: str) -> str:
    """Financing and other costs below the line, and the income left after them."""
    below, wear = (s.fact(_NOI, who, part=f"below_the_line{part}") for part in ("", "_non_cash"))
    if below.value is None:
        return ""
    paid = cents(below) - cents(wear)
    left = cents(s.fact(_NOI, who)) - paid
    rest = f"{formats.money(left)} left" if left >= 0 else f"{formats.money(-left)} more than was earned"
    noncash = f" Depreciation of {formats.of(wear)} is not a payment and is not included." if cents(wear) else ""
    return f"Financing and other costs below the line: {formats.money(paid)} paid, {rest}.{noncash}"


def _returns(s: Selection, who: str) -> Table:
    facts = [fact for metric_id in _RETURNS if (fact := s.fact(metric_id, who)).inputs]
    return with_previous(
        s,
        "Returns and cover, latest 12 complete months, actual",
        facts,
        phrases.missing(s.fact(_NOI, who), "Record ledger, accounts and assets."),
    )
