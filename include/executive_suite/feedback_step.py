"""One round of feedback of a deployment: what ``delivery_feedback`` runs every few minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from executive_suite.audit import Chain, Run, day_chain
from executive_suite.deployment import Deployment
from executive_suite.feedback import Intake, Taken, poll
from executive_suite.identity import HashKey

QUEUE_VARIABLE = "FEEDBACK_QUEUE_URL"
"""Holds the address of the SQS queue that SES's events arrive in; without it there is no feedback to take in."""


def take(deployment: Deployment, environment: Mapping[str, str], hash_key: str, run: Run | None = None) -> Taken | None:
    """Take in what the queue holds; None when the deployment has no queue.

    Args:
        deployment: Where.
        environment: Of this process.
        hash_key: RECIPIENT_HASH_KEY.
        run: The task, for the audit trail.
    """
    import boto3  # noqa: PLC0415 - costly, and only needed with a queue

    queue_url = environment.get(QUEUE_VARIABLE, "").strip()
    if not queue_url:
        return None
    chain = Chain(deployment.records, day_chain(_now().date()), clock=_now, run=run, copy=deployment.audit_copy)
    intake = Intake(deployment.records, HashKey(hash_key), chain, _now)
    sqs = boto3.client("sqs", region_name=deployment.settings.aws_ses_region)
    return poll(sqs, queue_url, intake)


def _now() -> datetime:
    return datetime.now(UTC)
