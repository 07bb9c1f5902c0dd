"""What only the CFO decides: the course, then capital by tier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import Decision
from executive_suite.reports import runway
from executive_suite.reports.cfo.capital import DECIDE, HOLD, cost_of, options_of, tier_of
from executive_suite.reports.phrases import quoted
from executive_suite.reports.selection import Selection

_YEAR_DAYS = 365


def asked(s: Selection) -> tuple[Decision, ...]:
    """Each decision with its figure and, if it has one, its date."""
    return (*_course(s), *_capital(s))


def _course(s: Selection) -> tuple[Decision, ...]:
    """Cut burn or raise money, if cash runs out within a year; beyond that, sales may still change the course."""
    end = s.fact("default_alive_month").value
    if s.fact("default_alive").value is not False or not isinstance(end, str):
        return ()
    gone = date.fromisoformat(end)
    if (gone - s.figures.report_date).days > _YEAR_DAYS:
        return ()
    why = f"Cash runs out in {formats.month(end)} if nothing changes"
    below = runway.floor_day(s)
    if below is not None:
        why += f"; at the mean burn it falls below the floor of {s.text('runway_floor')} on {formats.day(below)}"
    return (Decision("Choose between cutting burn and raising money.", f"{why}.", due=formats.day(below or gone)),)


def _capital(s: Selection) -> tuple[Decision, ...]:
    options = options_of(s)
    found = [_approved(s, option) for option in options if tier_of(s, option) == DECIDE]
    free = [option for option in options if tier_of(s, option) not in {"", DECIDE, HOLD}]
    if free:
        names = formats.series([quoted(option.title) for option in free])
        why = "They cost little or nothing, and leave the runway as it is."
        found.append(Decision(f"Approve {names}.", why, stake=_costs(*free)))
    held = [option for option in options if tier_of(s, option) == HOLD]
    found += [
        Decision(
            f"Hold {quoted(option.title)}.",
            f"{_why_hold(s, option)}.",
            stake=f"asks for {formats.money(cost_of(option))}",
        )
        for option in held
    ]
    return tuple(found)


def _approved(s: Selection, option: Action) -> Decision:
    back, after = (s.text(m, option=option.action_id) for m in ("payback_months", "runway_after_months"))
    why = f"It pays back in {back} and leaves {after} of runway; the floor is {s.text('runway_floor')}."
    return Decision(f"Approve {quoted(option.title)}.", why, stake=_costs(option))


def _costs(*options: Action) -> str:
    return f"costs {formats.money(cost_of(*options))}"


def _why_hold(s: Selection, option: Action) -> str:
    """Which condition a candidate fails: the runway left after it, or its payback time."""
    left, floor = s.fact("runway_after_months", option=option.action_id), s.fact("runway_floor")
    if left.number is not None and floor.number is not None and Decimal(left.number) < floor.number:
        return f"It would leave {formats.of(left)} of runway; the floor is {formats.of(floor)}"
    back = s.fact("payback_months", option=option.action_id)
    return f"It pays back in {formats.of(back)}" if back.value is not None else f"It does not pay back ({back.reason})"
