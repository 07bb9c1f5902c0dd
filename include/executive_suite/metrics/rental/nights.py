"""The nights of rented property: what could be sold, what was offered, what was sold and for how much."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.accounting.documents import in_force
from executive_suite.metrics.frames import local_days
from executive_suite.metrics.rental.properties import rented

# The room-inventory standard of STR and USALI: a unit leaves the inventory after six consecutive months out of
# order, or while the whole property is closed for a season of at least thirty days.
OUT_OF_ORDER_MONTHS = 6
SEASONAL_CLOSURE_DAYS = 30

# A guest who was charged and never came has still bought the night.
SOLD_STATUSES = ("confirmed", "completed", "no_show")


@per_context
def nights(context: Context) -> pd.DataFrame:
    """One row a unit and night of the calendar.

    Returns:
        Columns ``entity_id``, ``asset_id``, ``date``, and booleans ``inventory`` (in the standard denominator),
        ``offered`` (in the adjusted one), ``sold``; a night that a guest stayed for nothing is offered, not sold.

    Raises:
        MissingInputError: table availability is absent.
    """
    calendar = context.table("availability", "asset_id", "date", "status")
    frame = rented(context, calendar)[["entity_id", "asset_id", "date", "status"]].reset_index(drop=True)
    status = frame["status"]
    frame["inventory"] = ~(_long_out_of_order(frame) | _closed_for_the_season(frame))
    frame["offered"] = status.isin(["available", "booked"])
    frame["sold"] = status == "booked"
    if context.has("booking"):
        stays = stay_nights(context).groupby(["asset_id", "date"])["cents"].sum().reset_index()
        frame = frame.merge(stays, how="left", on=["asset_id", "date"])
        paid, free = frame["cents"] > 0, frame["cents"] == 0
        frame["sold"] = (frame["sold"] | paid) & ~free
        frame["offered"] |= paid
        frame = frame.drop(columns="cents")
    frame["inventory"] |= frame["sold"]
    return frame.drop(columns="status")


@per_context
def stay_nights(context: Context) -> pd.DataFrame:
    """One row a stay and night, its price split evenly over the nights, exact to the cent.

    The price is gross less discount: taxes stand apart from it and are no revenue, platform fees are a cost, a
    cleaning fee is in it when the booking's gross has it. A night belongs to the local day on which it begins.

    Returns:
        Columns ``booking_id``, ``asset_id``, ``date``, ``cents``.

    Raises:
        MissingInputError: table booking, or a column of it, is absent.
    """
    columns = ("booking_id", "entity_id", "asset_id", "service_start", "service_end", "status", "gross_cents")
    booking = context.table("booking", *columns)
    stays = booking[booking["asset_id"].notna() & booking["status"].isin(SOLD_STATUSES)].reset_index(drop=True)
    arrival = local_days(context, stays["service_start"], stays["entity_id"])
    departure = local_days(context, stays["service_end"], stays["entity_id"])
    length = ((departure - arrival).dt.days.clip(lower=1)).astype("int64")
    price = stays["gross_cents"].astype("int64")
    if "discount_cents" in stays.columns:
        price = price - stays["discount_cents"].fillna(0).astype("int64")
    row = np.repeat(np.arange(len(stays)), length)
    index = pd.Series(row)
    ordinal = index.groupby(index).cumcount().to_numpy()
    total, count = price.to_numpy()[row], length.to_numpy()[row]
    return pd.DataFrame(
        {
            "booking_id": stays["booking_id"].to_numpy()[row],
            "asset_id": stays["asset_id"].to_numpy()[row],
            "date": arrival.to_numpy()[row] + ordinal * np.timedelta64(1, "D"),
            # What is due up to this night less what was due before it, so that the nights add up to the price.
            "cents": total * (ordinal + 1) // count - total * ordinal // count,
        }
    )


def lease_nights(context: Context, unsold: pd.DataFrame) -> pd.DataFrame:
    """The price of nights that a tenant has by the month: the month's rent shared out evenly over its days.

    Args:
        context: The dataset; without a table lease there are none.
        unsold: Nights (``asset_id``, ``date``) that no stay has priced.

    Returns:
        Columns ``asset_id``, ``date``, ``cents``; the nights of a whole month add up to the rent.
    """
    empty = pd.DataFrame({"asset_id": pd.Series(dtype="str"), "date": unsold["date"][:0], "cents": []})
    if not context.has("lease") or unsold.empty:
        return empty
    leases = context.table("lease", "asset_id", "start_on", "end_on", "rent_cents", "status")
    leases = leases[in_force(leases)]
    pairs = unsold[["asset_id", "date"]].merge(leases, on="asset_id")
    pairs = pairs[(pairs["start_on"] <= pairs["date"]) & (pairs["end_on"].isna() | (pairs["end_on"] >= pairs["date"]))]
    day, length = pairs["date"].dt.day, pairs["date"].dt.days_in_month
    rent = pairs["rent_cents"].astype("int64")
    pairs["cents"] = rent * day // length - rent * (day - 1) // length
    return pairs.groupby(["asset_id", "date"])["cents"].sum().reset_index()


def _runs(frame: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    """A number for each unbroken run of ``chosen`` nights of a unit; blank elsewhere."""
    rows = frame[chosen].sort_values(["asset_id", "date"])
    new = (rows["asset_id"] != rows["asset_id"].shift()) | (rows["date"].diff() != timedelta(days=1))
    return new.cumsum().reindex(frame.index)


def _long_out_of_order(frame: pd.DataFrame) -> pd.Series:
    """The nights of runs that are out of order for six months or longer."""
    run = _runs(frame, frame["status"] == "out_of_order")
    start = frame.groupby(run)["date"].transform("min")
    after = frame.groupby(run)["date"].transform("max") + timedelta(days=1)
    long = after >= start + pd.DateOffset(months=OUT_OF_ORDER_MONTHS)
    return long.reindex(frame.index, fill_value=False) & run.notna()


def _closed_for_the_season(frame: pd.DataFrame) -> pd.Series:
    """The nights of runs of thirty days or longer in which an owner keeps every unit of the property closed."""
    blocked = frame["status"] == "owner_block"
    owner = frame["entity_id"].fillna("")
    closed = blocked.groupby([owner, frame["date"]]).transform("all")
    run = _runs(frame, closed)
    length = frame.groupby(run)["date"].transform("size").reindex(frame.index, fill_value=0)
    return (length >= SEASONAL_CLOSURE_DAYS) & run.notna()
