"""What a person decides about reports and mails: from a shell or from the report room, by the same functions.

Each act needs who decides and why, and is on the trail of its day.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from executive_suite import __version__
from executive_suite.identity import HashKey
from executive_suite.mailing import resend, revise
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.resend import Decision
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.outbox import Entry
from executive_suite.run import clock, closed_dates, lane
from executive_suite.run.deployment import Deployment
from executive_suite.trail.chain import Event, Run


def open_next(deployment: Deployment, entry: Entry, decision: Decision) -> int:
    """Open the next generation of a delivery; returns its number. The send task sends it.

    Raises:
        ResendError: nothing was sent yet, a worker is sending right now, or somebody else was faster.
    """
    chain = lane.today(deployment)
    with _begun(deployment, entry.slot.report_date):
        return resend.open_next(deployment.records, entry, decision, clock=clock.now, chain=chain)


def settle(deployment: Deployment, entry: Entry, decision: Decision, message_id: str) -> None:
    """Confirm that an uncertain mail arrived: it counts as sent, and nothing is sent again.

    Raises:
        ResendError: the delivery is not uncertain.
    """
    chain = lane.today(deployment)
    resend.settle(deployment.records, entry, decision, message_id=message_id, clock=clock.now, chain=chain)


def open_revision(deployment: Deployment, report: str, day: date, decision: Decision) -> int:
    """Open the next revision of a report that was sent; returns its number.

    Raises:
        ReviseError: nothing was sent from the open revision, or somebody else was faster.
        ConfigError: no such report is configured.
    """
    one, chain = deployment.config.report(report), lane.today(deployment)
    with _begun(deployment, day):
        return revise.revise(deployment.records, one.report, one.file_name, day, decision, clock=clock.now, chain=chain)


def release(deployment: Deployment, recipient_id: str, decision: Decision) -> int:
    """Take a recipient off our suppression list; returns how many entries ended.

    Raises:
        ConfigError: no such recipient is configured.
    """
    variable = deployment.config.recipient(recipient_id).address_from
    own = SuppressionList(deployment.records, HashKey(deployment.settings.recipient_hash_key))
    address = os.environ.get(variable, "")
    ended = own.release(recipient_id, address, actor=decision.actor, reason=decision.reason, at=clock.now())
    if ended:
        _record(deployment, "suppression.released", decision, recipient=recipient_id)
    return ended


def close_circuit(deployment: Deployment, decision: Decision) -> bool:
    """Allow sends again after SES has stopped the account; returns whether they were stopped."""
    closed = Circuit(deployment.records, clock.now).close(decision.actor, decision.reason)
    if closed:
        _record(deployment, "circuit.closed", decision, recipient="")
    return closed


def asked_for(deployment: Deployment, report: str, day: date, what: str, run_id: str, decision: Decision) -> None:
    """Record that a person asks Airflow for something, before they do: what it then does is on the trail of its run.

    Raises:
        ConfigError: no such report is configured.
    """
    configured = deployment.config.report(report)
    lane.today(deployment, Run(run=run_id, code_version=__version__)).append(
        Event(
            kind=f"lane.{what}",
            report=report,
            entity=configured.entity,
            report_date=day.isoformat(),
            outcome="asked for",
            actor=decision.actor,
            reason=decision.reason,
        )
    )


@contextmanager
def _begun(deployment: Deployment, day: date) -> Iterator[None]:
    """What a person begins at a date waits from now on, although nothing of the date did."""
    closed_dates.begun(deployment, day, clock.now())
    try:
        yield
    finally:
        closed_dates.begun(deployment, day, clock.now())


def _record(deployment: Deployment, kind: str, decision: Decision, *, recipient: str) -> None:
    lane.today(deployment).append(
        Event(
            kind=kind,
            outcome="done",
            actor=decision.actor,
            reason=decision.reason,
            details=(("recipient", recipient),),
        )
    )
