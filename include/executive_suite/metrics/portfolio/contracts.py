"""Client contracts as they stood on a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from executive_suite.metrics.context import Context

# Work that ends, or is paid by the hour, recurs only by chance; ``none`` is not billed at all.
NOT_RECURRING = ("project", "hourly", "none")
BILLERS = (
    ("ledger", "contract_id"),
    ("rev_schedule", "contract_or_booking_id"),
    ("invoice", "contract_id"),
)
COLUMNS = ("contract_id", "valid_from", "client_id", "tier", "billing_model", "mrr_cents", "start_on", "status")


def billers(context: Context, contract_ids: pd.Series) -> pd.Series:
    """The entity that bills each contract; blank where the records do not tell."""
    wanted = contract_ids.unique()
    biller: dict[str, str] = {}
    for table, column in BILLERS:
        if context.has(table) and {column, "entity_id"} <= set(context.tables[table].columns):
            rows = context.tables[table]
            rows = rows.loc[rows[column].isin(wanted), [column, "entity_id"]].drop_duplicates(column)
            biller |= dict(zip(rows[column], rows["entity_id"], strict=True))
    entities = contract_ids.map(biller).astype("str")
    known = set(biller.values())
    return entities.fillna(known.pop()) if len(known) == 1 else entities


def versions(context: Context) -> pd.DataFrame:
    """Every version of every contract, in order of ``valid_from``.

    Returns:
        The contract rows with ``entity_id`` (who bills it) and ``recurring_cents``: monthly recurring revenue of an
        active contract, blank when it states none, 0 when it is not active or does not recur.

    Raises:
        MissingInputError: table client_contract, or a column of it, is absent.
    """
    rows = context.table("client_contract", *COLUMNS)
    recurs = (rows["status"] == "active") & ~rows["billing_model"].isin(NOT_RECURRING)
    return rows.assign(
        entity_id=billers(context, rows["contract_id"]),
        recurring_cents=rows["mrr_cents"].where(recurs, 0).astype("Int64"),
    ).sort_values("valid_from")


def standing(contracts: pd.DataFrame, on: date) -> pd.DataFrame:
    """The version of each contract that holds on a day, of those begun by then.

    A later version takes the place of an earlier one, whether or not that one was closed with ``valid_to``.

    Args:
        contracts: What ``versions`` gives.
        on: The day.
    """
    day = pd.Timestamp(on)
    rows = contracts[contracts["valid_from"] <= day].drop_duplicates("contract_id", keep="last")
    if "valid_to" in rows.columns:
        rows = rows[rows["valid_to"].isna() | (rows["valid_to"] >= day)]
    return rows[rows["start_on"] <= day].sort_values("contract_id").reset_index(drop=True)


def active(rows: pd.DataFrame) -> pd.DataFrame:
    """The contracts in force; paused ones are not."""
    return rows[rows["status"] == "active"]
