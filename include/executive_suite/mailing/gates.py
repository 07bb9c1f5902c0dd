"""What must hold before anything is claimed; each gate says in a word and a sentence why it does not let a mail go."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from executive_suite.identity import without_addresses


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sent, as gates see it.

    Attributes:
        report: Report id.
        report_date: Its date.
        content_digest: Of the archived document.
        recipient_id: Whom it is for.
        address: Where to; gates may look at it, and never say it.
        backfill: Whether the run is a backfill.
        armed: Whether the backfill was armed by its configuration.
        dated_by_hand: Whether a person named the report date of a manual run.
        approval_required: Whether the report needs an approval.
        approved_digest: The content digest that was approved; empty when nothing was.
    """

    report: str
    report_date: date
    content_digest: str
    recipient_id: str
    address: str = field(repr=False)
    backfill: bool = False
    armed: bool = False
    dated_by_hand: bool = False
    approval_required: bool = False
    approved_digest: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a mail does not go.

    Attributes:
        code: In one word, for audit and alarms.
        text: For a person; without addresses.
        next_step: What a person does about it.
        delay_seconds: When it will pass by itself; None when a person is needed.
        refused: A fault of configuration or data rather than a decision to wait.
    """

    code: str
    text: str
    next_step: str
    delay_seconds: float | None = None
    refused: bool = False


Gate = Callable[[Intent], Stop | None]


def backfill_guard(intent: Intent) -> Stop | None:
    """A backfill mails nobody unless its own configuration arms it."""
    if intent.backfill and not intent.armed:
        return Stop(
            "backfill-not-armed",
            "a backfill archives and mails nobody",
            "if it is to send: --dag-run-conf '{\"arm_backfill_send\": true}'",
        )
    return None


def approval(intent: Intent) -> Stop | None:
    """What was approved, byte for byte, is what goes."""
    if not intent.approval_required and not intent.approved_digest:
        return None
    if intent.approved_digest == intent.content_digest:
        return None
    if not intent.approved_digest:
        return Stop("not-approved", "nobody approved these bytes", "approve the report in the run's approval task")
    return Stop(
        "approval-mismatch",
        f"approved was {intent.approved_digest[:16]}…, but the document is {intent.content_digest[:16]}…",
        "look at the document again and approve it",
        refused=True,
    )


def age_limit(days: int, zone: ZoneInfo, clock: Callable[[], datetime]) -> Gate:
    """Old news does not go out by accident; a manual run that names its date is no accident."""

    def gate(intent: Intent) -> Stop | None:
        age = (clock().astimezone(zone).date() - intent.report_date).days
        if age <= days or intent.dated_by_hand or (intent.backfill and intent.armed):
            return None
        return Stop(
            "too-old",
            f"the report is of {intent.report_date.isoformat()}, {age} days ago; the limit is {days}",
            "start a manual run that names this report date",
        )

    return gate


def not_from_the_future(zone: ZoneInfo, clock: Callable[[], datetime]) -> Gate:
    """A report of a day that has not begun would be sent with days missing."""

    def gate(intent: Intent) -> Stop | None:
        today = clock().astimezone(zone).date()
        if intent.report_date <= today or intent.dated_by_hand:
            return None
        return Stop(
            "in-the-future",
            f"the report date {intent.report_date.isoformat()} has not begun; today is {today.isoformat()}",
            "wait for that day, or start a manual run that names it",
        )

    return gate


def allowed_domains(domains: Iterable[str]) -> Gate:
    """Mail leaves only to the domains of the configuration; an empty list allows every domain."""
    allowed = frozenset(domain.lower().lstrip("@") for domain in domains)

    def gate(intent: Intent) -> Stop | None:
        domain = intent.address.rsplit("@", 1)[-1].lower()
        if not allowed or domain in allowed:
            return None
        return Stop(
            "domain-not-allowed",
            without_addresses(f"recipient {intent.recipient_id} is outside of allowed_domains"),
            "correct the recipient's address, or add the domain to delivery.yaml",
            refused=True,
        )

    return gate


def first_stop(gates: Iterable[Gate], intent: Intent) -> Stop | None:
    """The first gate's no, or None when all let it go."""
    for gate in gates:
        stop = gate(intent)
        if stop is not None:
            return stop
    return None
