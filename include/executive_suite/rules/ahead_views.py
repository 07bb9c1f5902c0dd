"""What lies ahead and what should be in force: recurring income, documents and their ends, unpaid invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from executive_suite import formats
from executive_suite.conditions.rows import Cells, Rows
from executive_suite.dataset.labels import entity_names
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP
from executive_suite.metrics.accounting.documents import agreed, balances
from executive_suite.metrics.arithmetic import RATIO, quotient
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import if_kept
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.organisation.compliance import newest, renew_by, sold_ahead
from executive_suite.metrics.portfolio.contracts import billers
from executive_suite.metrics.rental.properties import owned
from executive_suite.period import last_complete_month
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

NOTICE_DAYS = 30
"""Notice that a contract or lease takes where none is recorded."""
UNPAID_DAYS = 90


@per_context
def _last_revenue(context: Context) -> int:
    """Revenue of the group in the last complete month, cents; 0 without books, or if lines wait to be classified."""
    sums, last = if_kept(context), last_complete_month(context.report_date)
    if sums is None or unclassified.why(context, GROUP, [last]):
        return 0
    return -sums.monthly(sums.of_type("revenue"))[GROUP, last].cents


def _origin(row: Any) -> Cells:
    return {SOURCE_FILE: row.get(SOURCE_FILE), SOURCE_ROW: row.get(SOURCE_ROW), "assumed": row.assumed}


@per_context
def _terms(context: Context) -> tuple[Cells, ...]:
    """Leases and client contracts that pay every month at the report date, with the day on which they end."""
    running = (row for row in _contracts(context) if not row["end_on"] or row["end_on"] >= context.report_date)
    return (*_leases(context), *running)


def _leases(context: Context) -> Iterator[Cells]:
    if not context.has("lease"):
        return
    rows = context.rows("lease", "lease_id", "asset_id", "start_on", "end_on", "rent_cents")
    for lease in owned(context, (row for row in rows if agreed(row) and _running(context, row.start_on, row.end_on))):
        entity = lease.entity_id or GROUP
        place = entity_names(context).get(entity, lease.asset_id)
        yield {
            "lease_id": lease.lease_id,
            "entity_id": entity,
            "name": f"the lease of {place}",
            "monthly_cents": lease.rent_cents,
            "end_on": lease.end_on,
            "renews": False,
            "notice_days": NOTICE_DAYS,
            **_origin(lease.row),
        }


def _contracts(context: Context) -> Iterator[Cells]:
    """Client contracts marked active, those past their end too."""
    if not context.has("client_contract"):
        return
    columns = ("contract_id", "client_id", "status", "start_on", "end_on", "auto_renew")
    by_contract = grouped(context.rows_in_force("client_contract", *columns), lambda row: row.contract_id)
    for versions in by_contract.values():
        row = max(versions, key=lambda one: one.valid_from)
        if row.status == "active" and row.start_on <= context.report_date:
            yield {
                "contract_id": row.contract_id,
                "client_id": row.client_id,
                "entity_id": billers(context).get(row.contract_id, GROUP),
                "name": f"{row.client_id}'s contract",
                "monthly_cents": row.get("mrr_cents"),
                "end_on": row.end_on,
                "renews": bool(row.auto_renew),
                "notice_days": row.get("notice_days") or NOTICE_DAYS,
                **_origin(row),
            }


def _running(context: Context, start: date, end: date | None) -> bool:
    return start <= context.report_date and (end is None or end >= context.report_date)


def _with_share(context: Context, row: Cells) -> Cells:
    revenue, cents = _last_revenue(context), row["monthly_cents"]
    share = min(quotient(cents, revenue, RATIO), Decimal(1)) if cents and revenue > 0 else None
    decide = row["end_on"] - timedelta(days=int(row["notice_days"])) if row["end_on"] else None
    return {**row, "share": share, "decide_on": decide and max(decide, context.report_date)}


def lease_term(context: Context) -> Rows:
    """Leases that run at the report date: what they pay, their part of last month's revenue, and their end."""
    context.table("lease")
    return _made(_with_share(context, row) for row in _terms(context) if "lease_id" in row)


def contract_past_end(context: Context) -> Rows:
    """Client contracts whose end has passed, and which are marked active all the same."""
    context.table("client_contract")
    return _made(row for row in _contracts(context) if row["end_on"] and row["end_on"] < context.report_date)


def contract_term(context: Context) -> Rows:
    """Client contracts that are active at the report date, likewise."""
    context.table("client_contract")
    return _made(_with_share(context, row) for row in _terms(context) if "contract_id" in row)


def income_end(context: Context) -> Rows:
    """Days on which recurring income ends and does not renew, with all that ends on them."""
    if not (context.has("lease") or context.has("client_contract")):
        context.table("lease")
    dated = [row for row in _terms(context) if row["end_on"] and not row["renews"] and row["monthly_cents"]]
    return _made(_income_end(context, rows) for rows in grouped(dated, lambda row: row["end_on"].isoformat()).values())


def _income_end(context: Context, rows: tuple[Cells, ...]) -> Cells:
    cents = sum(row["monthly_cents"] for row in rows)
    whole = _with_share(
        context,
        {
            "entity_id": rows[0]["entity_id"] if len({row["entity_id"] for row in rows}) == 1 else GROUP,
            "monthly_cents": cents,
            "end_on": rows[0]["end_on"],
            "notice_days": max(row["notice_days"] for row in rows),
            "count": len(rows),
            "names": formats.series([row["name"] for row in rows]),
            "month": str(last_complete_month(context.report_date)),
        },
    )
    share = whole["share"]
    part = None if share is None else "All" if share == 1 else formats.share(share)
    return {**whole, "part": part, "behind": tuple(_behind(row) for row in rows), "assumed": _any(rows)}


def _behind(row: Cells) -> tuple[str, str, str, Any, Any]:
    """The row of a table that another row was made from: table, key column, key, file and row number."""
    table, column = ("lease", "lease_id") if "lease_id" in row else ("client_contract", "contract_id")
    return table, column, row[column], row[SOURCE_FILE], row[SOURCE_ROW]


def _any(rows: Iterable[Cells]) -> bool:
    return any(row["assumed"] for row in rows)


def document_term(context: Context) -> Rows:
    """The newest document of each kind and entity, with its end, and the next service sold that needs it."""
    return _made(_document(context, document) for document in newest(context))


def _document(context: Context, document: Any) -> Cells:
    late = [sold for sold in sold_ahead(context).get(document.entity_id, ()) if sold[0] > document.expires]
    return {
        "doc_id": document.doc_id,
        "entity_id": document.entity_id,
        "kind": document.kind,
        "effective": document.effective,
        "expires": document.expires,
        "decide_on": max(_ask_by(context, document, late), context.report_date),
        "uncovered": len(late) or None,
        "uncovered_on": late[0][0] if late else None,
        "uncovered_cents": sum(cents for _, cents in late) or None,
        **_origin(document),
    }


def _ask_by(context: Context, document: Any, late: Sequence[tuple[date, int]]) -> date:
    """The day by which to ask for the renewal: in time for the end, or for what is sold after it; else at once."""
    if document.expires >= context.report_date:
        return renew_by(context, document)
    lead = document.expires - renew_by(context, document)
    return late[0][0] - lead if late else context.report_date


def unpaid_group(context: Context) -> Rows:
    """One row for all receivables more than ninety days past due: how much, of how many customers, since when."""
    day = context.report_date - timedelta(days=UNPAID_DAYS)
    late = [one for one in balances(context, "ar") if one.open_cents > 0 and one.invoice.due_on < day]
    if not late:
        return Rows(())
    first = min(late, key=lambda one: (one.invoice.due_on, one.invoice.invoice_id)).invoice
    row = {
        "invoice_id": first.invoice_id,
        "entity_id": late[0].entity_id if len({one.entity_id for one in late}) == 1 else GROUP,
        "due_on": first.due_on,
        "open_cents": sum(one.open_cents for one in late),
        "count": len({one.invoice.counterparty_id for one in late}),
        **_origin(first),
    }
    return _made([row])


def _made(rows: Iterable[Cells]) -> Rows:
    found = list(rows)
    columns = dict.fromkeys(name for row in found for name in row)
    return Rows(tuple(columns), [{name: row.get(name) for name in columns} for row in found])
