"""The base case as figures: the path, the day cash is gone, the day it falls below its floor, and what is dated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from executive_suite.dataset.behind import Among
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.book.book import NEEDS_ACTIVITY
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.base import FLOOR, Base, base
from executive_suite.metrics.forecast.path import Item, Step, month_ends, rows_of, spans, steps
from executive_suite.metrics.forecast.terms import terms
from executive_suite.metrics.forecast.unsold import unsold
from executive_suite.metrics.registry import metric

NEEDS = {
    "ledger": (*NEEDS_ACTIVITY["ledger"], "txn_id"),
    "account": NEEDS_ACTIVITY["account"],
    "param": ("param", "value"),
}
READ = ("lease", "client_contract", "invoice", "payment", "booking", "budget")
"""Tables that date items where they are recorded."""
EVENTS = 12
"""How many payments and receipts are named, the largest."""
NAMED = ("booking", "receivable", "payable", "tax", "capital")


def about(context: Context) -> dict[str, Any]:
    """What every figure of the base case rests on."""
    rows = {name: context.table(name) for name in READ if context.has(name)}
    return {"inputs": {"ledger": context.table("ledger"), **rows}, "assumed": window(context).assumed}


def within(same: Mapping[str, Any], made: Base, step: Step) -> dict[str, Any]:
    """The same of a step of the path: of the tables that date items, it rests on the rows that date its own."""
    few = rows_of(made.items, step.span)
    inputs = {table: Among(rows, few[table]) if table in few else rows for table, rows in same["inputs"].items()}
    return {**same, "inputs": inputs}


def undivided(context: Context) -> str:
    """What qualifies the path where the chart does not divide costs; empty where it does."""
    known = "cost_behaviour" in context.table("account").columns
    return "" if known else "all costs count as fixed: column account.cost_behaviour is absent"


def lasts(made: Base) -> Measure:
    """No date, because the path does not get there."""
    return not_applicable(f"cash lasts beyond {made.last.isoformat()}")


@metric("cash_path", "cash_out_date", "cash_floor_date", "cash_event", "cash_path_unsold", needs=NEEDS)
def _path(context: Context) -> Iterator[Fact]:
    missing, names = window(context).missing, ("cash_path", "cash_out_date", "cash_floor_date", "cash_event")
    if missing:
        yield from context.facts(dict.fromkeys((*names, "cash_path_unsold"), missing), inputs={})
        return
    made, same = base(context), about(context)
    for step in steps(made.cash_cents, made.items, spans(made.first)):
        at: dict[str, Any] = {step.span.by: step.span.label, "ends": step.span.ends.isoformat()}
        at |= within(same, made, step)
        lines = {"opening": step.opening, "closing": step.closing}
        lines |= {name: step.line(name) for name in ("receipts", "payments")}
        for line, cents in lines.items():
            yield context.fact("cash_path", Measure(cents), line=line, **at)
        for (line, kind), cents in step.kinds.items():
            yield context.fact("cash_path", Measure(cents), line=line, kind=kind, **at)
    for month, day in month_ends(made.first).items():
        yield context.fact("cash_path", Measure(made.closing(day)), month_end=str(month), line="closing", **same)
    yield context.fact("cash_path", Measure(made.closing(made.last), reason=f"at {made.last.isoformat()}"), **same)
    dates = {"cash_out_date": _out(made), "cash_floor_date": _floor(context, made)}
    yield from context.facts({name: qualified(day, undivided(context)) for name, day in dates.items()}, **same)
    yield from _events(context, made, same)
    yield from _unsold(context, same)


def _out(made: Base) -> Measure:
    if made.cash_cents < 0:
        return Measure(made.first.isoformat(), reason="no cash left", qualifier=Qualifier(Why.PASSED))
    return lasts(made) if made.out is None else Measure(made.out.isoformat())


def _floor(context: Context, made: Base) -> Measure:
    if optional_param(context, FLOOR) is None:
        return not_evaluable(f"param {FLOOR} has no value")
    if made.floor_cents is None:
        return not_applicable("no floor: operations bring cash")
    if made.cash_cents < made.floor_cents:
        return Measure(made.first.isoformat(), reason="cash is below it already", qualifier=Qualifier(Why.PASSED))
    day = made.below(made.floor_cents)
    return lasts(made) if day is None else Measure(day.isoformat())


def _events(context: Context, made: Base, same: dict[str, Any]) -> Iterator[Fact]:
    """Income that ends within the path, and the largest payments and receipts that are dated."""
    found: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for term in terms(context):
        if term.ends and term.ends <= made.last:
            found[term.ends.isoformat(), f"{term.kind}_ends", term.entity_id, term.key] -= term.monthly_cents
    named = [item for item in made.items if item.kind in NAMED]
    for item in sorted(named, key=lambda one: -abs(one.cents))[:EVENTS]:
        found[item.day.isoformat(), _event(item), item.entity_id, item.key] += item.cents
    if not found:
        yield context.fact("cash_event", not_applicable("nothing that is dated lies ahead"), **same)
    for (day, event, entity, key), cents in found.items():
        yield context.fact("cash_event", Measure(cents), entity_id=entity, day=day, event=event, key=key, **same)


def _event(item: Item) -> str:
    return item.kind if item.kind != "booking" else "booking_paid" if item.cents > 0 else "booking_cost"


def _unsold(context: Context, same: dict[str, Any]) -> Iterator[Fact]:
    found = unsold(context)
    months: dict[str, int] = defaultdict(int)
    for (entity, month), cents in sorted(found.items()):
        months[str(month)] += cents
        if entity != GROUP:
            yield context.fact("cash_path_unsold", Measure(cents), entity_id=entity, month=str(month), **same)
    for name, cents in months.items():
        yield context.fact("cash_path_unsold", Measure(cents), month=name, **same)
    why = "" if found else "no business that still sells had sales in the same months of last year"
    yield context.fact("cash_path_unsold", Measure(sum(found.values()), reason=why), **same)
