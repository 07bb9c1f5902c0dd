"""The currency that a group reports in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

DEFAULT = "USD"
"""The currency of a group that states none, anywhere."""
CLOUD_CURRENCY = "USD"
"""The currency of cloud bills and of what is saved on them."""
IN_CLOUD_CURRENCY = ("cost_recommendation",)
"""The tables whose column ``currency`` is that one."""


def base_currency(entities: pd.DataFrame | None) -> str:
    """The currency of the group's own entity, else the one that all entities share; blank if none is stated."""
    if entities is None or not {"base_currency", "kind"} <= set(entities.columns) or entities.empty:
        return ""
    group = entities[entities["kind"] == "group"]
    stated = (group if len(group) else entities)["base_currency"].dropna().unique()
    return str(stated[0]) if len(stated) == 1 else ""


def reporting_currency(tables: Mapping[str, pd.DataFrame]) -> str:
    """The currency of the figures: the base currency, else the only one that the rows state, else US dollars."""
    if base := base_currency(tables.get("entity")):
        return base
    stated = [
        tables[name]["currency"]
        for name in sorted(set(tables) - {*IN_CLOUD_CURRENCY})
        if "currency" in tables[name].columns
    ]
    found = {str(code) for column in stated for code in column.dropna().unique()}
    return found.pop() if len(found) == 1 else DEFAULT
