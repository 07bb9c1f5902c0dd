"""Approve: a person sees what would be sent to whom, and approves or holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite.archive import documents
from executive_suite.mailing import approval, variants_documents, variants_plan
from executive_suite.run import clock, lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Run


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked.

    Attributes:
        subject: One line.
        body: Markdown: all of what the readers get, what changed, and last the digests. Without addresses.
    """

    subject: str
    body: str


def unasked(deployment: Deployment, plan: Plan, report: str, content_digest: str) -> str:
    """Why nobody is asked about an archived report, in a few words; empty if somebody is.

    Nobody is if the run sends no mail, if neither the run nor the report requires an approval, or if these very bytes,
    including every variant, were approved for all of their recipients before.
    """
    if not plan.send:
        return "not asked: nothing is mailed"
    if not (plan.approve or deployment.config.report(report).approval):
        return "not asked: no approval is required"
    records, readers = deployment.records, _readers(deployment, report, content_digest)
    whole = all(
        approval.approved_digest(records, digest, recipient_id)
        for digest, ids in readers.items()
        for recipient_id in ids
    )
    if not whole:
        return ""
    verdict = approval.latest(records, content_digest)
    return f"approved before by {verdict.actor}" if verdict else "not asked: nobody gets it"


def question(deployment: Deployment, plan: Plan, report: str, content_digest: str) -> Question | None:
    """What to ask about an archived report; None if nothing needs to be asked (``unasked``)."""
    if unasked(deployment, plan, report, content_digest):
        return None
    configured, records = deployment.config.report(report), deployment.records
    readers = _readers(deployment, report, content_digest)
    approval.ask(records, content_digest, readers)
    everybody = tuple(recipient_id for ids in readers.values() for recipient_id in ids)
    document = documents.load(records, content_digest)
    before = approval.report_before(records, document)
    earlier = documents.load(records, before) if before else None
    proposal = approval.propose(document, readers[content_digest], earlier)
    parts = [f"Subject: {proposal.subject}", *_shown("What it says", document.text.splitlines())]
    if earlier:
        since = f"What changed since the report of {earlier.report_date.isoformat()}"
        parts += _shown(since, proposal.changes)
    for digest in (digest for digest in readers if digest != content_digest):
        variant = approval.propose(documents.load(records, digest), readers[digest], document)
        to = ", ".join(variant.recipient_ids) or "nobody"
        parts += _shown(f"What differs for {to}. Subject: {variant.subject}", variant.changes)
    hours = deployment.config.limits.approval_hours
    parts.append(
        "The approval covers these bytes and these recipients only. "
        f"Without an answer within {hours:g} hours the report is held."
    )
    parts.append("Content digests: " + ", ".join(f"`{digest}`" for digest in readers))
    asked = lane.event("report.asked", document, outcome="asked", details=(("recipients", " ".join(everybody)),))
    lane.chain(deployment, plan, report, Run(run=plan.run_id)).append(asked)
    return Question(f"Send {configured.title} of {plan.report_date} to {', '.join(everybody)}?", "\n\n".join(parts))


def _readers(deployment: Deployment, report: str, content_digest: str) -> dict[str, tuple[str, ...]]:
    """Who would get which bytes: content digest to recipient ids, the report's own bytes first."""
    configured = deployment.config.report(report)
    document = documents.load(deployment.records, content_digest)
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, document.report_date)
    readers = variants_plan.addressees(configured, experiment, deployment.settings.recipient_hash_key)
    found = {content_digest: tuple(one.recipient_id for one in readers if not one.template)}
    for arm, digest in variants_documents.of(deployment.records, content_digest).items():
        found[digest] = tuple(one.recipient_id for one in readers if one.template and one.variant == arm)
    return found


def _shown(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and every line below it, in Markdown that the UI shows as they are.

    The UI joins the lines of a fenced block. One code span per line, with hard breaks and no-break spaces, keeps tables
    legible, and Markdown has no meaning inside.
    """
    shown = (f"`{line.replace('`', chr(39)).replace(' ', chr(0xA0))}`" for line in lines if line.strip())
    return [f"### {title}", "  \n".join(shown) or "nothing"]


def answer(
    deployment: Deployment,
    plan: Plan,
    run: Run,
    content_digest: str,
    verdict: approval.Answer,
    *,
    actor: str,
    reason: str = "",
) -> None:
    """Record a person's answer, bound to the bytes and recipients they were shown, or that there was none in time."""
    for digest, recipient_ids in approval.asked(deployment.records, content_digest).items():
        document = documents.load(deployment.records, digest)
        approval.record(
            deployment.records,
            document,
            verdict,
            recipient_ids=recipient_ids,
            actor=actor,
            reason=reason,
            clock=clock.now,
            chain=lane.chain(deployment, plan, document.report, run),
        )
