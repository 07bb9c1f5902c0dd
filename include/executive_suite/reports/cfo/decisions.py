"""What only the CFO decides: the course, then capital by tier."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import CASH_OUT
from executive_suite.rendering.blocks import Decision
from executive_suite.reports import lists, runway
from executive_suite.reports.absence import OURS, Proof, none
from executive_suite.reports.cfo.capital import DECIDE, HOLD, cost_of, options_of, tier_of
from executive_suite.reports.phrases import quoted
from executive_suite.reports.selection import Selection
from executive_suite.wording import say


def asked(s: Selection) -> tuple[Decision, ...]:
    """Each decision with its figure and, if it has one, its date."""
    return (*_course(s), *_capital(s))


def _course(s: Selection) -> tuple[Decision, ...]:
    """Cut burn or raise money, if cash runs out within the twelve months of the path and no list asks for it yet."""
    asked_for = {action.action_id for action in lists.agenda(s, lists.EVERYTHING)}
    if any(signal.signal_id == CASH_OUT and signal.action_id in asked_for for signal in s.figures.signals):
        return ()
    gone, below = runway.cash_out_day(s), runway.floor_day(s)
    if gone is None or not runway.burns(s):
        return ()
    falls = runway.falls_below(s)
    why = none(
        "Cash {course} if nothing changes{value}",
        OURS,
        course=runway.course(s),
        value=say("; it {falls}", falls=falls) if falls else "",
    )
    what = say("Choose between cutting burn and raising money.")
    return (Decision(what, f"{why}.", due=formats.day(below or gone)),)


def _capital(s: Selection) -> tuple[Decision, ...]:
    options = options_of(s)
    found = [_approved(s, option) for option in options if tier_of(s, option) == DECIDE]
    free = [option for option in options if tier_of(s, option) not in {"", DECIDE, HOLD}]
    if free:
        names = formats.series([quoted(option.title) for option in free])
        why = none(
            "They cost little or nothing, and leave the runway as it is.",
            Proof(bool(free), tuple(s.fact("capital_tier", option=option.action_id).fact_id for option in free)),
        )
        found.append(Decision(say("Approve {names}.", names=names), why, stake=_costs(*free)))
    held = [option for option in options if tier_of(s, option) == HOLD]
    found += [
        Decision(
            say("Hold {title}.", title=quoted(option.title)),
            f"{_why_hold(s, option)}.",
            stake=say("asks for {option}", option=formats.money(cost_of(option))),
        )
        for option in held
    ]
    return tuple(found)


def _approved(s: Selection, option: Action) -> Decision:
    back, after = (s.text(m, option=option.action_id) for m in ("payback_months", "runway_after_months"))
    why = say(
        "It pays back in {back} and leaves {after} of runway; the floor is {text}.",
        back=back,
        after=after,
        text=s.text("runway_floor"),
    )
    return Decision(say("Approve {title}.", title=quoted(option.title)), why, stake=_costs(option))


def _costs(*options: Action) -> str:
    return say("costs {cost_of}", cost_of=formats.money(cost_of(*options)))


def _why_hold(s: Selection, option: Action) -> str:
    """Which condition a candidate fails: the runway left after it, or its payback time."""
    left, floor = s.fact("runway_after_months", option=option.action_id), s.fact("runway_floor")
    if left.number is not None and floor.number is not None and Decimal(left.number) < floor.number:
        return say(
            "It would leave {left} of runway; the floor is {floor}", left=formats.of(left), floor=formats.of(floor)
        )
    back = s.fact("payback_months", option=option.action_id)
    return (
        say("It pays back in {back}", back=formats.of(back))
        if back.value is not None
        else say("It does not pay back ({reason})", reason=back.reason)
    )
