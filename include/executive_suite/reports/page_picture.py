"""The picture of page one where cash is not the reader's subject: the series that broke, else the reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import Signal
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Chart
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

MONTHS = 13
"""A year and the same month of the year before."""
_DAYS_AHEAD = 190
_LEAST_ENDS, _MOST_ENDS = 2, 6
_STEPS = "funnel_step_count"


def broken(s: Selection, report: str, fallback: str, entity_id: str) -> Chart:
    """The first series of the reader's list that broke, by month; without one, a figure of the reader's.

    Args:
        s: The figures.
        report: Whose list.
        fallback: The figure, monthly.
        entity_id: Of whom.
    """
    for signal in s.figures.signals:
        if signal.kind == "break" and report in signal.readers:
            facts = _series(s, signal)
            if len(facts) > 1:
                return _by_month(s, facts, _named(s, facts[-1]), signal.since)
    return by_month(s, fallback, entity_id)


def by_month(s: Selection, metric_id: str, entity_id: str, finding: str = "") -> Chart:
    """A figure of one entity over thirteen months, next to the year before."""
    facts = s.months(metric_id, MONTHS, entity_id)
    named = _named(s, facts[-1]) if facts else say(definition_of(metric_id).name)
    return _by_month(s, facts, named, "", finding=finding or _latest(s, facts, named))


def _by_month(s: Selection, facts: Sequence[Fact], named: str, since: str, *, finding: str = "") -> Chart:
    drawn = pictures.by_month(
        s,
        "page-one",
        named,
        facts,
        instead=phrases.missing(facts[-1], "") if facts else say("{named} by month is not available.", named=named),
        tone=lambda fact: "act" if since and fact.period >= since[:7] else "neutral",
        with_year_before=not since,
        tall=True,
    )
    lighter = say(" (lighter: a year before)") if "prior" in drawn.svg else ""
    unit = formats.unit(formats.once(facts[-1].unit)) if facts else ""
    thousand = say("thousand {unit}", unit=unit)
    measured = f", {thousand if thousand in drawn.title else unit}" if unit else ""
    return replace(
        drawn,
        title=say("{named} by month{measured}{lighter}", named=named, measured=measured, lighter=lighter),
        finding=finding,
    )


def _latest(s: Selection, facts: Sequence[Fact], named: str) -> str:
    """What twelve months brought, next to the twelve before; for less than that, the latest month."""
    known = [fact for fact in facts if fact.number is not None]
    if not known:
        return ""
    whole, before_that = (
        months.total(s, known[-1].metric_id, known[-1].entity_id, back=back) for back in (0, months.YEAR)
    )
    if known[-1].unit == "cents" and whole is not None and before_that is not None:
        return say(
            "{named}: {whole} in 12 months, after {before_that} the year before.",
            named=named,
            whole=formats.money(whole),
            before_that=formats.money(before_that),
        )
    before = months.year_before(s, known[-1])
    then = (
        say(", after {before} a year before", before=formats.within_period(before)) if before.number is not None else ""
    )
    return say(
        "{named}: {known} in {period}{then}.",
        named=named,
        known=formats.within_period(known[-1]),
        period=formats.near(known[-1].period),
        then=then,
    )


def _named(s: Selection, fact: Fact) -> str:
    """What a fact measures, of whom, in a reader's words."""
    part = next((value for name, value in fact.dimensions.items() if name in {"step", "service"}), "")
    what = phrases.capital(phrases.words_of(part)) if part else say(definition_of(fact.metric_id).name)
    return f"{what}, {s.entity(fact.entity_id)}"


def _series(s: Selection, signal: Signal) -> tuple[Fact, ...]:
    """The monthly facts of the series that a signal is about; none where the run has no such figure."""
    subject = signal.subject
    if subject.metric_id:
        return s.months(subject.metric_id, MONTHS, signal.entity_id, **subject.dimensions)
    wanted = {str(month) for month in complete_months(s.figures.report_date, MONTHS)}
    step = subject.key.get("step")
    return tuple(
        fact
        for fact in s.every(_STEPS)
        if step and fact.entity_id == signal.entity_id and fact.dimensions.get("step") == step and fact.period in wanted
    )


def ends(s: Selection, items: Sequence[tuple[str, date]], what: str, entity_id: str) -> Chart:
    """What ends in the half year ahead, by its day; revenue by month where that is one thing at most."""
    today = s.figures.report_date
    near = [item for item in items if 0 <= (item[1] - today).days <= _DAYS_AHEAD][:_MOST_ENDS]
    if len(near) < _LEAST_ENDS:
        return by_month(s, "revenue", entity_id)
    return pictures.timeline(
        "page-one",
        say("{what} ending within {days_ahead} days", what=what, days_ahead=_DAYS_AHEAD),
        near,
        today=today,
        days=_DAYS_AHEAD,
        instead="",
        finding=say("First to end: {what}, on {day}.", what=near[0][0], day=formats.near(near[0][1])),
        tall=True,
    )
