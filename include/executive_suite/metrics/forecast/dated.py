"""Known dated items: leases, contracts, bookings, receivables, payables, taxes, loans and planned capital."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.accounting.documents import NEEDS as DOCUMENTS
from executive_suite.metrics.accounting.documents import Balance, agreed, balances
from executive_suite.metrics.accounting.tax_calendar import TAXES, due_on
from executive_suite.metrics.arithmetic import median, whole_cents
from executive_suite.metrics.between import is_between
from executive_suite.metrics.book.book import book, chart, sums_of
from executive_suite.metrics.book.chosen import lines_since
from executive_suite.metrics.bookings import double_booked, holds
from executive_suite.metrics.cut import grouped, months_between
from executive_suite.metrics.finance.variance import budget_rows
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.flows import answering, classes, operating, over
from executive_suite.metrics.forecast.path import Item, horizon
from executive_suite.metrics.portfolio.contracts import NOT_RECURRING, billers
from executive_suite.metrics.rental.properties import owned
from executive_suite.period import Month

DOUBTFUL_DAYS = 90
"""Receivables more days past due, the last column of the aging, are not expected to be paid."""
ENDED = ("ended", "terminated")
"""Marks of a lease that is over whatever its last day."""


@dataclass(frozen=True, slots=True)
class Term:
    """A lease or client contract that pays every month.

    Attributes:
        kind: lease or contract.
        key: Its id.
        monthly_cents: What it pays.
        starts: First day.
        ends: Last day; None if it has none or renews.
        deposit_cents: A security deposit to give back at its end.
        asset_id: What is let; None for a contract.
        over: Whether the records mark it as over.
    """

    kind: Any
    key: str
    entity_id: str
    monthly_cents: int
    starts: date
    ends: date | None
    deposit_cents: int = 0
    asset_id: str | None = None
    over: bool = False

    def pays_in(self, month: Month) -> bool:
        """Whether the month's payment falls into its term."""
        return self.starts < (month + 1).first and (self.ends is None or self.ends >= month.first)


@per_context
def terms(context: Context) -> tuple[Term, ...]:
    """The leases and contracts in force at the report date or agreed to begin later, of entities still in the group."""
    held = (one for one in every_term(context) if not one.over and one.entity_id not in ends(context))
    return tuple(one for one in held if one.ends is None or one.ends >= context.report_date)


@per_context
def every_term(context: Context) -> tuple[Term, ...]:
    """Every lease that was agreed and every client contract, those that are over among them."""
    return tuple(one for one in (*_leases(context), *_contracts(context)) if one.monthly_cents > 0)


def _leases(context: Context) -> Iterator[Term]:
    if context.has("lease"):
        rows = context.rows("lease", "lease_id", "asset_id", "start_on", "end_on", "rent_cents")
        for row in owned(context, (row for row in rows if agreed(row))):
            yield Term(
                "lease",
                row.lease_id,
                row.entity_id or GROUP,
                row.rent_cents or 0,
                row.start_on,
                row.end_on,
                row.row.get("security_deposit_cents") or 0,
                row.asset_id,
                over=row.row.text("status").lower() in ENDED,
            )


def _contracts(context: Context) -> Iterator[Term]:
    if not context.has("client_contract"):
        return
    columns = ("contract_id", "status", "start_on", "end_on", "mrr_cents", "auto_renew")
    for versions in grouped(context.rows_in_force("client_contract", *columns), lambda row: row.contract_id).values():
        row = max(versions, key=lambda one: one.valid_from)
        whose = billers(context).get(row.contract_id, GROUP)
        if row.get("billing_model") not in NOT_RECURRING and not is_between(context, whose, row.get("client_id")):
            last = None if row.auto_renew else row.end_on
            yield Term(
                "contract",
                row.contract_id,
                whose,
                row.mrr_cents or 0,
                row.start_on,
                last,
                over=row.status != "active",
            )


@per_context
def dated(context: Context) -> tuple[Item, ...]:
    """Every dated item from the report date to the horizon, in order of day.

    An installment of a lease or contract is left out where an invoice covers its month, and a booking where an
    invoice or a lease covers it: each amount comes once.
    """
    first, last = context.report_date, horizon(context.report_date)
    found = (
        *_installments(context),
        *_deposits_back(context),
        *_receivables(context),
        *_bookings(context),
        *_payables(context),
        *_taxes(context),
        *_loans(context),
        *_capital(context),
    )
    kept = (item for item in found if item.cents and first <= item.day <= last)
    return tuple(sorted(kept, key=lambda item: (item.day, item.kind, item.entity_id, item.key, item.cents)))


@per_context
def _documents(context: Context) -> Mapping[str, tuple[Balance, ...]]:
    """Invoices issued and received (ar, ap) with their open balance; none without invoices or payments on record."""
    if not all(context.has(table) for table in DOCUMENTS):
        return {"ar": (), "ap": ()}
    return {direction: balances(context, direction) for direction in ("ar", "ap")}


def _invoices(context: Context) -> tuple[Any, ...]:
    """Receivable invoices that were issued, whatever became of them."""
    return tuple(one.invoice for one in _documents(context)["ar"])


@per_context
def _paid_on(context: Context) -> Mapping[str, date]:
    """The day of the last payment of each invoice before the report date."""
    found: dict[str, date] = {}
    for row in context.rows("payment", "invoice_id", "paid_on", "amount_cents"):
        if row.amount_cents > 0 and row.paid_on < context.report_date and row.invoice_id:
            found[row.invoice_id] = max(row.paid_on, found.get(row.invoice_id, date.min))
    return found


def _installments(context: Context) -> Iterator[Item]:
    invoices = _invoices(context)
    billed = {(row.get("contract_id"), Month.of(row.issued_on)) for row in invoices}
    habits: dict[str, list[int]] = defaultdict(list)
    for row in invoices:
        if row.get("contract_id") and row.invoice_id in _paid_on(context):
            begun = Month.of(row.issued_on).first
            habits[row.contract_id].append(max(0, (_paid_on(context)[row.invoice_id] - begun).days))
    for term in terms(context):
        wait = math.ceil(median(habits[term.key])) if habits.get(term.key) else 0
        for month in months_between(context.report_date, Month.of(horizon(context.report_date))):
            if term.pays_in(month) and (term.key, month) not in billed:
                due = max(month.first, term.starts) + timedelta(days=wait)
                yield Item(due, term.monthly_cents, term.kind, term.entity_id, term.key)


def _deposits_back(context: Context) -> Iterator[Item]:
    """Security deposits of leases that run now, given back on their last day."""
    for term in terms(context):
        if term.deposit_cents and term.ends and term.starts < context.report_date:
            yield Item(term.ends, -term.deposit_cents, "lease", term.entity_id, term.key)


@per_context
def delays(context: Context) -> Mapping[str, int]:
    """Days after the due date at which each party pays: the mean of its settled invoices, rounded up, at least 0.

    Under the key "" the mean of all parties, for those that never paid before.
    """
    late: dict[str, list[int]] = defaultdict(list)
    for one in _documents(context)["ar"]:
        if one.open_cents <= 0 and one.invoice.invoice_id in _paid_on(context):
            days = (_paid_on(context)[one.invoice.invoice_id] - one.invoice.due_on).days
            for party in {one.invoice.text("counterparty_id"), ""}:
                late[party].append(days)
    return {party: max(0, math.ceil(Fraction(sum(days), len(days)))) for party, days in late.items()}


def overdue(context: Context) -> tuple[Balance, ...]:
    """Receivables so long past due that the path does not count on them."""
    return tuple(one for one in _open(context, "ar") if _days_late(context, one) > DOUBTFUL_DAYS)


def _days_late(context: Context, one: Balance) -> int:
    return int((context.report_date - one.invoice.due_on).days)


def _open(context: Context, direction: str) -> Iterator[Balance]:
    yield from (
        one
        for one in _documents(context)[direction]
        if one.open_cents > 0 and _is_ours(context, one.invoice, "counterparty_id")
    )


def _is_ours(context: Context, row: Any, party: str) -> bool:
    """Whether a row is of an entity that is still in the group, and its other party is outside: else no cash moves."""
    entity = row.get("entity_id")
    return entity not in ends(context) and not is_between(context, entity, row.get(party))


def _receivables(context: Context) -> Iterator[Item]:
    """By the party's habit: its usual delay after the due date, or after the report date where that is past."""
    for one in _open(context, "ar"):
        if _days_late(context, one) <= DOUBTFUL_DAYS:
            party = one.invoice.text("counterparty_id")
            wait = timedelta(days=delays(context).get(party, delays(context).get("", 0)))
            due = one.invoice.due_on + wait
            day = due if due >= context.report_date else context.report_date + wait
            yield Item(day, one.open_cents, "receivable", one.entity_id, one.invoice.invoice_id)


def _bookings(context: Context) -> Iterator[Item]:
    """Balances and variable costs of confirmed bookings still to come, on the day of service."""
    for booking, day in confirmed(context):
        less = ("discount_cents", "platform_fee_cents", "deposit_cents")
        due = booking.gross_cents - sum(getattr(booking, column) or 0 for column in less)
        whose = booking.get("entity_id") or GROUP
        yield Item(day, max(0, due), "booking", whose, booking.booking_id)
        yield Item(day, -(booking.variable_cost_cents or 0), "booking", whose, booking.booking_id)


@per_context
def confirmed(context: Context) -> tuple[tuple[Any, date], ...]:
    """Confirmed bookings of the days ahead that no invoice and no lease covers, with their day of service."""
    if not context.has("booking"):
        return ()
    invoiced = {row.get("booking_id") for row in _invoices(context)}
    columns = ("booking_id", "status", "service_start", "gross_cents", "discount_cents")
    needed = (*columns, "platform_fee_cents", "deposit_cents", "variable_cost_cents")
    found = []
    for row in context.rows("booking", *needed):
        sold = row.status == "confirmed" and holds(row) and row.booking_id not in double_booked(context)
        if sold and row.booking_id not in invoiced and _is_ours(context, row, "customer_id"):
            day = context.local_day(row.service_start, row.get("entity_id"))
            if day >= context.report_date and not _let(context, row.get("asset_id"), day):
                found.append((row, day))
    return tuple(found)


def _let(context: Context, asset_id: str | None, day: date) -> bool:
    """Whether a lease of the same asset holds on that day: then the booking is the lease."""
    return bool(asset_id) and any(
        one.asset_id == asset_id and one.starts <= day and (one.ends is None or one.ends >= day)
        for one in terms(context)
    )


def _payables(context: Context) -> Iterator[Item]:
    for one in _open(context, "ap"):
        day = max(context.report_date, one.invoice.due_on)
        yield Item(day, -one.open_cents, "payable", one.entity_id, one.invoice.invoice_id)


@per_context
def usual_bills(context: Context) -> Mapping[tuple[str, str], int]:
    """By entity and supplier, what was paid on its invoices in a mean recent month, cents."""
    months = window(context).months
    parties = {
        one.invoice.invoice_id: (one.entity_id, one.invoice.text("counterparty_id"))
        for one in _documents(context)["ap"]
    }
    if not months or not parties:
        return {}
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in context.rows("payment", "invoice_id", "paid_on", "amount_cents"):
        if row.invoice_id in parties and Month.of(row.paid_on) in months:
            found[parties[row.invoice_id]] += row.amount_cents
    return {party: cents // len(months) for party, cents in found.items() if cents > 0}


def covered(context: Context) -> Mapping[tuple[str, Month], int]:
    """By entity and month, how much of the open payables the run rate holds already, cents.

    A payable stands for the run rate of its month as far as its supplier was paid in a mean recent month; the bill of
    a supplier who was not paid in those months comes on top.
    """
    usual = usual_bills(context)
    due: dict[tuple[str, str, Month], int] = defaultdict(int)
    for one in _open(context, "ap"):
        day = max(context.report_date, one.invoice.due_on)
        due[one.entity_id, one.invoice.text("counterparty_id"), Month.of(day)] += one.open_cents
    found: dict[tuple[str, Month], int] = defaultdict(int)
    for (entity, party, month), cents in due.items():
        found[entity, month] += min(cents, usual.get((entity, party), 0))
    return found


def _taxes(context: Context) -> Iterator[Item]:
    """Taxes held for the state, on the day of the next return; at the end of the month where that is not known."""
    sums = book(context)
    for entity in (*sums.entities[1:], GROUP):
        if entity in ends(context):
            continue
        for account, held in sums.by("account", sums.on(classes(context).tax) & _only(context, entity), entity):
            if held.cents < 0:
                yield Item(_filed(context, account, entity), held.cents, "tax", entity, account)


def _filed(context: Context, account: str, entity: str) -> date:
    month_end = (Month.of(context.report_date) + 1).first - timedelta(days=1)
    charted = (chart(context)[account],)
    kind = next((kind for kind, tax in TAXES.items() if of_class(charted, ("liability",), tax.subtypes, tax.terms)), "")
    try:
        return due_on(context, kind, entity) if kind else month_end
    except MissingInputError:
        return month_end


def _only(context: Context, entity: str) -> Any:
    """Cells of the entity itself: for the group, postings of its own."""
    return book(context).entity.among((entity,))


def _loans(context: Context) -> Iterator[Item]:
    """What loans were paid back in a mean recent month, on the first of each month ahead, until they are paid."""
    months, debt = window(context).months, classes(context).debt
    if not months or not debt:
        return
    sums, gone = book(context), ends(context)
    paid: dict[tuple[str, str], int] = defaultdict(int)
    for (entity, account, month), total in sums_of(
        context, answering(context, "financing"), "entity_id", "account", "month"
    ).items():
        if account in debt and month in months and total.cents > 0 and entity not in gone:
            paid[entity, account] += total.cents
    for (entity, account), cents in sorted({**_debt_in_operations(context), **paid}.items()):
        here = sums.on((account,)) & _only(context, entity)
        owed = max(0, -int(sums.cents[here].sum()))
        for month in months_between(context.report_date, Month.of(horizon(context.report_date))):
            if month.first >= context.report_date:
                part = min(owed, whole_cents(Fraction(cents, len(months))))
                owed -= part
                yield Item(month.first, -part, "debt", entity, account)


def _debt_in_operations(context: Context) -> Mapping[tuple[str, str], int]:
    """Loans paid back in transactions marked as operating, recent months."""
    months, debt = window(context).months, classes(context).debt
    return {
        key: cents
        for key, series in operating(context).items()
        if key[1] in debt and (cents := over(series, months)) > 0
    }


def _capital(context: Context) -> Iterator[Item]:
    """Budgeted additions to assets, on the first of their month, less what the month has brought already."""
    if not context.has("budget"):
        return
    assets = {row.account for row in chart(context).values() if row.type == "asset" and not row.is_cash}
    rows = [row for row in budget_rows(context) if row.account in assets - classes(context).sales]
    if not rows:
        return
    month = Month.of(context.report_date)
    begun = sums_of(context, lines_since(context, month.first), "entity_id", "account")
    for row in rows:
        bought = begun.get((row.entity_id, row.account))
        done = bought.cents if bought is not None and Month.of(row.month) == month else 0
        day = max(context.report_date, Month.of(row.month).first)
        if Month.of(row.month) >= month:
            yield Item(day, -max(0, row.amount_cents - done), "capital", row.entity_id, row.account)


def recurring(context: Context, entity: str, month: Month) -> int:
    """What an entity's leases and contracts bring in a month, cents."""
    return sum(one.monthly_cents for one in terms(context) if one.entity_id == entity and one.pays_in(month))


def of_kind(items: Iterable[Item], *kinds: str) -> tuple[Item, ...]:
    """The items of some kinds."""
    return tuple(item for item in items if item.kind in kinds)
