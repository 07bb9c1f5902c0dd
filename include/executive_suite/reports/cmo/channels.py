"""The CMO's report on channels: which are live, what they bring, and which of them conversions are credited to."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, news, phrases
from executive_suite.reports.selection import Selection

_MODELS = (
    ("last", "Last"),
    ("last_non_direct", "Last non-direct"),
    ("first", "First"),
    ("linear", "Linear"),
    ("position", "Position"),
    ("time_decay", "Time decay"),
    ("markov", "Markov"),
)
_TYPES = {"ota": "travel agency", "email": "mail"}
_ORDER = {"live": 0, "pending": 1, "not listed": 2, "suspended": 3}
_SHOWN = {"not listed": "not live"}
"""What a status is called where it is a listing's word: a mailing list is not listed anywhere."""
_MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Channels:
    """Visibility of the channels, what each brings, and the attribution matrix."""

    bookings: Chart
    table: Table
    attribution: Table


def channels(s: Selection) -> Channels:
    """The section on channels."""
    return Channels(_bookings(s), _channels(s), _attribution(s))


def _facts(s: Selection) -> tuple[Fact, ...]:
    """Every channel: live ones first, those that bring most before others."""
    facts = s.facts("channel_status", "channel", "name", "type")
    return tuple(sorted(facts, key=lambda f: (_ORDER.get(str(f.value), 9), -_booked(s, f), f.dimensions["channel"])))


def _booked(s: Selection, fact: Fact) -> int:
    return monthly.whole(s.fact("channel_bookings", channel=fact.dimensions["channel"]))


def _bookings(s: Selection) -> Chart:
    """What each channel brings; channels that are not live stand in the table."""
    facts = sorted(_facts(s), key=lambda f: (-_booked(s, f), f.dimensions["name"]))
    chosen = [f for f in facts if f.value == "live" or _booked(s, f)]
    points = [Point(f.dimensions["name"], _booked(s, f), formats.number(_booked(s, f))) for f in chosen[:_MOST_BARS]]
    words = ", ".join(f"{p.label} {p.text}" for p in points) or "no channel is live"
    more = f" {len(chosen) - len(points)} smaller ones are in the table." if len(chosen) > len(points) else ""
    title = "Bookings by live channel, count, twelve months to the report date, actual"
    alt = f"Bookings: {words}.{more}"
    return frame.chart("channels", title, charts.bars(points), alt, finding=_leader(s, chosen))


def _leader(s: Selection, facts: list[Fact]) -> str:
    """Which channel brings most, of how many."""
    whole = s.fact("channel_bookings")
    if not facts or not whole.value:
        return "No booking came through any channel in twelve months."
    share = s.text("channel_booking_share", channel=facts[0].dimensions["channel"])
    most = f"{_booked(s, facts[0])} of {formats.counted(whole.value, 'booking')}"
    return f"{phrases.capital(facts[0].dimensions['name'])} brings most: {most}, {share}."


def _channels(s: Selection) -> Table:
    """Every channel: status, visitors where any are recorded, bookings and their share."""
    facts = _facts(s)
    visits = s.fact("channel_visits")

    def state(fact: Fact) -> Cell:
        word = str(fact.value)
        return Cell(_SHOWN.get(word, word), tone="good" if word == "live" else "bad")

    def beside(metric_id: str, fact: Fact) -> Cell:
        return phrases.plain(s.cell(s.fact(metric_id, channel=fact.dimensions["channel"])))

    def moved(fact: Fact) -> Cell:
        now = s.fact("channel_bookings", channel=fact.dimensions["channel"])
        before = s.prior(now)
        value, base = monthly.number(now), monthly.number(before) if before is not None else None
        if value is None or base is None:
            return Cell("\u2013")
        difference = value - base
        words = formats.difference(difference, "count") if difference else "0"
        return Cell(words, tone=news.tone("channel_bookings", difference))

    heads = [Column("Channel"), Column("Type"), Column("Status")]
    metrics = ["channel_bookings", "channel_booking_share"]
    if visits.value is not None:
        metrics = ["channel_visits", *metrics]
    since = s.figures.previous_date
    names = {"channel_visits": "Visitors", "channel_bookings": "Bookings", "channel_booking_share": "Share"}
    return Table(
        "Channels: visibility and bookings, twelve months to the report date, actual",
        (
            *heads,
            *(Column(names[metric_id], "right") for metric_id in metrics),
            *((Column(f"Since {formats.day(since)}", "right"),) if since else ()),
        ),
        tuple(
            (
                Cell(f.dimensions["name"]),
                Cell(_TYPES.get(f.dimensions["type"], f.dimensions["type"])),
                state(f),
                *(beside(metric_id, f) for metric_id in metrics),
                *((moved(f),) if since else ()),
            )
            for f in facts
        ),
        note=_credited_by(s, visits),
        empty="Not evaluable: table channel is absent or empty; add the channels.",
    )


def _credited_by(s: Selection, visits: Fact) -> str:
    """What a booking is credited by while nothing else is recorded."""
    said = f"Visitors cannot be told: {visits.reason}." if visits.value is None and visits.reason else ""
    if s.fact("attribution_conversions").value or s.fact("channel_bookings").value is None:
        return said
    return f"{said} Until journeys are recorded a booking counts for the channel that it came through.".strip()


def _attribution(s: Selection) -> Table:
    """Channels against models; each column adds up to the conversions."""
    names = {
        f.dimensions["channel"]: f.dimensions["name"] for f in s.facts("channel_status", "channel", "name", "type")
    }
    facts = s.facts("attribution_conversions", "channel", "model")
    models = [(key, title) for key, title in _MODELS if any(f.dimensions["model"] == key for f in facts)]
    found = sorted({f.dimensions["channel"] for f in facts if f.value})
    heads = (Column("Channel"), *(Column(title, "right") for _, title in models))

    def row(channel: str) -> tuple[Cell, ...]:
        cells = (s.fact("attribution_conversions", channel=channel, model=key) for key, _ in models)
        return (
            Cell(names.get(channel, channel)),
            *(Cell(formats.number(monthly.number(f) or 0, 2), f.value, "number", metric_id=f.metric_id) for f in cells),
        )

    total = s.fact("attribution_conversions")
    count = "" if total.value is None else f", n = {formats.amount(total.value, 'count')}"
    why = total.reason or formats.of(total)
    return Table(
        f"Conversions credited to each channel, by model, all recorded journeys{count}",
        heads,
        tuple(row(channel) for channel in found),
        note="Markov: removal effects applied to all conversions together." if found else "",
        empty=f"Not evaluable yet: {why}. Record tagged touchpoints: each model then divides them over the channels.",
    )
