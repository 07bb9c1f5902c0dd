"""The picture of page one: cash until today, the base case with its range, the floor, and what happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.signals import CASH_OUT, Signal
from executive_suite.period import Month
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts.dated import Event, Path, dated
from executive_suite.rendering.charts.svg import Level
from executive_suite.reports import pictures, runway
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

MONTHS_BACK = 6
AHEAD_DAYS = 190
"""Days of the path that page one shows, unless cash is gone before."""
_MOST_EVENTS = 3


def picture(s: Selection, report: str) -> Chart:
    """Cash to zero, with the dated events on it; it states its finding unless the headline does."""
    today = s.figures.report_date
    ahead = _ahead(s, today)
    if len(ahead) < 2:  # noqa: PLR2004 - a line has two ends
        return pictures.chart("cash-path", "Cash ahead", "", say("Cash ahead is not available"))
    known = [(_day(fact) - today, cents(fact)) for fact in s.months("cash_balance", MONTHS_BACK)]
    before = [((day).days, value) for day, value in known if day.days < 0]
    now = s.fact("cash_balance")
    floor = runway.floor_cents(s)
    events, gone = _events(s, today, ahead[-1][0]), _gone(s, today, ahead[-1][0])
    path = Path(
        known=[*before, (0, cents(now))],
        ahead=ahead,
        band=_band(s, today, ahead[-1][0]),
        levels=[Level(floor, say("floor {amount}", amount=formats.money(floor)))] if floor is not None else [],
        ticks=pictures.ticks(today, ahead[-1][0], back=-before[0][0] if before else 0),
        # That cash is gone is what the path shows.
        events=[
            Event(day, "" if day == gone else words, acute, formats.near(today + timedelta(days=day)))
            for day, words, acute in events
        ],
        now=formats.of(now),
        end=" ".join(filter(None, (say("base case"), "" if ahead[-1][1] < 0 else formats.money(ahead[-1][1])))),
        gone=gone,
    )
    listed = "; ".join(f"{formats.day(today + timedelta(days=day))} {formats.money(value)}" for day, value in ahead)
    happens = "; ".join(f"{formats.day(today + timedelta(days=day))}: {words}" for day, words, _ in events)
    day, left = next(((day, value) for day, value in reversed(ahead) if value >= 0), ahead[-1])
    sold = "" if runway.burns(s) else say("Without new sales, ")
    until = formats.near(today + timedelta(days=day))
    finding = say(
        "{sold}{value} goes from {now} to {left} by {until}.",
        sold=sold,
        value=say("cash") if sold else say("Cash"),
        now=formats.of(now),
        left=formats.money(left),
        until=until,
    )
    first = next((one.signal_id for one in s.figures.signals if report in one.readers), "")
    if first == CASH_OUT:
        finding = ""
    alt = say("Cash ahead: {listed}. {happens}", listed=listed, happens=happens).rstrip(". ")
    told, dates = (
        pictures.chart("cash-path", say("Cash"), dated(shown, tall=True), alt, finding=finding, note=runway.unposted(s))
        for shown in (path, replace(path, events=[replace(event, text="") for event in path.events]))
    )
    return replace(told, sparing=dates)


def _day(fact: Fact) -> date:
    """The last day of a fact's month."""
    month = Month(int(fact.period[:4]), int(fact.period[5:]))
    return (month + 1).first - timedelta(days=1)


def _path(s: Selection, metric_id: str, today: date, **line: str) -> list[tuple[int, int]]:
    """Day from today and amount, weeks first, then the months after them."""
    weeks = [(date.fromisoformat(f.dimensions["ends"]), f) for f in s.facts(metric_id, "ends", "week", **line)]
    months = [(date.fromisoformat(f.dimensions["ends"]), f) for f in s.facts(metric_id, "ends", "month", **line)]
    last = max((day for day, _ in weeks), default=today)
    chosen = [*weeks, *((day, fact) for day, fact in months if day > last)]
    return sorted(((day - today).days, cents(fact)) for day, fact in chosen if fact.number is not None)


def _ahead(s: Selection, today: date) -> list[tuple[int, int]]:
    path = _path(s, "cash_path", today, line="closing")
    gone = next((place for place, (_, value) in enumerate(path) if value < 0), None)
    if gone is not None:
        return path[: gone + 1]
    return [one for one in path if one[0] <= AHEAD_DAYS] or path


def _gone(s: Selection, today: date, last: int) -> int | None:
    """The day on which cash runs out, if the picture reaches it."""
    out = s.fact("cash_out_date").value
    day = (date.fromisoformat(str(out)) - today).days if out else last + 1
    return day if 0 < day <= last else None


def _band(s: Selection, today: date, last: int) -> list[tuple[int, int, int]]:
    low, high = (dict(_path(s, name, today)) for name in ("cash_path_low", "cash_path_high"))
    now = cents(s.fact("cash_balance"))
    both = [(day, low[day], high[day]) for day in sorted(low.keys() & high.keys()) if day <= last]
    return [(0, now, now), *both] if both else []


def _events(s: Selection, today: date, last: int) -> list[tuple[int, str, bool]]:
    """The signals with a day on the way, in order of the day; of one day the first."""
    found: dict[int, tuple[int, str, bool]] = {}
    for signal in s.figures.signals:
        day = (date.fromisoformat(signal.on) - today).days if signal.on else -1
        if 0 <= day <= last and day not in found and len(found) < _MOST_EVENTS:
            found[day] = (day, _short(signal), signal.severity == "act")
    return sorted(found.values())


def _short(signal: Signal) -> str:
    """A headline for a mark, without the dates that stand in front of it."""
    return signal.mark or signal.headline
