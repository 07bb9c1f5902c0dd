"""The step between archive and send: a person sees what would go to whom, and says yes or hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from executive_suite.archive import publication
from executive_suite.mailing import approval, variants_documents, variants_plan
from executive_suite.run import steps_lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.mailing import now
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Run

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
    very bytes, those of every variant included, were approved before for everybody who would get them.
    """
    configured = deployment.config.report(report)
    if not plan.send or not (plan.approve or configured.approval):
        return None
    records = deployment.records
    readers = _readers(deployment, report, content_digest)
    if all(
        approval.approved_digest(records, digest, recipient_id)
        for digest, ids in readers.items()
        for recipient_id in ids
    ):
        return None
    approval.ask(records, content_digest, readers)
    document = publication.load_document(records, content_digest)
    before = approval.report_before(records, document)
    earlier = publication.load_document(records, before) if before else None
    proposal = approval.propose(document, readers[content_digest], earlier)
    parts = [
        f"Subject: {proposal.subject}",
        f"Content digest: `{content_digest}`",
        f"Changed since the report of {earlier.report_date.isoformat()}:"
        if earlier
        else "There is no report before it to compare with. It says:",
        _block(proposal.changes if earlier else tuple(document.text.splitlines())),
    ]
    for digest in (digest for digest in readers if digest != content_digest):
        shown = approval.propose(publication.load_document(records, digest), readers[digest], document)
        parts += [
            f"Variant to {', '.join(shown.recipient_ids) or 'nobody'}. Subject: {shown.subject}",
            f"Content digest: `{digest}`",
            "Where it differs from the report above:",
            _block(shown.changes),
        ]
    hours = deployment.config.delivery.approval_hours
    parts.append(
        "The approval holds for these bytes and these recipients, and no others. "
        f"Without an answer within {hours:g} hours it is held."
    )
    everybody = ", ".join(recipient_id for ids in readers.values() for recipient_id in ids)
    return Question(f"Send {configured.title} of {plan.report_date} to {everybody}?", "\n\n".join(parts))


def _readers(deployment: Deployment, report: str, content_digest: str) -> dict[str, tuple[str, ...]]:
    """Who would get which bytes: content digest to recipient ids, the report's own bytes first."""
    configured = deployment.config.report(report)
    document = publication.load_document(deployment.records, content_digest)
    experiment = variants_plan.current(deployment.include / "config", deployment.config, report, document.report_date)
    readers = variants_plan.addressees(configured, experiment, deployment.settings.recipient_hash_key)
    found = {content_digest: tuple(one.recipient_id for one in readers if not one.template)}
    for arm, digest in variants_documents.of(deployment.records, content_digest).items():
        found[digest] = tuple(one.recipient_id for one in readers if one.template and one.variant == arm)
    return found


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
    reason: str = "",
) -> None:
    """Write a person's answer down, bound to the bytes and the recipients that they were shown."""
    for digest, recipient_ids in approval.asked(deployment.records, content_digest).items():
        document = publication.load_document(deployment.records, digest)
        trail = steps_lane.chain(deployment, plan, document.report, run)
        approval.record(
            deployment.records,
            document,
            said,
            recipient_ids=recipient_ids,
            actor=actor,
            reason=reason,
            clock=now,
            chain=trail,
        )
