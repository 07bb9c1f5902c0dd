"""Client contracts as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context

# Work that ends, or is paid by the hour, recurs only by chance; ``none`` is not billed at all.
NOT_RECURRING = ("project", "hourly", "none")
BILLERS = (
    ("ledger", "contract_id"),
    ("rev_schedule", "contract_or_booking_id"),
    ("invoice", "contract_id"),
)
NARROW = (
    "contract_id",
    "client_id",
    "entity_id",
    "tier",
    "status",
    "valid_from",
    "valid_to",
    "start_on",
    "recurring_cents",
    "assumed",
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


@per_context
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
    day = np.datetime64(on)
    begun = np.flatnonzero(contracts["valid_from"].to_numpy() <= day)
    latest = begun[~contracts["contract_id"].iloc[begun].duplicated(keep="last").to_numpy()]
    holds = contracts["start_on"].to_numpy()[latest] <= day
    if "valid_to" in contracts.columns:
        until = contracts["valid_to"].to_numpy()[latest]
        holds &= np.isnat(until) | (until >= day)
    return contracts.iloc[latest[holds]].sort_values("contract_id").reset_index(drop=True)


def standings(context: Context, days: Iterable[date]) -> dict[date, pd.DataFrame]:
    """``standing`` on each of several days, with the columns that counts and sums of contracts need.

    Raises:
        MissingInputError: table client_contract, or a column of it, is absent.
    """
    contracts, known = versions(context), _known(context)
    narrow = contracts[[name for name in NARROW if name in contracts.columns]]
    for day in days:
        if day not in known:
            known[day] = standing(narrow, day)
    return {day: known[day] for day in days}


@per_context
def _known(context: Context) -> dict[date, pd.DataFrame]:  # noqa: ARG001 - what is remembered belongs to a context
    return {}


def active(rows: pd.DataFrame) -> pd.DataFrame:
    """The contracts in force; paused ones are not."""
    return rows[rows["status"] == "active"]
