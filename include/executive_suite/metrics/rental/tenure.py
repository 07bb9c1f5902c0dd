"""Days between tenants, and the licences that letting needs."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.accounting.documents import in_force
from executive_suite.metrics.arithmetic import per_unit
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import by_entity
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import property_entities, rented

# What a city asks of who lets by the night: its licence, and registration for the transient occupancy tax.
LICENCES = ("str_licence", "tot_registration")

TURNOVER_DAYS = Definition(
    "turnover_days",
    "Turnover days",
    "days",
    "Mean days that a unit stood empty between the end of one long-term lease and the start of the next, let by the "
    "night in between or not. No change of "
    "tenant: n/a.",
    "NAA/IREM",
    "lower",
)
LICENCE_DAYS_LEFT = Definition(
    "licence_days_left",
    "Days until a licence expires",
    "days",
    "Days from the report date to the expiry of the latest short-term rental licence and tax registration on file, by "
    "kind; negative when it has expired. No document: n/a.",
    "San Diego Municipal Code 51.0105 (STR licence), 35.0105 (transient occupancy registration)",
    "higher",
)


@metric(
    TURNOVER_DAYS,
    needs={"lease": ("lease_id", "asset_id", "unit", "kind", "start_on", "end_on", "status")},
)
def turnover_days(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _turnovers(context), ("turnover_days",), "table lease has no lease")


def _turnovers(context: Context) -> Iterable[Fact]:
    leases = rented(context, context.tables["lease"])
    leases = leases[(leases["kind"] == "long_term") & in_force(leases)]
    leases = leases[leases["start_on"] < pd.Timestamp(context.report_date)]
    for entity_id, rows in by_entity(leases):
        ordered = rows.sort_values(["asset_id", "unit", "start_on"])
        before = ordered.groupby(["asset_id", "unit"])["end_on"].shift()
        empty = ((ordered["start_on"] - before).dt.days - 1).dropna().clip(lower=0)
        yield context.fact(
            "turnover_days",
            per_unit(int(empty.sum()), len(empty), otherwise="no change of tenant on record"),
            entity_id=entity_id,
            inputs={"lease": len(rows)},
        )


@metric(
    LICENCE_DAYS_LEFT,
    needs={
        "compliance_doc": ("doc_id", "entity_id", "kind", "effective", "expires"),
        "asset": ("asset_id", "entity_id", "asset_class"),
    },
)
def licence_days_left(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _licences(context), ("licence_days_left",), "table asset has no property")


def _licences(context: Context) -> Iterable[Fact]:
    docs = context.tables["compliance_doc"]
    today = pd.Timestamp(context.report_date)
    for entity_id in property_entities(context):
        for kind in LICENCES:
            rows = docs[(docs["entity_id"] == entity_id) & (docs["kind"] == kind) & (docs["effective"] <= today)]
            if rows.empty:
                measure = not_applicable("none on file")
            else:
                expires = rows["expires"].max()
                measure = Measure((expires - today).days, reason=f"expires {expires.day} {expires:%b %Y}")
            yield context.fact(
                "licence_days_left", measure, entity_id=entity_id, inputs={"compliance_doc": len(rows)}, kind=kind
            )
