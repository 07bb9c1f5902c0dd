"""The board pack: a quarter next to the one before and to last year's, and what came of what was known and asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.rendering.reading import words
from executive_suite.reports import cash_picture, frame, lists, news, phrases, sharing, story
from executive_suite.reports.absence import left, none
from executive_suite.reports.board import decisions, forecast, quarter, results, signals, units
from executive_suite.reports.kpis import NOTHING_SET
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_FLOWS = ("revenue", "expenses", "net_income", "net_burn")
_CHANGES = ("cash_balance", "cash_runway_months", "net_burn", "shortfalls_open", "decisions_open")


def view(s: Selection, base: Page) -> View:
    """The board pack from the figures of a run."""
    now = quarter.latest(s)
    page = replace(
        base,
        period=say("{quarter}, reported {period}", quarter=quarter.named(now), period=base.period),
        message=_message(s),
        picture=cash_picture.picture(s, base.report),
        kpis=(*(_flow(s, metric_id) for metric_id in _FLOWS), _held(s), results.equity(s)),
        changes=frame.changes(s, *_CHANGES),
        decisions=story.asked(s, lists.agenda(s, lists.EVERYTHING)),
    )
    return View(
        page,
        {
            "results": results.results(s),
            "units": units.units(s),
            "signals": signals.signals(s),
            "decisions": decisions.decisions(s),
            "forecast": forecast.forecast(s),
        },
    )


def _message(s: Selection) -> tuple[str, ...]:
    """The top of the one list, whoever else reads it, as far as page one has room; without signals, the result."""
    told = tuple(_fitting(s))
    return told or (results.result(s) if s.figures.quarters.rows else phrases.available(s, *_FLOWS, "cash_balance"),)


def _fitting(s: Selection) -> Iterator[str]:
    room = sharing.ROOM
    for sentence in story.sentences([one for one in s.figures.signals if one.kind != "decision_open"]):
        room -= words(sentence)
        if room < 0:
            return
        yield sentence


def _flow(s: Selection, metric_id: str) -> Kpi:
    """A monthly flow over the quarter next to last year's, with the quarters between as its history."""
    now, _, before = quarter.compared(s)
    value, then = quarter.total(s, metric_id, now), quarter.total(s, metric_id, before)
    history = [quarter.total(s, metric_id, now.back(back)) for back in range(quarter.YEAR, -1, -1)]
    monthly = quarter.facts(s, metric_id, now)
    label = say(definition_of(metric_id).name)
    if value is None:
        return Kpi(label, None, "cents", _why(monthly), metric_id=metric_id)
    made = Kpi(
        label,
        value,
        "cents",
        _then(quarter.named(before), then),
        metric_id=metric_id,
        assumed=any(fact.assumed for fact in monthly),
        history=tuple(history),
        parts=tuple(fact.fact_id for fact in monthly),
    )
    return made if then is None else replace(made, tone=news.moved(metric_id, value - then))


def _held(s: Selection) -> Kpi:
    """Cash at the end of the quarter next to a year earlier."""
    now, _, before = quarter.compared(s)
    fact, then = (quarter.facts(s, "cash_balance", one)[-1] for one in (now, before))
    label = say("Cash, end of {month}", month=formats.near(fact.period))
    if fact.value is None:
        return Kpi(label, None, "cents", fact.reason, metric_id=fact.metric_id)
    ends = [quarter.facts(s, "cash_balance", now.back(back))[-1].number for back in range(quarter.YEAR, -1, -1)]
    words_ = _then(formats.month(then.period), None if then.number is None else int(then.number))
    return Kpi(
        label,
        fact.value,
        fact.unit,
        words_,
        metric_id=fact.metric_id,
        assumed=fact.assumed,
        fact_id=fact.fact_id,
        history=tuple(ends),
    )


def _then(when: str, cents: int | None) -> str:
    if cents is None:
        return none(NOTHING_SET, left(one for one in (cents,) if one is not None))
    return f"{when}: {formats.money(cents)}"


def _why(monthly: tuple[Fact, ...]) -> str:
    """Why a quarter has no sum: the reason of the first month without a value."""
    return next(phrases.reason(fact) for fact in monthly if fact.value is None)
