"""Revenue by performance obligation: how much of each is earned by when, exact to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics import bookings
from executive_suite.metrics.accounting.documents import NOT_OWED, cash, is_refund
from executive_suite.metrics.between import customers, ours_until
from executive_suite.metrics.bookings import Kind
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.straight_line import straight_line
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
        day: When it was earned; of what is earned over time, the last day.
        cents: Negative for a refund.
        table: Which table it comes from.
        agent: Whether it was earned as an agent, for another's service.
        party: The customer, if known.
        row: The obligation, or the payment back.
    """

    entity_id: str
    contract: str
    stream: str
    day: date
    cents: int
    table: str = SCHEDULE
    agent: bool = False
    party: str | None = None
    row: Any = field(default=None, compare=False, repr=False)

    @property
    def month(self) -> Month:
        """In which month."""
        return Month.of(self.day)


@per_context
def earned(context: Context) -> tuple[Earned, ...]:
    """Everything earned before the report date, less refunds of earned revenue, each in its own month.

    Point-in-time and input-measured obligations count when satisfied (the tables hold no measure of progress);
    straight-line ones as time passes, by days of their term, and wholly when satisfied early. Time earns nothing on a
    booking that nobody is served under: a fee that is kept counts when its obligation is satisfied.
    """
    found, served_until, sold = [], _served_until(context), customers(context)
    for row in context.rows("rev_schedule", *COLUMNS):
        stream = row.description.split(",", 1)[0].strip().lower()
        agent = row.get("is_principal") is False
        served = served_until.get(row.contract_or_booking_id, date.max)
        named = row.entity_id, row.contract_or_booking_id, stream
        party = sold.get(row.contract_or_booking_id)
        last = ours_until(context, row.entity_id, party)
        for day, cents in _by_month(row, context.last_day, served, last):
            found.append(Earned(*named, day, cents, agent=agent, party=party, row=row))
    return (*found, *_refunds(context, found))


def _served_until(context: Context) -> Mapping[str, date]:
    """The last day on which time earns anything, of bookings that are canceled, a no-show or double-booked."""
    if not context.has("booking"):
        return {}
    found, twice = {}, bookings.double_booked(context)
    for row in context.rows("booking", "booking_id", "status"):
        what, ended = bookings.kind(row), row.get("cancelled_at")
        if what is Kind.CANCELED and ended is not None:
            found[row.booking_id] = context.local_day(ended, row.get("entity_id")) - timedelta(days=1)
        elif what in (Kind.CANCELED, Kind.NO_SHOW) or row.booking_id in twice:
            found[row.booking_id] = date.min
    return found


def _by_month(row: Any, last_day: date, served_until: date, ours: date | None) -> Iterator[tuple[date, int]]:
    """What an obligation earned, by month, and by the last day on which it was between entities of the group."""
    allocated = row.allocated_cents
    done = row.satisfied_on if row.satisfied_on is not None and row.satisfied_on <= last_day else None
    if row.pattern != STRAIGHT_LINE:
        if done is not None and allocated:
            yield done, allocated
        return
    if row.start_on is None or row.end_on is None:
        return
    before, day = 0, row.start_on if done is None else min(row.start_on, done)
    while day <= last_day and before != allocated:
        until = min((Month.of(day) + 1).first - timedelta(days=1), last_day)
        if ours is not None and day <= ours:
            until = min(until, ours)
        early, timed = done is not None and done <= until, min(until, served_until)
        total = allocated if early else straight_line(allocated, row.start_on, row.end_on, timed)
        if total != before:
            yield until, total - before
        before, day = total, until + timedelta(days=1)


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
            if (taken := -cash(payment) - unearned) > 0:
                yield replace(own[0], day=payment.paid_on, cents=-taken, table="payment", row=payment)
        paid[name] += cash(payment)
