"""The audit of rented property on nights: how many are sold, at what rate, and when the season is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import audit, news, years
from executive_suite.reports.phrases import series
from executive_suite.reports.selection import Selection

CALENDAR = "Add table availability: a row a unit and night, with its status."
HISTORY = 36
"""Months that a mean by calendar month looks back on, as far as they are told."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """The section on occupancy against its target."""

    chart: Chart
    months: Table
    reading: str


@dataclass(frozen=True, slots=True)
class Season:
    """The section on seasonal demand."""

    chart: Chart
    months: Table


def occupancy(s: Selection, who: str) -> Occupancy:
    """How much of the inventory is sold, month by month beside the year before, and at what rate."""
    months = s.months("occupancy", audit.MONTHS, who)
    target = s.fact("occupancy_target", who)
    goal = target.value if isinstance(target.value, int | Decimal) else None
    levels = [] if goal is None else [Level(goal, f"target {formats.of(target)}")]
    points = [
        replace(
            point,
            text=point.text.removesuffix(" %"),
            tone="bad" if goal is not None and point.value < goal else "neutral",
        )
        for point in audit.points(months)
    ]
    told = [fact for fact in months if fact.value is not None]
    earlier = [years.year_before(s, fact) for fact in told]
    lighter = " (lighter: a year earlier)" if any(fact.value is not None for fact in earlier) else ""
    title = f"Occupancy by month, % of the nights in the inventory, {audit.latest(points)}, actual{lighter}"
    words = f"{audit.in_words(months)}; target {formats.of(target)}"
    drawn = charts.columns(years.paired(zip(points, earlier, strict=True)), levels=levels)
    whole = s.fact("occupancy", who)
    chart = audit.chart("occupancy", title, (drawn, points), words, whole, _found(told, goal, target))
    return Occupancy(chart, _months(s, who), _reading(s, who))


def _found(told: list[Fact], goal: Decimal | int | None, target: Fact) -> str:
    if not told:
        return ""
    if goal is None:
        return f"{formats.of(told[-1])} of the nights of {formats.month(told[-1].period)} were sold; no target is set."
    met = [fact for fact in told if Decimal(str(fact.value)) >= goal]
    low = min(told, key=lambda fact: Decimal(str(fact.value)))
    return (
        f"{len(met)} of {formats.counted(len(told), 'month')} reached the target of {formats.of(target)}; "
        f"the weakest was {formats.month(low.period)} with {formats.of(low)}."
    )


def _reading(s: Selection, who: str) -> str:
    standard, adjusted = s.fact("occupancy", who), s.fact("occupancy_adjusted", who)
    if standard.value is None:
        return f"Occupancy is {formats.NOT_AVAILABLE}: {audit.note(standard)}."
    return (
        f"Over twelve months {formats.of(standard)} of all nights in the inventory were sold, and "
        f"{formats.of(adjusted)} of those actually offered (without owner and out-of-order nights). A night in the "
        f"inventory earned {formats.of(s.fact('revpar', who))}, one that was offered "
        f"{formats.of(s.fact('revpar', who, basis='adjusted'))}."
    )


def _months(s: Selection, who: str) -> Table:
    """Occupancy, rate and revenue a night, and how far the last is from the same month of the year before."""
    rows = tuple(_month(s, fact) for fact in s.months("occupancy", audit.MONTHS, who))
    heads = ("Month", "Sold", "ADR", "RevPAR", "Change")
    made = Table(
        f"Nights sold (%), average daily rate (ADR) and revenue per available night (RevPAR) by month, "
        f"{formats.currency()}, actual",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        rows,
        note="The change is that of RevPAR against the same month a year earlier." if rows else "",
        empty=audit.missing(s.fact("occupancy", who), CALENDAR),
    )
    shown = years.trimmed(made)
    return shown if len(shown.columns) == len(heads) else replace(shown, note="")


def _month(s: Selection, sold: Fact) -> tuple[Cell, ...]:
    rate, earned = (s.fact(metric_id, sold.entity_id, sold.period) for metric_id in ("adr", "revpar"))
    before = years.year_before(s, earned)
    change = Cell("\u2013", kind="ratio")
    if isinstance(earned.value, int | Decimal) and isinstance(before.value, int | Decimal) and before.value > 0:
        part = Decimal(earned.value) / Decimal(before.value) - 1
        sign = "+" if part > 0 else ""
        change = Cell(f"{sign}{formats.share(part)}", part, "ratio", news.tone("revpar", part))
    return (
        Cell(formats.month(sold.period)),
        audit.bare(s, sold),
        audit.bare(s, rate),
        audit.bare(s, earned),
        change,
    )


def season(s: Selection, who: str) -> Season:
    """When nights are in demand, and when a night earns most: not the same months where some are let as a whole."""
    facts = _by_calendar(s, who)
    title = "Seasonal index of nights sold by calendar month (1 = the average month)"
    levels = [Level(1, "average month")] if facts and facts[0].unit == "index" else []
    if not facts:
        facts = _by_calendar(s, who, statistic="mean")
        title, levels = "Mean nights sold by calendar month (no index: the history is too short)", []
    points = [
        Point(_name(f.dimensions["month"]), f.value, formats.number(f.value, _places(facts)))
        for f in facts
        if isinstance(f.value, int | Decimal)
    ]
    words = f"by calendar month: {', '.join(f'{p.label} {p.text}' for p in points)}"
    whole = s.fact("seasonal_index", who)
    chart = audit.chart(
        "season", title, (charts.columns(points, levels=levels), points), words, whole, _extremes(s, who, facts)
    )
    return Season(chart, _calendar(s, who))


def _by_calendar(s: Selection, who: str, **fixed: str) -> list[Fact]:
    facts = s.facts("seasonal_index", "month", entity_id=who, **fixed)
    return sorted(facts, key=lambda f: f.dimensions["month"])


def _extremes(s: Selection, who: str, facts: list[Fact]) -> str:
    """The months of the highest and the lowest demand, and those in which a night earns most and least."""
    told = [(f.dimensions["month"], Decimal(str(f.value))) for f in facts if f.value is not None]
    if not told:
        return ""
    shown = [(month, formats.number(value, _places(facts)), value) for month, value in told]
    what = "Seasonal demand (index)" if facts[0].unit == "index" else "The number of nights sold"
    nights = f"{what} is highest in {_tied(shown, max)}, lowest in {_tied(shown, min)}"
    means = [(month, _mean(s, who, month)) for month, _ in told]
    earned = [(month, formats.money(round(mean)), mean) for month, mean in means if mean is not None]
    if not earned:
        return f"{nights}."
    return f"{nights}; a night in the inventory earns most in {_tied(earned, max)}, least in {_tied(earned, min)}."


def _tied(told: list[tuple[str, str, Decimal]], pick: Callable[[Iterable[Decimal]], Decimal]) -> str:
    """All months that share the highest or the lowest value as it is shown: naming one of equals would mislead."""
    words = {value: text for _, text, value in told}[pick(value for _, _, value in told)]
    return f"{series([_name(month) for month, text, _ in told if text == words])} ({words})"


def _places(facts: list[Fact]) -> int:
    """An index has two decimals, a mean of nights one."""
    return 2 if facts[0].unit == "index" else 1


def _mean(s: Selection, who: str, month: str) -> Decimal | None:
    """Revenue per available night of a calendar month, mean of the years on record, cents."""
    found = [
        Decimal(fact.value)
        for period in complete_months(s.figures.report_date, HISTORY)
        if f"{period.month:02d}" == month
        for fact in (s.fact("revpar", who, str(period)),)
        if isinstance(fact.value, int | Decimal)
    ]
    return sum(found, Decimal(0)) / len(found) if found else None


def _calendar(s: Selection, who: str) -> Table:
    rows = []
    for mean in _by_calendar(s, who, statistic="mean"):
        month = mean.dimensions["month"]
        nights = Cell(formats.NOT_AVAILABLE)
        if isinstance(mean.value, int | Decimal):
            nights = Cell(formats.number(mean.value, 1), mean.value, "number", metric_id="seasonal_index")
        earned = _mean(s, who, month)
        amount = Cell("\u2013") if earned is None else Cell(formats.money(round(earned)), round(earned), "money")
        rows.append((Cell(_name(month)), nights, s.cell(s.fact("seasonal_index", who, month=month)), amount))
    whole = s.fact("seasonal_index", who)
    return Table(
        f"By calendar month, mean of the years on record: nights sold, seasonal index, and RevPAR in "
        f"{formats.currency()}",
        (Column("Month"), Column("Nights", "right"), Column("Index", "right"), Column("RevPAR", "right")),
        tuple(rows),
        note=f"{audit.note(whole).capitalize()}." if rows and whole.value is None else "",
        empty=audit.missing(whole, CALENDAR),
    )


def _name(month: str) -> str:
    return f"{date(2000, int(month), 1):%b}"
