"""What the cash path and its track record say, as signals: when cash runs out, and forecasts that keep missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.signals import CASH_OUT, Signal, Subject
from executive_suite.metrics.arithmetic import mean, whole_cents
from executive_suite.period import months_later
from executive_suite.rules import owed_views

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

NEAR_DAYS = 183
"""Days within which the end of cash calls for an act."""
TAX_DAYS = 62
"""Days ahead of which a tax is news."""
TAXES = {
    "nec_1099": "Form 1099-NEC",
    "income": "estimated income tax",
    "lodging": "lodging tax",
    "sales": "sales tax",
    "payroll": "payroll tax",
}
"""What a tax is called in a sentence."""
LEAST_MISSES = 3
"""Misses in succession on one side that are no accident: of ten forecasts, one in four would show three by chance."""
LEAST_CENTS = 100
"""One unit of the currency: less is printed as nothing, and nobody plans with it."""
WHAT = {"cash": "cash", "revenue": "revenue", "net_burn": "net burn"}
OVER = {
    "week_4": "4-week",
    "week_8": "8-week",
    "week_13": "13-week",
    "month_1": "One-month",
    "month_3": "3-month",
    "month_6": "6-month",
}


def found(context: Context, facts: Iterable[Fact]) -> Iterator[Signal]:
    """The end of cash on the base case, and the forecasts that missed on one side again and again."""
    valued = [fact for fact in facts if fact.value is not None]
    given = [fact for fact in valued if fact.entity_id == GROUP]
    yield from _cash(context, given)
    yield from _misses(given)
    yield from _taxes(context, valued)


def _cash(context: Context, facts: Sequence[Fact]) -> Iterator[Signal]:
    now = context.report_date.isoformat()
    by_id = {fact.metric_id: fact for fact in facts if not fact.dimensions and fact.period == now}
    out, floor, burned = (by_id.get(name) for name in ("cash_out_date", "cash_floor_date", "net_burn"))
    if out is None:
        return
    day = str(out.value)
    below = (
        f"; it falls below its floor on {formats.near(str(floor.value))}" if floor and str(floor.value) > now else ""
    )
    burning = burned is not None and burned.number is not None and burned.number > 0
    near = burning and (date.fromisoformat(day) - context.report_date).days <= NEAR_DAYS
    yield Signal(
        signal_id=CASH_OUT,
        kind="cliff",
        entity_id=GROUP,
        subject=Subject(metric_id="cash_out_date"),
        headline=f"{'Cash' if burning else 'Without new sales, cash'} runs out on {formats.near(day)}{below}",
        on=day,
        amount_cents=whole_cents(burned.number or 0) if burned and burning else None,
        per="month" if burning else "",
        severity="act" if near else "watch",
        readers=("cfo", "ceo"),
        facts=tuple(fact.fact_id for fact in (out, floor, burned) if fact),
        action="Choose between cutting burn and raising money",
        owner="CFO",
        due_on=str(floor.value) if below and floor else day,
        mark="Cash runs out",
        name="cash_out",
    )


def _taxes(context: Context, facts: Iterable[Fact]) -> Iterator[Signal]:
    """Taxes that the books owe and whose return is due soon, without what was due before."""
    late = _late(context)
    for fact in facts:
        due, kind = fact.dimensions.get("due", ""), fact.dimensions.get("kind", "")
        if fact.metric_id != "tax_due" or not due or not fact.number:
            continue
        cents = whole_cents(fact.number) - late.get((fact.entity_id, kind), 0)
        if cents <= 0:
            continue
        if 0 <= (date.fromisoformat(due) - context.report_date).days <= TAX_DAYS:
            named, amount = TAXES.get(kind, f"{kind} tax"), formats.money(cents)
            first = f"{named[:1].upper()}{named[1:]}"
            yield Signal(
                signal_id=f"cliff:{fact.entity_id}:tax:{kind}",
                kind="cliff",
                entity_id=fact.entity_id,
                subject=Subject(metric_id="tax_due", dimensions={"kind": kind}),
                headline=f"{first} is due {formats.near(due)} ({amount})",
                on=due,
                amount_cents=cents,
                per="once",
                severity="act",
                readers=("accounting", "cfo"),
                facts=(fact.fact_id,),
                action=f"File the {named} by {formats.near(due)} ({amount})",
                owner="Accounting",
                due_on=due,
                mark=f"{first} due",
                name="tax",
            )


def _late(context: Context) -> Mapping[tuple[str, str], int]:
    """By entity and kind, taxes whose return was due before the report date, cents."""
    try:
        return {(row["entity_id"], row["kind"]): row["open_cents"] for row in owed_views.tax_overdue(context)}
    except MissingInputError:
        return {}


def _misses(facts: Sequence[Fact]) -> Iterator[Signal]:
    made: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        if fact.metric_id == "forecast_error":
            made.setdefault((fact.dimensions["of"], fact.dimensions["horizon"]), []).append(fact)
    longest: dict[str, tuple[str, list[Fact]]] = {}
    for (of, horizon), errors in sorted(made.items()):
        run = _same_side(_apart(errors))
        if len(run) >= LEAST_MISSES and len(run) > len(longest.get(of, ("", []))[1]):
            longest[of] = horizon, run
    for of, (horizon, run) in longest.items():
        cents = whole_cents(mean([int(fact.number or 0) for fact in run]))
        if abs(cents) >= LEAST_CENTS:
            yield _miss(of, horizon, run, cents)


def _apart(errors: Sequence[Fact]) -> list[Fact]:
    """The latest forecasts of one horizon whose spans do not overlap, in order: one bad month counts once."""
    kept: list[Fact] = []
    for fact in sorted(errors, key=lambda one: one.dimensions["made_on"], reverse=True):
        if not kept or _ends(fact) <= date.fromisoformat(kept[0].dimensions["made_on"]):
            kept.insert(0, fact)
    return kept


def _ends(fact: Fact) -> date:
    """The first day after the span of a forecast, whose horizon is ``week_13`` or ``month_3``."""
    made_on, (unit, count) = date.fromisoformat(fact.dimensions["made_on"]), fact.dimensions["horizon"].split("_")
    return made_on + timedelta(weeks=int(count)) if unit == "week" else months_later(made_on, int(count))


def _same_side(errors: Sequence[Fact]) -> list[Fact]:
    """The latest forecasts in succession that missed on the same side, none by a trifle."""
    usual = mean([abs(int(fact.number or 0)) for fact in errors]) if errors else 0
    run: list[Fact] = []
    for fact in reversed(errors):
        number = Decimal(fact.number or 0)
        if abs(number) < Decimal(usual) / 2 or (run and (number > 0) != (Decimal(run[0].number or 0) > 0)):
            break
        run.insert(0, fact)
    return run


def _miss(of: str, horizon: str, run: Sequence[Fact], cents: int) -> Signal:
    side = "low" if cents > 0 else "high"
    return Signal(
        signal_id=f"forecast_miss:group:{of}",
        kind="forecast_miss",
        entity_id=GROUP,
        subject=Subject(metric_id="forecast_error", dimensions={"of": of, "horizon": horizon}),
        headline=(
            f"{OVER[horizon]} {WHAT[of]} forecast too {side} {len(run)} times running, "
            f"by {formats.money(abs(cents))} on average"
        ),
        since=run[0].dimensions["made_on"],
        amount_cents=abs(cents),
        per="once",
        readers=("cfo", "accounting"),
        facts=tuple(fact.fact_id for fact in run),
        action=f"Plan with {formats.money(abs(cents))} {'more' if cents > 0 else 'less'} {WHAT[of]} than we forecast",
        owner="CFO",
        name="forecast",
    )
