"""The CMO's section on demand: leads, bookings and revenue by month, and when they broke."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, month, table
from executive_suite.wording import say

MONTHS = 6
"""Complete months that are compared with the same months a year before."""
_SHOWN = 8
"""Complete months in the body: enough to see a break."""
SOLD, VALUE = "bookings_sold", "bookings_value"
_SERIES = {"Leads": "leads", "Bookings": SOLD, "Booked": VALUE, "Revenue": "revenue"}


def demand(s: Selection) -> Section:
    """The section on demand."""
    sold = s.months(SOLD, months.YEAR)
    latest = _by_month(s, _SHOWN)
    return section(
        "Leads, bookings and revenue by month",
        point=_point(s),
        covered=s.month(SOLD).number is not None,
        chart=pictures.by_month(
            s,
            "bookings",
            "Bookings",
            sold,
            instead=phrases.unless(s.fact(SOLD), "no booking is recorded"),
            finding=_compared_by_year(s),
            with_year_before=True,
        ),
        rows={"months": _by_month(s, 2 * months.YEAR)} if latest.rows else {},
        **({"latest": latest} if latest.rows else {}),
    )


def _point(s: Selection) -> str:
    """Where demand broke; if nowhere, what the last month brought."""
    last = s.month(SOLD)
    if last.number is None:
        return phrases.unless(s.fact(SOLD), "No booking is recorded by month.")
    worth = s.month(VALUE)
    told = say(
        "{counted} in {period}, worth {worth}.",
        counted=formats.counted(last.value, "booking"),
        period=formats.month(last.period),
        worth=formats.of(worth),
    )
    return f"{_broke(s)} {told}".strip()


def _compared_by_year(s: Selection) -> str:
    """Bookings and leads of the latest months next to last year's."""
    sold = s.months(SOLD, MONTHS)
    if not sold:
        return ""
    parts = [_compared(s, "booking", sold)]
    if asked := s.months("leads", MONTHS):
        parts.append(_compared(s, "lead", asked))
    return say("{parts} in {sold}.", parts=formats.series(parts), sold=months.span(len(sold)))


def _compared(s: Selection, noun: str, facts: Sequence[Fact]) -> str:
    """A count of some months next to that of the same months a year before, where it is known."""
    now = formats.counted(sum(map(cents, facts)), noun)
    before = [months.year_before(s, fact) for fact in facts]
    if any(fact.number is None for fact in before):
        return now
    return say("{now} ({cents} a year before)", now=now, cents=formats.number(sum(map(cents, before))))


def _broke(s: Selection) -> str:
    """Where demand broke, and in which month."""
    since: dict[str, list[str]] = {}
    for signal in s.figures.signals:
        if signal.kind == "break" and signal.severity == "act" and "cmo" in signal.readers and signal.since:
            names = since.setdefault(signal.since[:7], [])
            name = s.entity(signal.entity_id)
            if name not in names and not any(name in others for others in since.values()):
                names.append(name)
    parts = [
        say("{names} in {when}", names=formats.series(names), when=formats.month(when))
        for when, names in sorted(since.items())
        if names
    ]
    return say("Demand broke at {listed}.", listed="; ".join(parts)) if parts else ""


def _by_month(s: Selection, count: int) -> Table:
    """One row per complete month, and the same months a year before in sum."""
    known = {
        head: metric_id
        for head, metric_id in _SERIES.items()
        if any(fact.number is not None for fact in s.months(metric_id, count))
    }
    shown = [fact.period for fact in s.months(SOLD, count)]

    def column(head: str, metric_id: str) -> Col[str]:
        def value(period: str) -> Fact | Cell:
            if period:
                return cells.known(s.fact(metric_id, period=period))
            found = [s.fact(metric_id, period=one) for one in shown]
            unit = found[0].unit if found else ""
            return Cell(sum(map(cents, found)), unit, metric_id=metric_id)

        return figures(head, value)

    return table(
        say("Leads, bookings, their value and revenue, {shown}, actual", shown=months.latest(len(shown))),
        shown,
        (month(lambda period: period), *(column(head, metric_id) for head, metric_id in known.items())),
        total="",
        total_name=formats.counted(len(shown), "month"),
    )


def year_of(s: Selection, channel: str, metric_id: str = SOLD, *, back: int = 0) -> Cell:
    """A channel's bookings, or their value, over twelve complete months; a dash before the first record.

    Args:
        s: The figures.
        channel: Its id; empty for all of them.
        metric_id: Which figure.
        back: How many months earlier than the latest twelve.
    """
    every = s.months(metric_id, months.YEAR + back)
    periods = [fact.period for fact in every][: months.YEAR] if back else [fact.period for fact in every]
    if len(every) < months.YEAR + back and back:
        return Cell(NOTHING)
    own = {"channel": channel} if channel else {}
    found = [s.fact(metric_id, GROUP, period, **own) for period in periods]
    return Cell(sum(map(cents, found)), "count" if metric_id == SOLD else "cents", metric_id=metric_id)


def last_month(s: Selection, channel: str) -> str:
    """The latest month in which a channel brought a booking, ISO; empty if none of the recorded months has one."""
    found = [
        fact.period for fact in s.every(SOLD) if fact.dimensions == {"channel": channel} and fact.monthly and fact.value
    ]
    return max(found, default="")
