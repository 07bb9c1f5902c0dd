"""Monthly figures on page one and in tables: the last complete month beside the month before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Kpi
from executive_suite.rendering.charts import Point
from executive_suite.reports import news
from executive_suite.reports.selection import Selection


def latest(s: Selection, metric_id: str, entity_id: str = GROUP, **dimensions: str) -> Fact:
    """The fact of the last complete month; where the run has none, one that says so."""
    (month,) = complete_months(s.figures.report_date, 1)
    return s.fact(metric_id, entity_id, str(month), **dimensions)


def before(s: Selection, metric_id: str, entity_id: str = GROUP, **dimensions: str) -> Fact:
    """The fact of the month before the last complete one."""
    month = complete_months(s.figures.report_date, 2)[0]
    return s.fact(metric_id, entity_id, str(month), **dimensions)


def number(fact: Fact) -> Decimal | None:
    """The value of a fact as a number; None when it has none or is text."""
    if fact.value is None or isinstance(fact.value, bool):
        return None
    if isinstance(fact.value, str):
        return Decimal(fact.value) if fact.unit.startswith("USD") else None
    return Decimal(fact.value)


def points(facts: Sequence[Fact]) -> list[Point]:
    """A chart's points from monthly facts that have a number."""
    return [
        Point(formats.month(fact.period)[:3], value, formats.number(value))
        for fact in facts
        if (value := number(fact)) is not None
    ]


def divided(s: Selection, metric_id: str, month: str, *names: str) -> list[Fact]:
    """Facts of one month, of every entity, divided by exactly these dimensions."""
    return [
        f for f in s.figures.facts if f.metric_id == metric_id and f.period == month and set(f.dimensions) == set(names)
    ]


def whole(fact: Fact) -> int:
    """The value of a fact as a whole number, for ordering; 0 when it has none."""
    return int(number(fact) or 0)


def kpi(s: Selection, metric_id: str, label: str = "", entity_id: str = GROUP, **dimensions: str) -> Kpi:
    """The last complete month beside the month before."""
    now, prior = latest(s, metric_id, entity_id, **dimensions), before(s, metric_id, entity_id, **dimensions)
    value, base = number(now), number(prior)
    comparison, judged = "no prior month: none set", "neutral"
    if value is not None and base is not None:
        comparison = f"{formats.month(prior.period)} {formats.of(prior)}{_change(now, value - base, base)}"
        judged = news.tone(metric_id, value - base)
    name = label or definition_of(metric_id).name
    return Kpi(
        f"{name}, {formats.month(now.period)}",
        formats.of(now),
        comparison,
        judged,  # type: ignore[arg-type]
        metric_id,
        now.reason,
        now.assumed,
    )


def against_budget(s: Selection, metric_id: str, label: str, *, line: str = "") -> Kpi:
    """Money of the group in the last complete month beside its budget, else beside the month before.

    Args:
        s: The figures.
        metric_id: Monthly money.
        label: What page one calls it.
        line: Of the budget: ``revenue`` or ``expenses``; blank for what they leave.
    """
    fact = latest(s, metric_id)
    name, other = "budget", s.fact("budget_amount", period=fact.period, **({"line": line} if line else {}))
    if other.value is None:
        name, other = "month before", before(s, metric_id)
    label = f"{label}, {formats.month(fact.period)}"
    if not isinstance(fact.value, int) or not isinstance(other.value, int):
        return Kpi(label, formats.of(fact), "no target or prior: none set", metric_id=fact.metric_id, note=fact.reason)
    difference = fact.value - other.value
    moved = formats.difference(Decimal(difference), fact.unit) if difference else "unchanged"
    judged = news.tone(metric_id, difference)
    compared = f"{name} {formats.of(other)}, {moved}"
    return Kpi(label, formats.of(fact), compared, judged, metric_id, assumed=fact.assumed)


def losses(facts: Sequence[Fact], who: str) -> str:
    """What a chart of months of income is to show: for how long money has been lost, or what was earned.

    Args:
        facts: Months, cents, oldest first.
        who: Who earns or loses it, at the beginning of a sentence.
    """
    told = [(fact.period, fact.value) for fact in facts if isinstance(fact.value, int)]
    if not told:
        return ""
    run = list(takewhile(lambda item: item[1] < 0, reversed(told)))
    month = formats.month(told[-1][0])
    if not run:
        lost = sum(cents < 0 for _, cents in told)
        past = f"{lost} of the latest {formats.counted(len(told), 'month')} brought a loss"
        return f"{who} earned {formats.money(told[-1][1])} in {month}; {past}."
    if len(run) == 1:
        return f"{who} lost {formats.money(-run[0][1])} in {month}."
    together = formats.money(-sum(cents for _, cents in run))
    return f"{who} has lost money in each of the latest {len(run)} months, {together} in all."


def _change(fact: Fact, difference: Decimal, base: Decimal) -> str:
    if difference == 0:
        return ", unchanged"
    sign = "+" if difference > 0 else ""
    if fact.unit == "ratio":
        return f", {sign}{formats.number(difference * 100, 1)} points"
    return f", {sign}{formats.share(difference / abs(base))}" if base else ""
