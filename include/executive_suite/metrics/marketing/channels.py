"""Channels: which are live, what each brought, and in which order the travel agencies should be listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, ratio
from executive_suite.metrics.frames import local_days_of, year_before
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("channel_id", "valid_from", "type", "status")
SOLD = ("confirmed", "completed")
CERTIFICATE = "coi"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it stands at the report date.

    Attributes:
        channel_id: Its id.
        name: As a reader knows it.
        entity_id: Whose channel it is.
        type: ota, direct, email, organic, paid, social, referral or offline.
        status: live, not_listed, pending or suspended.
        requires_coi: Whether a certificate of insurance must be on file.
        commission_bp: None when unknown.
        setup_days: Days of work until it is live.
        monthly_net_cents: Expected net a month once live.
    """

    channel_id: str
    name: str
    entity_id: str
    type: str
    status: str
    requires_coi: bool
    commission_bp: int | None
    setup_days: int
    monthly_net_cents: int

    @property
    def score(self) -> Decimal | None:
        """Expected monthly net per set-up day, cents to two places; None when no set-up is needed."""
        return quotient(self.monthly_net_cents, self.setup_days, CENT_HUNDREDTH) if self.setup_days > 0 else None


def current(context: Context) -> pd.DataFrame:
    """The row of each channel that is valid at the report date.

    Raises:
        MissingInputError: the table or a column is absent.
    """
    frame = context.current("channel", *COLUMNS)
    return frame.sort_values(["channel_id", "valid_from"]).drop_duplicates("channel_id", keep="last")


def channels(context: Context) -> tuple[Channel, ...]:
    """Every channel at the report date, by id."""
    return tuple(
        Channel(
            channel_id=row.text("channel_id"),
            name=row.text("name") or row.text("channel_id"),
            entity_id=row.text("entity_id"),
            type=row.text("type"),
            status=row.text("status"),
            requires_coi=row.flag("requires_coi"),
            commission_bp=row.whole("commission_bp") if row.has("commission_bp") else None,
            setup_days=row.whole("setup_days"),
            monthly_net_cents=row.whole("exp_monthly_net_cents"),
        )
        for row in rows(current(context))
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """A travel agency that is not live yet, in its place of the sequence.

    Attributes:
        rank: From 1.
        channel: The agency.
        eligible: Whether it can be listed today.
        blocked_by: The missing document; empty when eligible.
    """

    rank: int
    channel: Channel
    eligible: bool
    blocked_by: str


def insured(context: Context) -> frozenset[str]:
    """Entities with a certificate of insurance in force at the report date (its last day counts)."""
    if not context.has("compliance_doc"):
        return frozenset()
    frame = context.table("compliance_doc", "entity_id", "kind", "effective", "expires")
    day = pd.Timestamp(context.report_date)
    in_force = (frame["kind"] == CERTIFICATE) & (frame["effective"] <= day) & (frame["expires"] >= day)
    return frozenset(str(entity) for entity in frame.loc[in_force, "entity_id"])


def sequence(context: Context) -> tuple[Listing, ...]:
    """Agencies not live: those that can be listed today first, then by expected net per set-up day, then by id.

    Raises:
        MissingInputError: the channel table is absent.
    """
    covered = insured(context)
    found = []
    for channel in channels(context):
        if channel.type == "ota" and channel.status != "live":
            blocked = channel.requires_coi and channel.entity_id not in covered
            found.append((channel, not blocked, "certificate of insurance" if blocked else ""))
    found.sort(key=lambda item: (not item[1], item[0].score is not None, -(item[0].score or 0), item[0].channel_id))
    return tuple(Listing(rank, *item) for rank, item in enumerate(found, start=1))


@metric(
    Definition(
        "ota_rank",
        "Place in the listing sequence",
        "rank",
        "Travel-agency channels that are not live: those that can be listed at the report date first (no "
        "certificate of insurance needed, or one in force), then by expected monthly net over set-up days, then by id.",
        "Constrained ranking: feasibility before return on effort",
    ),
    Definition(
        "ota_score",
        "Expected net per set-up day",
        "cents",
        "Expected monthly net of the channel over the days of work to set it up.",
        "Return on effort, as in weighted shortest job first",
        "higher",
    ),
    needs={"channel": (*COLUMNS, "requires_coi", "setup_days", "exp_monthly_net_cents")},
)
def _sequence(context: Context) -> Iterator[Fact]:
    papers = len(context.table("compliance_doc")) if context.has("compliance_doc") else 0
    inputs = {"channel": 1, "compliance_doc": papers}
    for listing in sequence(context):
        channel = listing.channel
        blocked = None if listing.eligible else Qualifier(Why.BLOCKED, subject=CERTIFICATE)
        state = "eligible" if listing.eligible else f"blocked: {listing.blocked_by} missing"
        score = not_applicable("no set-up needed") if channel.score is None else Measure(channel.score)
        for metric_id, measure in (
            ("ota_rank", Measure(listing.rank, reason=state, qualifier=blocked)),
            ("ota_score", score),
        ):
            yield context.fact(metric_id, measure, inputs=inputs, channel=channel.channel_id)


@metric(
    Definition(
        "channels_live",
        "Live channels",
        "count",
        "Channels whose status at the report date is live; beside it all channels on the plan, whatever their status.",
        "Project register of channels, effective-dated",
        "higher",
    ),
    Definition(
        "channel_status",
        "Status of a channel",
        "text",
        "Status of the channel's row that is valid at the report date: live, pending, not listed or suspended.",
        "Project register of channels, effective-dated",
    ),
    needs={"channel": COLUMNS},
)
def _live(context: Context) -> Iterator[Fact]:
    register = channels(context)
    live = [c for c in register if c.status == "live"]
    inputs = {"channel": len(register)}
    yield context.fact("channels_live", Measure(len(live)), inputs=inputs)
    yield context.fact("channels_live", Measure(len(register)), inputs=inputs, state="planned")
    for kind in sorted({c.type for c in register}):
        count = Measure(sum(c.type == kind for c in live))
        yield context.fact("channels_live", count, inputs=inputs, type=kind)
    for channel in register:
        is_live = Measure(int(channel.status == "live"), reason=channel.status.replace("_", " "))
        one = {"channel": 1}
        yield context.fact("channels_live", is_live, inputs=one, channel=channel.channel_id)
        yield context.fact(
            "channel_status",
            Measure(channel.status.replace("_", " ")),
            inputs=one,
            entity_id=channel.entity_id or GROUP,
            channel=channel.channel_id,
            name=channel.name,
            type=channel.type,
        )


@metric(
    Definition(
        "channel_visits",
        "Visitors by channel",
        "count",
        "Distinct visitors with a touchpoint on the channel in the twelve months before the report date; n/a while no "
        "touchpoint is recorded at all.",
        "Google Analytics, users by session source",
        "higher",
    ),
    needs={"channel": COLUMNS, "touchpoint": ("visitor_id", "at", "channel_id")},
)
def _visits(context: Context) -> Iterator[Fact]:
    frame = context.table("touchpoint")
    frame = frame[frame["at"] >= year_before(context)]
    total = int(frame["visitor_id"].nunique())
    nothing = not_applicable("no touchpoint is recorded")
    yield context.fact("channel_visits", Measure(total) if total else nothing, inputs={"touchpoint": len(frame)})
    for name in sorted({c.channel_id for c in channels(context)} | set(frame["channel_id"].dropna())):
        own = frame[frame["channel_id"] == name]
        visitors = Measure(int(own["visitor_id"].nunique())) if total else nothing
        yield context.fact("channel_visits", visitors, inputs={"touchpoint": len(own)}, channel=name)


@metric(
    Definition(
        "channel_bookings",
        "Bookings by channel",
        "count",
        "Bookings confirmed or completed that were booked in the twelve months before the report date, by the channel "
        "they came through.",
        "Last-click count of the booking record",
        "higher",
    ),
    Definition(
        "channel_booking_share",
        "Share of bookings by channel",
        "ratio",
        "The channel's bookings over all bookings of the same twelve months; not applicable when there were none.",
        "Last-click count of the booking record",
    ),
    needs={"channel": COLUMNS, "booking": ("booking_id", "channel_id", "booked_at", "status")},
)
def _bookings(context: Context) -> Iterator[Fact]:
    frame = context.table("booking")
    since = pd.Timestamp(context.report_date) - pd.DateOffset(months=12)
    frame = frame[frame["status"].isin(SOLD) & (local_days_of(context, frame, "booked_at") >= since)]
    total = len(frame)
    yield context.fact("channel_bookings", Measure(total), inputs={"booking": total})
    names = {c.channel_id for c in channels(context)} | set(frame["channel_id"].dropna())
    for name in sorted(names):
        own = int((frame["channel_id"] == name).sum())
        yield context.fact("channel_bookings", Measure(own), inputs={"booking": own}, channel=name)
        share = ratio(own, total, "no booking in twelve months")
        yield context.fact("channel_booking_share", share, inputs={"booking": total}, channel=name)
