"""Revenue recognized by stream, its gap to the ledger, and the roll-forward of deferred revenue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from executive_suite.dataset.behind import Behind
from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.income import INCOMPLETE
from executive_suite.metrics.accounting.obligations import COLUMNS, SCHEDULE, Earned, earned
from executive_suite.metrics.between import customers, is_between
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, NOTHING, book, lines, sums_of
from executive_suite.metrics.book.lines import require_activity
from executive_suite.metrics.cut import Cut, cut, grouped, units
from executive_suite.metrics.finance.cash import contract_liability_accounts
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, last_complete_month

DEFERRED = (
    "deferred_revenue_opening",
    "deferred_revenue_received",
    "deferred_revenue_refunded",
    "deferred_revenue_released",
    "deferred_revenue_closing",
    "deferred_revenue_difference",
)

NEEDS = {"rev_schedule": COLUMNS}
NEEDS_LEDGER = {**NEEDS_ACTIVITY, **NEEDS, "ledger": (*NEEDS_ACTIVITY["ledger"], "contract_id")}


@metric("revenue_recognised", needs=NEEDS)
def _recognized(context: Context) -> Iterator[Fact]:
    size = optional_param(context, "burn_window_months")
    window = complete_months(context.report_date, size.whole) if size else ()
    last = str(last_complete_month(context.report_date))
    for unit in cut(context, SCHEDULE, earned(context)).units():
        for month, inside in grouped(unit.rows, lambda sale: str(sale.month)).items():
            yield from _streams(replace(unit, rows=inside, period=month), "" if month <= last else INCOMPLETE)
        if size is None:
            missing = not_evaluable("param burn_window_months has no value")
            yield unit.fact("revenue_recognised", missing, inputs={SCHEDULE: 0}, assumed=False)
        else:
            yield from _streams(unit.where(lambda sale: window[0] <= sale.month <= window[-1]), assumed=size.assumed)


def _streams(sales: Cut, reason: str = "", *, assumed: bool = False) -> Iterator[Fact]:
    """The figure of some sales, then by stream and for those made as an agent."""
    agents = sales.where(lambda sale: sale.agent).divided(role="agent")
    for part in (sales, *sales.by("stream", lambda sale: sale.stream), *((agents,) if len(agents) else ())):
        inputs: dict[str, Behind] = {SCHEDULE: ()} | grouped(part.rows, lambda sale: sale.table)
        yield part.fact("revenue_recognised", Measure(part.sum("cents"), reason=reason), inputs=inputs, assumed=assumed)


@metric("revenue_recognition_difference", needs={**NEEDS_LEDGER, "param": ("param", "value")})
def _gap(context: Context) -> Iterator[Fact]:
    size = param(context, "burn_window_months")
    window = complete_months(context.report_date, size.whole)
    sums = book(context)
    booked = sums.monthly(sums.of_type("revenue"))
    sales = units(context, (sale for sale in earned(context) if window[0] <= sale.month <= window[-1]))
    for entity in sums.entities:
        credit = booked.over(entity, window)
        own = sales.get(entity, ())
        yield context.fact(
            "revenue_recognition_difference",
            Measure(-credit.cents - sum(sale.cents for sale in own)),
            inputs={"ledger": credit, "rev_schedule": own},
            entity_id=entity,
            assumed=size.assumed,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """Movements on the contract liabilities of one contract in one month, cents; of the group without an entity."""

    entity_id: str
    contract: str
    month: Month
    received: int
    refunded: int


def movements(context: Context, *by_entity: str) -> tuple[Movement, ...]:
    """Advances and refunds by contract and month, and by entity_id if asked, from the contract-liability accounts.

    Those of the group are without lines between its entities and contracts with them.

    Credits are advances. Operating debits, for which cash left, are refunds. Debits without cash are how the ledger
    books recognition; here the schedule gives that, so that the two check each other.
    """
    accounts, by = contract_liability_accounts(context), (*by_entity, "contract_id", "month")
    sold = customers(context)
    require_activity(context)
    posted = lines(context)
    held = posted.on(accounts)
    if held.any() and not context.table("ledger")["contract_id"].notna()[held].any():
        msg = "no line of a contract liability names its contract"
        raise MissingInputError(msg)
    received = sums_of(context, held & (posted.cents < 0), *by)
    refunded = sums_of(context, posted.on(accounts, "operating") & (posted.cents > 0), *by)
    found = []
    for key in sums_of(context, held, *by):
        *entity, contract, month = key
        if not entity and is_between(context, None, sold.get(contract), month.first):
            continue
        advance, refund = -received.get(key, NOTHING).cents, refunded.get(key, NOTHING).cents
        found.append(Movement(entity[0] if entity else GROUP, contract, month, advance, refund))
    return tuple(found)


def roll_forward(
    moves: Iterable[Movement], sales: Iterable[Earned], months: Sequence[Month]
) -> Mapping[Month, Mapping[str, int]]:
    """The roll-forward of one entity's deferred revenue by month: metric to cents.

    Over the contracts, the balance before plus advances less refunds less revenue; no contract's balance falls below
    zero in any month.

    >>> import datetime
    >>> move = Movement("a", "B1", Month(2026, 1), 50_000, 0)
    >>> sale = Earned("a", "B1", "charter", datetime.date(2026, 3, 20), 200_000)
    >>> months = (Month(2026, 1), Month(2026, 2), Month(2026, 3))
    >>> [parts["deferred_revenue_closing"] for parts in roll_forward([move], [sale], months).values()]
    [50000, 50000, 0]
    """
    changes: dict[str, Counter[Month]] = defaultdict(Counter)
    received, refunded, steps = Counter[Month](), Counter[Month](), Counter[Month]()
    for move in moves:
        changes[move.contract][move.month] += move.received - move.refunded
        received[move.month] += move.received
        refunded[move.month] += move.refunded
    for sale in sales:
        # Paying back what was earned takes from revenue; no service is owed for it.
        if sale.contract in changes and sale.table == SCHEDULE:
            changes[sale.contract][sale.month] -= sale.cents
    for by_month in changes.values():
        balance = 0
        for month, change in sorted(by_month.items()):
            # What was earned beyond the advances is a receivable: later advances owe their service in full.
            before, balance = balance, max(0, balance + change)
            steps[max(month, months[0])] += balance - before
    found, opening = {}, 0
    for month in months:
        closing = opening + steps[month]
        released = opening + received[month] - refunded[month] - closing
        found[month] = dict(zip(DEFERRED, (opening, received[month], refunded[month], released, closing), strict=False))
        opening = closing
    return found


@metric(*DEFERRED, needs=NEEDS_LEDGER, classified="all_before")
def _deferred(context: Context) -> Iterator[Fact]:
    sums = book(context)
    if not sums.rows:
        msg = "the ledger is empty"
        raise MissingInputError(msg)
    accounts = contract_liability_accounts(context)
    if not accounts:
        msg = "the chart has no account for contract liabilities"
        raise MissingInputError(msg)
    held, whole = sums.on(accounts), movements(context)
    if (
        context.table("rev_schedule").empty
        and sum(one.received - one.refunded for one in whole) != -sums.total(held).cents
    ):
        msg = "no schedule says when what was received in advance was earned"
        raise MissingInputError(msg)
    sales, today = units(context, earned(context)), Month.of(context.last_day)
    moved = grouped(movements(context, "entity_id"), lambda one: one.entity_id) | {GROUP: whole}
    inputs = {"ledger": sums.total(held), "rev_schedule": context.table("rev_schedule")}
    for entity, moves in moved.items():
        rolled = roll_forward(moves, sales.get(entity, ()), sums.months(entity, today))
        for month, parts in rolled.items():
            for period in (str(month), "") if month == today else (str(month),):
                measures = {metric_id: Measure(cents) for metric_id, cents in parts.items()}
                yield from context.facts(measures, inputs=inputs, entity_id=entity, period=period)
        tie = Measure(rolled[today]["deferred_revenue_closing"] + sums.total(held, entity).cents)
        yield context.fact("deferred_revenue_difference", tie, inputs=inputs, entity_id=entity)
