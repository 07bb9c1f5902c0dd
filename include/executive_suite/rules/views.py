"""The rows that a rule may look through: input tables, and views of them that need more than a condition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.metrics.marketing import channels, funnel
from executive_suite.metrics.organisation import kpis
from executive_suite.metrics.technology import capabilities, gaps
from executive_suite.rules import book_views
from executive_suite.schema import tables
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def opportunity_now(context: Context) -> pd.DataFrame:
    """Opportunities in their latest stage."""
    frame = context.current("opportunity", "opp_id", "stage")
    return frame.sort_values(["opp_id", "valid_from"]).drop_duplicates("opp_id", keep="last")


def channel_now(context: Context) -> pd.DataFrame:
    """Channels at the report date; the name of one without a name is its id."""
    frame = channels.current(context)
    name = frame["name"].fillna(frame["channel_id"]) if "name" in frame.columns else frame["channel_id"]
    return frame.assign(name=name)


def equity_holder_now(context: Context) -> pd.DataFrame:
    """Holdings valid at the report date."""
    return context.current("equity_holder", "entity_id", "person_id")


def client_contract_now(context: Context) -> pd.DataFrame:
    """The version of each contract that is valid at the report date."""
    frame = context.current("client_contract", "contract_id")
    return frame.sort_values(["contract_id", "valid_from"]).drop_duplicates("contract_id", keep="last")


def expense_line(context: Context) -> pd.DataFrame:
    """Ledger lines on expense accounts."""
    frame, accounts = context.table("ledger", "account"), context.table("account", "account", "type")
    return frame[frame["account"].isin(accounts.loc[accounts["type"] == "expense", "account"])]


def funnel_step(context: Context) -> pd.DataFrame:
    """Funnel steps of the last complete month, each with the count of the step before (blank for the first)."""
    found = [{**asdict(step), "month": str(step.month)} for step in funnel.last_month(context)]
    frame = pd.DataFrame(found, columns=["entity_id", "month", "step_no", "step", "count", "previous", "previous_step"])
    return frame.astype({"step_no": "int64", "count": "int64", "previous": "Int64"})


def open_gap(context: Context) -> pd.DataFrame:
    """Open findings without a running acceptance, in ranking order, with severity, age and what they rank by."""
    columns = [
        "finding_id",
        "entity_id",
        "stack",
        "kind",
        "title",
        "cwe",
        "age_days",
        "severity",
        "basis",
        "opened_on",
        "assumed",
    ]
    owners = gaps.stacks(context)
    found = [
        {
            **{name: getattr(gap, name, None) or None for name in columns},
            "opened_on": pd.Timestamp(gap.opened_on),
            "entity_id": owners[gap.stack],
        }
        for gap in gaps.open_gaps(context)
    ]
    frame = pd.DataFrame(found, columns=columns)
    frame["age_days"] = frame["age_days"].fillna(0).astype("int64")
    return frame.astype({"assumed": "boolean", "opened_on": "datetime64[us]"})


def missing_capability(context: Context) -> pd.DataFrame:
    """Release capabilities that are required and missing, with the findings that name them."""
    found = [
        {
            "category": gap.category,
            "title": "; ".join(gap.titles) or f"no {gap.category.replace('_', ' ')}",
            "findings": ", ".join(gap.finding_ids),
            "assumed": gap.assumed,
        }
        for gap in capabilities.capabilities(context)
        if gap.missing
    ]
    return pd.DataFrame(found, columns=["category", "title", "findings", "assumed"]).astype({"assumed": "boolean"})


def kpi_readiness(context: Context) -> pd.DataFrame:
    """Defined KPIs and whether each can be measured: state is missing, ready or unreadable."""
    states = {True: "missing", False: "ready", None: "unreadable"}
    found = [{**asdict(kpi), "state": states[kpi.missing]} for kpi in kpis.readiness(context)]
    columns = ["kpi_id", "report", "name", "owner", "table", "condition", "state", "reason", "assumed"]
    return pd.DataFrame(found, columns=columns)


VIEWS: Mapping[str, tuple[Callable[[Context], pd.DataFrame], str, tuple[str, ...]]] = {
    "opportunity_now": (opportunity_now, "opportunity", ("opp_id",)),
    "channel_now": (channel_now, "channel", ("channel_id",)),
    "equity_holder_now": (equity_holder_now, "equity_holder", ("entity_id", "person_id")),
    "client_contract_now": (client_contract_now, "client_contract", ("contract_id",)),
    "expense_line": (expense_line, "ledger", ("txn_id", "line")),
    "funnel_step": (funnel_step, "funnel_event", ("entity_id", "step_no", "month")),
    "open_gap": (open_gap, "finding", ("finding_id",)),
    "missing_capability": (missing_capability, "system", ("category",)),
    "kpi_readiness": (kpi_readiness, "kpi_definition", ("kpi_id",)),
    "undefined_account": (book_views.undefined_account, "ledger", ("account",)),
    "wrong_side_account": (book_views.wrong_side_account, "account", ("account",)),
    "unreconciled_bank_line": (book_views.unreconciled_bank_line, "bank_line", ("bank_line_id",)),
    "vendor_without_w9": (book_views.vendor_without_w9, "counterparty", ("counterparty_id",)),
}
"""Name of a view: how it is made, the table that it is made from, the columns that identify a row of it."""


def rows_of(context: Context, name: str) -> pd.DataFrame:
    """The rows of a view or, under any other name, of that input table.

    Raises:
        MissingInputError: the table or a column that the view needs is absent.
    """
    if name not in VIEWS:
        return context.table(name)
    make, table, key = VIEWS[name]
    return _with_source(make(context), context, table, key)


def _with_source(frame: pd.DataFrame, context: Context, table: str, key: tuple[str, ...]) -> pd.DataFrame:
    """The view with file and row of the input rows behind it, where each row of the view stands for one of them."""
    if SOURCE_FILE in frame.columns or not context.has(table) or key != tables.schema()[table].key:
        return frame
    read = context.table(table)
    if not {SOURCE_FILE, SOURCE_ROW, *key} <= set(read.columns):
        return frame
    return frame.merge(read[[*key, SOURCE_FILE, SOURCE_ROW]], on=list(key), how="left")


def identity_of(name: str) -> tuple[str, tuple[str, ...]]:
    """The input table behind a view or table, and the columns that identify a row."""
    if name in VIEWS:
        return VIEWS[name][1:]
    table = tables.schema().get(name)
    return name, table.key if table else ()
