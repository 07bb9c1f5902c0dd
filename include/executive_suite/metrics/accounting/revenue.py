"""Revenue recognised by stream, its gap to the ledger, and the roll-forward of deferred revenue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.income import INCOMPLETE
from executive_suite.metrics.accounting.obligations import COLUMNS, SCHEDULE, Earned, earned
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, as_month, book, codes, lines, totals
from executive_suite.metrics.cut import grouped, units
from executive_suite.metrics.finance.cash import contract_liabilities
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

RECOGNISED = Definition(
    "revenue_recognised",
    "Revenue recognised",
    "cents",
    "Allocated price of performance obligations satisfied in a month, straight-line ones month by month with "
    "running totals rounded; refunds of earned revenue in their own month. At the report date: the latest complete "
    "months (param burn_window_months). Deposits are a contract liability until the service, refundable or not; "
    "sales as an agent are scheduled net, as the fee, and shown by role.",
    "ASC 606-10-25-27 to 25-31, 32-10, 45-1; 55-36 to 55-40",
    "higher",
)
GAP = Definition(
    "revenue_recognition_difference",
    "Revenue in the ledger less revenue recognised",
    "cents",
    "Ledger revenue of the latest complete months less revenue recognised by the schedule of obligations in them. "
    "Above zero: revenue booked without an obligation; below: obligations satisfied and not booked.",
    "ASC 606-10-50-4, disaggregation; internal tie-out",
    "zero",
)
OPENING = Definition(
    "deferred_revenue_opening",
    "Deferred revenue, opening",
    "cents",
    "Contract liability at the start of the month: by contract, what was billed or received in advance (credits on "
    "contract-liability accounts) less refunds and less revenue recognised by the schedule, never below zero. At the "
    "report date: the month of the day before.",
    "ASC 606-10-50-8, contract balances",
)
CLOSING = Definition(
    "deferred_revenue_closing",
    "Deferred revenue, closing",
    "cents",
    "Opening plus billed or received in advance, less recognised, less refunds, at the end of the month.",
    "ASC 606-10-50-8, contract balances",
)
RECEIVED = Definition(
    "deferred_revenue_received",
    "Billed or received in advance",
    "cents",
    "Credits of the month on contract-liability accounts.",
    "ASC 606-10-50-8, contract balances",
)
REFUNDED = Definition(
    "deferred_revenue_refunded",
    "Refunded from deferred revenue",
    "cents",
    "Cash paid back in the month from contract-liability accounts.",
    "ASC 606-10-50-8, contract balances",
)
RELEASED = Definition(
    "deferred_revenue_released",
    "Recognised from deferred revenue",
    "cents",
    "Opening plus received in advance, less refunded, less closing: revenue of the month that had been paid before.",
    "ASC 606-10-50-8, contract balances",
)
DIFFERENCE = Definition(
    "deferred_revenue_difference",
    "Deferred revenue less ledger",
    "cents",
    "Closing deferred revenue by contract less the credit balance of the contract-liability accounts; zero when the "
    "roll-forward ties to the ledger.",
    "ASC 606-10-50-8, contract balances",
    "zero",
)

NEEDS = {"rev_schedule": COLUMNS}
NEEDS_LEDGER = {**NEEDS_ACTIVITY, **NEEDS, "ledger": (*NEEDS_ACTIVITY["ledger"], "contract_id")}


@metric(RECOGNISED, needs=NEEDS)
def _recognized(context: Context) -> Iterator[Fact]:
    size = optional_param(context, "burn_window_months")
    last = str(last_complete_month(context.report_date))
    for entity, own in units(earned(context)).items():
        for month, inside in grouped(own, lambda sale: str(sale.month)).items():
            to_date = "" if month <= last else INCOMPLETE
            yield from _streams(context, entity, inside, period=month, reason=to_date)
        if size is None:
            missing = not_evaluable("param burn_window_months has no value")
            yield context.fact("revenue_recognised", missing, inputs={"rev_schedule": 0}, entity_id=entity)
            continue
        window = complete_months(context.report_date, size.whole)
        recent = [sale for sale in own if window[0] <= sale.month <= window[-1]]
        yield from _streams(context, entity, recent, assumed=size.assumed)


def _streams(  # noqa: PLR0913 - one argument for each part of the figure
    context: Context, entity: str, sales: Sequence[Earned], period: str = "", reason: str = "", *, assumed: bool = False
) -> Iterator[Fact]:
    """The figure of some sales, then by stream and for those made as an agent."""
    parts: list[tuple[dict[str, str], Sequence[Earned]]] = [({}, sales)]
    parts += [({"stream": stream}, part) for stream, part in grouped(sales, lambda sale: sale.stream).items()]
    if agents := [sale for sale in sales if sale.agent]:
        parts.append(({"role": "agent"}, agents))
    for dimensions, part in parts:
        yield context.fact(
            "revenue_recognised",
            Measure(sum(sale.cents for sale in part), reason=reason),
            inputs={SCHEDULE: 0} | Counter(sale.table for sale in part),
            entity_id=entity,
            period=period,
            assumed=assumed,
            **dimensions,
        )


@metric(GAP, needs={**NEEDS_LEDGER, "param": ("param", "value")})
def _gap(context: Context) -> Iterator[Fact]:
    size = param(context, "burn_window_months")
    window = complete_months(context.report_date, size.whole)
    sums = book(context)
    booked = sums.monthly(sums.of_type("revenue"))
    sales = units(sale for sale in earned(context) if window[0] <= sale.month <= window[-1])
    for entity in sums.entities:
        credit = booked.over(entity, window)
        own = sales.get(entity, ())
        yield context.fact(
            "revenue_recognition_difference",
            Measure(-credit.cents - sum(sale.cents for sale in own)),
            inputs={"ledger": credit.lines, "rev_schedule": len(own)},
            entity_id=entity,
            assumed=size.assumed,
        )


@dataclass(frozen=True, slots=True)
class Movement:
    """Movements on the contract liabilities of one contract in one month, cents."""

    entity_id: str
    contract: str
    month: Month
    received: int
    refunded: int


def movements(context: Context) -> tuple[Movement, ...]:
    """Advances and refunds by entity, contract and month, from the contract-liability accounts of the ledger.

    Credits are advances. Operating debits, for which cash left, are refunds. Debits without cash are how the ledger
    books recognition; here the schedule gives that, so that the two check each other.
    """
    posted = lines(context)
    here = np.flatnonzero(posted.on(contract_liabilities(context.table("account"))))
    if not len(here):
        return ()
    contract, contracts = codes(context.table("ledger", *NEEDS_LEDGER["ledger"])["contract_id"].iloc[here])
    month, cents = posted.month[here], posted.cents[here]
    by = (posted.entity[here], contract, month - month.min())
    shape = (len(posted.entities), len(contracts), int(month.max() - month.min()) + 1)
    found, received, _ = totals(by, shape, np.where(cents < 0, -cents, 0))
    operating = posted.activities[posted.activity[here]] == "operating"
    _, refunded, _ = totals(by, shape, np.where(operating & (cents > 0), cents, 0))
    return tuple(
        Movement(posted.entities[e], contracts[c], as_month(int(m + month.min())), int(got), int(back))
        for e, c, m, got, back in zip(*found, received, refunded, strict=True)
    )


@dataclass(frozen=True)
class RollForward:
    """Deferred revenue of one entity by month, cents: closing balance, advances, refunds."""

    closing: Mapping[Month, int]
    received: Mapping[Month, int]
    refunded: Mapping[Month, int]


def roll_forward(moves: Iterable[Movement], sales: Iterable[Earned], months: tuple[Month, ...]) -> RollForward:
    """Closing balances by month: over the contracts, the balance before plus advances less refunds less revenue.

    No contract's balance falls below zero in any month.

    >>> move = Movement("a", "B1", Month(2026, 1), 50_000, 0)
    >>> sale = Earned("a", "B1", "charter", Month(2026, 3), 200_000)
    >>> list(roll_forward([move], [sale], (Month(2026, 1), Month(2026, 2), Month(2026, 3))).closing.values())
    [50000, 50000, 0]
    """
    changes: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    received: dict[Month, int] = defaultdict(int)
    refunded: dict[Month, int] = defaultdict(int)
    for move in moves:
        changes[move.contract][move.month] += move.received - move.refunded
        received[move.month] += move.received
        refunded[move.month] += move.refunded
    for sale in sales:
        # Paying back what was earned takes from revenue; no service is owed for it.
        if sale.contract in changes and sale.table == SCHEDULE:
            changes[sale.contract][sale.month] -= sale.cents
    steps: dict[Month, int] = defaultdict(int)
    for by_month in changes.values():
        balance = 0
        for month, change in sorted(by_month.items()):
            # What was earned beyond the advances is a receivable: later advances owe their service in full.
            before, balance = balance, max(0, balance + change)
            steps[max(month, months[0])] += balance - before
    closing = dict(zip(months, accumulate(steps[month] for month in months), strict=True))
    return RollForward(closing, received, refunded)


@metric(OPENING, CLOSING, RECEIVED, REFUNDED, RELEASED, DIFFERENCE, needs=NEEDS_LEDGER)
def _deferred(context: Context) -> Iterator[Fact]:
    sums = book(context)
    held = sums.on(contract_liabilities(context.table("account")))
    moves, sales = units(movements(context)), units(earned(context))
    today = Month.of(context.last_day)
    inputs = {"ledger": sums.total(held).lines, "rev_schedule": len(context.table("rev_schedule"))}
    if not sums.months(GROUP, today):
        for metric_id in (d.metric_id for d in (OPENING, CLOSING, RECEIVED, REFUNDED, RELEASED, DIFFERENCE)):
            yield context.fact(metric_id, not_evaluable("the ledger is empty"), inputs=inputs)
        return
    for entity, own in moves.items():
        months = sums.months(entity, today)
        deferred = roll_forward(own, sales.get(entity, ()), months)
        for month in months:
            yield from _month(context, entity, deferred, month, period=str(month), inputs=inputs)
        yield from _month(context, entity, deferred, today, period="", inputs=inputs)
        tie = Measure(deferred.closing[today] + sums.total(held, entity).cents)
        yield context.fact("deferred_revenue_difference", tie, inputs=inputs, entity_id=entity)


def _month(  # noqa: PLR0913 - one argument for each part of the figure
    context: Context, entity: str, deferred: RollForward, month: Month, *, period: str, inputs: Mapping[str, int]
) -> Iterator[Fact]:
    opening, closing = deferred.closing.get(month + -1, 0), deferred.closing[month]
    received, refunded = deferred.received.get(month, 0), deferred.refunded.get(month, 0)
    for metric_id, cents in (
        ("deferred_revenue_opening", opening),
        ("deferred_revenue_received", received),
        ("deferred_revenue_refunded", refunded),
        ("deferred_revenue_released", opening + received - refunded - closing),
        ("deferred_revenue_closing", closing),
    ):
        yield context.fact(metric_id, Measure(cents), inputs=inputs, entity_id=entity, period=period)
