"""The rows that a rule may look through: input tables, and views of them that need more than a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from executive_suite import formats
from executive_suite.conditions.rows import LEDGER, Cells, Rows, of_table
from executive_suite.metrics import bookings
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.marketing import channels, funnel
from executive_suite.metrics.organisation import kpis
from executive_suite.metrics.technology import capabilities, gaps
from executive_suite.rules import ahead_views, book_views, owed_views, sold_views
from executive_suite.schema import tables
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def _latest(context: Context, table: str, key: str, *columns: str) -> Rows:
    """The version of each key that is valid at the report date, the latest of several, by key."""
    valid = context.rows_in_force(table, key, *columns)
    ordered = sorted(valid, key=lambda row: (getattr(row, key), row.valid_from))
    return of_table(context, table, {getattr(row, key): row for row in ordered}.values())


def channel_now(context: Context) -> Rows:
    """Channels at the report date; those of travel agencies with their place in the sequence, and when to list.

    The name of a channel without a name is its id.
    """
    found = _latest(context, "channel", "channel_id", "type", "status")
    places = {listing.channel.channel_id: listing for listing in channels.sequence(context)}
    rows = []
    for row in found:
        place = places.get(row["channel_id"])
        when = "now" if place is None or place.eligible else "once insured"
        name = row.get("name") or row["channel_id"]
        rows.append({**row, "name": name, "place": place.rank if place else None, "when": when})
    return Rows(tuple(dict.fromkeys((*found.columns, "name", "place", "when"))), rows)


def blocked_listing(context: Context) -> Rows:
    """Travel agencies that cannot list an entity while a document is missing: one row per entity, since it lapsed."""
    lapsed = {row["entity_id"]: row["expires"] for row in ahead_views.document_term(context) if row["kind"] == "coi"}
    waiting = [row for row in channel_now(context) if row["type"] == "ota" and row["when"] == "once insured"]
    found = [
        {
            "entity_id": entity,
            "names": formats.series([row["name"] for row in own]),
            "count": len(own),
            "since": lapsed[entity],
            "monthly_cents": sum(row.get("exp_monthly_net_cents") or 0 for row in own) or None,
        }
        for entity, own in grouped(waiting, lambda row: row["entity_id"]).items()
        if lapsed.get(entity) and lapsed[entity] < context.report_date
    ]
    return _made(("entity_id", "names", "count", "since", "monthly_cents"), found)


def equity_holder_now(context: Context) -> Rows:
    """Holdings valid at the report date."""
    return of_table(context, "equity_holder", context.rows_in_force("equity_holder", "entity_id", "person_id"))


def expense_line(context: Context) -> Rows:
    """Ledger lines on expense accounts."""
    context.table(LEDGER, "account")
    accounts = {row.account for row in context.rows("account", "account", "type") if row.type == "expense"}
    return of_table(context, LEDGER).having("account", accounts)


def funnel_step(context: Context) -> Rows:
    """Funnel steps of the last complete month, each with the count of the step before (blank for the first)."""
    return _made(
        ("entity_id", "month", "step_no", "step", "count", "previous", "previous_step"),
        ({**asdict(step), "month": str(step.month)} for step in funnel.last_month(context)),
    )


def open_gap(context: Context) -> Rows:
    """Open findings without a running acceptance, in ranking order, with severity, age and what they rank by."""
    columns = ("finding_id", "entity_id", "stack", "kind", "title", "cwe", "age_days", "severity", "basis", "opened_on")
    owners, found = gaps.stacks(context), gaps.open_gaps(context)
    rows = ({name: getattr(gap, name, owners[gap.stack]) for name in (*columns, "assumed")} for gap in found)
    return _made((*columns, "assumed"), rows)


def missing_capability(context: Context) -> Rows:
    """Release capabilities that are required and missing, with the findings that name them."""
    missing = [gap for gap in capabilities.capabilities(context) if gap.missing]
    return _made(
        ("category", "title", "findings", "assumed"),
        (
            {
                "category": gap.category,
                "title": "; ".join(gap.titles) or f"no {gap.name}",
                "findings": ", ".join(gap.finding_ids),
                "assumed": gap.assumed,
            }
            for gap in missing
        ),
    )


def kpi_readiness(context: Context) -> Rows:
    """Defined KPIs and whether each can be measured: state is missing, ready or unreadable.

    What is missing is in one of four columns: ``empty`` (a table without rows), ``unfit`` (a table of which no row
    qualifies), ``lacking`` (how many rows lack what all need) or ``fault`` (a column or parameter that is absent).
    """
    states = {True: "missing", False: "ready", None: "unreadable"}
    columns = ("kpi_id", "report", "name", "owner", "table", "condition", "state", "reason", "assumed")
    rows = []
    for kpi in kpis.readiness(context):
        of, met = kpi.of, kpi.rows
        lack = {
            "empty": kpi.table if of == 0 else None,
            "unfit": kpi.table if of and not met else None,
            "lacking": of - met if of and met else None,
            "fault": kpi.reason if of is None else None,
        }
        rows.append({**asdict(kpi), "state": states[kpi.missing], **lack})
    return _made((*columns, "empty", "unfit", "lacking", "fault"), rows)


def double_booking(context: Context) -> Rows:
    """Bookings whose asset another holds at their time, with that other, the first day of both and what is at stake.

    The name of an asset without a name is its id; the class of one that the inventory does not list is blank.
    """
    listed = {row.asset_id: row for row in context.rows("asset", "asset_id")} if context.has("asset") else {}
    columns = ("booking_id", "other_id", "asset_id", "asset", "asset_class", "entity_id", "first_on", "net_cents")
    rows = []
    for found in bookings.overlaps(context):
        row, asset = found.second, listed.get(found.second.asset_id)
        values = {
            "booking_id": row.booking_id,
            "other_id": found.first.booking_id,
            "asset_id": row.asset_id,
            "asset": (asset.text("name") if asset else "") or row.asset_id,
            "asset_class": asset.get("asset_class") if asset else None,
            "entity_id": row.get("entity_id"),
            "first_on": context.local_day(max(row.service_start, found.first.service_start), row.get("entity_id")),
            "net_cents": bookings.net_cents(row) or 0,
        }
        rows.append({**values, "assumed": row.assumed})
    return _made((*columns, "assumed"), rows)


VIEWS: Mapping[str, tuple[Callable[[Context], Rows], str, tuple[str, ...]]] = {
    "opportunity_now": (partial(_latest, table="opportunity", key="opp_id"), "opportunity", ("opp_id",)),
    "channel_now": (channel_now, "channel", ("channel_id",)),
    "blocked_listing": (blocked_listing, "channel", ("entity_id",)),
    "equity_holder_now": (equity_holder_now, "equity_holder", ("entity_id", "person_id")),
    "client_contract_now": (
        partial(_latest, table="client_contract", key="contract_id"),
        "client_contract",
        ("contract_id",),
    ),
    "expense_line": (expense_line, LEDGER, ("txn_id", "line")),
    "funnel_step": (funnel_step, "funnel_event", ("entity_id", "step_no", "month")),
    "open_gap": (open_gap, "finding", ("finding_id",)),
    "missing_capability": (missing_capability, "system", ("category",)),
    "double_booking": (double_booking, "booking", ("booking_id",)),
    "kpi_readiness": (kpi_readiness, "kpi_definition", ("kpi_id",)),
    "undefined_account": (book_views.undefined_account, LEDGER, ("account",)),
    "wrong_side_account": (book_views.wrong_side_account, "account", ("account",)),
    "unreconciled_bank_line": (book_views.unreconciled_bank_line, "bank_line", ("bank_line_id",)),
    "lease_term": (ahead_views.lease_term, "lease", ("lease_id",)),
    "contract_term": (ahead_views.contract_term, "client_contract", ("contract_id",)),
    "contract_past_end": (ahead_views.contract_past_end, "client_contract", ("contract_id",)),
    "income_end": (ahead_views.income_end, "lease", ("end_on",)),
    "document_term": (ahead_views.document_term, "compliance_doc", ("doc_id",)),
    "unpaid_group": (ahead_views.unpaid_group, "invoice", ("invoice_id",)),
    "customer_share": (sold_views.customer_share, LEDGER, ("counterparty_id",)),
    "booking_sold": (sold_views.booking_sold, "booking", ("booking_id",)),
    "channel_share": (sold_views.channel_share, "booking", ("entity_id", "channel_id")),
    "paid_but_open": (sold_views.paid_but_open, "invoice", ("invoice_id",)),
    "bill_open": (owed_views.bill_open, "invoice", ("invoice_id",)),
    "tax_overdue": (owed_views.tax_overdue, LEDGER, ("entity_id", "kind")),
    "vendor_without_w9": (book_views.vendor_without_w9, "counterparty", ("counterparty_id",)),
}
"""Name of a view: how it is made, the table that it is made from, the columns that identify a row of it."""


def rows_of(context: Context, name: str) -> Rows:
    """The rows of a view or, under any other name, of that input table.

    Raises:
        MissingInputError: the table or a column that the view needs is absent.
    """
    if name not in VIEWS:
        return of_table(context, name)
    make, table, key = VIEWS[name]
    rows = make(context)
    if SOURCE_FILE in rows.columns or not context.has(table) or key != tables.schema()[table].key:
        return rows
    # Each row of the view is one of the table: it has that row's place in its file.
    read = {tuple(getattr(row, column) for column in key): row for row in context.rows(table, *key)}

    def place(name: str, row: Cells) -> Any:
        return read[tuple(row[column] for column in key)].get(name)

    return rows.including({name: partial(place, name) for name in (SOURCE_FILE, SOURCE_ROW)})


def identity_of(name: str) -> tuple[str, tuple[str, ...]]:
    """The input table behind a view or table, and the columns that identify a row."""
    if name in VIEWS:
        return VIEWS[name][1:]
    table = tables.schema().get(name)
    return name, table.key if table else ()


def _made(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Rows with some columns of what is given; empty text is blank."""
    return Rows(columns, [{name: None if row[name] == "" else row[name] for name in columns} for row in rows])
