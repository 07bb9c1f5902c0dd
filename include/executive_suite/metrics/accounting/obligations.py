"""Revenue by performance obligation: how much of each is earned by when, exact to the cent."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.documents import NOT_OWED, is_refund
from executive_suite.metrics.cut import grouped
from executive_suite.period import Month

STRAIGHT_LINE = "over_time_straight"
SCHEDULE = "rev_schedule"

COLUMNS = (
    "obligation_id",
    "contract_or_booking_id",
    "entity_id",
    "description",
    "allocated_cents",
    "pattern",
    "start_on",
    "end_on",
    "satisfied_on",
)


@dataclass(frozen=True, slots=True)
class Earned:
    """Revenue of one obligation, or a refund of earned revenue, in one month.

    Attributes:
        stream: Stream of revenue: the obligation's description up to the first comma.
        cents: Negative for a refund.
        table: Which table it comes from.
        agent: Whether it was earned as an agent, for another's service.
    """

    entity_id: str
    contract: str
    stream: str
    month: Month
    cents: int
    table: str = SCHEDULE
    agent: bool = False


def elapsed_months(start: date, end: date) -> Fraction:
    """The length of a span in months, first and last day included: days of each month over that month's length.

    So whole months weigh the same, whatever their length.

    >>> elapsed_months(date(2026, 1, 1), date(2026, 2, 28)), elapsed_months(date(2026, 2, 1), date(2026, 2, 14))
    (Fraction(2, 1), Fraction(1, 2))
    """
    return _months_until(end, last=True) - _months_until(start)


def _months_until(day: date, *, last: bool = False) -> Fraction:
    """Months from year 0 to the start of a day, to its end when it is the ``last``."""
    done = day.day if last else day.day - 1
    return 12 * day.year + day.month - 1 + Fraction(done, calendar.monthrange(day.year, day.month)[1])


def straight_line(allocated_cents: int, start: date, end: date, until: date) -> int:
    """Earned by the end of ``until``, cents, rounded half up on the running total so that nothing is lost.

    Args:
        allocated_cents: Transaction price of the obligation.
        start: First day of the service.
        end: Last day of the service.
        until: Last day that counts.

    Raises:
        ValueError: the service ends before it starts.

    Source: ASC 606-10-25-31 and 55-17: progress by time elapsed.

    >>> [straight_line(100_00, date(2026, 1, 1), date(2026, 3, 31), (Month(2026, m) + 1).first - timedelta(days=1))
    ...  for m in (1, 2, 3)]
    [3333, 6667, 10000]
    """
    if end < start:
        msg = f"expected an end on or after {start.isoformat()}, got {end.isoformat()}"
        raise ValueError(msg)
    if until < start:
        return 0
    if until >= end:
        return allocated_cents
    share = elapsed_months(start, until) / elapsed_months(start, end)
    return (2 * allocated_cents * share.numerator + share.denominator) // (2 * share.denominator)


@per_context
def earned(context: Context) -> tuple[Earned, ...]:
    """Everything earned before the report date, less refunds of earned revenue, each in its own month.

    Point-in-time and input-measured obligations count when satisfied (the tables hold no measure of progress);
    straight-line ones as time passes, and wholly when satisfied early.
    """
    found = []
    for row in context.rows("rev_schedule", *COLUMNS):
        stream = row.description.split(",", 1)[0].strip().lower()
        agent = row.get("is_principal") is False
        for month, cents in _by_month(row, context.last_day):
            found.append(Earned(row.entity_id, row.contract_or_booking_id, stream, month, cents, agent=agent))
    return (*found, *_refunds(context, found))


def _by_month(row: Any, last_day: date) -> Iterator[tuple[Month, int]]:
    """What an obligation earned, by month."""
    allocated = row.allocated_cents
    done = row.satisfied_on if row.satisfied_on is not None and row.satisfied_on <= last_day else None
    if row.pattern != STRAIGHT_LINE:
        if done is not None and allocated:
            yield Month.of(done), allocated
        return
    if row.start_on is None or row.end_on is None:
        return
    before, month = 0, Month.of(row.start_on)
    while month.first <= last_day and before != allocated:
        until = min((month + 1).first - timedelta(days=1), last_day)
        early = done is not None and done <= until
        total = allocated if early else straight_line(allocated, row.start_on, row.end_on, until)
        if total != before:
            yield month, total - before
        before, month = total, month + 1


def _refunds(context: Context, sales: list[Earned]) -> Iterator[Earned]:
    """Refunds of what was earned already: a refund first takes what was paid and not yet earned."""
    if not (context.has("invoice") and context.has("payment")):
        return
    contract_of = {
        row.invoice_id: row.text("booking_id") or row.text("contract_id")
        for row in context.rows("invoice", "invoice_id", "direction", "status")
        if row.direction == "ar" and row.status not in NOT_OWED
    }
    by_contract = grouped(sales, lambda sale: sale.contract)
    paid: dict[str, int] = defaultdict(int)
    payments = context.rows("payment", "invoice_id", "paid_on", "amount_cents")
    for payment in sorted(payments, key=lambda payment: payment.paid_on):
        name = contract_of.get(payment.invoice_id, "")
        own = by_contract.get(name, ())
        if not own or payment.paid_on >= context.report_date:
            continue
        if is_refund(payment):
            month = Month.of(payment.paid_on)
            unearned = max(0, paid[name] - sum(sale.cents for sale in own if sale.month <= month))
            if (taken := -payment.amount_cents - unearned) > 0:
                yield Earned(own[0].entity_id, name, own[0].stream, month, -taken, "payment", own[0].agent)
        paid[name] += payment.amount_cents
