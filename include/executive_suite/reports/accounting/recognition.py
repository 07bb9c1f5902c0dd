"""The accounting report on recognition: revenue by month and stream, its gaps, what is deferred."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, FindingList, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, phrases, years
from executive_suite.reports.accounting.statement import MONTHS, cents, columns
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection

SYSTEM = ("no_accounting_system",)
TRACKING = ("revenue_tracking_gap",)
"""Rules of the group about the accounting system, and about bookings whose revenue the books do not have."""
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Revenue:
    """Recognition by stream, and its gaps."""

    reading: str
    months: Chart
    streams: Table
    gaps: FindingList
    deferred: Table


def only(s: Selection, title: str, *finding_ids: str, empty: str) -> FindingList:
    """The findings of single rules."""
    chosen = tuple(f for f in s.figures.findings if f.finding_id in finding_ids)
    narrowed = Selection(replace(s.figures, findings=chosen))
    return narrowed.findings(title, *{f.kind for f in chosen}, empty=empty)


def revenue(s: Selection) -> Revenue:
    """The section on recognition."""
    whole, gap = s.fact("revenue_recognised"), s.fact("revenue_recognition_difference")
    if whole.value is None or not isinstance(gap.value, int):
        reading = f"Recognition is not evaluable: {whole.reason or gap.reason}."
    elif gap.value:
        side = "has no obligation in the schedule" if gap.value > 0 else "is scheduled as earned and not booked"
        reading = (
            f"The schedule of obligations recognises {formats.of(whole)} over {window(s)}; the ledger differs: "
            f"{formats.money(abs(gap.value))} of revenue {side}."
        )
    else:
        reading = f"The schedule of obligations recognises {formats.of(whole)} over {window(s)}, as the ledger does."
    empty = "Every completed booking has revenue in the ledger or a satisfied obligation."
    gaps = only(s, "Gaps of recognition", *TRACKING, empty=empty)
    return Revenue(reading, _months(s), _streams(s), gaps, _deferred(s))


def year_before(s: Selection) -> tuple[int, int] | None:
    """Revenue of the latest complete months and of the same a year before, cents; None where a month is not told."""
    latest = s.months("revenue", MONTHS)
    before = [years.year_before(s, fact) for fact in latest]
    if not latest or any(not isinstance(fact.value, int) for fact in (*latest, *before)):
        return None
    return sum(map(cents, latest)), sum(map(cents, before))


def _months(s: Selection) -> Chart:
    """Revenue of a year by month, inside of that of the year before."""
    facts = [f for f in s.months("revenue", _YEAR) if isinstance(f.value, int)]
    points = []
    for fact in facts:
        then = years.year_before(s, fact)
        label = formats.month(fact.period)[:3]
        points += [Point(label, cents(then), "", "prior")] if isinstance(then.value, int) else []
        points.append(Point(label, cents(fact), formats.number(Decimal(cents(fact)) / 100_000, 1)))
    words = ", ".join(f"{formats.month(f.period)} {formats.of(f)}{_then(years.year_before(s, f))}" for f in facts)
    beside = " (dark) inside of the year before (light)" if len(points) > len(facts) else ""
    title = f"Revenue a month, thousand {formats.currency()}, {phrases.latest(len(facts))}, actual{beside}"
    both = year_before(s)
    finding = f"{formats.month(facts[-1].period)} brought {formats.of(facts[-1])} of revenue." if facts else ""
    if both is not None and both[1] > 0:
        change = Decimal(both[0] - both[1]) / both[1]
        less = f"{formats.share(abs(change))} {'less' if change < 0 else 'more'} than a year before"
        finding = f"Revenue of the {phrases.latest(MONTHS)} is {less}: {formats.money(both[0])}."
    return frame.chart("revenue", title, charts.columns(points), f"Revenue: {words or 'no month'}.", finding=finding)


def _then(fact: Fact) -> str:
    return f" (a year before {formats.of(fact)})" if fact.value is not None else ""


def _streams(s: Selection) -> Table:
    """Every stream of the last twelve months, with the latest months and the same a year before."""
    end = s.figures.report_date
    months: dict[str, dict[str, int]] = defaultdict(dict)
    for fact in s.figures.facts:
        if (
            fact.metric_id == "revenue_recognised"
            and fact.entity_id == GROUP
            and "stream" in fact.dimensions
            and len(fact.period) == 7  # noqa: PLR2004 - YYYY-MM
        ):
            months[fact.dimensions["stream"]][fact.period] = int(str(fact.value))
    latest = [f.period for f in s.months("net_income", MONTHS)]
    before = [f"{int(m[:4]) - 1}{m[4:]}" for m in latest]
    year = [f"{end.year - (1 if number >= end.month else 0)}-{number:02d}" for number in range(1, 13)]
    rows = []
    for stream, by_month in sorted(months.items()):
        sums = [sum(by_month.get(m, 0) for m in span) for span in (latest, before, year)]
        if any(sums):
            rows.append((stream, sums))
    rows.sort(key=lambda row: (-row[1][0], -row[1][2], row[0]))
    cells = tuple((Cell(name.capitalize()), *_amounts(sums)) for name, sums in rows)
    totals = [sum(sums[place] for _, sums in rows) for place in range(3)]
    return Table(
        f"Revenue recognised by stream, {formats.currency()}: {phrases.latest(len(latest))}, the "
        "same a year before, "
        "latest 12 months; actual",
        columns("Stream", "Latest", "A year before", "12 months"),
        cells,
        (Cell("All streams"), *_amounts(totals)) if cells else (),
        note="Services at completion, retainers and rents over time, deposits only when the service is rendered.",
        empty=f"Nothing recognised: {s.fact('revenue_recognised').reason or 'no obligation is satisfied'}.",
    )


def _amounts(sums: list[int]) -> tuple[Cell, ...]:
    return tuple(Cell(formats.money(cents), cents, "money", metric_id="revenue_recognised") for cents in sums)


def _deferred(s: Selection) -> Table:
    names = ("opening", "received", "released", "refunded", "closing")
    months = s.months("deferred_revenue_closing", MONTHS)
    moving = [f for f in months if any(cents(s.fact(f"deferred_revenue_{name}", period=f.period)) for name in names)]
    rows = tuple(
        (
            Cell(formats.month(f.period)),
            *(s.cell(s.fact(f"deferred_revenue_{name}", period=f.period)) for name in names),
        )
        for f in moving
    )
    tie = s.fact("deferred_revenue_difference")
    if tie.value is None:
        note = f"Tie to the ledger not evaluable: {tie.reason}."
    else:
        note = "Ties to the ledger to the cent." if not tie.value else f"Differs from the ledger by {formats.of(tie)}."
    return Table(
        f"Deferred revenue, {formats.currency()}, by complete month: opening + received - earned - refunded = closing",
        columns("Month", "Opening", "Received", "Earned", "Refunded", "Closing"),
        rows,
        note=f"{_quiet_months(len(months) - len(moving))}{note}",
        empty=phrases.nothing(s.fact("deferred_revenue_closing"), f"No revenue is deferred in any month. {note}"),
    )


def _quiet_months(count: int) -> str:
    """What is said of months in which nothing was deferred."""
    return f"{formats.counted(count, 'other month')} had nothing deferred. " if count else ""
