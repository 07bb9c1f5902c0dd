"""Economic occupancy: what came in, of the rent that could have."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import not_evaluable
from executive_suite.metrics.arithmetic import ratio, whole_cents
from executive_suite.metrics.book.book import MonthlySums, book
from executive_suite.metrics.cut import Cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.income import NEEDS_PROPERTY, income, windows
from executive_suite.metrics.rental.nights import Key, Night, key, nights
from executive_suite.metrics.rental.properties import rented, tenancies, units
from executive_suite.period import Month


def potential_rent(leases: Iterable[Any], asking: Mapping[Key, int], month: Month) -> int:
    """Rent of a month if every unit were let on every day, cents.

    Args:
        leases: Rows of table lease.
        asking: Cents asked for the nights of the month.
        month: The month.

    Returns:
        Day by day: the rent of the lease in force, else the asking price of the night, else the rent of the unit's
        latest lease before the day, or of its first after it. Rents count by day of their month.
    """
    units: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for lease in sorted(leases, key=attrgetter("start_on")):
        units[lease.asset_id, lease.unit].append(lease)
    days = [month.first + timedelta(days=day) for day in range(monthrange(month.year, month.month)[1])]
    rents, let = 0, set()
    for (asset_id, _), terms in units.items():
        for day in days:
            begun = [lease for lease in terms if lease.start_on <= day]
            running = [lease for lease in begun if lease.end_on is None or day <= lease.end_on]
            if running or (asset_id, day) not in asking:
                rents += (running or begun or terms[:1])[-1].rent_cents
                let.add((asset_id, day))
    asked = sum(cents for night, cents in asking.items() if night not in let)
    return whole_cents(Fraction(rents, len(days)) + asked)


@metric(
    "economic_occupancy",
    needs={**NEEDS_PROPERTY, "lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "rent_cents", "status")},
    otherwise="no complete month of a property with postings",
)
def _facts(context: Context) -> Iterator[Fact]:
    for entity_id, entities in units(context):
        leases = [let.row for let in tenancies(context) if let.entity_id in entities]
        calendar = nights(context) if context.has("availability") else ()
        own = (night for night in calendar if (night.inventory or night.let) and night.entity_id in entities)
        listed = grouped(own, lambda night: str(Month.of(night.date)))
        months = [month for _, (month, *_) in windows(context, entities)]
        rents = {month: potential_rent(leases, _asking(listed.get(str(month), ())), month) for month in months}
        for period, chosen in windows(context, entities):
            ours = entity_id == GROUP
            owed = sum(_receivables(context)[ours].over(entity, chosen).cents for entity in entities)
            collected = income(context, entities, chosen, of_group=ours).gross - owed
            there = [night for month in chosen for night in listed.get(str(month), ())]
            rent = sum(rents[month] for month in chosen)
            measure = ratio(collected, rent, otherwise="no lease and no calendar says what rent was possible")
            unpriced = sum(night.asking_cents is None for night in there)
            if unpriced and not {night.asset_id for night in there} <= {lease.asset_id for lease in leases}:
                blank = Qualifier(Why.INPUT_BLANK, unpriced, len(there))
                measure = not_evaluable(
                    "nights of the calendar have no asking price (availability.asking_cents)", blank
                )
            if not context.has("availability") and _has_stays(context, entities):
                measure = not_evaluable("table availability is absent")
            inputs = {"availability": there, "ledger": context.table("ledger"), "lease": leases}
            yield Cut(context, "lease", (), entity_id, period).fact("economic_occupancy", measure, inputs=inputs)


def _asking(found: Iterable[Night]) -> Mapping[Key, int]:
    return {key(night): night.asking_cents for night in found if night.asking_cents is not None}


def _has_stays(context: Context, entities: Collection[str]) -> bool:
    """Whether a property was booked, so that a calendar must price its nights."""
    booked = context.rows("booking", "entity_id", "asset_id") if context.has("booking") else ()
    return bool(rented(context, (row for row in booked if row.asset_id and row.entity_id in entities)))


@per_context
def _receivables(context: Context) -> tuple[MonthlySums, MonthlySums]:
    """What was added to receivables, by entity and month: in all, and without those from entities of the group."""
    ledger = book(context)
    owed = ledger.where("subtype", lambda subtype: "receivable" in subtype.lower())
    owed &= ledger.of_type("asset")
    return ledger.monthly(owed), ledger.monthly(owed & ~ledger.eliminated)
