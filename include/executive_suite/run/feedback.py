"""Feedback: record the SES events in the queue."""

from __future__ import annotations

from dataclasses import asdict

from executive_suite.identity import HashKey
from executive_suite.mailing.feedback import Intake, poll
from executive_suite.run import clock, lane
from executive_suite.run.deployment import Deployment
from executive_suite.trail.chain import Run


def feedback(deployment: Deployment, queue_url: str, run: Run) -> dict[str, int]:
    """Record the SES events of an SQS queue; returns how many were new, known, suppressing and unreadable."""
    key = HashKey(deployment.settings.recipient_hash_key)
    intake = Intake(deployment.records, key, lane.today(deployment, run), clock.now)
    return asdict(poll(deployment.sqs, queue_url, intake))
