"""The rental sections on occupancy, rates, and seasonal demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Section, Table, section
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, itself, month, table, words

_CALENDAR = "Record each unit's nights with their status."
_HISTORY = 36
"""Most months that a mean by calendar month covers."""


def occupancy(s: Selection, who: str) -> Section:
    """The section on occupancy against its target, month by month with the year before, and the rate."""
    facts, target = s.months("occupancy", months.YEAR, who), s.fact("occupancy_target", who)
    goal = target.number
    chart = pictures.by_month(
        s,
        "occupancy",
        "Occupancy",
        facts,
        instead=f"Occupancy is {phrases.of(s.fact('occupancy', who))}",
        levels=[] if goal is None else [Level(goal, f"target {formats.of(target)}")],
        tone=lambda fact: "watch" if goal is not None and (fact.number or 0) < goal else "neutral",
        finding=_found([fact for fact in facts if fact.number is not None], target),
        with_year_before=True,
    )
    return section("Occupancy against target", reading=_reading(s, who), chart=chart, months=_months(s, who))


def _found(known: Sequence[Fact], target: Fact) -> str:
    if not known:
        return ""
    if target.number is None:
        last = known[-1]
        return f"{formats.of(last)} of the nights of {formats.month(last.period)} were sold; no target is set."
    met = sum((fact.number or 0) >= target.number for fact in known)
    low = min(known, key=lambda fact: fact.number or 0)
    reached = f"{met} of {formats.counted(len(known), 'month')} reached the target of {formats.of(target)}"
    return f"{reached}; the weakest was {formats.month(low.period)} with {formats.of(low)}."


def _reading(s: Selection, who: str) -> str:
    standard, adjusted = s.fact("occupancy", who), s.fact("occupancy_adjusted", who)
    if standard.value is None:
        return f"Occupancy is {phrases.of(standard)}."
    return (
        f"Over 12 months {formats.of(standard)} of all nights in the inventory were sold, and {formats.of(adjusted)} "
        "of those offered (without owner and out-of-order nights). A night in the inventory earned "
        f"{formats.of(s.fact('revpar', who))}, an offered night {formats.of(s.fact('revpar', who, basis='adjusted'))}."
    )


def _months(s: Selection, who: str) -> Table:
    """Occupancy, rate and revenue per night, and the change in the latter against the same month a year earlier."""

    def of(metric_id: str, sold: Fact) -> Fact:
        return s.fact(metric_id, who, sold.period)

    facts = s.months("occupancy", months.YEAR, who)
    changes = {f.period: cells.growth("revpar", e := of("revpar", f), months.year_before(s, e)) for f in facts}
    shown = any(not change.empty for change in changes.values())
    compared = ["Change: RevPAR against the same month a year earlier."] if shown else []
    return table(
        "Nights sold, average daily rate (ADR) and revenue per available night (RevPAR) by month, actual",
        facts,
        (
            month(lambda f: f.period),
            itself("Sold", notes="never"),
            figures("ADR", lambda f: of("adr", f), notes="never"),
            figures("RevPAR", lambda f: of("revpar", f), notes="never"),
            figures("Change", lambda f: changes[f.period]),
        ),
        note=" ".join((*compared, *_without(facts))),
        empty=phrases.missing(s.fact("occupancy", who), _CALENDAR),
    )


def _without(facts: Sequence[Fact]) -> Iterator[str]:
    """Why months have no figures, each reason once."""
    reasons = dict.fromkeys(fact.reason for fact in facts if fact.value is None)
    yield from (f"n/a: {reason}." for reason in reasons)


def season(s: Selection, who: str) -> Section:
    """The section on seasonal demand: nights sold and revenue per night by calendar month."""
    return section("Seasonal demand", chart=_season(s, who), months=_by_calendar(s, who))


def _season(s: Selection, who: str) -> Chart:
    facts, levels = _index(s, who), [Level(1, "average month")]
    title = "Seasonal index of nights sold by calendar month (1 = the average month)"
    indexed = bool(facts)
    if not indexed:
        facts, levels = _index(s, who, statistic="mean"), []
        title = "Mean nights sold by calendar month (no seasonal index)"
    elif facts[0].unit != "index":
        levels = []
    known = [fact for fact in facts if fact.number is not None]
    points = [Point(_name(f.dimensions["month"]), f.number or 0, _shown(f)) for f in known]
    listed = f"By calendar month: {', '.join(f'{point.label} {point.text}' for point in points)}"
    return pictures.chart(
        "season",
        title,
        charts.columns(points, levels=levels),
        listed if points else f"The seasonal index is {phrases.of(s.fact('seasonal_index', who))}",
        finding=_extremes(s, who, known),
    )


def _index(s: Selection, who: str, **fixed: str) -> list[Fact]:
    facts = s.facts("seasonal_index", "month", entity_id=who, **fixed)
    return sorted(facts, key=lambda f: f.dimensions["month"])


def _shown(fact: Fact) -> str:
    """An index has two decimals, a mean of nights one."""
    return formats.number(fact.number or 0, 2 if fact.unit == "index" else 1)


def _extremes(s: Selection, who: str, known: Sequence[Fact]) -> str:
    """The months of highest and lowest demand, and of highest and lowest revenue per night."""
    if not known:
        return ""
    sold = {
        f.dimensions["month"]: (round(Decimal(f.number or 0), 2 if f.unit == "index" else 1), _shown(f)) for f in known
    }
    what = "Seasonal demand (index)" if known[0].unit == "index" else "The number of nights sold"
    nights = f"{what} is highest in {_tied(sold, highest=True)}, lowest in {_tied(sold, highest=False)}"
    means = {name: round(mean) for name in sold if (mean := _mean(s, who, name)) is not None}
    earned = {name: (Decimal(mean), formats.money(mean, places=2)) for name, mean in means.items()}
    if not earned:
        return f"{nights}."
    most, least = _tied(earned, highest=True), _tied(earned, highest=False)
    return f"{nights}; a night in the inventory earns most in {most}, least in {least}."


def _tied(values: dict[str, tuple[Decimal, str]], *, highest: bool) -> str:
    """All months that share the highest or the lowest value."""
    extreme = (max if highest else min)(values.values())
    names = [_name(name) for name, value in values.items() if value == extreme]
    return f"{formats.series(names)} ({extreme[1]})"


def _mean(s: Selection, who: str, name: str) -> Decimal | None:
    """Revenue per available night of a calendar month, mean of the years on record, cents."""
    periods = [str(p) for p in complete_months(s.figures.report_date, _HISTORY) if f"{p.month:02d}" == name]
    found = [Decimal(n) for period in periods if (n := s.fact("revpar", who, period).number) is not None]
    return sum(found, Decimal(0)) / len(found) if found else None


def _by_calendar(s: Selection, who: str) -> Table:
    whole = s.fact("seasonal_index", who)

    def mean(fact: Fact) -> Decimal | None:
        found = _mean(s, who, fact.dimensions["month"])
        return None if found is None else Decimal(round(found))

    return table(
        "Nights sold, seasonal index and RevPAR by calendar month, mean of the years on record",
        _index(s, who, statistic="mean"),
        (
            words("Month", lambda f: _name(f.dimensions["month"])),
            figures("Nights", lambda f: cells.tenths(f, "count")),
            figures("Index", lambda f: s.fact("seasonal_index", who, month=f.dimensions["month"])),
            figures("RevPAR", lambda f: cells.money(mean(f))),
        ),
        note=phrases.sentence(whole.reason) if whole.value is None else "",
        empty=phrases.missing(whole, _CALENDAR),
    )


def _name(name: str) -> str:
    return formats.month_name(date(2000, int(name), 1))
