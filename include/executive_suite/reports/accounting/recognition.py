"""The accounting section on recognition: revenue by month and stream, gaps, and deferred revenue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.reports import lists, months, phrases, pictures
from executive_suite.reports.absence import OURS, left, none
from executive_suite.reports.accounting.income import MONTHS
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, figures, month, table, words
from executive_suite.reports.tables.lean import lean, only
from executive_suite.wording import say

UNTRACKED = "revenue_tracking_gap"
"""The rule about completed bookings that are not booked as revenue."""
_RECOGNIZED = "revenue_recognised"
_DEFERRED = {
    "Opening": "opening",
    "Received": "received",
    "Earned": "released",
    "Refunded": "refunded",
    "Closing": "closing",
}


def revenue(s: Selection) -> Section:
    """The section on recognition."""
    whole, gap = s.fact(_RECOGNIZED), s.fact("revenue_recognition_difference")
    if whole.value is None or gap.number is None:
        reading = say("Recognition is not available: {value}.", value=whole.reason or gap.reason)
    else:
        reading = say(
            "The revenue schedule recognizes {whole} over {window}", whole=formats.of(whole), window=window(s)
        )
        away = cents(gap)
        if away:
            side = say("is not in the schedule") if away > 0 else say("is earned by the schedule but not booked")
            reading += say("; the ledger differs: {away} of revenue {side}.", away=formats.money(abs(away)), side=side)
        else:
            reading += say(", and so does the ledger.")
    streams = _streams(s)
    gaps = lists.findings(
        s,
        "Gaps in recognition",
        ids={UNTRACKED},
        empty="Every completed booking is booked or scheduled as revenue.",
    )
    return section(
        "Revenue recognition by stream",
        point=" ".join(filter(None, (reading, _gap(s)))),
        covered=bool(streams.rows or s.month("revenue").value is not None),
        months=_months(s),
        rows={"streams": streams, "gaps": gaps, "deferred": _deferred(s)},
        **({"short": _short(s, streams)} if streams.rows else {}),
    )


def _short(s: Selection, streams: Table) -> Table:
    return replace(lean(only(streams, say("Stream"), say("Latest"), say("A year before")), most=8), title=_titled(s))


def _titled(s: Selection) -> str:
    return say(
        "Revenue by stream, {months} and the same a year before",
        months=months.latest(len(s.months("net_income", MONTHS))),
    )


def _gap(s: Selection) -> str:
    """What was delivered and not booked, with its money."""
    found = [one for one in s.figures.findings if one.finding_id == UNTRACKED and one.outcome == "fires"]
    if not found:
        return ""
    amount = formats.stake(found[0].at_stake_cents, found[0].at_stake_every)
    return say("{rstrip}{value}. Book it.", rstrip=found[0].reason.rstrip("."), value=f": {amount}" if amount else "")


def year_before(s: Selection) -> tuple[int, int] | None:
    """Revenue of the latest complete months and of the same months a year before, cents; None if one is missing."""
    latest = s.months("revenue", MONTHS)
    before = [months.year_before(s, fact) for fact in latest]
    if not latest or any(fact.number is None for fact in (*latest, *before)):
        return None
    return sum(map(cents, latest)), sum(map(cents, before))


def _months(s: Selection) -> Chart:
    """Revenue of a year by month, over that of the year before."""
    facts = [fact for fact in s.months("revenue", months.YEAR) if fact.number is not None]
    both = year_before(s)
    finding = (
        say("{period} brought {facts} of revenue.", period=formats.month(facts[-1].period), facts=formats.of(facts[-1]))
        if facts
        else ""
    )
    if both is not None and both[1] > 0:
        change = Decimal(both[0] - both[1]) / both[1]
        less = say(
            "{change} {value} than a year before",
            change=formats.share(abs(change)),
            value=say("less") if change < 0 else say("more"),
        )
        finding = say(
            "Revenue of the {months} is {less}: {both}.",
            months=months.latest(MONTHS),
            less=less,
            both=formats.money(both[0]),
        )
    return pictures.by_month(
        s,
        "revenue",
        "Revenue",
        facts,
        instead=phrases.unless(s.month("revenue"), "no month has revenue"),
        finding=finding,
        with_year_before=True,
    )


def _streams(s: Selection) -> Table:
    """Every stream of the last twelve months, with the latest months and the same months a year before."""
    by_stream: dict[str, dict[str, int]] = defaultdict(dict)
    for fact in s.every(_RECOGNIZED):
        if fact.entity_id == GROUP and "stream" in fact.dimensions:
            by_stream[fact.dimensions["stream"]][fact.period] = cents(fact)
    latest = [fact.period for fact in s.months("net_income", MONTHS)]
    spans = {
        "Latest": latest,
        "A year before": [f"{int(period[:4]) - 1}{period[4:]}" for period in latest],
        "12 months": [str(period) for period in complete_months(s.figures.report_date, months.YEAR)],
    }

    def summed(stream: str, head: str) -> int:
        chosen = [by_stream[stream]] if stream else by_stream.values()
        return sum(amounts.get(period, 0) for amounts in chosen for period in spans[head])

    def column(head: str) -> Col[str]:
        return figures(head, lambda stream: Cell(summed(stream, head), "cents", metric_id=_RECOGNIZED))

    shown = [stream for stream in by_stream if any(summed(stream, head) for head in spans)]
    return table(
        say(
            "Revenue recognized by stream: {latest}, the same a year before, latest 12 months; actual",
            latest=months.latest(len(latest)),
        ),
        sorted(shown, key=lambda name: (-summed(name, "Latest"), -summed(name, "12 months"), name)),
        (words("Stream", str.capitalize), *map(column, spans)),
        total="",
        total_name="All streams",
        note="Services at completion, retainers and rents over time, deposits only when the service is rendered.",
        empty=phrases.unless(s.fact(_RECOGNIZED), "No revenue is earned yet."),
    )


def _deferred(s: Selection) -> Table:
    def amount(name: str) -> Callable[[Fact], Fact]:
        return lambda fact: s.fact(f"deferred_revenue_{name}", period=fact.period)

    facts = s.months("deferred_revenue_closing", MONTHS)
    moving = [fact for fact in facts if any(cents(amount(name)(fact)) for name in _DEFERRED.values())]
    tie, quiet = s.fact("deferred_revenue_difference"), len(facts) - len(moving)
    note = (
        say("Ties to the ledger to the cent.")
        if not tie.value
        else say("Differs from the ledger by {tie}.", tie=formats.of(tie))
    )
    if tie.value is None:
        note = say("The tie to the ledger is not available: {reason}.", reason=tie.reason)
    others = none("{quiet} had nothing deferred. ", OURS, quiet=formats.counted(quiet, "other month")) if quiet else ""
    return table(
        "Deferred revenue by complete month: opening + received - earned - refunded = closing",
        moving,
        (month(lambda f: f.period), *(figures(head, amount(name)) for head, name in _DEFERRED.items())),
        note=f"{others}{note}",
        empty=phrases.unless(
            s.fact("deferred_revenue_closing"),
            none("No revenue is deferred in any month. {note}", left(moving), note=note),
            left(moving),
        ),
    )
