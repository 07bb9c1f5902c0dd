"""A person sends one delivery from a shell: the same protocol and gates, one recipient, their decision on record."""

from __future__ import annotations

from executive_suite import __version__
from executive_suite.archive import editions
from executive_suite.mailing.request import Outcome
from executive_suite.mailing.resend import Decision, ResendError
from executive_suite.outbox.outbox import Entry
from executive_suite.run import lane, preflight
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.run.send import send
from executive_suite.trail.chain import Event, Run


def send_now(deployment: Deployment, entry: Entry, decision: Decision) -> Outcome:
    """Send one delivery's archived bytes now.

    Raises:
        ResendError: nothing is archived, or the recipient no longer gets the report.
        NotSentError: it was not sent, as in the send task.
    """
    slot, day = entry.slot, entry.slot.report_date.isoformat()
    file_name = deployment.config.report(slot.report).file_name
    edition = editions.current_edition(deployment.records, slot.report_date, file_name, slot.revision)
    if edition is None:
        msg = f"{slot.report} of {day}: nothing is archived in revision {slot.revision}"
        raise ResendError(msg)
    run_id = f"resend by {decision.actor}: {entry.delivery_id}"
    run = Run(run=run_id, code_version=__version__)
    rate = preflight.send_rate(deployment)
    plan = Plan(run_id, day, (slot.report,), send=True, why_not="", dated=True, send_rate=rate)
    lane.chain(deployment, plan, slot.report, run).append(
        Event(
            kind="delivery.by_hand",
            report=slot.report,
            entity=slot.entity,
            report_date=day,
            digest=edition.content_digest,
            delivery_id=entry.delivery_id,
            outcome="asked for",
            actor=decision.actor,
            reason=decision.reason,
        )
    )
    sent = send(
        deployment, plan, run, edition.content_digest, revision=slot.revision, by_hand=True, only=slot.recipient_id
    )
    if not sent:
        msg = f"recipient {slot.recipient_id} no longer gets {slot.report}; reports.yaml lists its recipients"
        raise ResendError(msg)
    return sent[0]
