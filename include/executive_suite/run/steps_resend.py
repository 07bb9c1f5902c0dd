"""A mail that a person sends from a shell: the same protocol, the same gates, one recipient, their word on record."""

from __future__ import annotations

from datetime import date

from executive_suite import __version__
from executive_suite.archive import publication
from executive_suite.mailing.protocol import Outcome
from executive_suite.mailing.resend import Act, Delivery, ResendError
from executive_suite.run import preflight, steps_lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Event, Run


def send(deployment: Deployment, delivery: Delivery, act: Act) -> Outcome:
    """Send one delivery's archived bytes now.

    Args:
        deployment: Where.
        delivery: What, and to whom.
        act: Who decided it, and why.

    Raises:
        ResendError: nothing is archived, or the recipient is no reader of the report any more.
        DeliveryError: as every delivery.
    """
    day = date.fromisoformat(delivery.report_date)
    file_name = deployment.config.report(delivery.report).file_name
    edition = publication.current_edition(deployment.records, day, file_name, delivery.revision)
    if edition is None:
        msg = f"{delivery.report} of {delivery.report_date}: nothing is archived in revision {delivery.revision}"
        raise ResendError(msg)
    run_id = f"resend by {act.actor}: {delivery.delivery_id}"
    run = Run(run=run_id, code_version=__version__)
    rate = preflight.send_rate(deployment)
    plan = Plan(run_id, delivery.report_date, (delivery.report,), send=True, why_not="", dated=True, send_rate=rate)
    steps_lane.chain(deployment, plan, delivery.report, run).append(
        Event(
            kind="delivery.by_hand",
            report=delivery.report,
            entity=delivery.entity,
            report_date=delivery.report_date,
            digest=edition.content_digest,
            delivery_id=delivery.delivery_id,
            outcome="asked for",
            actor=act.actor,
            reason=act.reason,
        )
    )
    sent = steps_lane.send(
        deployment,
        plan,
        run,
        edition.content_digest,
        revision=delivery.revision,
        by_hand=True,
        only=delivery.recipient_id,
    )
    if not sent:
        msg = f"{delivery.recipient_id} is no recipient of {delivery.report} any more: reports.yaml says who is"
        raise ResendError(msg)
    return sent[0]
