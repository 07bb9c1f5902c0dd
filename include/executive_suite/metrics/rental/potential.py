"""Economic occupancy: what came in, of the rent that could have."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.context import Context
from executive_suite.metrics.finance.book import as_index, book
from executive_suite.metrics.rates import ratio, whole_cents
from executive_suite.metrics.registry import Definition, Measure, metric, not_applicable, not_evaluable
from executive_suite.metrics.rental.income import NEEDS_PROPERTY, income
from executive_suite.metrics.rental.nights import NEVER_IN_FORCE, nights
from executive_suite.metrics.rental.properties import property_entities, rented
from executive_suite.metrics.scope import in_month, or_said_why
from executive_suite.period import Month, complete_months

YEAR = 12

ECONOMIC_OCCUPANCY = Definition(
    "economic_occupancy",
    "Economic occupancy",
    "ratio",
    "Rent collected / potential rent. Collected is the property's revenue less what it added to receivables. Potential "
    "is every unit's rent on every day: of the lease in force, else the asking price of the night in the calendar, "
    "else the rent of the last lease (before the first, the first's). No potential rent: n/a.",
    "National Apartment Association, income/expense survey definitions",
    "higher",
)


def potential_rent(leases: pd.DataFrame, asking: pd.DataFrame, month: Month) -> int:
    """Rent of a month if every unit were let on every day, cents.

    Args:
        leases: Columns ``asset_id``, ``unit``, ``start_on``, ``end_on``, ``rent_cents`` (per month).
        asking: Nights for sale, columns ``asset_id``, ``date``, ``asking_cents``.
        month: The month.

    Returns:
        Day by day: the rent of the lease in force, else the asking price of the night, else the rent of the unit's
        latest lease before the day, or of its first after it. Rents count by day of their month.
    """
    days = [month.first + timedelta(days=n) for n in range(calendar.monthrange(month.year, month.month)[1])]
    prices = {
        (str(asset), day.date()): int(cents)
        for asset, day, cents in asking.loc[in_month(asking["date"], month)].itertuples(index=False)
    }
    total = Fraction(0)
    let: set[tuple[str, date]] = set()
    for (asset, _), unit in leases.sort_values("start_on").groupby(["asset_id", "unit"]):
        terms = [
            (row["start_on"].date(), _day(row["end_on"]), int(row["rent_cents"])) for row in unit.to_dict("records")
        ]
        for day in days:
            running = [rent for start, end, rent in terms if start <= day and (end is None or day <= end)]
            if not running and (str(asset), day) in prices:
                continue
            begun = running or [rent for start, _, rent in terms if start <= day] or [terms[0][2]]
            total += Fraction(begun[-1], len(days))
            let.add((str(asset), day))
    return whole_cents(total + sum(cents for night, cents in prices.items() if night not in let))


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, pd.Timestamp) and not pd.isna(value) else None


@metric(
    ECONOMIC_OCCUPANCY,
    needs={**NEEDS_PROPERTY, "lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "rent_cents", "status")},
)
def economic_occupancy(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    reason = "no complete month of a property with postings"
    return or_said_why(context, _facts(context), ("economic_occupancy",), reason)


def _facts(context: Context) -> Iterable[Fact]:
    ledger = book(context)
    leases = rented(context, context.tables["lease"])
    leases = leases[(leases["kind"] == "long_term") & ~leases["status"].str.lower().isin(NEVER_IN_FORCE)]
    nightly = _nightly(context)
    owners = property_entities(context)
    for entity_id in owners if len(owners) == 1 else (*owners, GROUP):
        entities = owners if entity_id == GROUP else (entity_id,)
        own = leases[leases["entity_id"].isin(entities)]
        let = nightly[nightly["entity_id"].isin(entities)]
        first = min((m for e in entities for m in ledger.complete(e, context)), default=None)
        months = () if first is None else tuple(m for m in ledger.complete(GROUP, context) if m >= first)
        latest = tuple(month for month in complete_months(context.report_date, YEAR) if month in months)
        windows: list[tuple[str, tuple[Month, ...]]] = [(str(m), (m,)) for m in months]
        if latest:
            windows.append(("", latest))
        for period, chosen in windows:
            here = let[_within(let["date"], chosen)]
            asking = here[["asset_id", "date", "asking_cents"]].dropna()
            potential = sum(potential_rent(own, asking, month) for month in chosen)
            measure = _measure(_collected(context, entities, chosen), potential)
            if len(asking) < len(here) and not set(here["asset_id"]) <= set(own["asset_id"]):
                measure = not_evaluable("nights of the calendar have no asking price (availability.asking_cents)")
            yield context.fact(
                "economic_occupancy",
                measure,
                entity_id=entity_id,
                period=period,
                inputs={"availability": len(here), "ledger": ledger.rows, "lease": len(own)},
                assumed=False,
            )


def _measure(collected: int, potential: int) -> Measure:
    if potential == 0:
        return not_applicable("no lease and no calendar says what rent was possible")
    return ratio(collected, potential, otherwise="no potential rent")


def _within(days: pd.Series, months: Iterable[Month]) -> pd.Series:
    chosen = pd.Series(data=False, index=days.index)
    for month in months:
        chosen |= in_month(days, month)
    return chosen


def _nightly(context: Context) -> pd.DataFrame:
    """The nights in the inventory, with asking prices."""
    columns = ["asset_id", "date", "asking_cents"]
    if not context.has("availability"):
        empty = {"entity_id": [], "asset_id": [], "date": pd.Series(dtype="datetime64[us]"), "asking_cents": []}
        return pd.DataFrame(empty)
    prices = context.table("availability", *columns)
    rows = nights(context).merge(prices[columns], on=["asset_id", "date"])
    return rows[rows["inventory"]]


def _collected(context: Context, entities: Iterable[str], months: tuple[Month, ...]) -> int:
    """Gross income less what was added to receivables, cents."""
    ledger = book(context)
    cells = ledger.cells
    receivable = (
        cells["entity_id"].isin(list(entities))
        & cells["month"].isin([as_index(month) for month in months])
        & (cells["type"] == "asset")
        & cells["subtype"].str.contains("receivable", case=False, regex=False)
    )
    return income(ledger, entities, months).gross - int(cells.loc[receivable, "cents"].sum())
