"""Figures of page one about cash: what operations take or add, and how long it lasts at that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.rendering.blocks import Kpi
from executive_suite.reports.kpis import YEAR, day_before, kpi
from executive_suite.reports.selection import Selection
from executive_suite.wording import say


def past_runway(s: Selection) -> Kpi:
    """The runway at the burn of the past, next to its floor: above it is no good news while cash runs out ahead."""
    shown = kpi(s, "cash_runway_months", "Runway, past burn", target=s.fact("runway_floor"), target_is="floor")
    return replace(shown, tone="watch") if shown.tone == "fine" and s.foretold else shown


def mean_burn(s: Selection) -> Kpi:
    """What operations take from cash in a month, on average, or add to it."""
    mean, size = s.fact("net_burn").number, s.fact("burn_window").number
    window = say("mean") if size is None else say("{size}-month mean", size=formats.number(size))
    shown = kpi(s, "net_burn", say("Net burn, {window}", window=window))
    if size:
        shown = replace(shown, history=_means(s, int(size)))
    if mean is None or mean > 0:
        return shown
    history = tuple(None if value is None else -value for value in shown.history)
    grown = replace(shown, label=say("Cash grows by"), value=-Decimal(mean), history=history)
    before = s.prior(s.fact("net_burn"))
    if before is None or before.number is None:
        return grown
    then = formats.within_period(replace(before, value=-Decimal(before.number), unit=shown.unit))
    return replace(grown, comparison=f"{day_before(s)}: {then}")


def _means(s: Selection, size: int) -> tuple[Decimal | None, ...]:
    """The mean of net burn over so many months, at the end of each of the latest thirteen."""
    values = [None if fact.number is None else Decimal(fact.number) for fact in s.months("net_burn", YEAR + size)]
    ends = range(size, len(values) + 1)
    runs = [values[end - size : end] for end in ends]
    return tuple(None if None in run else sum(filter(None, run), Decimal(0)) / size for run in runs)
