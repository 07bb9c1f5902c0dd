"""Channels: which are live, what each brought, and in which order to list with the travel agencies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.between import of_group
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import Cut, cut, newest
from executive_suite.metrics.registry import metric
from executive_suite.period import cut_off, year_before

COLUMNS = ("channel_id", "valid_from", "type", "status")
CERTIFICATE = "coi"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel at the report date.

    Attributes:
        type: ota, direct, email, organic, paid, social, referral or offline.
        status: live, not_listed, pending or suspended.
        requires_coi: Whether a certificate of insurance must be on file.
        commission_bp: None when unknown.
        setup_days: Days of work until it is live; None when unknown.
        monthly_net_cents: Expected net per month once live; None when unknown.
        row: Its row.
    """

    channel_id: str
    name: str
    entity_id: str
    type: str
    status: str
    requires_coi: bool
    commission_bp: int | None
    setup_days: int | None
    monthly_net_cents: int | None
    row: Any = field(default=None, compare=False, repr=False)

    @property
    def is_ready(self) -> bool:
        """Whether it is known to need no set-up."""
        return self.setup_days is not None and self.setup_days <= 0

    @property
    def score(self) -> Decimal | None:
        """Expected monthly net per set-up day, cents to two places; None without set-up, or where either is unknown."""
        if self.monthly_net_cents is None or self.setup_days is None or self.is_ready:
            return None
        return quotient(self.monthly_net_cents, self.setup_days, CENT_HUNDREDTH)

    @property
    def order(self) -> tuple[bool, bool, Decimal]:
        """Its place among those to list: what needs no set-up, then by score, then what is unknown."""
        return not self.is_ready and self.score is None, not self.is_ready, -(self.score or Decimal(0))


@per_context
def channels(context: Context) -> tuple[Channel, ...]:
    """Every channel at the report date, by id; those of an entity that was sold or closed are no longer ours."""
    left = ends(context)
    return tuple(
        Channel(
            channel_id=row.channel_id,
            name=row.text("name") or row.channel_id,
            entity_id=row.text("entity_id"),
            type=row.type,
            status=row.status,
            requires_coi=bool(row.get("requires_coi")),
            commission_bp=row.get("commission_bp"),
            setup_days=row.get("setup_days"),
            monthly_net_cents=row.get("exp_monthly_net_cents"),
            row=row,
        )
        for row in newest(context.rows_in_force("channel", *COLUMNS), lambda row: row.channel_id)
        if row.get("entity_id") not in left
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A travel agency that is not live yet, at its place in the sequence.

    Attributes:
        rank: From 1.
        blocked_by: The missing document; empty when eligible.
    """

    rank: int
    channel: Channel
    eligible: bool
    blocked_by: str


def insured(context: Context) -> frozenset[str]:
    """Entities with a certificate of insurance in force at the report date (its last day counts)."""
    columns, day = ("entity_id", "kind", "effective", "expires"), context.report_date
    papers = context.rows("compliance_doc", *columns) if context.has("compliance_doc") else ()
    return frozenset(p.entity_id for p in papers if p.kind == CERTIFICATE and p.effective <= day <= p.expires)


def sequence(context: Context) -> tuple[Listing, ...]:
    """Agencies not live: those that can be listed today first, then by expected net per set-up day, then by id."""
    covered = insured(context)
    found = []
    for channel in channels(context):
        if channel.type == "ota" and channel.status != "live":
            blocked = channel.requires_coi and channel.entity_id not in covered
            found.append((channel, not blocked, "certificate of insurance" if blocked else ""))
    found.sort(key=lambda item: (not item[1], item[0].order, item[0].channel_id))
    return tuple(Listing(rank, *item) for rank, item in enumerate(found, start=1))


@metric("ota_rank", "ota_score", needs={"channel": (*COLUMNS, "requires_coi", "setup_days", "exp_monthly_net_cents")})
def _sequence(context: Context) -> Iterator[Fact]:
    papers = context.rows("compliance_doc") if context.has("compliance_doc") else ()
    for listing in sequence(context):
        channel = listing.channel
        inputs = {"channel": (channel,), "compliance_doc": papers}
        blocked = None if listing.eligible else Qualifier(Why.BLOCKED, subject=CERTIFICATE)
        state = "eligible" if listing.eligible else f"blocked: {listing.blocked_by} missing"
        score = _score(channel)
        rank = Measure(listing.rank, reason=state, qualifier=blocked)
        yield from context.facts({"ota_rank": rank, "ota_score": score}, inputs=inputs, channel=channel.channel_id)


def _score(channel: Channel) -> Measure:
    if channel.is_ready:
        return not_applicable("no set-up needed")
    blank = "set-up days are" if channel.setup_days is None else "monthly net is"
    return not_evaluable(f"no {blank} recorded") if channel.score is None else Measure(channel.score)


@metric("channels_live", "channel_status", needs={"channel": COLUMNS})
def _live(context: Context) -> Iterator[Fact]:
    register = channels(context)
    live = [c for c in register if c.status == "live"]
    inputs = {"channel": register}
    yield context.fact("channels_live", Measure(len(live)), inputs=inputs)
    yield context.fact("channels_live", Measure(len(register)), inputs=inputs, state="planned")
    for kind in sorted({c.type for c in register}):
        yield context.fact("channels_live", Measure(sum(c.type == kind for c in live)), inputs=inputs, type=kind)
    for channel in register:
        status, named = channel.status.replace("_", " "), {"channel": channel.channel_id}
        own = Cut(context, "channel", (channel,), dimensions=named)
        yield own.fact("channels_live", Measure(int(channel.status == "live"), reason=status), assumed=False)
        own = replace(own, entity_id=channel.entity_id or GROUP)
        yield own.fact("channel_status", Measure(status), assumed=False, name=channel.name, type=channel.type)


@metric("channel_visits", needs={"channel": COLUMNS, "touchpoint": ("visitor_id", "at", "channel_id")})
def _visits(context: Context) -> Iterator[Fact]:
    since = cut_off(year_before(context.report_date), context.zone)
    touches = cut(context, "touchpoint", (t for t in context.rows("touchpoint") if t.at >= since))
    for own in (touches, *touches.by("channel", lambda t: t.channel_id, (c.channel_id for c in channels(context)))):
        visitors = Measure(len({touch.visitor_id for touch in own.rows}))
        yield own.fact("channel_visits", visitors if len(touches) else not_applicable("no touchpoint is recorded"))


@metric(
    "channel_bookings",
    "channel_booking_share",
    needs={"channel": COLUMNS, "booking": ("booking_id", "channel_id", "booked_at", "status")},
)
def _bookings(context: Context) -> Iterator[Fact]:
    since = year_before(context.report_date)
    sold = of_group(context, sales(context))
    bookings = cut(context, "booking", (b for b in sold if context.local_day(b.booked_at, b.get("entity_id")) >= since))
    total = len(bookings)
    yield bookings.fact("channel_bookings", Measure(total), assumed=False)
    unnamed = sum(b.channel_id is None for b in bookings.rows)
    blank = Qualifier(Why.INPUT_BLANK, unnamed, total) if unnamed else None
    words = f"{unnamed} of {total} bookings name no channel" if unnamed else ""
    unknown = not_evaluable("no booking names its channel", blank) if total and unnamed == total else None
    for own in bookings.by("channel", lambda b: b.channel_id, (c.channel_id for c in channels(context))):
        count = unknown or qualified(Measure(len(own)), words, blank)
        yield own.fact("channel_bookings", count, assumed=False)
        share = unknown or qualified(ratio(len(own), total, "no booking in twelve months"), words, blank)
        yield own.fact("channel_booking_share", share, inputs={"booking": bookings}, assumed=False)
