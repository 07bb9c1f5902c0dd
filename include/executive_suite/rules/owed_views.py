"""What is owed by a day: bills that are large for the cash there is, and taxes whose return was due and is unpaid."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from executive_suite.conditions.rows import Cells, Rows
from executive_suite.dataset.group import ends
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.accounting.documents import balances
from executive_suite.metrics.accounting.tax_calendar import TAXES, returns_due
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import Sum, if_kept, lines, required, sums_of
from executive_suite.metrics.book.chosen import balances as held
from executive_suite.metrics.book.chosen import lines_since
from executive_suite.metrics.book.lines import Flags
from executive_suite.period import Month
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

TAX_COLUMNS = ("entity_id", "kind", "due_on", "open_cents")


def bill_open(context: Context) -> Rows:
    """Open bills with what is left of them, and that as a part of the cash there is; all of it if there is none."""
    columns = ("invoice_id", "entity_id", "counterparty_id", "due_on", "open_cents", "share", SOURCE_FILE, SOURCE_ROW)
    cash = _cash(context)
    rows: list[Cells] = [
        {
            **{name: one.invoice.get(name) for name in columns},
            "open_cents": one.open_cents,
            "share": min(quotient(one.open_cents, cash, RATIO), Decimal(1)) if cash > 0 else Decimal(1),
        }
        for one in balances(context, "ap")
        if one.open_cents > 0 and one.entity_id not in ends(context)
    ]
    return Rows(columns, rows)


def _cash(context: Context) -> int:
    """Cash at the report date, cents; 0 without books."""
    sums, day = if_kept(context), context.report_date
    cash = held(context, sums.cash_accounts, (day,)).get(day) if sums else None
    return cash.cents if cash else 0


def tax_overdue(context: Context) -> Rows:
    """Taxes that were collected or withheld, whose latest return was due, and which were not paid since.

    What was paid after the months of a return counts for it first.
    """
    required(context)
    unclassified.require(context)
    return Rows(TAX_COLUMNS, list(_overdue(context)))


def _overdue(context: Context) -> Iterator[Cells]:
    charted, posted = context.rows("account", "account", "type", "name"), lines(context)
    for kind, tax in TAXES.items():
        accounts = of_class(charted, ("liability",), tax.subtypes, tax.terms)
        on = posted.on(accounts)
        for (entity,) in sorted(sums_of(context, on, "entity_id")):
            if entity in ends(context):
                continue
            owed = 0
            for last, due in returns_due(context, kind, entity):
                left = _left(context, on, last, entity)
                if left <= 0:
                    break
                owed, since = owed or left, due
            if owed:
                yield {"entity_id": entity or GROUP, "kind": kind, "due_on": since, "open_cents": owed}


def _left(context: Context, on: Flags, last: Month, entity: str) -> int:
    """What an entity owed on some accounts at the end of a month, less what it paid after it, cents."""
    since = lines_since(context, (last + 1).first)
    owed = sums_of(context, on & ~since, "entity_id").get((entity,), Sum())
    paid = sums_of(context, on & since & (lines(context).cents > 0), "entity_id").get((entity,), Sum())
    return -owed.cents - paid.cents
