"""How much of the time each system was up, and what is left of the time that it may be down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import Exact, ratio, rounded
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import any_assumed, rows
from executive_suite.period import Month, complete_months, cut_off

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

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
    """Time that a system should have been up, and time that it was down, seconds."""

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
        """The part of the downtime that the target allows which is not used up; below zero when overspent.

        >>> Availability(total=30 * 86_400, down=648).budget_left(Fraction(999, 1000)).value
        Decimal('0.7500000000')
        """
        allowed = (1 - Fraction(target)) * self.total
        return ratio(allowed - self.down, allowed, otherwise="the target allows no downtime")


def seconds_down(outages: Iterable[Span], window: Span) -> int:
    """Seconds of a window in which at least one of the outages lasted; those that overlap count once.

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
        "an hour more or less), and over the latest twelve complete months. Outages that overlap count once, one that "
        "is not over counts until the cut-off; time in which a system was only slow (kind degraded) is not downtime. "
        "Counted are systems with a target (parameter uptime_target, scope the system) or an outage, from their day "
        "since on, or where none is recorded from the month of their first outage. Undivided: all systems' time.",
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
        "1 - downtime / ((1 - target) x time), per system with a parameter uptime_target: what is left of the downtime "
        "that the target allows; below zero when it is overspent. A target of 1 allows none: n/a.",
        _SOURCE,
        "higher",
    ),
    needs={"incident": COLUMNS},
)
def _uptime(context: Context) -> Iterator[Fact]:
    frame = context.table("incident")
    outages = _outages(context, frame)
    starts = _starts(context, outages)
    targets = {system: target for system in starts if (target := _target(context, system)) is not None}
    periods: list[tuple[str, dict[str, Availability]]] = []
    whole: dict[str, Availability] = {}
    for month in complete_months(context.report_date, YEAR):
        own = _month(context, month, starts, outages)
        periods.append((str(month), own))
        whole |= {system: whole.get(system, Availability(0, 0)) + part for system, part in own.items()}
    named = _categories(context)
    inputs, assumed = {"incident": len(frame)}, any_assumed(frame)
    for period, parts in (*periods, ("", whole)):
        for metric_id, measure, system in _cuts(parts, targets):
            dimensions = {"system": system} | named.get(system, {}) if system else {}
            yield context.fact(metric_id, measure, inputs=inputs, period=period, assumed=assumed, **dimensions)
    if not whole:
        why = _nothing(starts)
        yield from (context.fact(metric_id, why, inputs=inputs) for metric_id in IDS)


def _month(
    context: Context, month: Month, starts: Mapping[str, datetime | None], outages: Mapping[str, Sequence[Span]]
) -> dict[str, Availability]:
    """Each system that was there in the month."""
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
    """The measures of each system, then of all of them (no name); nothing when there are none."""
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


def _outages(context: Context, frame: pd.DataFrame) -> dict[str, list[Span]]:
    """The outages of each system; one that was over only later was not over yet."""
    now = cut_off(context.report_date, context.zone)
    found: dict[str, list[Span]] = {}
    down = frame[frame["kind"] == OUTAGE]
    for system, began, restored in zip(down["system_id"], down["began_at"], down["restored_at"], strict=True):
        ended = now if pd.isna(restored) else min(restored.to_pydatetime(), now)
        found.setdefault(str(system), []).append((began.to_pydatetime(), ended))
    return found


def _starts(context: Context, outages: Mapping[str, Sequence[Span]]) -> dict[str, datetime | None]:
    """The systems that count, and from when on; None where nothing says it."""
    since: dict[str, datetime | None] = {}
    if context.has("system"):
        for row in rows(context.table("system", "system_id", "since")):
            day = row.day("since")
            since[row.text("system_id")] = None if day is None else cut_off(day, context.zone)
    aimed = {system for system in since if _target(context, system) is not None}
    return {
        system: since.get(system) or _month_of(context, outages.get(system, ()))
        for system in sorted({*outages} | aimed)
    }


def _categories(context: Context) -> dict[str, dict[str, str]]:
    """What kind of system each is, where the register says it: what a reader knows it by."""
    if not context.has("system"):
        return {}
    register = rows(context.table("system", "system_id"))
    return {r.text("system_id"): {"category": r.text("category")} for r in register if r.text("category")}


def _month_of(context: Context, outages: Sequence[Span]) -> datetime | None:
    """The start of the month of the first outage."""
    if not outages:
        return None
    first = min(outages)[0].astimezone(context.zone).date()
    return cut_off(Month.of(first).first, context.zone)


def _target(context: Context, system: str) -> Fraction | None:
    try:
        return Fraction(param(context, TARGET, system).value)
    except MissingInputError:
        return None
