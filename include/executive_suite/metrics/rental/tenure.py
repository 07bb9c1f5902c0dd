"""Days between tenants, and the licenses that rentals need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import Cut, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import owners, tenancies

# What the city requires for rentals by the night: its license, and registration for the transient occupancy tax.
LICENSES = ("str_licence", "tot_registration")


@metric(
    "turnover_days",
    needs={"lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "end_on", "status")},
    otherwise="table lease has no lease",
)
def _turnovers(context: Context) -> Iterator[Fact]:
    begun = (let for let in tenancies(context) if let.start_on < context.report_date)
    for unit in cut(context, "lease", begun).by_entity():
        ordered = sorted(unit.rows, key=lambda let: (let.asset_id, let.unit, let.start_on))
        empty = [
            max((let.start_on - before.end_on).days - 1, 0)
            for before, let in pairwise(ordered)
            if (before.asset_id, before.unit) == (let.asset_id, let.unit) and before.end_on
        ]
        measure = per_unit(sum(empty), len(empty), otherwise="no change of tenant on record")
        yield unit.fact("turnover_days", measure)


@metric(
    "licence_days_left",
    needs={
        "compliance_doc": ("doc_id", "entity_id", "kind", "effective", "expires"),
        "asset": ("asset_id", "entity_id", "asset_class"),
    },
    otherwise="table asset has no property",
)
def _licenses(context: Context) -> Iterator[Fact]:
    today = context.report_date
    docs = (doc for doc in context.rows("compliance_doc") if doc.kind in LICENSES and doc.effective <= today)
    on_file = grouped(docs, attrgetter("entity_id"))
    for entity_id in owners(context):
        own = Cut(context, "compliance_doc", on_file.get(entity_id, ()), entity_id)
        for part in own.by("kind", attrgetter("kind"), LICENSES):
            yield part.fact("licence_days_left", _days_left(part.rows, today))


def _days_left(docs: Iterable[Any], today: date) -> Measure:
    expires = max((doc.expires for doc in docs), default=None)
    if expires is None:
        return qualified(not_applicable("none on file"), "", Qualifier(Why.NOT_ON_FILE))
    return Measure((expires - today).days, reason=f"expires {expires.day} {expires:%b %Y}")
