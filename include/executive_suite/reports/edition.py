"""A later edition of the month: its mail holds only what has changed since the earlier one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.earlier import Told
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision, Kpi, Page
from executive_suite.reports import phrases, story
from executive_suite.reports.selection import Selection
from executive_suite.wording import say, say_many


def fresh(s: Selection, report: str) -> tuple[Signal, ...]:
    """The signals that a reader's page leads with: of a later edition, those that are new or say something else."""
    read = tuple(one for one in s.figures.signals if report in one.readers)
    since = _since(s)
    return tuple(one for one in read if since.signals.get(one.signal_id, ("",))[0] != one.headline) if since else read


def of(s: Selection, page: Page) -> Page:
    """Page one of a mail: the whole of it, or what has changed since the earlier edition of the month.

    The report itself stays whole: on the page, on paper and in the text.
    """
    since = _since(s)
    if since is None:
        return page
    day = formats.day_of_year(since.made_on)
    told = story.sentences(fresh(s, page.report))
    gone = _gone(s, since, page.report)
    moved = tuple(shown for kpi in page.kpis if (shown := _moved(kpi, since, s.figures.report_date.isoformat(), day)))
    every = (*page.decisions, *page.later)
    asked = tuple(one for one in every if _new(one, since))
    lead, *others = (*told, *gone) or (_count(len(moved), len(asked), day),)
    if still := len(every) - len(asked):
        others.append(
            say_many(
                "{count} decision of {day} is still open.",
                "{count} decisions of {day} are still open.",
                still,
                count=formats.number(still),
                day=day,
            )
        )
    return replace(
        page,
        period=say("{period}. Mid-month edition: what changed since {day}", period=page.period, day=day),
        message=(lead,),
        headlines=tuple(others),
        picture=None,
        kpis=moved,
        decisions=asked[: story.MOST_DECISIONS],
        later=(),
        more="",
        rest=(),
    )


def quiet(s: Selection) -> str:
    """The subject of a later edition without a new signal; empty for the first of its month."""
    since = _since(s)
    return say("No new signal since {made_on}", made_on=formats.day_of_year(since.made_on)) if since else ""


def _since(s: Selection) -> Told | None:
    return next(iter(s.figures.earlier.told), None)


def _gone(s: Selection, since: Told, report: str) -> tuple[str, ...]:
    """What the earlier edition told and this one does not."""
    now = {one.signal_id for one in s.figures.signals}
    over = [said for name, (said, *readers) in sorted(since.signals.items()) if report in readers and name not in now]
    return tuple(phrases.sentence(say("No longer: {said}", said=said)) for said in over)


def _moved(kpi: Kpi, since: Told, today: str, day: str) -> Kpi | None:
    """A figure next to that of the earlier edition; None if it has not changed, or is about another time."""
    metric_id, entity_id, period, *further = kpi.fact_id.split("/") if kpi.fact_id else ("", "", "")
    before = since.values.get(f"{metric_id}/{entity_id}")
    if period != today or further or before is None or before == str(kpi.value):
        return None
    return replace(kpi, comparison=f"{day}: {formats.amount(_value(before), kpi.unit)}", note="")


def _value(text: str) -> Decimal | str:
    return Decimal(text) if text.lstrip("-").replace(".", "", 1).isdigit() else text


def _new(decision: Decision, since: Told) -> bool:
    """Whether a decision was not asked for before; one that only the report asks is as old as its figures."""
    return bool(decision.item_id) and decision.item_id not in since.actions


def _count(figures: int, decisions: int, day: str) -> str:
    """What an edition without a new signal leads with."""
    if not figures and not decisions:
        return say("Nothing has changed since {day}.", day=day)
    moved = say_many("{count} figure changed", "{count} figures changed", figures, count=formats.number(figures))
    asked = say_many("{count} new decision", "{count} new decisions", decisions, count=formats.number(decisions))
    listed = formats.series([said for said, count in ((moved, figures), (asked, decisions)) if count])
    return say("Since {day}: {listed}; no new signal.", day=day, listed=listed)
