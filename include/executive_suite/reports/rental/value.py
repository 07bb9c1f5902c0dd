"""The rental section on the value of the property by three approaches, and the owner's equity."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import noted, say

_APPROACHES = {
    "market": noted("Market"),
    "income": noted("Income (NOI / market cap rate)"),
    "cost": noted("Cost less depreciation"),
}
_ADD_ASSET = noted("Add the property to the asset register with its market value.")


def value(s: Selection, who: str) -> Section:
    """The section on valuation: value by three approaches, and the owner's equity."""
    worth, equity, earned = (s.fact(m, who) for m in ("property_value", "property_equity", "cash_on_cash_return"))
    if worth.value is None:
        summary = [phrases.missing(worth, _ADD_ASSET)]
    else:
        summary = [say("The property is worth {worth} ({reason}).", worth=formats.of(worth), reason=worth.reason)]
        by_income = s.fact("property_value", who, approach="income")
        if cents(by_income) and cents(worth) > 0 and by_income.value != worth.value:
            away = Decimal(cents(by_income)) / cents(worth) - 1
            part, supported = formats.share(abs(away)), formats.of(by_income)
            summary.append(
                say("Its income supports {value}, {part} less.", value=supported, part=part)
                if away < 0
                else say("Its income supports {value}, {part} more.", value=supported, part=part)
            )
        if equity.value is not None:
            owed = cents(worth) - cents(equity)
            liens, own = formats.money(owed), formats.of(equity)
            if cents(worth) > 0:
                part = formats.share(Decimal(owed) / cents(worth))
                liens = say("{owed} ({part} of the value)", owed=liens, part=part)
            summary.append(say("Less liens of {liens}, the owner's equity is {equity}.", liens=liens, equity=own))
        if earned.value is not None:
            summary.append(say("The cash put into it earned {earned} in 12 months.", earned=formats.of(earned)))
    return section(
        "Valuation",
        covered=worth.value is not None,
        point=" ".join(summary),
        rows={"approaches": _approaches(s, who, worth, equity)},
    )


def _approaches(s: Selection, who: str, worth: Fact, equity: Fact) -> Table:
    rows: list[tuple[str, Fact | Cell, Cell, str]] = []
    for approach, name in _APPROACHES.items():
        fact = s.fact("property_value", who, approach=approach)
        away = Cell(NOTHING)
        if cents(fact) and cents(worth) > 0:
            away = Cell(Decimal(cents(fact)) / cents(worth) - 1, "ratio", signed=True)
        rows.append((say(name), fact, away, phrases.reason(fact)))
    if equity.value is not None and worth.value is not None:
        rows.append((say("Liens"), Cell(cents(worth) - cents(equity), "cents"), Cell(), ""))
    basis = say("value less liens") if equity.value is not None else equity.reason
    rows.append((say("Owner's equity"), equity, Cell(), basis))
    return table(
        "Value of the property by three approaches, at the report date",
        rows if worth.inputs else (),
        (
            words("Approach", lambda row: row[0]),
            figures("Value", lambda row: row[1], notes="never"),
            figures("Against value", lambda row: row[2]),
            words("Basis and date", lambda row: row[3]),
        ),
        empty=phrases.missing(worth, _ADD_ASSET),
    )
