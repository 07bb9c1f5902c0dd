"""Economic occupancy: what came in, of the rent that could have."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.accounting.documents import in_force
from executive_suite.metrics.arithmetic import ratio, whole_cents
from executive_suite.metrics.book.book import as_month, book
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_month
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.income import NEEDS_PROPERTY, incomes
from executive_suite.metrics.rental.nights import nights
from executive_suite.metrics.rental.properties import property_entities, rented
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
    return _potential(_units(leases), _prices(asking).get(month, {}), month)


@dataclass(frozen=True, slots=True)
class _Terms:
    """One lease of a unit: first day, last day (None without an end), cents a month."""

    start: date
    end: date | None
    rent: int

    def runs(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


_Unit = tuple[str, list[_Terms]]
_Night = tuple[str, date]


def _units(leases: pd.DataFrame) -> list[_Unit]:
    """Each unit's asset with its leases, oldest first."""
    found = []
    for (asset, _), unit in leases.sort_values("start_on").groupby(["asset_id", "unit"]):
        terms = zip(unit["start_on"], unit["end_on"], unit["rent_cents"], strict=True)
        found.append((str(asset), [_Terms(start.date(), _day(end), int(rent)) for start, end, rent in terms]))
    return found


def _prices(asking: pd.DataFrame) -> dict[Month, dict[_Night, int]]:
    """Asking prices by month, asset and night, cents."""
    found: dict[Month, dict[_Night, int]] = {}
    days = asking["date"].dt.date if len(asking) else asking["date"]
    for asset, day, cents in zip(asking["asset_id"], days, asking["asking_cents"], strict=True):
        found.setdefault(Month.of(day), {})[str(asset), day] = int(cents)
    return found


def _potential(units: list[_Unit], prices: Mapping[_Night, int], month: Month) -> int:
    days = [month.first + timedelta(days=n) for n in range(calendar.monthrange(month.year, month.month)[1])]
    total = 0
    let: set[_Night] = set()
    for asset, terms in units:
        for day in days:
            running = [one.rent for one in terms if one.runs(day)]
            if not running and (asset, day) in prices:
                continue
            begun = running or [one.rent for one in terms if one.start <= day] or [terms[0].rent]
            total += begun[-1]
            let.add((asset, day))
    asked = sum(cents for night, cents in prices.items() if night not in let)
    return whole_cents(Fraction(total, len(days)) + asked)


def _day(value: object) -> date | None:
    return value.date() if isinstance(value, pd.Timestamp) and not pd.isna(value) else None


@metric(
    ECONOMIC_OCCUPANCY,
    needs={**NEEDS_PROPERTY, "lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "rent_cents", "status")},
)
def economic_occupancy(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    reason = "no complete month of a property with postings"
    return for_group_too(context, _facts(context), ("economic_occupancy",), reason)


def _facts(context: Context) -> Iterable[Fact]:
    ledger = book(context)
    leases = rented(context, context.tables["lease"])
    leases = leases[(leases["kind"] == "long_term") & in_force(leases)]
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
        units, asked = _units(own), _prices(let.dropna(subset=["asset_id", "date", "asking_cents"]))
        nights_of = {month: here["asset_id"] for month, here in by_month(let, "date", months)}
        possible = {month: _potential(units, asked.get(month, {}), month) for month in months}
        unpriced = let[let["asking_cents"].isna()]
        unknown = {month: len(here) > 0 for month, here in by_month(unpriced, "date", months)}
        collected = _collected(context, entities)
        leased = set(own["asset_id"])
        stays = _stays(context, entities)
        for period, chosen in windows:
            measure = _measure(sum(collected.get(month, 0) for month in chosen), sum(possible[m] for m in chosen))
            there = set().union(*(nights_of[month] for month in chosen))
            if any(unknown[month] for month in chosen) and not there <= leased:
                measure = not_evaluable("nights of the calendar have no asking price (availability.asking_cents)")
            if stays and not context.has("availability"):
                measure = not_evaluable("table availability is absent")
            yield context.fact(
                "economic_occupancy",
                measure,
                entity_id=entity_id,
                period=period,
                inputs={
                    "availability": sum(len(nights_of[month]) for month in chosen),
                    "ledger": ledger.rows,
                    "lease": len(own),
                },
                assumed=False,
            )


def _measure(collected: int, potential: int) -> Measure:
    if potential == 0:
        return not_applicable("no lease and no calendar says what rent was possible")
    return ratio(collected, potential, otherwise="no potential rent")


def _stays(context: Context, entities: Iterable[str]) -> set[str]:
    """The properties let by the night, which a calendar must price: those that somebody booked."""
    if not context.has("booking"):
        return set()
    booked = context.table("booking", "entity_id", "asset_id").dropna(subset=["asset_id"])
    return set(rented(context, booked[booked["entity_id"].isin(list(entities))])["asset_id"])


def _nightly(context: Context) -> pd.DataFrame:
    """The nights in the inventory, with asking prices."""
    columns = ["asset_id", "date", "asking_cents"]
    if not context.has("availability"):
        empty = {"entity_id": [], "asset_id": [], "date": pd.Series(dtype="datetime64[us]"), "asking_cents": []}
        return pd.DataFrame(empty)
    prices = context.table("availability", *columns)
    rows = nights(context).merge(prices[columns], on=["asset_id", "date"])
    return rows[rows["inventory"]]


def _collected(context: Context, entities: Iterable[str]) -> dict[Month, int]:
    """Gross income less what was added to receivables, cents by month."""
    ledger = book(context)
    cells = ledger.cells
    receivable = (
        cells["entity_id"].isin(list(entities))
        & (cells["type"] == "asset")
        & ledger.attribute("subtype").str.contains("receivable", case=False, regex=False)
    )
    added = cells[receivable].groupby("month")["cents"].sum()
    found = {month: earned.gross for month, earned in incomes(ledger, entities).items()}
    for index, cents in zip(added.index, added, strict=True):
        month = as_month(int(index))
        found[month] = found.get(month, 0) - int(cents)
    return found
