"""Archive: a rendered report at its exact keys."""

from __future__ import annotations

from executive_suite.archive import documents, editions, publication
from executive_suite.archive.documents import ArchiveError
from executive_suite.archive.publication import ArchiveResult
from executive_suite.mailing import variants_documents
from executive_suite.run import clock, lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Run


def archive(deployment: Deployment, plan: Plan, run: Run, content_digest: str) -> ArchiveResult:
    """Archive a rendered document and its variants.

    Raises:
        RevisionRequiredError: something was sent already, and the bytes differ.
        ArchiveError: a person opened the next revision after rendering, so its first lines would be missing.
    """
    records = deployment.records
    document = documents.load(records, content_digest)
    trail = lane.chain(deployment, plan, document.report, run)
    revision = documents.revision_of(records, content_digest) or editions.open_revision(
        records, document.report_date, document.file_name
    )
    try:
        result = publication.publish(deployment.reports, records, document, generated_at=clock.now(), revision=revision)
    except ArchiveError as error:
        trail.append(lane.event("report.archived", document, outcome="stopped", error=str(error)))
        raise
    variants_documents.publish(deployment.reports, records, content_digest, generated_at=clock.now(), revision=revision)
    details = tuple((f"{extension}_sha256", digest) for extension, digest in result.digests.items())
    outcome = "unchanged" if result.unchanged else "written"
    trail.append(lane.event("report.archived", document, outcome=outcome, details=details))
    return result
