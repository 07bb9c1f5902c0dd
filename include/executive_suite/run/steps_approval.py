"""The step between archive and send: a person sees what would go to whom, and says yes or hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from executive_suite.archive import publication
from executive_suite.audit.chain import Run
from executive_suite.delivery import approval, variants_documents, variants_plan
from executive_suite.run import steps_lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.mailing import now
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
    very bytes, those of every variant included, were approved before.
    """
    configured = deployment.config.report(report)
    if not plan.send or not (plan.approve or configured.approval):
        return None
    records = deployment.records
    variants = variants_documents.of(records, content_digest)
    digests = (content_digest, *variants.values())
    if all(approval.approved_digest(records, digest) for digest in digests):
        return None
    document = publication.load_document(records, content_digest)
    experiment = variants_plan.current(deployment.include / "config", deployment.config, report, document.report_date)
    readers = variants_plan.addressees(configured, experiment, deployment.settings.recipient_hash_key)
    before = approval.report_before(records, document)
    proposal = approval.propose(
        document,
        tuple(reader.recipient_id for reader in readers if not reader.template),
        publication.load_document(records, before) if before else None,
    )
    parts = [
        f"Subject: {proposal.subject}",
        f"Content digest: `{content_digest}`",
        "Changed since the report before:" if before else "There is no report before it to compare with. It says:",
        _block(proposal.changes) if before else _block(tuple(document.text.splitlines())),
    ]
    for arm, digest in variants.items():
        other = publication.load_document(records, digest)
        ids = tuple(reader.recipient_id for reader in readers if reader.variant == arm)
        shown = approval.propose(other, ids, document)
        parts += [
            f"Variant {arm}, to {', '.join(ids) or 'nobody'}. Subject: {shown.subject}",
            f"Content digest: `{digest}`",
            "Where it differs from the report above:",
            _block(shown.changes),
        ]
    parts.append(
        f"The approval holds for these bytes and no others. Without an answer within "
        f"{deployment.config.delivery.approval_hours:g} hours it is held."
    )
    everybody = ", ".join(reader.recipient_id for reader in readers)
    return Question(f"Send {configured.title} of {plan.report_date} to {everybody}?", "\n\n".join(parts))


def _block(lines: tuple[str, ...]) -> str:
    """Lines as they stand, in Markdown that the UI shows so; a long block is cut and says so.

    The UI runs the lines of a fenced block together. A piece of code a line, with hard breaks between them and blanks
    that do not collapse, keeps tables legible, and Markdown has no meaning in it.
    """
    shown = [
        f"`{line.replace('`', chr(39)).replace(' ', chr(0xA0))}`" for line in lines[:SHOWN_CHANGES] if line.strip()
    ]
    more = [f"… and {len(lines) - SHOWN_CHANGES} more lines"] if len(lines) > SHOWN_CHANGES else []
    return "  \n".join(shown + more) or "nothing"


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
        approval.record(deployment.records, document, said, actor=actor, clock=now, chain=trail)
