"""What must hold before anything is claimed; a gate that stops a mail says why in a word and a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from executive_suite.mailing.causes import of_stop
from executive_suite.mailing.request import Request


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a mail is not sent.

    Attributes:
        code: One word, for audit events and alarms.
        text: A sentence without addresses.
        delay_seconds: When it passes on its own; None if a person is needed.
        refused: A fault of configuration or data rather than a decision to wait.
    """

    code: str
    text: str
    delay_seconds: float | None = None
    refused: bool = False

    @property
    def next_step(self) -> str:
        """What a person should do, as the runbook says."""
        return of_stop(self.code).do


Gate = Callable[[Request, str], Stop | None]
"""A request and the recipient's address, which a gate may look at and must never repeat."""


def backfill_guard(request: Request, _address: str) -> Stop | None:
    """A backfill sends no mail unless its own configuration arms it."""
    if request.backfill and not request.armed:
        return Stop("backfill-not-armed", "a backfill archives and sends no mail")
    return None


def approval(request: Request, _address: str) -> Stop | None:
    """Only approved bytes are sent."""
    if request.approved_digest == request.content_digest:
        return None
    if not request.approved_digest:
        if not request.approval_required:
            return None
        return Stop("not-approved", "nobody approved these bytes")
    return Stop(
        "approval-mismatch",
        f"{request.approved_digest[:16]}… was approved, but the document is {request.content_digest[:16]}…",
        refused=True,
    )


def age_limit(days: int, zone: ZoneInfo, clock: Callable[[], datetime]) -> Gate:
    """Old reports are not sent by accident; a manual run that names its date is no accident."""

    def gate(request: Request, _address: str) -> Stop | None:
        age = (clock().astimezone(zone).date() - request.report_date).days
        if age <= days or request.dated_by_hand or (request.backfill and request.armed):
            return None
        return Stop(
            "too-old",
            f"the report date {request.report_date.isoformat()} is {age} days ago; the limit is {days}",
        )

    return gate


def not_from_the_future(zone: ZoneInfo, clock: Callable[[], datetime]) -> Gate:
    """A report of a day that has not begun would lack days."""

    def gate(request: Request, _address: str) -> Stop | None:
        today = clock().astimezone(zone).date()
        if request.report_date <= today or request.dated_by_hand:
            return None
        return Stop(
            "in-the-future",
            f"the report date {request.report_date.isoformat()} has not begun; today is {today.isoformat()}",
        )

    return gate


def allowed_domains(domains: Iterable[str]) -> Gate:
    """Mail goes only to the configured domains; an empty list allows every domain."""
    allowed = tuple(domains)

    def gate(request: Request, address: str) -> Stop | None:
        if in_domains(allowed, address):
            return None
        return Stop(
            "domain-not-allowed",
            f"the address of recipient {request.recipient_id} is outside allowed_domains",
        )

    return gate


def in_domains(domains: Iterable[str], address: str) -> bool:
    """Whether an address is in one of the domains; an empty list allows every domain."""
    allowed = frozenset(domain.lower().lstrip("@") for domain in domains)
    return not allowed or address.rsplit("@", 1)[-1].lower() in allowed


def first_stop(gates: Iterable[Gate], request: Request, address: str) -> Stop | None:
    """The first gate's refusal; None if all let the mail pass."""
    return next((stop for gate in gates if (stop := gate(request, address)) is not None), None)
