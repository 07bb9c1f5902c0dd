"""A funnel: people in each step, the part that goes on, an earlier month for comparison, and where it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import Signal
from executive_suite.period import Month
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts import Stage
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

COUNT = "funnel_step_count"
_BY = ("step", "step_no")


def funnel(s: Selection, entity_id: str = "", chart_id: str = "funnel") -> Chart:
    """The funnel of an entity in the last complete month; without one named, of the first whose funnel is broken."""
    month = s.month(COUNT).period
    facts = _steps(s, month, entity_id or _first(s, month))
    if not facts:
        return pictures.chart(
            chart_id, "People in each step of the funnel", "", phrases.unless(s.month(COUNT), "no month is recorded")
        )
    broken = _broken(s, facts)
    stages, listed, drawn = [], [], []
    for place, fact in enumerate(facts):
        then = _then(s, fact, broken)
        rate = s.fact("funnel_step_conversion", fact.entity_id, month, **fact.dimensions)
        stopped = place > 0 and fact.number == 0 and bool(facts[place - 1].number)
        on = "" if not place or rate.value is None else say("{rate} go on", rate=formats.of(rate))
        if stopped and broken is not None:
            on += say(": none since {since}", since=formats.month(broken.since))
        known = then is not None and then.number is not None
        stages.append(
            Stage(
                _name(fact),
                cents(fact),
                formats.of(fact),
                on,
                then.number if then is not None and known else None,
                formats.of(then) if then is not None and known else "",
                "act" if stopped else "neutral",
            )
        )
        listed.append(f"{_name(fact)} {formats.of(fact)}{f' ({on})' if on else ''}")
        drawn += [fact, *([then] if then is not None and known else [])]
    then = _then(s, facts[0], broken)
    lighter = (
        say(" (lighter: {period})", period=formats.month(then.period))
        if then is not None and then.number is not None
        else ""
    )
    return pictures.chart(
        chart_id,
        say(
            "{entity_id}: people in each step of the funnel, {month}{lighter}, actual",
            entity_id=s.entity(facts[0].entity_id),
            month=formats.month(month),
            lighter=lighter,
        ),
        charts.funnel(stages),
        say("People: {listed}", listed=", ".join(listed)),
        finding=_finding(s, facts, broken),
        facts=drawn,
    )


def _steps(s: Selection, month: str, entity_id: str) -> list[Fact]:
    found = [f for f in months.divided(s, COUNT, month, *_BY) if f.entity_id == entity_id and f.number is not None]
    return sorted(found, key=lambda fact: int(fact.dimensions["step_no"]))


def _first(s: Selection, month: str) -> str:
    every = sorted({fact.entity_id for fact in months.divided(s, COUNT, month, *_BY)})
    return next((one for one in every if _broken(s, _steps(s, month, one)) is not None), every[0] if every else "")


def _broken(s: Selection, facts: Sequence[Fact]) -> Signal | None:
    """The signal that a step of the funnel stopped."""
    steps = {(fact.entity_id, fact.dimensions["step"]) for fact in facts}
    for signal in s.figures.signals:
        about = (signal.entity_id, signal.subject.key.get("step", ""))
        if signal.kind == "break" and signal.subject.table == "funnel_event" and about in steps:
            return signal
    return None


def _then(s: Selection, fact: Fact, broken: Signal | None) -> Fact | None:
    """The same step in the month before the break, else a year earlier; None if the run has neither."""
    if broken is None:
        found = months.year_before(s, fact)
    else:
        before = Month(int(broken.since[:4]), int(broken.since[5:7])) + -1
        found = s.fact(fact.metric_id, fact.entity_id, str(before), **fact.dimensions)
    return found if found.number is not None else None


def _finding(s: Selection, facts: Sequence[Fact], broken: Signal | None) -> str:
    """Where nobody goes on, else how many get through."""
    who, month = s.entity(facts[0].entity_id), formats.month(facts[0].period)
    for before, after in pairwise(facts):
        if before.number and not after.number:
            reached, missed = (phrases.quoted(_name(fact).lower()) for fact in (before, after))
            found = none(
                "{who}: {before} people reached {reached} in {month}, none {missed}",
                zero(after),
                who=who,
                before=formats.of(before),
                reached=reached,
                month=month,
                missed=missed,
            )
            then = _then(s, after, broken)
            return (
                say(
                    "{found}; {then} did in {period}.",
                    found=found,
                    then=formats.of(then),
                    period=formats.month(then.period),
                )
                if then and then.number
                else f"{found}."
            )
    return say(
        "{who}: {facts} of {facts_2} people completed the funnel in {month}.",
        who=who,
        facts=formats.of(facts[-1]),
        facts_2=formats.of(facts[0]),
        month=month,
    )


def _name(fact: Fact) -> str:
    return phrases.capital(phrases.words_of(fact.dimensions["step"]))
