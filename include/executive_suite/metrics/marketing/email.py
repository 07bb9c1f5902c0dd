"""Deliverability of mail: what arrived, bounced, was complained about and was clicked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import not_evaluable, qualified
from executive_suite.metrics.arithmetic import WHOLE_BP, ratio
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.marketing.campaigns import NEVER, contacts
from executive_suite.metrics.registry import metric
from executive_suite.period import cut_off, year_before

COLUMNS = ("message_id", "event", "at")
HARD = "permanent"
UNTRACKED = not_evaluable("no open and no click is on record: clicks are not tracked")


def count(rows: Iterable[Any]) -> Counter[str]:
    """Distinct messages of each event; a bounce counts when its type is permanent or not stated."""
    hard = (r for r in rows if r.event != "bounce" or (r.get("bounce_type") or HARD).lower() == HARD)
    return Counter(event for event, _ in {(row.event, row.message_id) for row in hard})


def _recent(context: Context) -> Cut:
    """The events of the twelve months before the report date."""
    since = cut_off(year_before(context.report_date), context.zone)
    return cut(context, "email_event", (row for row in context.rows("email_event", *COLUMNS) if row.at >= since))


@metric(
    "email_delivery_rate",
    "email_bounce_rate",
    "email_complaint_rate",
    "email_click_rate",
    needs={"email_event": COLUMNS},
)
def _rates(context: Context) -> Iterator[Fact]:
    recent = _recent(context)
    campaigns = recent.by("campaign", lambda row: row.get("campaign_id"))
    for own in (recent, *campaigns, *recent.by("report", lambda row: row.get("report_type"))):
        yield from _facts(own)


@metric(
    "email_unsubscribe_rate",
    needs={"email_event": COLUMNS, "contact": ("contact_hash", "consent_status", "consent_at")},
)
def _unsubscribed(context: Context) -> Iterator[Fact]:
    since = cut_off(year_before(context.report_date), context.zone)
    delivered = count(_recent(context).rows)["delivery"]
    left = contacts(context, "unsubscribed").where(lambda contact: (contact.consent_at or NEVER) >= since)
    rate = ratio(len(left), delivered, "no mail was delivered")
    yield left.fact("email_unsubscribe_rate", rate, inputs={"contact": left, "email_event": delivered})


@per_context
def _tracked(context: Context) -> bool:
    """Whether mails are written so that an open or a click shows: one is on record, of whatever day."""
    return any(row.event in ("open", "click") for row in context.rows("email_event"))


def _facts(own: Cut) -> Iterator[Fact]:
    messages = count(own.rows)
    for metric_id, event, of, otherwise, limit in (
        ("email_delivery_rate", "delivery", "send", "no mail was sent", ""),
        ("email_bounce_rate", "bounce", "send", "no mail was sent", "email_bounce_limit_bp"),
        ("email_complaint_rate", "complaint", "delivery", "no mail was delivered", "email_complaint_limit_bp"),
        ("email_click_rate", "click", "delivery", "no mail was delivered", ""),
    ):
        part, whole = messages[event], messages[of]
        measure = ratio(part, whole, otherwise)
        if event == "click" and not _tracked(own.context):
            measure = UNTRACKED
        stated = optional_param(own.context, limit) if limit else None
        if stated is not None and whole:
            over = part * WHOLE_BP > stated.value * whole
            note = f"{'above' if over else 'within'} the limit of {stated.value / 100} %"
            measure = qualified(
                measure, note, Qualifier(Why.ABOVE_LIMIT if over else Why.WITHIN_LIMIT, int(stated.value))
            )
        yield own.fact(metric_id, measure, assumed=stated is not None and stated.assumed)
