"""Who and what carries revenue, and documents that contradict their payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from executive_suite.conditions.rows import Cells, Rows, of_table
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.documents import agreed, balances
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import chart, lines, required, sums_of
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import grouped
from executive_suite.period import Month, complete_months
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

YEAR = 12


def customer_share(context: Context) -> Rows:
    """Customers by their part of each entity's and the group's revenue in the latest twelve complete months."""
    required(context)
    unclassified.require(context, complete_months(context.report_date, YEAR))
    context.table("ledger", "counterparty_id")
    sold = {row.account for row in chart(context).values() if row.type == "revenue"}
    posted = lines(context)
    chosen = posted.on(sold) & posted.within(complete_months(context.report_date, YEAR))
    found = sums_of(context, chosen, "counterparty_id")
    by_customer = {customer: -total.cents for (customer,), total in found.items()}
    whole = sum(by_customer.values())
    rows = [
        {
            "counterparty_id": customer,
            "entity_id": GROUP,
            "revenue_cents": cents,
            "share": quotient(cents, whole, RATIO),
        }
        for customer, cents in sorted(by_customer.items())
        if customer and cents > 0 and whole > 0
    ]
    return _made(("counterparty_id", "entity_id", "revenue_cents", "share"), rows)


def channel_share(context: Context) -> Rows:
    """Channels by their part of what each entity sold through bookings that were served in the latest twelve months."""
    columns = ("booking_id", "entity_id", "channel_id", "service_end", "gross_cents", "discount_cents")
    first, last = (complete_months(context.report_date, YEAR)[place] for place in (0, -1))
    served = [
        row
        for row in sales(context, *columns)
        if row.status == "completed"
        and row.channel_id
        and first <= Month.of(context.local_day(row.service_end, row.entity_id)) <= last
    ]
    rows: list[Cells] = []
    for entity, own in grouped(served, lambda row: row.entity_id).items():
        sums = {
            channel: sum(price_cents(context, row) for row in part)
            for channel, part in grouped(own, lambda row: row.channel_id).items()
        }
        whole = sum(sums.values())
        rows += [
            {
                "channel_id": channel,
                "entity_id": entity,
                "sold_cents": cents,
                "share": quotient(cents, whole, RATIO),
                "channels": len(sums),
            }
            for channel, cents in sums.items()
            if whole > 0
        ]
    return _made(("channel_id", "entity_id", "sold_cents", "share", "channels"), rows)


def booking_sold(context: Context) -> Rows:
    """Bookings that were sold, except of property that is let as a whole at the report date: it takes no guests."""
    let = set()
    if context.has("lease"):
        terms = context.rows("lease", "asset_id", "kind", "start_on", "end_on")
        let = {
            row.asset_id
            for row in terms
            if row.kind == "long_term" and agreed(row) and row.start_on <= context.report_date
            if row.end_on is None or row.end_on >= context.report_date
        }
    return of_table(context, "booking", (row for row in sales(context, "booked_at") if row.get("asset_id") not in let))


def paid_but_open(context: Context) -> Rows:
    """Documents marked paid of which the payments on record leave something open."""
    rows = [
        {
            "invoice_id": one.invoice.invoice_id,
            "entity_id": one.entity_id,
            "issued_on": one.invoice.issued_on,
            "open_cents": one.open_cents,
            SOURCE_FILE: one.invoice.get(SOURCE_FILE),
            SOURCE_ROW: one.invoice.get(SOURCE_ROW),
        }
        for direction in ("ar", "ap")
        for one in balances(context, direction)
        if one.invoice.status == "paid" and one.open_cents > 0
    ]
    return _made(("invoice_id", "entity_id", "issued_on", "open_cents", SOURCE_FILE, SOURCE_ROW), rows)


def _made(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> Rows:
    return Rows(tuple(columns), [dict(row) for row in rows])
