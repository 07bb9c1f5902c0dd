"""The rental section on seasonal demand: when guests stay, and what an available night earns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart, Section, Table, section
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import left, none
from executive_suite.reports.rental.letting import CALENDAR
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import say

_HISTORY = 36
"""Most months that a mean by calendar month covers."""


def season(s: Selection, who: str) -> Section:
    """The section on seasonal demand: nights sold and revenue per night by calendar month."""
    chart = _season(s, who)
    return section(
        "Seasonal demand",
        covered=bool(_index(s, who, statistic="mean")),
        point=_swing(s, who),
        rows={"months": _by_calendar(s, who)},
        **shown(chart=chart),
    )


def _swing(s: Selection, who: str) -> str:
    """What an available night of a stay earns in the best and in the weakest calendar month, and what follows."""
    known = [fact.dimensions["month"] for fact in _index(s, who, statistic="mean") if fact.number is not None]
    earned = {name: round(mean, -2) for name in known if (mean := _mean(s, who, name))}
    if not earned:
        whole = s.fact("seasonal_index", who)
        if not known:
            return phrases.missing(whole, CALENDAR)
        months_known = formats.counted(len(known), "calendar month")
        return none("Stays are on record for {known}; no rate is.", left(earned), known=months_known)
    shown_as = {name: (Decimal(mean), formats.money(mean, places=0)) for name, mean in earned.items()}
    most, least = _tied(shown_as, highest=True), _tied(shown_as, highest=False)
    high, low = max(earned.values()), min(earned.values())
    if high == low:
        return say(
            "An available night earns the same in every calendar month on record, {high}.", high=formats.money(high)
        )
    times = formats.number(Decimal(high) / low, 1)
    return say(
        "For stays, an available night earns most in {most} and least in {least}: {times} times as much, which "
        "prices and minimum stays should follow.",
        most=most,
        least=least,
        times=times,
    )


def _season(s: Selection, who: str) -> Chart:
    facts, levels = _index(s, who), [Level(1, say("average month"))]
    title = say("Seasonal index of nights sold by calendar month (1 = the average month)")
    indexed = bool(facts)
    if not indexed:
        facts, levels = _index(s, who, statistic="mean"), []
        title = say("Mean nights sold by calendar month (no seasonal index)")
    elif facts[0].unit != "index":
        levels = []
    known = [fact for fact in facts if fact.number is not None]
    points = [Point(_name(f.dimensions["month"]), f.number or 0, _shown(f)) for f in known]
    listed = say("By calendar month: {listed}", listed=", ".join(f"{point.label} {point.text}" for point in points))
    return pictures.chart(
        "season",
        title,
        charts.columns(points, levels=levels),
        listed if points else say("The seasonal index is {fact}", fact=phrases.of(s.fact("seasonal_index", who))),
        finding=_extremes(known),
    )


def _index(s: Selection, who: str, **fixed: str) -> list[Fact]:
    facts = s.facts("seasonal_index", "month", entity_id=who, **fixed)
    return sorted(facts, key=lambda f: f.dimensions["month"])


def _shown(fact: Fact) -> str:
    """An index has two decimals, a mean of nights one."""
    return formats.number(fact.number or 0, 2 if fact.unit == "index" else 1)


def _extremes(known: Sequence[Fact]) -> str:
    """The months of highest and lowest demand."""
    if not known:
        return ""
    sold = {
        f.dimensions["month"]: (round(Decimal(f.number or 0), 2 if f.unit == "index" else 1), _shown(f)) for f in known
    }
    high, low = _tied(sold, highest=True), _tied(sold, highest=False)
    if known[0].unit == "index":
        return say("Seasonal demand (index) is highest in {high}, lowest in {low}.", high=high, low=low)
    return say("The number of nights sold is highest in {high}, lowest in {low}.", high=high, low=low)


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
        empty=phrases.missing(whole, CALENDAR),
    )


def _name(name: str) -> str:
    return formats.month_name(date(2000, int(name), 1))
