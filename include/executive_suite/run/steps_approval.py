"""The step between archive and send: a person sees what would go to whom, and says yes or hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from executive_suite.archive import publication
from executive_suite.audit.chain import Run
from executive_suite.delivery import approval, variants_documents
from executive_suite.run import steps_lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan

SHOWN_CHANGES = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked.

    Attributes:
        subject: In one line.
        body: Markdown: what goes to whom, its digest, what changed. Without addresses.
    """

    subject: str
    body: str


def question(deployment: Deployment, plan: Plan, report: str, content_digest: str) -> Question | None:
    """What to ask about an archived report; None when nothing needs to be asked.

    Nothing is asked when the run mails nobody, when neither the run nor the report wants an approval, and when these
    very bytes were approved before.
    """
    configured = deployment.config.report(report)
    if not plan.send or not (plan.approve or configured.approval):
        return None
    if approval.approved_digest(deployment.records, content_digest):
        return None
    document = publication.load_document(deployment.records, content_digest)
    before = approval.report_before(deployment.records, document)
    proposal = approval.propose(
        document, configured.recipients, publication.load_document(deployment.records, before) if before else None
    )
    changes = [line.replace("`", "'") for line in proposal.changes]
    more = f"\n… and {len(changes) - SHOWN_CHANGES} more lines" if len(changes) > SHOWN_CHANGES else ""
    changed = "\n".join(changes[:SHOWN_CHANGES]) + more if changes else "no report before it to compare with"
    return Question(
        f"Send {configured.title} of {plan.report_date} to {', '.join(configured.recipients)}?",
        f"Subject: {proposal.subject}\n\nContent digest: `{content_digest}`\n\n"
        f"Changed since the report before:\n\n```\n{changed}\n```\n\n"
        "The approval holds for these bytes and no others. Without an answer it is held.",
    )


def answer(  # noqa: PLR0913 - who said what about which bytes of which run
    deployment: Deployment,
    plan: Plan,
    run: Run,
    content_digest: str,
    said: Literal["approved", "rejected"],
    *,
    actor: str,
) -> None:
    """Write a person's answer down, bound to the bytes that they were shown."""
    for digest in (content_digest, *variants_documents.of(deployment.records, content_digest).values()):
        document = publication.load_document(deployment.records, digest)
        trail = steps_lane.chain(deployment, plan, document.report, run)
        approval.record(deployment.records, document, said, actor=actor, clock=steps_lane.now, chain=trail)
