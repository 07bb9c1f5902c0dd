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
from executive_suite.metrics.rental.nights import nights
from executive_suite.metrics.rental.properties import property_entities, rented
from executive_suite.metrics.scope import in_month, or_said_why
from executive_suite.period import Month, complete_months

YEAR = 12
NEVER_IN_FORCE = ("draft", "void", "cancelled")

ECONOMIC_OCCUPANCY = Definition(
    "economic_occupancy",
    "Economic occupancy",
    "ratio",
    "Rent collected / potential rent. Collected is the property's revenue less what it added to receivables. Potential "
    "is every unit's rent: under a lease the lease's, vacant the last one's (the next one's before the first); nights "
    "of a property that is let by the night, their asking prices. No potential rent: n/a.",
    "National Apartment Association, income/expense survey definitions",
    "higher",
)


def potential_rent(leases: pd.DataFrame, month: Month) -> int:
    """Rent of a month if every unit were let at its lease's rent, cents.

    Args:
        leases: Columns ``asset_id``, ``unit``, ``start_on``, ``end_on``, ``rent_cents`` (per month).
        month: The month.

    Returns:
        Rents shared out by day; a day without a lease counts with the rent of the unit's latest lease before it, or of
        the first after it.
    """
    days = calendar.monthrange(month.year, month.month)[1]
    total = Fraction(0)
    for _, unit in leases.sort_values("start_on").groupby(["asset_id", "unit"]):
        terms = list(zip(unit["start_on"].dt.date, unit["rent_cents"], strict=True))
        for ordinal in range(days):
            total += Fraction(_rent_on(terms, month.first + timedelta(days=ordinal)), days)
    return whole_cents(total)


def _rent_on(terms: list[tuple[date, int]], day: date) -> int:
    begun = [rent for start, rent in terms if start <= day]
    return int(begun[-1] if begun else terms[0][1])


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
    nightly = _nightly(context, leases)
    owners = property_entities(context)
    for entity_id in (*owners, GROUP):
        entities = owners if entity_id == GROUP else (entity_id,)
        own = leases[leases["entity_id"].isin(entities)]
        let = nightly[nightly["entity_id"].isin(entities)]
        first = min((m for e in entities for m in ledger.complete(e, context)), default=None)
        months = () if first is None else tuple(m for m in ledger.complete(GROUP, context) if m >= first)
        latest = tuple(month for month in complete_months(context.report_date, YEAR) if month in months)
        windows: list[tuple[str, dict[str, str], tuple[Month, ...]]] = [(str(m), {}, (m,)) for m in months]
        if latest:
            windows.append(("", {"window": "trailing_12_months"}, latest))
        for period, dimensions, chosen in windows:
            here = let[_within(let["date"], chosen)]
            if here["asking_cents"].isna().any():
                measure = not_evaluable("nights of the calendar have no asking price (availability.asking_cents)")
            else:
                potential = sum(potential_rent(own, m) for m in chosen) + int(here["asking_cents"].sum())
                measure = _measure(_collected(context, entities, chosen), potential)
            yield context.fact(
                "economic_occupancy",
                measure,
                entity_id=entity_id,
                period=period,
                inputs={"availability": len(here), "ledger": ledger.rows, "lease": len(own)},
                assumed=False,
                **dimensions,
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


def _nightly(context: Context, leases: pd.DataFrame) -> pd.DataFrame:
    """The nights in the inventory of property without a long-term lease, with asking prices."""
    if not context.has("availability"):
        return pd.DataFrame({"entity_id": [], "date": pd.Series(dtype="datetime64[us]"), "asking_cents": []})
    calendar_rows = context.table("availability", "asset_id", "date", "asking_cents")
    rows = nights(context).merge(calendar_rows[["asset_id", "date", "asking_cents"]], on=["asset_id", "date"])
    return rows[rows["inventory"] & ~rows["asset_id"].isin(leases["asset_id"])]


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
