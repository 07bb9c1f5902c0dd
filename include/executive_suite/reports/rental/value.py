"""The audit of rented property on money: what it is worth, what it earns, and what is left after the financing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.reports import audit, years
from executive_suite.reports.selection import Selection

NOI = "net_operating_income"
APPROACHES = {"market": "Market", "income": "Income (NOI / market cap rate)", "cost": "Cost less depreciation"}
RETURNS = ("operating_expense_ratio", "property_debt_service_cover", "cap_rate", "cash_on_cash_return")


@dataclass(frozen=True, slots=True)
class Value:
    """The section on valuation."""

    reading: str
    table: Table


@dataclass(frozen=True, slots=True)
class Income:
    """The section on net operating income."""

    chart: Chart
    months: Table
    returns: Table


def value(s: Selection, who: str) -> Value:
    """What the property is worth by three approaches, and whose it is."""
    worth, equity = s.fact("property_value", who), s.fact("property_equity", who)
    if worth.value is None:
        return Value(f"The value is {formats.NOT_AVAILABLE}: {audit.note(worth)}.", _approaches(s, who, worth, equity))
    sentences = [f"The property is worth {formats.of(worth)} ({worth.reason})."]
    if equity.value is not None:
        owed = audit.cents(worth) - audit.cents(equity)
        part = f" ({formats.share(Decimal(owed) / audit.cents(worth))} of the value)" if audit.cents(worth) > 0 else ""
        sentences.append(f"Less liens of {formats.money(owed)}{part}, {formats.of(equity)} of it is the owner's.")
    earned = s.fact("cash_on_cash_return", who)
    if earned.value is not None:
        sentences.append(f"The owner's cash in it earned {formats.of(earned)} in twelve months.")
    return Value(" ".join(sentences), _approaches(s, who, worth, equity))


def _approaches(s: Selection, who: str, worth: Fact, equity: Fact) -> Table:
    facts = [(name, s.fact("property_value", who, approach=approach)) for approach, name in APPROACHES.items()]
    rows = [
        (Cell(name), audit.bare(s, fact), _against(fact, worth), audit.said(audit.note(fact)))
        for name, fact in facts
        if fact.status != "not_evaluable" or fact.reason
    ]
    if equity.value is not None and worth.value is not None:
        owed = audit.cents(worth) - audit.cents(equity)
        rows.append((Cell("Liens"), Cell(formats.money(owed), owed, "money"), Cell(""), Cell("")))
    rows.append(
        (
            Cell("Owner's equity"),
            audit.bare(s, equity),
            Cell(""),
            audit.said("value less liens" if equity.value is not None else equity.reason),
        )
    )
    currency = formats.currency()
    heads = (Column("Approach"), Column(currency, "right"), Column("Against value", "right"), Column("Basis and date"))
    title = f"Value of the property by three approaches, {currency}, at the report date"
    empty = audit.missing(worth, "Add the property to table asset (asset_class property) with its market value.")
    return Table(title, heads, tuple(rows) if worth.inputs else (), empty=empty)


def _against(approach: Fact, worth: Fact) -> Cell:
    """How far an approach lies from the value that the audit goes by."""
    if not audit.cents(approach) or audit.cents(worth) <= 0:
        return Cell("\u2013")
    away = Decimal(audit.cents(approach)) / audit.cents(worth) - 1
    return Cell(f"{'+' if away > 0 else ''}{formats.share(away)}", away, "ratio")


def income(s: Selection, who: str) -> Income:
    """What is earned before financing, month by month beside the year before."""
    months = s.months(NOI, audit.MONTHS, who)
    whole = s.fact(NOI, who)
    told = [fact for fact in months if fact.value is not None]
    earlier = [years.year_before(s, fact) for fact in told]
    lighter = " (lighter: a year earlier)" if any(fact.value is not None for fact in earlier) else ""
    drawn = charts.columns(years.paired(zip(audit.points(told), earlier, strict=True)))
    title = f"Net operating income a month, {formats.currency()}, {audit.latest(months)}, actual{lighter}"
    words = f"{audit.in_words(months)}; twelve months {formats.of(whole)}"
    found = _found(s, who, whole)
    return Income(audit.chart("noi", title, (drawn, months), words, whole, found), _months(s, who), _returns(s, who))


def _found(s: Selection, who: str, whole: Fact) -> str:
    if whole.value is None:
        return ""
    before = years.total(s, NOI, who, back=years.MONTHS)
    gross, costs = (s.fact(NOI, who, part=part) for part in ("effective_gross_income", "operating_expense"))
    return (
        f"Income of {formats.of(gross)} less costs of {formats.of(costs)} left {formats.of(whole)} in "
        f"{years.span(len(s.months(NOI, audit.MONTHS, who)))}{years.beside(audit.cents(whole), before)}."
    )


def _months(s: Selection, who: str) -> Table:
    """Income, costs and what is left, and how far that is from the same month of the year before."""
    parts = {"Income": "effective_gross_income", "Costs": "operating_expense"}
    facts = s.months(NOI, audit.MONTHS, who)
    rows = tuple(_month(s, fact, tuple(parts.values())) for fact in facts)
    heads = ("Month", *parts, "NOI", "Change")
    made = Table(
        f"Income, operating costs and net operating income (NOI) by month, {formats.currency()}, actual, and the "
        "change of the last on a year earlier",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        rows,
        total=_twelve(s, who, tuple(parts.values())) if len(rows) == years.MONTHS else (),
        note=_below(s, who) if rows else "",
        empty=audit.missing(
            s.fact(NOI, who), "Add the property's postings to table ledger, and the property to asset."
        ),
    )
    return years.trimmed(made)


def _month(s: Selection, fact: Fact, parts: tuple[str, ...]) -> tuple[Cell, ...]:
    before = years.year_before(s, fact)
    return (
        Cell(formats.month(fact.period)),
        *(audit.bare(s, s.fact(NOI, fact.entity_id, fact.period, part=part)) for part in parts),
        audit.bare(s, fact),
        years.change(NOI, *(audit.cents(f) if f.value is not None else None for f in (fact, before))),
    )


def _twelve(s: Selection, who: str, parts: tuple[str, ...]) -> tuple[Cell, ...]:
    before = years.total(s, NOI, who, back=years.MONTHS)
    whole = s.fact(NOI, who)
    return (
        Cell("Twelve months"),
        *(audit.bare(s, s.fact(NOI, who, part=part)) for part in parts),
        audit.bare(s, whole),
        years.change(NOI, audit.cents(whole), before),
    )


def _below(s: Selection, who: str) -> str:
    """What the financing and the other costs below the line took of the income, and what was left."""
    below, wear = (s.fact(NOI, who, part=f"below_the_line{part}") for part in ("", "_non_cash"))
    if below.value is None:
        return ""
    paid = audit.cents(below) - audit.cents(wear)
    left = audit.cents(s.fact(NOI, who)) - paid
    owed = f" Depreciation of {formats.of(wear)} is no payment and left out." if audit.cents(wear) else ""
    rest = f"{formats.money(left)} left" if left >= 0 else f"{formats.money(-left)} more than was earned"
    return f"Financing and other costs below the line: {formats.money(paid)} paid, {rest}.{owed}"


def _returns(s: Selection, who: str) -> Table:
    facts = [s.fact(metric_id, who) for metric_id in RETURNS]
    rows = tuple(
        (Cell(s.kpi(f.metric_id).label), audit.bare(s, f), _prior(s, f), audit.said(audit.note(f)))
        for f in facts
        if f.inputs
    )
    heads = (Column("Figure"), Column("Now", "right"), Column("Previous report", "right"), Column("Note"))
    empty = audit.missing(s.fact(NOI, who), "Add tables ledger, account and asset.")
    return Table("Returns and cover, latest 12 complete months, actual", heads, rows, empty=empty)


def _prior(s: Selection, fact: Fact) -> Cell:
    before = s.prior(fact)
    return Cell("\u2013") if before is None else audit.bare(s, before)
