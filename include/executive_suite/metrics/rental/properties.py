"""Which assets are rented property, and whose they are."""

from __future__ import annotations

import pandas as pd

from executive_suite.dataset.context import Context

PROPERTY = "property"
GONE = ("sold", "disposed", "retired")


def owners(context: Context, asset_ids: pd.Series) -> pd.Series:
    """The entity of each asset; blank where the inventory does not know it.

    The asset inventory says it; for an asset that is not in it, the entity of its bookings does.
    """
    owner: dict[str, str] = {}
    for table in ("booking", "asset"):
        if context.has(table) and {"asset_id", "entity_id"} <= set(context.tables[table].columns):
            rows = context.tables[table].dropna(subset=["asset_id", "entity_id"])
            owner |= dict(zip(rows["asset_id"], rows["entity_id"], strict=True))
    return asset_ids.map(owner)


def rented(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``frame`` that concern property, with their ``entity_id``.

    An asset that the inventory lists under another class (a vessel) is left out; one that it does not list stays,
    because a calendar or a lease alone is enough to rent by.
    """
    other: set[str] = set()
    if context.has("asset") and "asset_class" in context.tables["asset"].columns:
        assets = context.table("asset", "asset_id")
        other = set(assets.loc[assets["asset_class"] != PROPERTY, "asset_id"])
    rows = frame[~frame["asset_id"].isin(other)]
    return rows.assign(entity_id=owners(context, rows["asset_id"]))


def property_entities(context: Context) -> tuple[str, ...]:
    """The entities that own property, in order of id.

    Raises:
        MissingInputError: there is no asset inventory.
    """
    assets = context.table("asset", "asset_id", "entity_id", "asset_class")
    return tuple(sorted(assets.loc[assets["asset_class"] == PROPERTY, "entity_id"].unique()))


def held(context: Context) -> pd.DataFrame:
    """The properties of the inventory that were not sold or retired.

    Raises:
        MissingInputError: there is no asset inventory.
    """
    assets = context.table("asset", "asset_id", "entity_id", "asset_class")
    rows = assets[assets["asset_class"] == PROPERTY]
    if "status" in rows.columns:
        rows = rows[~rows["status"].str.lower().isin(GONE)]
    return rows
