"""Invoices on the path: receivables by the habits of their payers, and bills."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.documents import NEEDS as DOCUMENTS
from executive_suite.metrics.accounting.documents import OPEN_ON, Balance, balances
from executive_suite.metrics.between import is_between
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.path import Item
from executive_suite.period import Month

DOUBTFUL_DAYS = 90
"""Receivables more days past due, the last column of the aging, are not expected to be paid."""


@per_context
def documents(context: Context) -> Mapping[str, tuple[Balance, ...]]:
    """Invoices issued and received (ar, ap) with their open balance; none without invoices or payments on record."""
    if not all(context.has(table) for table in DOCUMENTS):
        return {"ar": (), "ap": ()}
    return {direction: balances(context, direction) for direction in ("ar", "ap")}


def invoices(context: Context) -> tuple[Any, ...]:
    """Receivable invoices that were issued, whatever became of them."""
    return tuple(one.invoice for one in documents(context)["ar"])


@per_context
def paid_on(context: Context) -> Mapping[str, date]:
    """The day of the last payment of each invoice before the report date."""
    found: dict[str, date] = {}
    for row in context.rows("payment", "invoice_id", "paid_on", "amount_cents"):
        if row.amount_cents > 0 and row.paid_on < context.report_date and row.invoice_id:
            found[row.invoice_id] = max(row.paid_on, found.get(row.invoice_id, date.min))
    return found


@per_context
def delays(context: Context) -> Mapping[str, int]:
    """Days after the due date at which each party pays: the mean of its settled invoices, rounded up, at least 0.

    Under the key "" the mean of all parties, for those that never paid before.
    """
    late: dict[str, list[int]] = defaultdict(list)
    for one in documents(context)["ar"]:
        if one.open_cents <= 0 and one.invoice.invoice_id in paid_on(context):
            days = (paid_on(context)[one.invoice.invoice_id] - one.invoice.due_on).days
            for party in {one.invoice.text("counterparty_id"), ""}:
                late[party].append(days)
    return {party: max(0, math.ceil(Fraction(sum(days), len(days)))) for party, days in late.items()}


def overdue(context: Context) -> tuple[Balance, ...]:
    """Receivables so long past due that the path does not count on them."""
    return tuple(one for one in open_of(context, "ar") if _days_late(context, one) > DOUBTFUL_DAYS)


def _days_late(context: Context, one: Balance) -> int:
    return int((context.report_date - one.invoice.due_on).days)


def open_of(context: Context, direction: str) -> Iterator[Balance]:
    yield from (
        one
        for one in documents(context)[direction]
        if one.open_cents > 0 and is_ours(context, one.invoice, "counterparty_id")
    )


def is_ours(context: Context, row: Any, party: str) -> bool:
    """Whether a row is of an entity that is still in the group, and its other party is outside: else no cash moves."""
    entity = row.get("entity_id")
    return entity not in ends(context) and not is_between(context, entity, row.get(party))


def receivables(context: Context) -> Iterator[Item]:
    """By the party's habit: its usual delay after the due date, or after the report date where that is past."""
    for one in open_of(context, "ar"):
        if _days_late(context, one) <= DOUBTFUL_DAYS:
            party = one.invoice.text("counterparty_id")
            wait = timedelta(days=delays(context).get(party, delays(context).get("", 0)))
            due = one.invoice.due_on + wait
            day = due if due >= context.report_date else context.report_date + wait
            yield Item(day, one.open_cents, "receivable", one.entity_id, one.invoice.invoice_id)


def payables(context: Context) -> Iterator[Item]:
    for one in open_of(context, "ap"):
        day = max(context.report_date, one.invoice.due_on)
        yield Item(day, -one.open_cents, "payable", one.entity_id, one.invoice.invoice_id)


@per_context
def usual_bills(context: Context) -> Mapping[tuple[str, str], int]:
    """By entity and supplier, what was paid on its invoices in a mean recent month, cents."""
    months = window(context).months
    parties = {
        one.invoice.invoice_id: (one.entity_id, one.invoice.text("counterparty_id")) for one in documents(context)["ap"]
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
    a supplier who was not paid in those months comes on top. Of bills that an aging
    states, the payments are not known: they stand for it in full.
    """
    usual = usual_bills(context)
    found: dict[tuple[str, Month], int] = defaultdict(int)
    due: dict[tuple[str, str, Month], int] = defaultdict(int)
    for one in open_of(context, "ap"):
        month = Month.of(max(context.report_date, one.invoice.due_on))
        if one.invoice.get(OPEN_ON) is None:
            due[one.entity_id, one.invoice.text("counterparty_id"), month] += one.open_cents
        else:
            found[one.entity_id, month] += one.open_cents
    for (entity, party, month), cents in due.items():
        found[entity, month] += min(cents, usual.get((entity, party), 0))
    return found
