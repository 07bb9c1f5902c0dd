"""The rental sections on stays: occupancy and rates, and seasonal demand. Months let under a lease are not in them."""

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
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import noted, say

_CALENDAR = noted("Record each unit's nights with their status.")
_HISTORY = 36
"""Most months that a mean by calendar month covers."""


def occupancy(s: Selection, who: str) -> Section:
    """The section on occupancy of stays against its target, month by month with the year before, and the rate."""
    facts, target = _stayed(s, who), s.fact("occupancy_target", who)
    goal = target.number
    chart = pictures.by_month(
        s,
        "occupancy",
        "Occupancy",
        facts,
        instead=say("Occupancy is {fact}", fact=phrases.of(s.fact("occupancy", who))),
        levels=[] if goal is None else [Level(goal, say("target {target}", target=formats.of(target)))],
        tone=lambda fact: "watch" if goal is not None and (fact.number or 0) < goal else "neutral",
        finding=_found(facts, target),
        with_year_before=True,
    )
    return section(
        "Occupancy against target",
        point=_point(s, who),
        rows={"months": _months(s, who)},
        **shown(chart=chart),
    )


def _stayed(s: Selection, who: str) -> list[Fact]:
    """The months with nights offered to guests."""
    return [fact for fact in s.months("occupancy", months.YEAR, who) if fact.number is not None]


def _found(known: Sequence[Fact], target: Fact) -> str:
    if not known:
        return ""
    if target.number is None:
        last = known[-1]
        return say(
            "{last} of the nights of {period} were sold; no target is set.",
            last=formats.of(last),
            period=formats.month(last.period),
        )
    met = sum((fact.number or 0) >= target.number for fact in known)
    low = min(known, key=lambda fact: fact.number or 0)
    reached = say(
        "{met} of {known} reached the target of {target}",
        met=met,
        known=formats.counted(len(known), "month"),
        target=formats.of(target),
    )
    return say(
        "{reached}; the weakest was {period} with {low}.",
        reached=reached,
        period=formats.month(low.period),
        low=formats.of(low),
    )


def _point(s: Selection, who: str) -> str:
    """Nights sold to guests against the target, at what rate, and what is left out."""
    sold, target, rate, earned = (s.fact(m, who) for m in ("occupancy", "occupancy_target", "adr", "revpar"))
    if sold.value is None:
        return phrases.missing(sold, _CALENDAR)
    aim = "" if target.value is None else say(", against a target of {target}", target=formats.of(target))
    apart = f" ({sold.reason})" if sold.reason else ""
    said = say(
        "Stays filled {sold} of the nights of 12 months{apart}{aim}.", sold=formats.of(sold), apart=apart, aim=aim
    )
    if rate.value is None or earned.value is None:
        return said
    return say(
        "{said} A night sold brought {rate} on average, a night available {earned}.",
        said=said,
        rate=formats.of(rate),
        earned=formats.of(earned),
    )


def _months(s: Selection, who: str) -> Table:
    """Occupancy, rate and revenue per night, and the change in the latter against the same month a year earlier."""

    def of(metric_id: str, sold: Fact) -> Fact:
        return s.fact(metric_id, who, sold.period)

    facts = _stayed(s, who)
    changes = {f.period: cells.growth("revpar", e := of("revpar", f), months.year_before(s, e)) for f in facts}
    shown = any(not change.empty for change in changes.values())
    compared = [say("Change: RevPAR against the same month a year earlier.")] if shown else []
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
        note=" ".join((*compared, *_without(s, who))),
        empty=phrases.missing(s.fact("occupancy", who), _CALENDAR),
    )


def _without(s: Selection, who: str) -> Iterator[str]:
    """The months without figures, under each reason once."""
    left_out: dict[str, list[str]] = {}
    for fact in s.months("occupancy", months.YEAR, who):
        if fact.value is None:
            left_out.setdefault(fact.reason, []).append(formats.month(fact.period))
    yield from (f"{formats.series(names)}: {reason}." for reason, names in left_out.items())


def season(s: Selection, who: str) -> Section:
    """The section on seasonal demand: nights sold and revenue per night by calendar month."""
    chart = _season(s, who)
    return section(
        "Seasonal demand",
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
            return phrases.missing(whole, _CALENDAR)
        return say("Stays are on record for {known}; no rate is.", known=formats.counted(len(known), "calendar month"))
    shown_as = {name: (Decimal(mean), formats.money(mean, places=0)) for name, mean in earned.items()}
    most, least = _tied(shown_as, highest=True), _tied(shown_as, highest=False)
    high, low = max(earned.values()), min(earned.values())
    if high == low:
        return say(
            "An available night earns the same in every calendar month on record, {high}.", high=formats.money(high)
        )
    times = formats.number(Decimal(high) / low, 1)
    return say(
        "For stays, an available night earns most in {most} and least in {least}: {times} times as much, which prices and minimum stays should follow.",
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
    what = say("Seasonal demand (index)") if known[0].unit == "index" else say("The number of nights sold")
    nights = say(
        "{what} is highest in {sold}, lowest in {sold_2}",
        what=what,
        sold=_tied(sold, highest=True),
        sold_2=_tied(sold, highest=False),
    )
    return f"{nights}."


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
