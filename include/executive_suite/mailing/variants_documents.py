"""The documents of template variants: rendered and archived with the report's own, found by its content digest.

| object (records bucket) | says |
|---|---|
| ``documents/<content digest>/variants`` | arm to content digest of each variant with its own template |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from executive_suite import canonical
from executive_suite.archive import documents, publication
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.mailing.variants_plan import Experiment
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject


def render(
    records: ObjectStore,
    base: Document,
    figures: Figures,
    report: Report,
    revision: int,
    *,
    experiment: Experiment | None,
) -> Mapping[str, str]:
    """Render each arm with its own template; returns arm to content digest."""
    from executive_suite.mailing import corrections

    found = {}
    for arm in experiment.arms if experiment else ():
        if arm.template:
            other = report.model_copy(update={"template": arm.template})
            document = corrections.build(records, figures, other, revision)
            documents.keep(records, document)
            found[arm.name] = document.content_digest
    if found:
        key = f"documents/{base.content_digest}/variants"
        records.create(StoredObject(key, canonical.dumps(found), "application/json"))
    return found


def of(records: ObjectStore, content_digest: str) -> Mapping[str, str]:
    """Arm to content digest of a document's variants; empty without a template experiment."""
    try:
        found: dict[str, str] = json.loads(records.get(f"documents/{content_digest}/variants").body)
    except ObjectMissingError:
        return {}
    return found


def publish(
    reports: ObjectStore, records: ObjectStore, content_digest: str, *, generated_at: datetime, revision: int
) -> None:
    """Make each variant of an archived document current in its own branch; the archive's keys keep the report.

    Raises:
        RevisionRequiredError: a mail may have been sent with other bytes of a variant.
    """
    for arm, digest in of(records, content_digest).items():
        document = documents.load(records, digest)
        publication.publish(reports, records, document, generated_at=generated_at, revision=revision, variant=arm)
