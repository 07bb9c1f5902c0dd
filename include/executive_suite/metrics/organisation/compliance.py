"""The compliance calendar: every document with its end, when to renew it, and what is sold that needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.registry import metric

LEAD = "renewal_lead_days"
LEAD_DAYS = 30
"""Days that a renewal takes where no parameter says so."""
BY_PERSON = frozenset({"captain_licence", "w9"})
"""Kinds of which an entity holds one for each person, so that a newer one renews nothing."""


@per_context
def newest(context: Context) -> tuple[Any, ...]:
    """The newest document of each kind and entity (of each person, for licenses of people), in order."""
    rows = context.rows("compliance_doc", "doc_id", "entity_id", "kind", "effective", "expires")
    gone = ends(context)

    def whose(row: Any) -> str:
        return f"{row.entity_id}/{row.kind}/{row.doc_id if row.kind in BY_PERSON else ''}"

    own = grouped((row for row in rows if row.entity_id not in gone), whose)
    return tuple(max(versions, key=lambda row: (row.expires, row.doc_id)) for versions in own.values())


def renew_by(context: Context, document: Any) -> date:
    """The day by which its renewal has to be asked for, so that nothing lapses."""
    stated = optional_param(context, LEAD, document.kind)
    lead: date = document.expires - timedelta(days=stated.whole if stated else LEAD_DAYS)
    return lead


@per_context
def sold_ahead(context: Context) -> Mapping[str, tuple[tuple[date, int], ...]]:
    """Confirmed services from the report date on, by entity: day and price in cents, in order of the day."""
    if not context.has("booking"):
        return {}
    rows = sales(context, "entity_id", "service_start", "gross_cents", "discount_cents")
    sold = [(row, context.local_day(row.service_start, row.entity_id)) for row in rows if row.status == "confirmed"]
    by_entity = grouped((one for one in sold if one[1] >= context.report_date), lambda one: one[0].entity_id)
    return {
        entity: tuple(sorted((day, row.gross_cents - (row.discount_cents or 0)) for row, day in own))
        for entity, own in by_entity.items()
    }


@metric("document_days_left", needs={"compliance_doc": ("doc_id", "entity_id", "kind", "effective", "expires")})
def _calendar(context: Context) -> Iterator[Fact]:
    for document in newest(context):
        uncovered = [day for day, _ in sold_ahead(context).get(document.entity_id, ()) if day > document.expires]
        yield context.fact(
            "document_days_left",
            Measure((document.expires - context.report_date).days),
            inputs={"compliance_doc": (document,)},
            entity_id=document.entity_id,
            assumed=document.assumed,
            document=document.doc_id,
            kind=document.kind,
            expires=document.expires.isoformat(),
            renew_by=renew_by(context, document).isoformat(),
            needed_on=uncovered[0].isoformat() if uncovered else "",
        )
