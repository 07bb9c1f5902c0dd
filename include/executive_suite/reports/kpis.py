"""The figures of page one: a value, its last twelve months, one comparison in a few words, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports import news
from executive_suite.reports.absence import left, none
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

YEAR = 12
"""Months."""
MOST = 6
"""Figures on a page one."""
ENOUGH = 3
"""Figures without which there is no page one."""
NOTHING_SET = noted("no target, no earlier value")
_STOCKS = frozenset({"cash_balance"})
"""Figures at a date whose months are balances at their ends."""


def chosen(given: Sequence[Kpi]) -> tuple[Kpi, ...]:
    """The six of page one: the first that have a value, filled up with the first that have none, in their order."""
    known = [kpi for kpi in given if kpi.value is not None][:MOST]
    missing = [kpi for kpi in given if kpi.value is None][: MOST - len(known)]
    return tuple(kpi for kpi in given if kpi in known or kpi in missing)


def kpi(
    s: Selection,
    metric_id: str,
    label: str = "",
    *,
    entity_id: str = GROUP,
    target: Fact | None = None,
    target_is: str = noted("target"),
    unit: str = "",
    **dimensions: str,
) -> Kpi:
    """A figure next to its target, else to last year, else to the last report.

    A count of things to fix always has the target 0: one gap fewer than last time is not good news while seven are
    open.

    Args:
        s: The figures.
        metric_id: Which figure.
        label: Its name on page one; by default that of the metric.
        entity_id: Whose.
        target: What it should reach; only one with a value counts.
        target_is: What the target is called.
        unit: The reader's name for what is counted ("charters" for units), if there is one.
        dimensions: The part of the figure.
    """
    fact = s.fact(metric_id, entity_id, **dimensions)
    fact = replace(fact, unit=unit or fact.unit)
    history = _history(s, fact)
    made = replace(_made(fact, say(label or definition_of(metric_id).name)), history=_numbers(history))
    if fact.value is None:
        return made
    before, tone = s.prior(fact), made.tone
    if before is not None and before.number is not None and fact.number is not None:
        same = formats.alike(fact.value, before.value, fact.unit)
        tone = "neutral" if same else news.moved(metric_id, fact.number - before.number)
    if definition_of(metric_id).better == "zero" and target is None and fact.number is not None:
        tone = "act" if fact.number > 0 else "fine"
        made = replace(made, aim=0)
    if target is not None and target.value is not None:
        if fact.number is not None and target.number is not None:
            tone = news.against(metric_id, fact.number - target.number)
        return replace(made, comparison=f"{say(target_is)} {formats.of(target)}", tone=tone, aim=target.number)
    if len(history) > YEAR and history[0].number is not None:
        then = f"{formats.month(history[0].period)}: {formats.within_period(replace(history[0], unit=fact.unit))}"
        return replace(made, comparison=then, tone=tone)
    words = _since(s, fact, before) or (
        _alone(target, before) if made.aim is None else say("target {aim}", aim=formats.number(made.aim))
    )
    return replace(made, comparison=words, tone=tone)


def monthly(s: Selection, metric_id: str, label: str = "", *, entity_id: str = GROUP) -> Kpi:
    """The last complete month next to the same month of last year, else to the month before.

    A season makes the month before a poor judge: the verdict follows last year where it is known.
    """
    now = s.month(metric_id, entity_id)
    known = [s.month(metric_id, entity_id, back=back) for back in (YEAR, 1)]
    other = next((one for one in known if one.number is not None), None)
    history = _numbers(s.months(metric_id, YEAR + 1, entity_id))
    made = replace(_made(now, _of_month(say(label or definition_of(metric_id).name), now)), history=history)
    if now.value is None:
        return made
    if now.number is None or other is None:
        return replace(made, comparison=_alone(*known))
    tone = news.moved(metric_id, Decimal(now.number) - Decimal(other.number or 0))
    return replace(made, comparison=_then(other), tone=tone)


def against_budget(s: Selection, metric_id: str, label: str, *, line: str = "") -> Kpi:
    """The group's last complete month next to the same month of last year, and its budget as a line.

    Args:
        s: The figures.
        metric_id: Monthly money.
        label: Its name on page one.
        line: Of the budget: ``revenue`` or ``expenses``; empty for net income.
    """
    shown = monthly(s, metric_id, label)
    fact = s.month(metric_id)
    budget = s.fact("budget_amount", period=fact.period, **({"line": line} if line else {}))
    if fact.number is None or budget.number is None:
        return shown
    tone = news.against(metric_id, fact.number - budget.number, missed="watch")
    named = say("budget {budget}", budget=formats.of(budget))
    words = shown.comparison if shown.comparison != say(NOTHING_SET) else named
    return replace(shown, comparison=words, tone=tone, aim=budget.number)


def explained(item: Kpi, fact: Fact) -> str:
    """What a figure is compared with; if it has no value, why."""
    return item.comparison if fact.value is not None else f"{say(formats.NOT_AVAILABLE)}: {fact.reason}"


def _history(s: Selection, fact: Fact) -> tuple[Fact, ...]:
    """The latest thirteen months of a figure, up to what it is now; empty where its months measure something else."""
    months = s.months(fact.metric_id, YEAR + 1, fact.entity_id, **fact.dimensions)
    if not months or fact.number is None:
        return ()
    if formats.alike(months[-1].number, fact.value, fact.unit):
        return months
    return (*months[1:], fact) if fact.metric_id in _STOCKS else ()


def _numbers(facts: Sequence[Fact]) -> tuple[Decimal | int | None, ...]:
    return tuple(fact.number for fact in facts)


def _made(fact: Fact, label: str) -> Kpi:
    words = fact.reason if fact.value is None else ""
    return Kpi(label, fact.value, fact.unit, words, "neutral", fact.metric_id, "", fact.assumed, fact.fact_id)


def _alone(*others: Fact | None) -> str:
    """That a figure has nothing to be compared with; the others are those that it could be, with a value."""
    return none(NOTHING_SET, left(one for one in others if one is not None and one.value is not None))


def _of_month(label: str, fact: Fact) -> str:
    return f"{label}, {formats.near(fact.period)}"


def _then(fact: Fact) -> str:
    return f"{formats.month(fact.period)}: {formats.within_period(fact)}"


def day_before(s: Selection) -> str:
    """The date of the last report, for a comparison."""
    return formats.near(s.figures.previous_date)


def _since(s: Selection, fact: Fact, before: Fact | None) -> str:
    """A figure at the last report: what it was, or that it is the same; empty without one."""
    if before is None or before.value is None:
        return ""
    if formats.alike(fact.value, before.value, fact.unit):
        return say("unchanged since {day}", day=day_before(s))
    return f"{day_before(s)}: {formats.within_period(replace(before, unit=fact.unit))}"
