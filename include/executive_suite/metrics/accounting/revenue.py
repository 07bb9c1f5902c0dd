"""Revenue recognised by stream, its gap to the ledger, and the roll-forward of deferred revenue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.obligations import COLUMNS, SCHEDULE, Earned, earned
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, as_month, book, codes, month_index, sums_by
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
def recognised_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = optional_param(context, "burn_window_months")
    sales = earned(context)
    last = last_complete_month(context.report_date)
    for entity in (GROUP, *sorted({sale.entity_id for sale in sales} - {GROUP})):
        own = [sale for sale in sales if entity in (GROUP, sale.entity_id)]
        for month in sorted({sale.month for sale in own}):
            inside = [sale for sale in own if sale.month == month]
            to_date = "" if month <= last else "month to date, incomplete"
            yield from _streams(context, entity, inside, str(month), to_date)
        if size is None:
            missing = not_evaluable("param burn_window_months has no value")
            yield context.fact("revenue_recognised", missing, inputs={"rev_schedule": 0}, entity_id=entity)
            continue
        window = set(complete_months(context.report_date, size.whole))
        recent = [sale for sale in own if sale.month in window]
        yield from _streams(context, entity, recent, "", "", assumed=size.assumed)


def _streams(  # noqa: PLR0913 - one argument for each part of the figure
    context: Context, entity: str, sales: list[Earned], period: str, reason: str, *, assumed: bool = False
) -> Iterator[Fact]:
    parts: list[tuple[dict[str, str], list[Earned]]] = [({}, sales)]
    parts += [
        ({"stream": stream}, [sale for sale in sales if sale.stream == stream])
        for stream in sorted({sale.stream for sale in sales})
    ]
    agents = [sale for sale in sales if sale.agent]
    if agents:
        parts.append(({"role": "agent"}, agents))
    for dimensions, part in parts:
        inputs = {"rev_schedule": sum(sale.table == "rev_schedule" for sale in part)}
        refunds = sum(sale.table == "payment" for sale in part)
        yield context.fact(
            "revenue_recognised",
            Measure(sum(sale.cents for sale in part), reason=reason),
            inputs=inputs | ({"payment": refunds} if refunds else {}),
            entity_id=entity,
            period=period,
            assumed=assumed,
            **dimensions,
        )


@metric(GAP, needs={**NEEDS_LEDGER, "param": ("param", "value")})
def gap_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    size = param(context, "burn_window_months")
    window = complete_months(context.report_date, size.whole)
    sums = book(context)
    booked = sums.monthly(sums.of_type("revenue"))
    sales = earned(context)
    for entity in sums.entities:
        credit = [booked[entity, month] for month in window if (entity, month) in booked]
        own = [sale for sale in sales if entity in (GROUP, sale.entity_id) and sale.month in window]
        yield context.fact(
            "revenue_recognition_difference",
            Measure(-sum(cell.cents for cell in credit) - sum(sale.cents for sale in own)),
            inputs={"ledger": sum(cell.lines for cell in credit), "rev_schedule": len(own)},
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
    books recognition; the schedule says that here, so that the two check each other.
    """
    ledger = context.table("ledger", *NEEDS_LEDGER["ledger"])
    held = contract_liabilities(context.table("account"))
    lines = ledger[ledger["account"].isin(held)]
    if lines.empty:
        return ()
    entity, entities = codes(lines["entity_id"])
    contract, contracts = codes(lines["contract_id"])
    month = month_index(lines["date"])
    cents = lines["amount_cents"].to_numpy(dtype=np.int64)
    refund = (lines["activity"] == "operating").to_numpy(dtype=bool) & (cents > 0)
    key = np.stack([entity, contract, month], axis=1)
    unique, inverse = np.unique(key, axis=0, return_inverse=True)
    size, place = len(unique), inverse.reshape(-1)
    received = sums_by(place, np.where(cents < 0, -cents, 0), size)
    refunded = sums_by(place, np.where(refund, cents, 0), size)
    return tuple(
        Movement(str(entities[e]), str(contracts[c]), as_month(int(m)), int(got), int(back))
        for (e, c, m), got, back in zip(unique, received, refunded, strict=True)
    )


@dataclass(frozen=True)
class RollForward:
    """Deferred revenue of one entity, by month: closing balance, advances, refunds."""

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
    change: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    received: dict[Month, int] = defaultdict(int)
    refunded: dict[Month, int] = defaultdict(int)
    for move in moves:
        change[move.contract][move.month] += move.received - move.refunded
        received[move.month] += move.received
        refunded[move.month] += move.refunded
    for sale in sales:
        # Paying back what was earned takes from revenue; nothing of it is owed in service.
        if sale.contract in change and sale.table == SCHEDULE:
            change[sale.contract][sale.month] -= sale.cents
    closing = dict.fromkeys(months, 0)
    for by_month in change.values():
        balance, pending = 0, sorted(by_month.items())
        for month in months:
            while pending and pending[0][0] <= month:
                # What was earned beyond the advances is a receivable: later advances owe their service in full.
                balance = max(0, balance + pending.pop(0)[1])
            closing[month] += balance
    return RollForward(closing, received, refunded)


@metric(OPENING, CLOSING, RECEIVED, REFUNDED, RELEASED, DIFFERENCE, needs=NEEDS_LEDGER)
def deferred_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    sums = book(context)
    held = sums.cells["account"].isin(contract_liabilities(context.table("account")))
    moves, sales = movements(context), earned(context)
    today = Month.of(context.last_day)
    inputs = {"ledger": sums.total(held).lines, "rev_schedule": len(context.table("rev_schedule"))}
    for entity in (GROUP, *sorted({move.entity_id for move in moves} - {GROUP})):
        months = sums.months(entity, today)
        own = roll_forward(
            [move for move in moves if entity in (GROUP, move.entity_id)],
            [sale for sale in sales if entity in (GROUP, sale.entity_id)],
            months,
        )
        for month in months:
            yield from _month(context, entity, own, month, period=str(month), inputs=inputs)
        if months:
            yield from _month(context, entity, own, today, period="", inputs=inputs)
            balance = -sums.total(held, entity).cents
            tie = Measure(own.closing[today] - balance)
            yield context.fact("deferred_revenue_difference", tie, inputs=inputs, entity_id=entity)
    if not sums.months(GROUP, today):
        for metric_id in (d.metric_id for d in (OPENING, CLOSING, RECEIVED, REFUNDED, RELEASED, DIFFERENCE)):
            yield context.fact(metric_id, not_evaluable("the ledger is empty"), inputs=inputs)


def _month(  # noqa: PLR0913 - one argument for each part of the figure
    context: Context, entity: str, own: RollForward, month: Month, *, period: str, inputs: Mapping[str, int]
) -> Iterator[Fact]:
    opening, closing = own.closing.get(month + -1, 0), own.closing[month]
    received, refunded = own.received.get(month, 0), own.refunded.get(month, 0)
    for metric_id, cents in (
        ("deferred_revenue_opening", opening),
        ("deferred_revenue_received", received),
        ("deferred_revenue_refunded", refunded),
        ("deferred_revenue_released", opening + received - refunded - closing),
        ("deferred_revenue_closing", closing),
    ):
        yield context.fact(metric_id, Measure(cents), inputs=inputs, entity_id=entity, period=period)
