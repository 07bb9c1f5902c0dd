"""What the CFO is asked to decide: the course first, then capital by tier, then the control rules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import Decision
from executive_suite.reports.cfo.cash import floor_day
from executive_suite.reports.cfo.plan import cost_of, options_of
from executive_suite.reports.phrases import answers, quoted, series
from executive_suite.reports.selection import Selection

_YEAR_DAYS = 365
AGENDA_DAYS = 30
"""When a decision is due that has no day of its own, in days: as on the group's agenda."""


def asked(s: Selection) -> tuple[Decision, ...]:
    """Each decision with its figure and, where one is known, its day."""
    return (*_course(s), *_capital(s), *_rules(s))


def _course(s: Selection) -> tuple[Decision, ...]:
    """Asked when cash is gone within a year: later than that there is time to see what sales bring."""
    alive, month = s.fact("default_alive"), s.fact("default_alive_month")
    if alive.value is not False or not _soon(s, month):
        return ()
    why = f"{month.reason[:1].upper()}{month.reason[1:]} in {_month_of(month)} on the present course"
    below = floor_day(s)
    if below is not None:
        why += f"; at the mean burn it is below the floor of {s.text('runway_floor')} from {formats.day(below)}"
    due = below or date.fromisoformat(str(month.value))
    return (Decision("Choose between cutting burn and raising money.", f"{why}.", due=formats.day(due)),)


def _month_of(month: Fact) -> str:
    return formats.month(str(month.value)[:7])


def _soon(s: Selection, month: Fact) -> bool:
    return isinstance(month.value, str) and (date.fromisoformat(month.value) - s.figures.report_date).days <= _YEAR_DAYS


def _capital(s: Selection) -> tuple[Decision, ...]:
    options = options_of(s)
    found = []
    for option in options:
        after = s.text("runway_after_months", option=option.action_id)
        if option.status == "revenue-producing":
            back = s.text("payback_months", option=option.action_id)
            why = f"It pays back in {back} and leaves {after} of runway, against a floor of {s.text('runway_floor')}."
            found.append(Decision(f"Approve {quoted(option.title)}.", why, stake=_costs(option)))
    free = [option for option in options if option.status in {"zero-cost", "low-cost"}]
    if free:
        names = series([quoted(option.title) for option in free])
        found.append(
            Decision(
                f"Release {names}.", "They cost nothing or little, and leave the runway as it is.", stake=_costs(*free)
            )
        )
    for option in options:
        if option.status == "no-deploy":
            after = s.text("runway_after_months", option=option.action_id)
            why = f"{_why_hold(s, option.action_id, after)}."
            asks = f"asks for {formats.money(cost_of(option))}"
            found.append(Decision(f"Hold {quoted(option.title)}.", why, stake=asks))
    return tuple(found)


def _costs(*options: Action) -> str:
    return f"costs {formats.money(cost_of(*options))}"


def _why_hold(s: Selection, option: str, after: str) -> str:
    """Which of the two conditions of a spend a candidate fails: the runway that it leaves, or the time to pay back."""
    left, floor = s.fact("runway_after_months", option=option), s.fact("runway_floor")
    if left.value is not None and floor.value is not None and Decimal(str(left.value)) < Decimal(str(floor.value)):
        return f"It would leave {after} of runway, against a floor of {formats.of(floor)}"
    back = s.fact("payback_months", option=option)
    return f"It pays back in {formats.of(back)}" if back.value is not None else f"It does not pay back ({back.reason})"


def _rules(s: Selection) -> tuple[Decision, ...]:
    """One decision for all rules that are broken, due when the last of the actions against them is."""
    broken = [f for f in s.facts("control_rule_violations", "rule") if f.value]
    if not broken:
        return ()
    broken.sort(key=lambda fact: fact.dimensions["rule"])
    total = sum(int(str(fact.value)) for fact in broken)
    names = [f"{fact.value} to {quoted(s.label('rule', fact.dimensions['rule']))}" for fact in broken]
    found = [f for f in s.figures.findings if f.kind == "control_violation" and f.outcome == "fires"]
    days = [date.fromisoformat(str(action.due_on)) for action in answers(s, found) if action.due_on]
    due = max(days, default=s.figures.report_date + timedelta(days=AGENDA_DAYS))
    what = f"Close {formats.counted(total, 'exception')} to the control rules."
    return (Decision(what, f"{series(names)}.", due=formats.day(due)),)
