"""The figures of page one: a value, its comparison with a target, budget or earlier value, and a verdict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Kpi, Tone
from executive_suite.reports import news
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

YEAR = 12
"""Months."""
NOTHING_SET = noted("no target, no earlier value")


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
    """A figure next to its target, else to its prior value.

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
    tone: Tone = "neutral"
    comparison = ""
    before = s.prior(fact)
    if target is not None and target.value is not None:
        comparison = _compared(fact, target, target_is)
        if fact.number is not None and target.number is not None:
            tone = news.against(metric_id, fact.number - target.number)
    elif before is not None and before.value is not None:
        comparison = _compared(fact, before, noted("prior"))
        if fact.number is not None and before.number is not None:
            same = formats.alike(fact.value, before.value, fact.unit)
            tone = "neutral" if same else news.moved(metric_id, fact.number - before.number)
    if definition_of(metric_id).better == "zero" and target is None and fact.number is not None:
        comparison = say("target 0; {comparison}", comparison=comparison) if comparison else say("target 0")
        tone = "act" if fact.number > 0 else "fine"
    return _made(fact, label or say(definition_of(metric_id).name), comparison, tone)


def past_runway(s: Selection) -> Kpi:
    """The runway at the burn of the past, next to its floor: above it is no good news while cash runs out ahead."""
    shown = kpi(s, "cash_runway_months", target=s.fact("runway_floor"), target_is=noted("floor"))
    return replace(shown, tone="watch") if shown.tone == "fine" and s.foretold else shown


def monthly(s: Selection, metric_id: str, label: str = "") -> Kpi:
    """The group's last complete month next to the same month of last year, then to the month before.

    A season makes the month before a poor judge: the verdict follows last year where it is known.
    """
    now = s.month(metric_id)
    name = f"{say(label or definition_of(metric_id).name)}, {formats.month(now.period)}"
    known = [other for other in (s.month(metric_id, back=YEAR), s.month(metric_id, back=1)) if other.number is not None]
    if now.number is None or not known:
        return _made(now, name, "", "neutral")
    difference = Decimal(now.number - (known[0].number or 0))
    compared = "; ".join(_compared(now, other, formats.month(other.period)) for other in known)
    return _made(now, name, compared, news.moved(metric_id, difference))


def against_budget(s: Selection, metric_id: str, label: str, *, line: str = "") -> Kpi:
    """The group's last complete month next to its budget (else the month before), and to the same month of last year.

    Args:
        s: The figures.
        metric_id: Monthly money.
        label: Its name on page one.
        line: Of the budget: ``revenue`` or ``expenses``; empty for net income.
    """
    fact = s.month(metric_id)
    budget = s.fact("budget_amount", period=fact.period, **({"line": line} if line else {}))
    other, name = (
        (budget, say("budget")) if budget.value is not None else (s.month(metric_id, back=1), say("month before"))
    )
    label = f"{say(label)}, {formats.month(fact.period)}"
    if fact.number is None or other.number is None:
        return _made(fact, label, "", "neutral")
    difference = fact.number - other.number
    moved = formats.difference(Decimal(difference), fact.unit) if difference else say("unchanged")
    judged = news.moved(metric_id, difference)
    if other is budget:
        judged = news.against(metric_id, difference, missed="watch")
    year_ago = s.month(metric_id, back=YEAR)
    before = "" if year_ago.number is None else f"; {_compared(fact, year_ago, formats.month(year_ago.period))}"
    return replace(_made(fact, label, f"{name} {formats.of(other)}, {moved}{before}", judged), note="")


def explained(item: Kpi, fact: Fact) -> str:
    """What a figure is compared with; if it has no value, why."""
    return item.comparison if fact.value is not None else f"{say(formats.NOT_AVAILABLE)}: {fact.reason}"


def _made(fact: Fact, label: str, comparison: str, tone: Tone) -> Kpi:
    words = comparison or say(NOTHING_SET)
    return Kpi(say(label), fact.value, fact.unit, words, tone, fact.metric_id, fact.reason, fact.assumed, fact.fact_id)


def _compared(fact: Fact, other: Fact, name: str) -> str:
    text = f"{say(name)} {formats.amount(other.value, fact.unit)}"
    if fact.number is None or other.number is None:
        return text
    difference = Decimal(fact.number) - Decimal(other.number)
    if formats.alike(fact.value, other.value, fact.unit):
        return say("{text}, unchanged", text=text)
    # A percentage of a loss, or from a profit to a loss, tells nobody anything.
    if not (formats.is_money(fact.unit) or fact.unit == "x") or other.number <= 0 or fact.number < 0:
        return f"{text}, {formats.difference(difference, fact.unit)}"
    part = difference / abs(Decimal(other.number))
    return f"{text}, {formats.amount(part, 'ratio', signed=True)}"
