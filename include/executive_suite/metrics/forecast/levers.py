"""Levers: candidate actions as changes of the path, with what each saves and how many days it buys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.assets import is_held
from executive_suite.metrics.book.book import book, chart
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.margins import INTEREST
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.ahead import NEEDS, about, lasts
from executive_suite.metrics.forecast.base import Base, base
from executive_suite.metrics.forecast.flows import operating, over
from executive_suite.metrics.forecast.invoiced import overdue
from executive_suite.metrics.forecast.path import Item
from executive_suite.metrics.forecast.terms import terms
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import in_cents
from executive_suite.metrics.technology.cloud_savings import open_savings
from executive_suite.period import Month

NOTICE_DAYS = 30
"""Days from the report date until a cut saves its first payment and overdue money comes in."""
SALE_DAYS = 90
"""Days until a sold asset brings its money."""
IDLE_MONTHS = 3
"""Complete months without revenue after which an entity's assets are idle."""
CUTTABLE = ("opex_sales", "opex_ga", "opex_rd")
"""Functions whose costs can be cut without ending the business."""
SMALLEST = 100
"""A cut of less than one part in so many of the monthly payments is not shown."""
SOLD = ("vessel", "property", "vehicle", "equipment")

Changes = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Lever:
    """A candidate action.

    Attributes:
        name: cut, close, collect, renew, cloud or sell.
        key: What it concerns: an account, an entity, a lease or contract, an asset; blank for all.
        entity_id: Whose.
        changes: What it changes, by day, cents.
        monthly_cents: What it saves or brings in a month.
        once_cents: What it brings once.
    """

    name: str
    key: str
    entity_id: str
    changes: Changes
    monthly_cents: int = 0
    once_cents: int = 0


@dataclass(frozen=True, slots=True)
class Bought:
    """The date that a lever buys: None where cash lasts beyond the path, and the days, at least that many."""

    day: date | None
    days: int


def bought(made: Base, changes: Changes) -> Bought:
    """What changes of the path buy; nothing is bought where cash lasts anyway.

    Raises:
        ValueError: the base case does not run out.
    """
    if made.out is None:
        msg = "cash lasts beyond the path: nothing to buy"
        raise ValueError(msg)
    day = made.below(0, changes)
    return Bought(day, ((day or made.last) - made.out).days)


@per_context
def levers(context: Context) -> tuple[Lever, ...]:
    """Every lever that changes something, in order of name, entity and key."""
    made = base(context)
    found = [
        *_cuts(context, made),
        *_closing(context, made),
        *_collecting(context, made),
        *_renewing(context, made),
        *_cloud(context, made),
        *_selling(context, made),
    ]
    return tuple(sorted(found, key=lambda one: (one.name, one.entity_id, one.key)))


def _saved(items: Iterable[Item], since: date) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for item in items:
        if item.day >= since:
            found[item.day] -= item.cents
    return found


def _a_month(made: Base, changes: Changes) -> int:
    """Changes that go on, by month: their mean over the whole months from the first full one to the horizon."""
    months = months_between(made.first + timedelta(days=NOTICE_DAYS), Month.of(made.last))[1:]
    first, after = months[0].first, (months[-1] + 1).first
    return sum(cents for day, cents in changes.items() if first <= day < after) // len(months)


def _cuts(context: Context, made: Base) -> Iterator[Lever]:
    """Recurring costs by entity and account that a decision can end: not taxes, not debt, not what sales need."""
    since = made.first + timedelta(days=NOTICE_DAYS)
    by_account: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in made.items:
        if item.kind == "run_rate":
            by_account[item.entity_id, item.key].append(item)
    whole = sum(_a_month(made, _saved(items, since)) for items in by_account.values())
    for (entity, account), items in by_account.items():
        changes = _saved(items, since)
        monthly = _a_month(made, changes)
        if _cuttable(context, account) and monthly > 0 and monthly * SMALLEST >= whole:
            yield Lever("cut", account, entity, changes, monthly)


def _cuttable(context: Context, account: str) -> bool:
    row = chart(context).get(account)
    if row is None or row.type != "expense" or row.text("subtype") in INTEREST:
        return False
    return row.get("function") is None or row.function in CUTTABLE


def _binding(context: Context, account: str) -> bool:
    """Whether a payment goes on when its entity closes: interest and what else is not operating."""
    row = chart(context).get(account)
    return row is not None and (row.text("subtype") in INTEREST or row.text("function") == "nonop")


def _closing(context: Context, made: Base) -> Iterator[Lever]:
    """Ending an entity that took more cash than it brought in the recent months: its costs and its income both stop."""
    since = made.first + timedelta(days=NOTICE_DAYS)
    own: dict[str, list[Item]] = defaultdict(list)
    for item in made.items:
        ending = item.kind in {"lease", "contract", "takings"} or (
            item.kind == "run_rate" and not _binding(context, item.key)
        )
        if ending and item.entity_id != GROUP:
            own[item.entity_id].append(item)
    for entity, items in own.items():
        changes = _saved(items, since)
        monthly = _a_month(made, changes)
        if monthly > 0 and _took(context, entity) > 0:
            yield Lever("close", entity, entity, changes, monthly)


def _took(context: Context, entity: str) -> int:
    """What an entity's operations took in the recent months, cents; below zero if they brought."""
    months = window(context).months
    own = (series for (whose, _), series in operating(context).items() if whose == entity)
    return sum(over(series, months) for series in own)


def _collecting(context: Context, made: Base) -> Iterator[Lever]:
    owed: dict[str, int] = defaultdict(int)
    for one in overdue(context):
        owed[one.entity_id] += one.open_cents
    for entity, cents in owed.items():
        day = made.first + timedelta(days=NOTICE_DAYS)
        yield Lever("collect", "", entity, {day: cents}, once_cents=cents)
    if len(owed) > 1:
        whole = sum(owed.values())
        yield Lever("collect", "", GROUP, {made.first + timedelta(days=NOTICE_DAYS): whole}, once_cents=whole)


def _renewing(context: Context, made: Base) -> Iterator[Lever]:
    """A lease or contract that ends goes on at the same rent or fee; no deposit is given back."""
    for term in terms(context):
        if term.ends and term.ends < made.last:
            months = months_between(term.ends + timedelta(days=1), Month.of(made.last))
            later = [month.first for month in months if month.first > term.ends]
            changes = dict.fromkeys(later, term.monthly_cents)
            if term.deposit_cents and term.starts < made.first:
                changes[term.ends] = changes.get(term.ends, 0) + term.deposit_cents
            if later:
                yield Lever("renew", term.key, term.entity_id, changes, term.monthly_cents)


def _cloud(context: Context, made: Base) -> Iterator[Lever]:
    try:
        dollars = sum((one.cents for one in open_savings(context)), Decimal(0)) / 100
        cents = whole_cents(in_cents(context, dollars, context.last_day))
    except MissingInputError:
        return
    if cents > 0:
        months = months_between(made.first + timedelta(days=NOTICE_DAYS), Month.of(made.last))
        days = [month.first for month in months if month.first >= made.first]
        yield Lever("cloud", "", GROUP, dict.fromkeys(days, cents), cents)


def _selling(context: Context, made: Base) -> Iterator[Lever]:
    """Assets of entities without recent revenue, at market value less what is owed on them."""
    columns = ("asset_id", "entity_id", "asset_class", "market_value_cents", "lien_cents", "status")
    if not context.has("asset") or not set(columns) <= set(context.table("asset").columns):
        return
    let = {one.asset_id for one in terms(context)}
    day = made.first + timedelta(days=SALE_DAYS)
    for row in context.rows("asset", *columns):
        worth = (row.market_value_cents or 0) - (row.lien_cents or 0)
        held = is_held(context, row)
        if held and worth > 0 and row.asset_class in SOLD and row.asset_id not in let and _idle(context, row.entity_id):
            yield Lever("sell", row.asset_id, row.entity_id, {day: worth}, once_cents=worth)


def _idle(context: Context, entity: str) -> bool:
    sums, complete = book(context), book(context).complete(entity, context)
    months = complete[-IDLE_MONTHS:]
    revenue = sums.monthly(sums.of_type("revenue"))
    return not any(revenue[entity, month].cents for month in months)


def together(chosen: Iterable[Lever]) -> dict[date, int]:
    """The changes of several levers; a cut of an entity that closes counts once, as does the group's sum of parts."""
    found: dict[date, int] = defaultdict(int)
    for one in chosen:
        for day, cents in one.changes.items():
            found[day] += cents
    return found


def bundles(context: Context) -> Mapping[str, tuple[Lever, ...]]:
    """Stated bundles: every cut (and the cloud savings), every idle asset sold, both, all overdue money, all terms."""
    known = levers(context)
    cut = tuple(one for one in known if one.name in {"cut", "cloud"})
    sell = tuple(one for one in known if one.name == "sell")
    entities = {one.entity_id for one in known if one.name == "collect"}
    collect = tuple(one for one in known if one.name == "collect" and (one.entity_id == GROUP) == (len(entities) > 1))
    renew = tuple(one for one in known if one.name == "renew")
    return {"cut": cut, "sell": sell, "cut_and_sell": (*cut, *sell), "cut_collect_renew": (*cut, *collect, *renew)}


def to_raise(made: Base) -> int:
    """What would have to come in now for cash never to fall below its floor (zero without one) on the path."""
    level = made.floor_cents or 0
    cash, least = made.cash_cents, made.cash_cents
    for item in made.items:
        cash += item.cents
        least = min(least, cash)
    return max(0, level - least)


NAMES = ("cash_lever", "cash_lever_saving", "cash_lever_once", "cash_lever_date")
BUNDLES = ("cash_bundle", "cash_bundle_date", "cash_bundle_saving", "cash_bundle_once")


@metric(*NAMES, *BUNDLES, needs=NEEDS)
def _levers(context: Context) -> Iterator[Fact]:
    missing = window(context).missing
    if missing:
        yield from context.facts(dict.fromkeys((*NAMES, *BUNDLES), missing), inputs={})
        return
    made, same = base(context), about(context)
    if made.out is None:
        yield from context.facts(dict.fromkeys((*NAMES, *BUNDLES), lasts(made)), **same)
        return
    for one in levers(context):
        gain = bought(made, one.changes)
        at: dict[str, Any] = {"entity_id": one.entity_id, "lever": one.name, "key": one.key, **same}
        yield from context.facts(dict(zip(NAMES, _measures(made, gain, one), strict=True)), **at)
    for name, chosen in bundles(context).items():
        if chosen:
            gain = bought(made, together(chosen))
            whole = Lever(
                name,
                "",
                GROUP,
                {},
                sum(one.monthly_cents for one in chosen),
                sum(one.once_cents for one in chosen),
            )
            days, monthly, once, day = _measures(made, gain, whole)
            yield from context.facts(dict(zip(BUNDLES, (days, day, monthly, once), strict=True)), bundle=name, **same)
    needed = to_raise(made)
    raised = Lever("raise", "", GROUP, {}, 0, needed)
    days, monthly, once, day = _measures(made, Bought(None, (made.last - made.out).days), raised)
    yield from context.facts(dict(zip(BUNDLES, (days, day, monthly, once), strict=True)), bundle="raise", **same)


def _measures(made: Base, gain: Bought, one: Lever) -> tuple[Measure, Measure, Measure, Measure]:
    """Days bought, cents a month, cents once, and the new date."""
    days = Measure(gain.days)
    if gain.day is None:
        days = Measure(gain.days, reason="at least", qualifier=Qualifier(Why.ABOVE_LIMIT, gain.days))
    monthly = Measure(one.monthly_cents) if one.monthly_cents else not_applicable("it comes once")
    once = Measure(one.once_cents) if one.once_cents else not_applicable("it comes every month")
    return days, monthly, once, lasts(made) if gain.day is None else Measure(gain.day.isoformat())
