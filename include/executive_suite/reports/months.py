"""Figures by month: sums over twelve complete months, the year before, and streaks of losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import takewhile

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Table
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.wording import noted, say

YEAR = 12


def year_before(s: Selection, fact: Fact) -> Fact:
    """The same monthly fact a year earlier; an absent one if the run has none."""
    period = f"{int(fact.period[:4]) - 1:04d}{fact.period[4:]}"
    return s.fact(fact.metric_id, fact.entity_id, period, **fact.dimensions)


def divided(s: Selection, metric_id: str, month: str, *names: str) -> list[Fact]:
    """The facts of one month, of every entity, divided by exactly these dimensions."""
    return [fact for fact in s.every(metric_id) if fact.period == month and fact.dimensions.keys() == set(names)]


def total(s: Selection, metric_id: str, entity_id: str, *, back: int = 0, **dimensions: str) -> int | None:
    """The sum of a monthly flow over twelve complete months, cents.

    Args:
        s: The figures.
        metric_id: A flow, such as income or cost; never a rate.
        entity_id: Whose.
        back: How many months earlier than the latest twelve complete ones.
        dimensions: The part of the flow. A month with a whole and without the part counts as 0.

    Returns:
        The sum; None if the whole flow of one of the months is missing.
    """
    found = 0
    for month in complete_months(s.figures.report_date, YEAR + back)[:YEAR]:
        whole, part = s.fact(metric_id, entity_id, str(month)), s.fact(metric_id, entity_id, str(month), **dimensions)
        if whole.value is None:
            return None
        found += cents(part)
    return found


def parts(s: Selection, metric_id: str, entity_id: str, dimension: str) -> set[str]:
    """The parts of a flow in the latest 24 months, so that both years add up even if a part has ended."""
    periods = {str(month) for month in complete_months(s.figures.report_date, 2 * YEAR)}
    return {
        fact.dimensions[dimension]
        for fact in s.every(metric_id)
        if fact.entity_id == entity_id and fact.dimensions.keys() == {dimension} and fact.period in periods
    }


def by_part(  # noqa: PLR0913 - a table is its title, its rows, and what is printed around them
    s: Selection,
    whole: Fact,
    dimension: str,
    *,
    title: str,
    head: str,
    name: Callable[[str], str],
    total_name: str,
    note: str = "",
    empty: str,
    shares: bool = True,
) -> Table:
    """A flow of twelve months by its parts, largest first, next to the twelve months before.

    Args:
        s: The figures.
        whole: The flow at the report date, over the latest twelve complete months.
        dimension: What divides it. Parts that ended in the year before have a row too, so that both columns add up.
        title: Of the table.
        head: Of the column of parts.
        name: What a reader calls a part.
        total_name: Of the last row.
        note: Printed under the table.
        empty: Printed in place of the table if there is no part.
        shares: Whether each part has its share of the whole; a phone has no room for it.
    """
    metric_id, who = whole.metric_id, whole.entity_id
    now = {fact.dimensions[dimension]: fact for fact in s.facts(metric_id, dimension, entity_id=who)}
    names = sorted({*now, *parts(s, metric_id, who, dimension)}) if now else []
    names.sort(key=lambda part: -cents(now[part]) if part in now else 0)

    def before(part: str) -> int | None:
        return total(s, metric_id, who, back=YEAR, **({dimension: part} if part else {}))

    def current(part: str) -> Fact | None:
        return now.get(part) if part else whole

    def difference(part: str) -> Cell:
        fact = current(part)
        return cells.change(metric_id, 0 if fact is None else cents(fact), before(part))

    share: Col[str] = figures("Share", lambda part: cells.share(f, whole) if (f := current(part)) else Cell(0, "ratio"))
    return table(
        title,
        names,
        (
            words(head, name),
            figures("Amount", lambda part: cells.of(f, notes="never") if (f := current(part)) else cells.money(0)),
            *((share,) if shares else ()),
            figures("Year before", lambda part: cells.money(before(part))),
            figures("Change", difference),
        ),
        total="",
        total_name=total_name,
        note=note,
        empty=empty,
    )


def latest(count: int, what: str = noted("complete months")) -> str:
    """How a title names the months that it covers.

    >>> latest(12), latest(1), latest(0)
    ('latest 12 complete months', 'latest complete month', 'complete months')
    """
    if count == 1:
        return say("latest {what}", what=say(what.removesuffix("s")))
    return say("latest {count} {what}", count=count, what=say(what)) if count else say(what)


def span(count: int) -> str:
    """The months that a sum covers: fewer than twelve if the records begin later.

    >>> span(12), span(3), span(1)
    ('12 months', '3 months', '1 month')
    """
    return formats.counted(count, "month")


def compared(now: Decimal | int, then: Decimal | int | None) -> str:
    """How a sum of twelve months compares with the twelve before, as the rest of a sentence.

    >>> compared(90_000, 100_000), compared(5, 5), compared(5, None)
    (', 10% less than in the 12 months before', ', as in the 12 months before', '')
    """
    if then is None or then <= 0:
        return ""
    if now == then:
        return say(", as in the 12 months before")
    part = formats.share(abs(Decimal(now) - Decimal(then)) / Decimal(then))
    if now > then:
        return say(", {part} more than in the 12 months before", part=part)
    return say(", {part} less than in the 12 months before", part=part)


def losses(facts: Sequence[Fact], who: str) -> str:
    """The finding in months of income: how long money has been lost, or what was earned.

    Args:
        facts: Months, cents, oldest first.
        who: Who earns or loses it, at the beginning of a sentence.
    """
    known = [(fact.period, cents(fact)) for fact in facts if fact.number is not None]
    if not known:
        return ""
    run = list(takewhile(lambda item: item[1] < 0, reversed(known)))
    month = formats.month(known[-1][0])
    if not run:
        lost = sum(amount < 0 for _, amount in known)
        past = say(
            "{lost} of the latest {known} brought a loss",
            lost=formats.number(lost),
            known=formats.counted(len(known), "month"),
        )
        return say(
            "{who} earned {known} in {month}; {past}.",
            who=who,
            known=formats.money(known[-1][1]),
            month=month,
            past=past,
        )
    if len(run) == 1:
        return say("{who} lost {run} in {month}.", who=who, run=formats.money(-run[0][1]), month=month)
    together = formats.money(-sum(amount for _, amount in run))
    return say(
        "{who} has lost money in each of the latest {run} months, {together} in all.",
        who=who,
        run=formats.number(len(run)),
        together=together,
    )
