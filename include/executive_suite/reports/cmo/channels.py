"""The CMO's section on channels: which are live, bookings of each, and attribution."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, news, phrases, pictures
from executive_suite.reports.absence import none, nothing_of, zero
from executive_suite.reports.cmo import demand
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import lean
from executive_suite.wording import noted, say

_MODELS = {
    "last": noted("Last"),
    "last_non_direct": noted("Last non-direct"),
    "first": noted("First"),
    "linear": noted("Linear"),
    "position": noted("Position"),
    "time_decay": noted("Time decay"),
    "markov": noted("Markov"),
}
_TYPES = {"ota": noted("travel agency"), "email": noted("mail")}
_ORDER = {"live": 0, "pending": 1, "not listed": 2, "suspended": 3}
_SHOWN = {"not listed": noted("not live")}
"""Statuses in words that suit every channel, such as a mailing list."""
_MOST_BARS = 12


def channels(s: Selection) -> Section:
    """The section on channels."""
    facts = _facts(s)
    return section(
        "Channels: visibility and attribution",
        point=_point(s, facts),
        covered=bool(facts),
        rows={
            "table": _channels(s, facts),
            "bookings": _bookings(s, facts),
            "attribution": _attribution(s, facts),
        },
        **({"short": _short(s, facts)} if facts else {}),
    )


def _point(s: Selection, facts: Sequence[Fact]) -> str:
    """How many of the planned channels are live, which are not, and whether sales can be attributed."""
    live = s.fact("channels_live")
    if live.value is None:
        return phrases.missing(live, "Add the channels.", "No channels are recorded.")
    idle = [fact.dimensions["name"] for fact in facts if fact.value != "live"]
    missing = say(" Not live: {idle}.", idle=phrases.some(idle)) if idle else ""
    chosen = sorted(facts, key=lambda f: (-_booked(s, f), f.dimensions["channel"]))
    lead = f" {_leader(s, chosen)}" if chosen else ""
    conversions = s.fact("attribution_conversions")
    told = say("{conversions} conversions can be attributed.", conversions=formats.of(conversions))
    if not conversions.value:
        told = none("No conversion can be attributed until visits are tagged.", nothing_of(conversions))
    count = say(
        "{live} of {facts} {are} live.",
        live=formats.of(live),
        facts=formats.counted(len(facts), "channel"),
        are=phrases.are(live.value),
    )
    return f"{count}{missing}{lead} {told}"


def _short(s: Selection, facts: Sequence[Fact]) -> Table:
    """The channels that brought bookings in either year, and the month of the latest."""

    def since(channel: Fact) -> Cell:
        last = demand.last_month(s, channel.dimensions["channel"])
        return Cell(last, "month") if last else Cell(NOTHING)

    return lean(
        table(
            "Bookings by channel, 12 complete months and the 12 before",
            facts,
            (
                words("Channel", lambda f: f.dimensions["name"]),
                figures("Now", lambda f: demand.year_of(s, f.dimensions["channel"])),
                figures("Before", lambda f: demand.year_of(s, f.dimensions["channel"], back=months.YEAR)),
                figures("Booked", lambda f: demand.year_of(s, f.dimensions["channel"], demand.VALUE)),
                words("Last sale", since),
            ),
        ),
        most=8,
    )


def _facts(s: Selection) -> list[Fact]:
    """Every channel: live ones first, then by bookings."""
    facts = s.facts("channel_status", "channel", "name", "type")
    return sorted(facts, key=lambda f: (_ORDER.get(str(f.value), 9), -_booked(s, f), f.dimensions["channel"]))


def _of(s: Selection, metric_id: str, channel: Fact) -> Fact:
    return s.fact(metric_id, channel=channel.dimensions["channel"])


def _booked(s: Selection, channel: Fact) -> int:
    return cents(_of(s, "channel_bookings", channel))


def _bookings(s: Selection, facts: Sequence[Fact]) -> Chart:
    """Bookings by channel; channels neither live nor booked are only in the table."""
    chosen = sorted(
        (fact for fact in facts if fact.value == "live" or _booked(s, fact)),
        key=lambda f: (-_booked(s, f), f.dimensions["channel"]),
    )
    points = [Point(f.dimensions["name"], _booked(s, f), formats.number(_booked(s, f))) for f in chosen[:_MOST_BARS]]
    more = len(chosen) - len(points)
    return pictures.bars(
        "channels",
        "Bookings by live channel, count, 12 months to the report date, actual",
        points,
        of="Bookings"
        if more <= 0
        else say("Bookings, without {more} in the table", more=formats.counted(more, "smaller channel")),
        instead=phrases.unless(s.fact("channels_live"), "no channel is live"),
        finding=_leader(s, chosen),
    )


def _leader(s: Selection, facts: Sequence[Fact]) -> str:
    """The channel with most bookings."""
    whole = s.fact("channel_bookings")
    if whole.value is None:
        return say("Bookings by channel are {whole}.", whole=phrases.of(whole))
    if not whole.value:
        return none("No booking came through any channel in 12 months.", zero(whole))
    if not facts:
        return say("The channels of {whole} are not recorded.", whole=formats.counted(whole.value, "booking"))
    share = _of(s, "channel_booking_share", facts[0])
    most = say("{booked} of {counted}", booked=_booked(s, facts[0]), counted=formats.counted(whole.value, "booking"))
    return say(
        "{name} brings the most: {most}, {share}.",
        name=phrases.capital(facts[0].dimensions["name"]),
        most=most,
        share=formats.of(share),
    )


def _channels(s: Selection, facts: Sequence[Fact]) -> Table:
    """Every channel: status, visitors if any are recorded, bookings and their share."""
    visits, since = s.fact("channel_visits"), s.figures.previous_date

    def column(head: str, metric_id: str) -> Col[Fact]:
        return figures(head, lambda f: _of(s, metric_id, f), notes="never")

    def moved(channel: Fact) -> Cell:
        now = _of(s, "channel_bookings", channel)
        before = s.prior(now)
        if now.number is None or before is None or before.number is None:
            return Cell(NOTHING)
        difference = now.number - before.number
        return Cell(difference, "count", news.moved("channel_bookings", difference), signed=True)

    columns: list[Col[Fact]] = [
        words("Channel", lambda f: f.dimensions["name"]),
        words("Type", lambda f: say(_TYPES.get(f.dimensions["type"], f.dimensions["type"]))),
        words(
            "Status",
            lambda f: say(_SHOWN.get(str(f.value), str(f.value))),
            tone=lambda f: "neutral" if f.value == "live" else "watch",
        ),
    ]
    columns += [column("Visitors", "channel_visits")] if visits.value is not None else []
    columns += [column("Bookings", "channel_bookings"), column("Share", "channel_booking_share")]
    columns += [figures(say("Since {since}", since=formats.day_of_year(since)), moved)] if since else []
    return table(
        "Channels: visibility and bookings, 12 months to the report date, actual",
        facts,
        columns,
        note=_credited_by(s, visits),
        empty=phrases.missing(s.fact("channels_live"), "Add the channels.", "No channels are recorded."),
    )


def _credited_by(s: Selection, visits: Fact) -> str:
    """How bookings are credited while no journey is recorded."""
    summary = say("Visitors: {visits}. ", visits=phrases.of(visits)) if visits.value is None and visits.reason else ""
    if not s.fact("attribution_conversions").value and s.fact("channel_bookings").value is not None:
        summary += say("Until journeys are recorded, a booking is credited to the channel that it came through.")
    return summary.strip()


def _attribution(s: Selection, channels_known: Sequence[Fact]) -> Table:
    """Channels against models; each column adds up to the conversions."""
    names = {fact.dimensions["channel"]: fact.dimensions["name"] for fact in channels_known}
    facts = s.facts("attribution_conversions", "channel", "model")
    used = {fact.dimensions["model"] for fact in facts}
    total = s.fact("attribution_conversions")

    def column(model: str) -> Col[str]:
        def cell(channel: str) -> Cell:
            fact = s.fact("attribution_conversions", channel=channel, model=model)
            return Cell(fact.number or 0, fact.unit, metric_id=fact.metric_id, places=2)

        return figures(say(_MODELS[model]), cell)

    found = sorted({fact.dimensions["channel"] for fact in facts if fact.value})
    count = "" if total.value is None else f", n = {formats.of(total)}"
    why = total.reason or formats.of(total)
    return table(
        say("Conversions credited to each channel, by model, all recorded journeys{count}", count=count),
        found,
        (
            words("Channel", lambda channel: names.get(channel, channel)),
            *(column(model) for model in _MODELS if model in used),
        ),
        note="Markov: removal effects, scaled to all conversions.",
        empty=say("Not available: {why}. Record tagged touchpoints, so that each model can credit channels.", why=why),
    )
