"""The names of rows as readers know them, from the tables that state them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.memo import per_context

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

_NAMED = {
    "account": ("account", "account", "name"),
    "channel": ("channel", "channel_id", "name"),
    "asset": ("asset", "asset_id", "name"),
    "finding": ("finding", "finding_id", "title"),
    "action": ("eng_action", "action_id", "title"),
    "option": ("deployment_option", "option_id", "title"),
    "recommendation": ("cost_recommendation", "rec_id", "title"),
    "milestone": ("milestone", "milestone_id", "title"),
    "kpi": ("kpi_definition", "kpi_id", "name"),
    "client": ("client_contract", "contract_id", "client_id"),
    "rule": ("control_rule", "rule_id", "title"),
}
"""Kind to table, key column and name column."""


def of(tables: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, str]]:
    """Kind to key to name; a table or name column that is absent has no names."""
    named: dict[str, dict[str, str]] = {}
    for kind, (table, key, name) in _NAMED.items():
        frame = tables.get(table)
        if frame is None or key not in frame or name not in frame:
            continue
        rows = frame[[key, name]].dropna()
        named[kind] = dict(sorted(zip(rows[key].astype(str), rows[name].astype(str), strict=True)))
    return named | _routes(tables.get("delivery"))


def _routes(jobs: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    """The name of a job: where from and where to."""
    columns = ["delivery_id", "origin", "destination"]
    if jobs is None or not set(columns) <= set(jobs.columns):
        return {}
    rows = jobs[columns].dropna().astype(str)
    return {"delivery": {job: f"{start} to {end}" for job, start, end in sorted(rows.itertuples(index=False))}}


@per_context
def entity_names(context: Context) -> Mapping[str, str]:
    """Entity id to the name a reader knows; empty when the entities are not registered."""
    rows = context.rows("entity") if context.has("entity") else ()
    return {row.entity_id: row.name for row in rows if row.get("entity_id") and row.get("name")}
