"""The step of the feedback DAG: what the queue holds goes on record."""

from __future__ import annotations

from dataclasses import asdict

from executive_suite.identity import HashKey
from executive_suite.mailing import feedback
from executive_suite.run.deployment import Deployment
from executive_suite.run.mailing import now
from executive_suite.trail.chain import Chain, Run, day_chain


def take_in(deployment: Deployment, queue_url: str, run: Run) -> dict[str, int]:
    """Take in the events of a queue; how many were new, known, suppressing, unreadable.

    Args:
        deployment: Where.
        queue_url: The SQS queue that SES's events arrive in.
        run: The task, for the audit trail.
    """
    trail = Chain(deployment.records, day_chain(now().date()), clock=now, run=run, copy=deployment.audit_copy)
    intake = feedback.Intake(deployment.records, HashKey(deployment.settings.recipient_hash_key), trail, now)
    return asdict(feedback.poll(deployment.sqs, queue_url, intake))
