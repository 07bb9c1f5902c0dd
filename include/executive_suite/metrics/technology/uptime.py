"""How much of the time each system was up, and how much of its allowed downtime is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import Exact, ratio, rounded
from executive_suite.metrics.cut import cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, cut_off

COLUMNS = ("incident_id", "system_id", "kind", "began_at", "restored_at")
OUTAGE = "outage"
TARGET = "uptime_target"
YEAR = 12
_HOUR = 3600
_SOURCE = (
    "Google, Site Reliability Engineering, chapter 3 (time-based availability) and appendix A (availability table)"
)
IDS = ("uptime", "downtime_hours", "error_budget_left")

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Availability:
    """Time that a system should have been up, and time that it was down, in seconds."""

    total: int
    down: int

    def __add__(self, other: Availability) -> Availability:
        return Availability(self.total + other.total, self.down + other.down)

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


@metric(
    Definition(
        "uptime",
        "Uptime",
        "ratio",
        "1 - downtime / time, per system and complete month in the group's time zone (a month with a clock change has "
        "an hour more or less), and over the latest twelve complete months. Outages that overlap count once; an outage "
        "still running counts until the cut-off; time in which a system was only slow (kind degraded) is not downtime. "
        "Systems count that have a target (parameter uptime_target, scope the system) or an outage, from their day "
        "since, or from the month of their first outage if no day is recorded. Undivided: all systems' time.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "downtime_hours",
        "Downtime",
        "hours",
        "Hours in which a system was down, over the same systems and periods as uptime.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "error_budget_left",
        "Error budget left",
        "ratio",
        "1 - downtime / ((1 - target) x time), per system with a parameter uptime_target: the unused share of the "
        "downtime that the target allows; below zero when overspent. A target of 1 allows none: n/a.",
        _SOURCE,
        "higher",
    ),
    needs={"incident": COLUMNS},
)
def _uptime(context: Context) -> Iterator[Fact]:
    incidents = cut(context, "incident", context.rows("incident"))
    outages = _outages(context)
    starts = _starts(context, outages)
    targets = {system: target for system in starts if (target := _target(context, system)) is not None}
    periods = {str(m): _month(context, m, starts, outages) for m in complete_months(context.report_date, YEAR)}
    whole: dict[str, Availability] = {}
    for parts in periods.values():
        whole |= {system: whole.get(system, Availability(0, 0)) + part for system, part in parts.items()}
    register = context.rows("system") if context.has("system") else ()
    named = {row.system_id: {"category": row.category} for row in register if row.get("category")}
    for period, parts in (*periods.items(), ("", whole)):
        own = replace(incidents, period=period)
        for metric_id, measure, system in _cuts(parts, targets):
            yield own.fact(metric_id, measure, **({"system": system, **named.get(system, {})} if system else {}))
    if not whole:
        yield from (incidents.fact(metric_id, _nothing(starts), assumed=False) for metric_id in IDS)


def _month(
    context: Context, month: Month, starts: Mapping[str, datetime | None], outages: Mapping[str, Sequence[Span]]
) -> dict[str, Availability]:
    """The availability in a month of each system that existed in it."""
    first, end = cut_off(month.first, context.zone), cut_off((month + 1).first, context.zone)
    found = {}
    for system, since in starts.items():
        if since is not None and since < end:
            window = (max(first, since), end)
            total = round((end - window[0]).total_seconds())
            found[system] = Availability(total, seconds_down(outages.get(system, ()), window))
    return found


def _nothing(starts: Mapping[str, datetime | None]) -> Measure:
    if not starts:
        return not_applicable(f"no system has had an outage or has a target (param {TARGET})")
    if all(since is None for since in starts.values()):
        return not_evaluable(f"column system.since is blank for {', '.join(sorted(starts))}, and no outage is recorded")
    return not_applicable("no system was there in a complete month")


def _cuts(parts: Mapping[str, Availability], targets: Mapping[str, Fraction]) -> Iterator[tuple[str, Measure, str]]:
    """The measures of each system, then of all systems (no name); nothing when there are none."""
    if not parts:
        return
    for system, own in parts.items():
        yield "uptime", own.uptime(), system
        yield "downtime_hours", _hours(own), system
        if system in targets:
            yield "error_budget_left", own.budget_left(targets[system]), system
    total = sum(parts.values(), Availability(0, 0))
    yield "uptime", total.uptime(), ""
    yield "downtime_hours", _hours(total), ""
    aimed = [(own, targets[system]) for system, own in parts.items() if system in targets]
    allowed = sum(((1 - target) * own.total for own, target in aimed), Fraction(0))
    left = not_evaluable(f"no system has a target (param {TARGET})")
    if aimed:
        left = ratio(allowed - sum(own.down for own, _ in aimed), allowed, otherwise="the targets allow no downtime")
    yield "error_budget_left", left, ""


def _hours(own: Availability) -> Measure:
    return Measure(rounded(Fraction(own.down, _HOUR), 2))


def _outages(context: Context) -> dict[str, list[Span]]:
    """The outages of each system; one that ended only after the cut-off lasts until the cut-off."""
    now = cut_off(context.report_date, context.zone)
    down = grouped(context.rows("incident"), lambda row: row.system_id if row.kind == OUTAGE else None)
    return {system: [(o.began_at, min(o.restored_at or now, now)) for o in own] for system, own in down.items()}


def _starts(context: Context, outages: Mapping[str, Sequence[Span]]) -> dict[str, datetime | None]:
    """The systems that count, and since when: column since, or the month of the first outage; None if unknown."""
    register = context.rows("system", "system_id", "since") if context.has("system") else ()
    days = {row.system_id: row.since for row in register}
    found = {}
    for system in sorted({*outages, *(system for system in days if _target(context, system) is not None)}):
        day = days.get(system)
        if day is None and system in outages:
            day = Month.of(min(outages[system])[0].astimezone(context.zone)).first
        found[system] = None if day is None else cut_off(day, context.zone)
    return found


def _target(context: Context, system: str) -> Fraction | None:
    target = optional_param(context, TARGET, system)
    return None if target is None else Fraction(target.value)
