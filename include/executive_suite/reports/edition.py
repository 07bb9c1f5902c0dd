"""A later edition of the month: its mail holds only what has changed since the earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats, written
from executive_suite.facts.earlier import Told
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision, Kpi, Page
from executive_suite.reports import phrases, story
from executive_suite.reports.absence import left, none
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
    moved = tuple(shown for kpi in page.kpis if (shown := _moved(s, kpi, since)))
    every = (*page.decisions, *page.later)
    asked = tuple(one for one in every if _new(one, since))
    lead, *others = (*told, *gone) or (_count(told, moved, asked, day),)
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
    over = [(said, name) for name, (said, *to) in sorted(since.signals.items()) if report in to and name not in now]
    return tuple(phrases.sentence(_over(s, said, name, since)) for said, name in over)


def _over(s: Selection, said: str, name: str, since: Told) -> str:
    """That a signal of the earlier edition is none any more."""
    told = written.quoted(said, f"signal {name} of {since.made_on}")
    still = [one for one in s.figures.signals if one.signal_id == name]
    return none("No longer: {said}", left(still), said=told)


def _moved(s: Selection, kpi: Kpi, since: Told) -> Kpi | None:
    """A figure next to that of the earlier edition; None if it has not changed, or is about another time."""
    metric_id, entity_id, period, *further = kpi.fact_id.split("/") if kpi.fact_id else ("", "", "")
    before = since.values.get(f"{metric_id}/{entity_id}")
    if period != s.figures.report_date.isoformat() or further or before is None:
        return None
    fact = s.fact(metric_id, entity_id)
    if str(fact.value) == before:
        return None
    value = _value(before)
    turned = fact.number is not None and kpi.value != fact.value and kpi.value == -fact.number
    shown = formats.amount(-value if turned and isinstance(value, Decimal) else value, kpi.unit)
    told = written.kept(shown, f"{metric_id}/{entity_id}/{since.made_on}")
    return replace(kpi, comparison=f"{formats.day_of_year(since.made_on)}: {told}", note="")


def _value(text: str) -> Decimal | str:
    return Decimal(text) if text.lstrip("-").replace(".", "", 1).isdigit() else text


def _new(decision: Decision, since: Told) -> bool:
    """Whether a decision was not asked for before; one that only the report asks is as old as its figures."""
    return bool(decision.item_id) and decision.item_id not in since.actions


def _count(news: Sequence[str], figures: Sequence[Kpi], decisions: Sequence[Decision], day: str) -> str:
    """What an edition without a new signal leads with."""
    if not figures and not decisions:
        return none("Nothing has changed since {day}.", left((*news, *figures, *decisions)), day=day)
    moved = say_many(
        "{count} figure changed", "{count} figures changed", len(figures), count=formats.number(len(figures))
    )
    asked = say_many(
        "{count} new decision", "{count} new decisions", len(decisions), count=formats.number(len(decisions))
    )
    listed = formats.series([said for said, some in ((moved, figures), (asked, decisions)) if some])
    return none("Since {day}: {listed}; no new signal.", left(news), day=day, listed=listed)
