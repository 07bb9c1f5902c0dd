"""The CFO's section on burn: operating cash by month and by entity."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import phrases, pictures
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words

_MONTHS = 6
MOST_ENTITIES = 12
"""Entities listed individually; a mail has no room for more."""

_Burn = tuple[Cell, Fact, Fact, Fact]
"""A month or the mean; its gross burn, net burn, and net burn with capital expenditure."""


def burn(s: Selection) -> Section:
    """The section on burn."""
    months, mean = s.months("net_burn", _MONTHS), s.fact("net_burn")
    chart = pictures.by_month(
        s,
        "burn",
        "Net burn",
        months,
        instead=f"Net burn is not available: {mean.reason}",
        levels=[Level(mean.number, f"mean {formats.within_period(mean)}")] if mean.number is not None else [],
        finding=_found(s, months, mean),
    )
    return section("Burn", chart=chart, months=_months(s, months), entities=_entities(s))


def _found(s: Selection, months: Sequence[Fact], mean: Fact) -> str:
    """The latest month against the mean, and the range of all months."""
    known = [fact for fact in months if fact.number is not None]
    if not known:
        return ""
    last, low, high = known[-1], min(known, key=cents), max(known, key=cents)
    compared = ""
    if mean.number is not None:
        away = Decimal(last.number or 0) - mean.number
        side = f"{formats.money(abs(away))} {'above' if away > 0 else 'below'}" if away else "as much as"
        compared = f", {side} the mean of {window(s)}"
    span = " and ".join(f"{formats.within_period(f)} ({formats.month(f.period)})" for f in (low, high))
    return (
        f"{formats.month(last.period)} burned {formats.within_period(last)}{compared}; the months lie between {span}."
    )


def _months(s: Selection, months: Sequence[Fact]) -> Table:
    def row(name: Cell, period: str = "") -> _Burn:
        gross, net, free = (s.fact(m, period=period) for m in ("gross_burn", "net_burn", "free_cash_flow_burn"))
        return name, gross, net, free

    return table(
        "Operating cash by complete month, actual",
        [row(Cell(fact.period, "month"), fact.period) for fact in months],
        (
            words("Month", lambda row: row[0]),
            figures("Received", lambda row: _difference(row[1], row[2])),
            figures("Gross burn", lambda row: row[1]),
            figures("Net burn", lambda row: row[2]),
            figures("Capex", lambda row: _difference(row[3], row[2])),
            figures("With capex", lambda row: row[3]),
        ),
        total=row(Cell(f"Mean of {window(s)}")),
        empty=phrases.unless(s.month("net_burn"), "Not available: the ledger has no complete month."),
    )


def _entities(s: Selection) -> Table:
    facts = sorted(
        (fact for fact in s.facts("net_burn") if fact.entity_id != GROUP),
        key=lambda f: (f.value is None, -cents(f), f.entity_id),
    )
    more = len(facts) - MOST_ENTITIES
    return table(
        f"Mean burn of {window(s)} by entity, highest first, actual",
        [fact.entity_id for fact in facts[:MOST_ENTITIES]],
        (
            words("Entity", s.entity),
            figures("Net burn per month", lambda entity: s.fact("net_burn", entity)),
            figures("Gross burn per month", lambda entity: s.fact("gross_burn", entity)),
            figures("Cash", lambda entity: s.fact("cash_balance", entity)),
        ),
        total=GROUP,
        note=" ".join(
            filter(
                None,
                (
                    "Cash is shown where it is held; advances between entities are not burn.",
                    phrases.left_out(more, "entity"),
                ),
            )
        ),
        empty=phrases.unless(s.fact("net_burn"), "Not available: no entity has postings."),
    )


def _difference(one: Fact, other: Fact) -> Cell:
    """One amount less another."""
    if one.number is None or other.number is None:
        return Cell(None, "cents")
    return Cell(Decimal(one.number) - other.number, "cents")
