"""The currency that a group reports in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def base_currency(entities: pd.DataFrame | None) -> str:
    """The currency of the group's own entity, else the one that all entities share; blank if none is stated."""
    if entities is None or not {"base_currency", "kind"} <= set(entities.columns) or entities.empty:
        return ""
    group = entities[entities["kind"] == "group"]
    stated = (group if len(group) else entities)["base_currency"].dropna().unique()
    return str(stated[0]) if len(stated) == 1 else ""


def reporting_currency(tables: Mapping[str, pd.DataFrame]) -> str:
    """The currency of the figures: the base currency, else the only one in the ledger, else US dollars."""
    base, ledger = base_currency(tables.get("entity")), tables.get("ledger")
    if base or ledger is None or "currency" not in ledger.columns:
        return base or "USD"
    found = ledger["currency"].dropna().unique()
    return str(found[0]) if len(found) == 1 else "USD"
