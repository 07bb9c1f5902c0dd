"""What ends or falls due in the next twelve months, by kind: the signals with a day ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.facts.signals import CASH_OUT, Signal
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Tone
from executive_suite.rendering.charts import Due
from executive_suite.reports import pictures
from executive_suite.reports.absence import left, none
from executive_suite.reports.selection import Selection
from executive_suite.wording import noted, say

DAYS = 365
INCOME = noted("Income ends")
_LANES: Mapping[str, str] = {
    "lease": INCOME,
    "client_contract": INCOME,
    "compliance_doc": "Permits and insurance",
    "tax_due": "Taxes",
    "key_role": "People",
    "cash_out_date": "Cash",
}
"""What readers call the kind of thing, by the table or the metric that a signal is about."""
_OTHERS = noted("Other deadlines")


def cliffs(s: Selection, report: str = "", chart_id: str = "cliffs") -> Chart:
    """The dated signals ahead, a lane for each kind, in the one order of signals.

    Args:
        s: The figures.
        report: Whose signals; all of them without one.
        chart_id: Unique in the report.
    """
    today = s.figures.report_date
    ahead = [
        (signal, (date.fromisoformat(signal.on) - today).days)
        for signal in s.figures.signals
        if signal.on and (not report or report in signal.readers)
    ]
    shown = [(signal, day) for signal, day in ahead if 0 <= day <= DAYS and not _summed(signal, ahead)]
    items = [Due(day, lane_of(signal), _words(signal), _tone(signal)) for signal, day in shown]
    title = say("What ends or falls due in the next 12 months")
    if not items:
        return pictures.chart(chart_id, title, "", none("Nothing dated lies ahead in the next 12 months", left(items)))
    listed = "; ".join(f"{item.lane}: {item.text}" for item in items)
    drawing = charts.calendar(items, days=DAYS, ticks=pictures.ticks(today, DAYS))
    made = pictures.chart(chart_id, title, drawing, listed, finding=_finding(shown))
    return replace(made, facts=tuple(dict.fromkeys(fact for signal, _ in shown for fact in signal.facts)))


def lane_of(signal: Signal) -> str:
    """The kind of thing that a dated signal is about, as readers call it."""
    return _LANES.get(signal.subject.table or signal.subject.metric_id, say(_OTHERS))


def _summed(signal: Signal, ahead: list[tuple[Signal, int]]) -> bool:
    """Whether a signal of the group only adds up others of its kind and day, which are shown one by one."""
    parts = [
        one.amount_cents or 0
        for one, _ in ahead
        if one.on == signal.on and lane_of(one) == lane_of(signal) and one is not signal
    ]
    return signal.entity_id == GROUP and signal.amount_cents is not None and sum(parts) == signal.amount_cents


def _words(signal: Signal) -> str:
    """Day, what happens, and the money that it moves."""
    money = "" if signal.signal_id == CASH_OUT else formats.stake(signal.amount_cents, signal.per.removeprefix("once"))
    what = signal.mark or signal.headline
    return f"{formats.day_of_year(signal.on)}: {what}{f' ({money})' if money else ''}"


def _tone(signal: Signal) -> Tone:
    return "act" if signal.severity == "act" else "neutral"


def _finding(shown: list[tuple[Signal, int]]) -> str:
    """The first day, or the busiest one with the monthly income that ends on it."""
    days = [signal.on for signal, _ in shown]
    busiest = max(sorted(set(days)), key=days.count)
    count = days.count(busiest)
    if count == 1:
        return say(
            "{shown} ahead, from {days}.", shown=formats.counted(len(shown), "date"), days=formats.day(min(days))
        )
    lost = sum(
        one.amount_cents or 0 for one, _ in shown if one.on == busiest and lane_of(one) == INCOME and one.per == "month"
    )
    found = say(
        "{count} of the {shown} ahead fall on {busiest}",
        count=formats.number(count),
        shown=formats.counted(len(shown), "date"),
        busiest=formats.day(busiest),
    )
    return (
        say("{found}, and {lost} a month ends with them.", found=found, lost=formats.money(lost))
        if lost
        else f"{found}."
    )
