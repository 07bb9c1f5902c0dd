"""Deliverability of mail: what arrived, bounced, was complained about and was clicked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import Cut, cut
from executive_suite.metrics.marketing.campaigns import NEVER, latest_consent
from executive_suite.metrics.registry import metric
from executive_suite.period import cut_off, year_before

COLUMNS = ("message_id", "event", "at")
HARD = "permanent"


@dataclass(frozen=True, slots=True)
class Events:
    """How many messages each event happened to; a message counts once per event."""

    sent: int
    delivered: int
    hard_bounced: int
    complained: int
    clicked: int


def count(rows: Iterable[Any]) -> Events:
    """Distinct messages of each event; a bounce is hard when its type is permanent or not stated."""
    messages: dict[str, set[str]] = {}
    for row in rows:
        if row.event != "bounce" or (row.get("bounce_type") or HARD).lower() == HARD:
            messages.setdefault(row.event, set()).add(row.message_id)
    return Events(*(len(messages.get(event, ())) for event in ("send", "delivery", "bounce", "complaint", "click")))


def _recent(context: Context) -> Cut:
    """The events of the twelve months before the report date."""
    since = cut_off(year_before(context.report_date), context.zone)
    return cut(context, "email_event", (row for row in context.rows("email_event", *COLUMNS) if row.at >= since))


_SOURCE = "Amazon SES sender reputation; mailbox providers' bulk-sender guidelines"
_WINDOW = "of the twelve months before the report date"


@metric(
    Definition(
        "email_delivery_rate",
        "Mail delivery rate",
        "ratio",
        f"Messages delivered over messages sent, {_WINDOW}.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "email_bounce_rate",
        "Mail hard-bounce rate",
        "ratio",
        f"Messages that bounced for good over messages sent, {_WINDOW}; the limit is param email_bounce_limit_bp.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "email_complaint_rate",
        "Mail complaint rate",
        "ratio",
        f"Messages complained about over messages delivered, {_WINDOW}; the limit is param email_complaint_limit_bp.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "email_click_rate",
        "Mail click rate",
        "ratio",
        f"Messages clicked over messages delivered, {_WINDOW}. Opens do not count: mail programs open by themselves.",
        _SOURCE,
        "higher",
    ),
    needs={"email_event": COLUMNS},
)
def _rates(context: Context) -> Iterator[Fact]:
    recent = _recent(context)
    for own in (
        recent,
        *recent.by("campaign", lambda row: row.get("campaign_id")),
        *recent.by("report", lambda row: row.get("report_type")),
    ):
        yield from _facts(own)


@metric(
    Definition(
        "email_unsubscribe_rate",
        "Mail unsubscribe rate",
        "ratio",
        f"Contacts whose latest consent is unsubscribed, given {_WINDOW}, over messages delivered in the same months. "
        "n/a if no message was delivered.",
        "CAN-SPAM Act, 15 U.S.C. 7704(a)(3); mail marketing practice (unsubscribes over delivered)",
        "lower",
    ),
    needs={"email_event": COLUMNS, "contact": ("contact_hash", "consent_status", "consent_at")},
)
def _unsubscribed(context: Context) -> Iterator[Fact]:
    since = cut_off(year_before(context.report_date), context.zone)
    delivered = count(_recent(context).rows).delivered
    left = latest_consent(context).where(
        lambda contact: contact.consent_status == "unsubscribed" and (contact.consent_at or NEVER) >= since
    )
    rate = ratio(len(left), delivered, "no mail was delivered")
    yield left.fact("email_unsubscribe_rate", rate, inputs={"contact": len(left), "email_event": delivered})


def _facts(own: Cut) -> Iterator[Fact]:
    events = count(own.rows)
    sent, delivered = (events.sent, "no mail was sent"), (events.delivered, "no mail was delivered")
    for metric_id, part, (whole, otherwise), limit in (
        ("email_delivery_rate", events.delivered, sent, ""),
        ("email_bounce_rate", events.hard_bounced, sent, "email_bounce_limit_bp"),
        ("email_complaint_rate", events.complained, delivered, "email_complaint_limit_bp"),
        ("email_click_rate", events.clicked, delivered, ""),
    ):
        measure = ratio(part, whole, otherwise)
        stated = optional_param(own.context, limit) if limit else None
        if stated is not None and whole:
            over = part * 10_000 > stated.value * whole
            note = f"{'above' if over else 'within'} the limit of {stated.value / 100} %"
            qualifier = Qualifier(Why.ABOVE_LIMIT if over else Why.WITHIN_LIMIT)
            measure = replace(measure, reason=note, qualifier=qualifier)
        yield own.fact(metric_id, measure, assumed=stated is not None and stated.assumed)
