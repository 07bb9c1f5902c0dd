"""The CFO's section on burn: operating cash by month and by entity; in good months, what operations add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Level
from executive_suite.reports import phrases, pictures, pictures_change
from executive_suite.reports.absence import left
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import say

_MONTHS = 6
MOST_ENTITIES = 12
"""Entities listed individually."""

_Burn = tuple[Cell, Fact, Fact, Fact]
"""A month or the mean; its gross burn, net burn, and net burn with capital expenditure."""


def burn(s: Selection) -> Section:
    """The section on burn, or on what operations add to cash."""
    months, mean = s.months("net_burn", _MONTHS), s.fact("net_burn")
    return section(
        "Burn",
        covered=mean.value is not None,
        point=_point(s, months, mean),
        rows={
            "chart": _chart(s, months, mean),
            "causes": pictures_change.cash_change(s),
            "months": _months(s, months),
            "entities": _entities(s),
        },
        **shown(units=_units(s)),
    )


def _adds(mean: Fact) -> bool:
    """Whether operations add to cash."""
    return mean.number is not None and mean.number < 0


def _turned(fact: Fact) -> Fact:
    """Net burn as what operations add: the same figure with the other sign."""
    return fact if fact.number is None else replace(fact, value=-Decimal(fact.number))


def _point(s: Selection, months: Sequence[Fact], mean: Fact) -> str:
    """The mean, its range, and who burns or brings most."""
    known = [fact for fact in months if fact.number is not None]
    if mean.number is None or not known:
        return say("Net burn is {mean}.", mean=phrases.of(mean))
    adds = _adds(mean)
    signed = [_turned(fact) if adds else fact for fact in known]
    low, high = min(signed, key=cents), max(signed, key=cents)
    amount = formats.money(abs(Decimal(mean.number)))
    course = say("Cash grows by {amount}", amount=amount) if adds else say("We burn {amount}", amount=amount)
    span = " to ".join(f"{formats.money(cents(fact))} ({formats.month(fact.period)})" for fact in (low, high))
    last = f"{formats.month(known[-1].period)} {_flow(known[-1])}"
    return say(
        "{course} a month on average over {window}, from {span}; {last}. {main}",
        course=course,
        window=window(s),
        span=span,
        last=last,
        main=_main(s, mean),
    ).strip()


def _flow(fact: Fact) -> str:
    """What operations did to cash in a month."""
    amount = cents(fact)
    return (
        say("added {amount}", amount=formats.money(-amount))
        if amount < 0
        else say("burned {amount}", amount=formats.money(amount))
    )


def _main(s: Selection, mean: Fact) -> str:
    """The entity with the largest part of the mean, of several."""
    every = [fact for fact in s.facts("net_burn") if fact.entity_id != GROUP]
    own = [fact for fact in every if cents(fact) * cents(mean) > 0]
    if not own or len(every) == 1 or not mean.number:
        return ""
    most = max(own, key=lambda f: (abs(cents(f)), f.entity_id))
    verb = say("brings") if _adds(mean) else say("takes")
    return say(
        "{entity_id} {verb} the most, {most} a month.",
        entity_id=s.entity(most.entity_id),
        verb=verb,
        most=formats.money(abs(cents(most))),
    )


def _chart(s: Selection, months: Sequence[Fact], mean: Fact) -> Chart:
    turned = _adds(mean)
    drawn = [_turned(fact) for fact in months] if turned else list(months)
    level = _turned(mean) if turned else mean
    title = say("Cash added by operations") if turned else say("Net burn")
    return pictures.by_month(
        s,
        "burn",
        title,
        drawn,
        instead=say("Net burn is not available: {reason}", reason=mean.reason),
        levels=[Level(level.number, say("mean {level}", level=formats.within_period(level)))]
        if level.number is not None
        else [],
        finding=_found(drawn, level, turned=turned),
    )


def _found(months: Sequence[Fact], mean: Fact, *, turned: bool) -> str:
    """The latest month against the mean."""
    known = [fact for fact in months if fact.number is not None]
    if not known:
        return ""
    last = known[-1]
    compared = ""
    if mean.number is not None:
        away = Decimal(last.number or 0) - mean.number
        size = formats.money(abs(away))
        side = say("as much as")
        if away:
            side = say("{size} above", size=size) if away > 0 else say("{size} below", size=size)
        compared = say(", {side} the mean", side=side)
    flow = _flow(_turned(last) if turned else last)
    return f"{formats.month(last.period)} {flow}{compared}."


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
        total=row(Cell(say("Mean of {window}", window=window(s)))),
        empty=phrases.unless(s.month("net_burn"), "Not available: the ledger has no complete month.", left(months)),
    )


def _units(s: Selection) -> Table:
    """The body's short list: who burns, or adds, most, and who holds the cash."""
    mean = s.fact("net_burn")
    adds = _adds(mean)
    facts = [fact for fact in s.facts("net_burn") if fact.entity_id != GROUP and fact.number is not None]
    facts.sort(key=lambda f: ((cents(f) if adds else -cents(f)), f.entity_id))
    return lean(
        table(
            say(
                "Mean {value} per month over {window}, and cash held",
                value=say("added") if adds else say("burned"),
                window=window(s),
            ),
            [fact.entity_id for fact in facts],
            (
                words("Entity", s.entity),
                figures("Added" if adds else "Burned", lambda entity: _shown(s.fact("net_burn", entity), turned=adds)),
                figures("Cash", lambda entity: s.fact("cash_balance", entity)),
            ),
            total=GROUP,
        )
    )


def _shown(fact: Fact, *, turned: bool) -> Cell:
    return cells.of(_turned(fact) if turned else fact, notes="never")


def _entities(s: Selection) -> Table:
    facts = sorted(
        (fact for fact in s.facts("net_burn") if fact.entity_id != GROUP),
        key=lambda f: (f.value is None, -cents(f), f.entity_id),
    )
    more = len(facts) - MOST_ENTITIES
    return table(
        say("Mean burn of {window} by entity, highest first, actual", window=window(s)),
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
                    say("Cash is shown where it is held; advances between entities are not burn."),
                    phrases.left_out(more, "entity"),
                ),
            )
        ),
        empty=phrases.unless(s.fact("net_burn"), "Not available: no entity has postings.", left(facts)),
    )


def _difference(one: Fact, other: Fact) -> Cell:
    """One amount less another."""
    if one.number is None or other.number is None:
        return Cell(None, "cents")
    return Cell(Decimal(one.number) - other.number, "cents")
