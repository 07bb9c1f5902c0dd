"""How much of the time each system was up, and how much of its allowed downtime is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import Exact, ratio, rounded
from executive_suite.metrics.cut import YEAR, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, cut_off

COLUMNS = ("incident_id", "system_id", "kind", "began_at", "restored_at")
TARGET = "uptime_target"
_HOUR = 3600

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Availability:
    """Time that a system should have been up, and time that it was down, in seconds."""

    total: int
    down: int

    def __add__(self, other: Availability) -> Availability:
        return Availability(self.total + other.total, self.down + other.down)

    @property
    def hours(self) -> Measure:
        """Hours down, to two places."""
        return Measure(rounded(Fraction(self.down, _HOUR), 2))

    def uptime(self) -> Measure:
        """1 - downtime / time.

        >>> Availability(total=30 * 86_400, down=2_592).uptime().value  # 43.2 minutes of a month of 30 days
        Decimal('0.9990000000')
        """
        return ratio(self.total - self.down, self.total, otherwise="no time in the period")

    def budget_left(self, target: Exact) -> Measure:
        """The unused share of the downtime that the target allows; below zero when overspent.

        >>> Availability(total=30 * 86_400, down=648).budget_left(Fraction(999, 1000)).value
        Decimal('0.7500000000')
        """
        allowed = (1 - Fraction(target)) * self.total
        return ratio(allowed - self.down, allowed, otherwise="the target allows no downtime")


def seconds_down(outages: Iterable[Span], window: Span) -> int:
    """Seconds of a window with at least one outage; outages that overlap count once.

    >>> at = [datetime(2026, 4, 1, hour) for hour in range(6)]
    >>> seconds_down([(at[1], at[3]), (at[2], at[4])], (at[0], at[5])) // 3600
    3
    """
    covered, until = 0, window[0]
    for began, ended in sorted(outages):
        first, last = max(began, until), min(ended, window[1])
        if last > first:
            covered += round((last - first).total_seconds())
            until = last
    return covered


@dataclass(frozen=True, slots=True)
class System:
    """A system whose uptime counts.

    Attributes:
        dimensions: Its id, and its category where the register gives one.
        since: When it went into service, or the start of the month of its first outage; None if unknown.
        target: The uptime aimed at; None without one.
        outages: Begin and end of each, the end at the cut-off at the latest.
    """

    dimensions: Mapping[str, str]
    since: datetime | None
    target: Fraction | None
    outages: tuple[Span, ...]

    def within(self, window: Span) -> Availability:
        """Its availability in the part of a window since when it was in service."""
        began = max(window[0], self.since or window[0])
        total = round((window[1] - began).total_seconds())
        return Availability(total, seconds_down(self.outages, (began, window[1])))


@metric("uptime", "downtime_hours", "error_budget_left", needs={"incident": COLUMNS})
def _uptime(context: Context) -> Iterator[Fact]:
    incidents, systems = cut(context, "incident", context.rows("incident")), _systems(context)
    months = complete_months(context.report_date, YEAR)
    starts = [cut_off(month.first, context.zone) for month in (*months, months[-1] + 1)]
    there: list[tuple[System, Availability]] = []
    for period, window in (*zip(map(str, months), pairwise(starts), strict=True), ("", (starts[0], starts[-1]))):
        whole = replace(incidents, period=period)
        there = [(system, system.within(window)) for system in systems if system.since and system.since < window[1]]
        for system, part in there:
            own = replace(whole, dimensions=system.dimensions)
            yield own.fact("uptime", part.uptime())
            yield own.fact("downtime_hours", part.hours)
            if system.target is not None:
                yield own.fact("error_budget_left", part.budget_left(system.target))
        if there:
            total = sum((part for _, part in there), Availability(0, 0))
            yield whole.fact("uptime", total.uptime())
            yield whole.fact("downtime_hours", total.hours)
            yield whole.fact("error_budget_left", _budget_left(there))
    if not there:
        yield from (
            incidents.fact(metric_id, _nothing(systems), assumed=False)
            for metric_id in ("uptime", "downtime_hours", "error_budget_left")
        )


def _budget_left(parts: Sequence[tuple[System, Availability]]) -> Measure:
    """The error budget left of all systems that have a target, by their time."""
    aimed = [(system.target, part) for system, part in parts if system.target is not None]
    if not aimed:
        return not_evaluable(f"no system has a target (param {TARGET})")
    allowed = sum(((1 - target) * part.total for target, part in aimed), Fraction(0))
    left = allowed - sum(part.down for _, part in aimed)
    return ratio(left, allowed, otherwise="the targets allow no downtime")


def _nothing(systems: Sequence[System]) -> Measure:
    if not systems:
        return not_applicable(f"no system has had an outage or has a target (param {TARGET})")
    if all(system.since is None for system in systems):
        names = ", ".join(system.dimensions["system"] for system in systems)
        return not_evaluable(f"column system.since is blank for {names}, and no outage is recorded")
    return not_applicable("no system was there in a complete month")


def _systems(context: Context) -> tuple[System, ...]:
    """The systems that count, by id: those with an outage, and those registered with a target."""
    now = cut_off(context.report_date, context.zone)
    outages = grouped(context.rows("incident"), lambda row: row.system_id if row.kind == "outage" else None)
    register = context.rows("system", "system_id", "since") if context.has("system") else ()
    known = {row.system_id: row for row in register}
    found = []
    for name in sorted({*known, *outages}):
        target, row = optional_param(context, TARGET, name), known.get(name)
        if name in outages or target is not None:
            spans = tuple((o.began_at, min(o.restored_at or now, now)) for o in outages.get(name, ()))
            since = row.since if row else None
            if since is None and spans:
                since = Month.of(min(spans)[0].astimezone(context.zone)).first
            named = {"system": name, **({"category": row.category} if row and row.get("category") else {})}
            start = None if since is None else cut_off(since, context.zone)
            found.append(System(named, start, None if target is None else Fraction(target.value), spans))
    return tuple(found)
