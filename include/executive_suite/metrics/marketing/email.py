"""Deliverability of mail: what arrived, bounced, was complained about and was clicked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.frames import year_before
from executive_suite.metrics.marketing.campaigns import latest_consent
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import any_assumed

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("message_id", "event", "at")
HARD = "permanent"


@dataclass(frozen=True, slots=True)
class Events:
    """Messages by what happened to them; a message counts once an event."""

    sent: int
    delivered: int
    hard_bounced: int
    complained: int
    clicked: int
    rows: int


def count(frame: pd.DataFrame) -> Events:
    """Distinct messages of each event; a bounce is hard when its type is permanent or not said."""

    def messages(chosen: pd.Series[bool]) -> int:
        return int(frame.loc[chosen, "message_id"].nunique())

    bounced = frame["event"] == "bounce"
    if "bounce_type" in frame.columns:
        bounced &= frame["bounce_type"].isna() | (frame["bounce_type"].astype(str).str.lower() == HARD)
    return Events(
        sent=messages(frame["event"] == "send"),
        delivered=messages(frame["event"] == "delivery"),
        hard_bounced=messages(bounced),
        complained=messages(frame["event"] == "complaint"),
        clicked=messages(frame["event"] == "click"),
        rows=len(frame),
    )


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
        f"Messages clicked over messages delivered, {_WINDOW}. Opens are no measure: mail programs open by themselves.",
        _SOURCE,
        "higher",
    ),
    needs={"email_event": COLUMNS},
)
def _rates(context: Context) -> Iterator[Fact]:
    frame = context.table("email_event")
    frame = frame[frame["at"] >= year_before(context)]
    yield from _facts(context, frame)
    for column in ("campaign_id", "report_type"):
        if column in frame.columns:
            for name, own in frame.groupby(column, observed=True):
                yield from _facts(context, own, **{column.split("_")[0]: str(name)})


@metric(
    Definition(
        "email_unsubscribe_rate",
        "Mail unsubscribe rate",
        "ratio",
        f"Contacts whose latest consent is unsubscribed, given {_WINDOW}, over messages delivered in them. n/a without "
        "a message delivered.",
        "CAN-SPAM Act, 15 U.S.C. 7704(a)(3); mail marketing practice (unsubscribes over delivered)",
        "lower",
    ),
    needs={"email_event": COLUMNS, "contact": ("contact_hash", "consent_status", "consent_at")},
)
def _unsubscribed(context: Context) -> Iterator[Fact]:
    since = year_before(context)
    events = context.table("email_event")
    delivered = count(events[events["at"] >= since]).delivered
    consent = latest_consent(context)
    left = consent[(consent["consent_status"] == "unsubscribed") & (consent["consent_at"] >= since)]
    yield context.fact(
        "email_unsubscribe_rate",
        ratio(len(left), delivered, "no mail was delivered"),
        inputs={"contact": len(left), "email_event": delivered},
        assumed=any_assumed(left),
    )


def _facts(context: Context, frame: pd.DataFrame, **dimensions: str) -> Iterator[Fact]:
    events = count(frame)
    for metric_id, part, whole, otherwise, limit in (
        ("email_delivery_rate", events.delivered, events.sent, "no mail was sent", ""),
        ("email_bounce_rate", events.hard_bounced, events.sent, "no mail was sent", "email_bounce_limit_bp"),
        (
            "email_complaint_rate",
            events.complained,
            events.delivered,
            "no mail was delivered",
            "email_complaint_limit_bp",
        ),
        ("email_click_rate", events.clicked, events.delivered, "no mail was delivered", ""),
    ):
        measure = ratio(part, whole, otherwise)
        stated = optional_param(context, limit) if limit else None
        if stated is not None and whole:
            over = part * 10_000 > stated.value * whole
            note = f"{'above' if over else 'within'} the limit of {stated.value / 100} %"
            qualifier = Qualifier(Why.ABOVE_LIMIT if over else Why.WITHIN_LIMIT)
            measure = replace(measure, reason=note, qualifier=qualifier)
        yield context.fact(
            metric_id,
            measure,
            inputs={"email_event": events.rows},
            assumed=stated is not None and stated.assumed,
            **dimensions,
        )
