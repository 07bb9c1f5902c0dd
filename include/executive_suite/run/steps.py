"""The steps of a run up to the rendered reports, one function each; what they hand on are keys and digests.

DAG tasks call them with the stores of a deployment; ``make preview`` and the command line call what lies below them.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from executive_suite import canonical, metrics
from executive_suite.archive import publication
from executive_suite.archive.bundle import Kept, unbundle
from executive_suite.archive.document_codec import encode
from executive_suite.dataset import snapshot
from executive_suite.document import Document
from executive_suite.facts import table as facts
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures, Note
from executive_suite.mailing import corrections, variants_documents, variants_plan
from executive_suite.run import pipeline
from executive_suite.run.deployment import Deployment
from executive_suite.schema.quality import QualityError
from executive_suite.sources import raw_store, reading
from executive_suite.stores.store import ObjectStore, StoredObject

JSON = "application/json"


def extract(deployment: Deployment, report_date: date) -> str:
    """Keep what the sources hold now; the key, in the records bucket, of an object that names it.

    Raises:
        ConfigError: a source is not configured as it must be.
        FileNotFoundError: a source is not there.
    """
    kept = Kept(deployment.records)
    key = raw_store.keep(kept, reading.of(None, deployment.include / "config"), report_date)
    return _keep(
        deployment.records, f"raw/{report_date.isoformat()}", {"raw": key, "bundle": kept.bundle("raw/bundles")}
    )


def validate(deployment: Deployment, report_date: date, raw_key: str) -> str:
    """Let nothing faulty pass, and freeze the datasets of this report date and of the one it is compared with.

    Returns:
        The key of an object that names both snapshots.

    Raises:
        QualityError: with every fault of the input.
    """
    records, zone = deployment.records, deployment.settings.zone
    given = json.loads(records.get(raw_key).body)
    typed = snapshot.read(raw_store.load(unbundle(records, given["bundle"]), given["raw"]))
    kept = Kept(records)
    names = {"current": snapshot.freeze(kept, pipeline.dataset(typed, report_date, fallback=zone)), "previous": ""}
    before = pipeline.previous_report_date(report_date)
    note = ""
    try:
        names["previous"] = snapshot.freeze(kept, pipeline.dataset(typed, before, fallback=zone))
    except QualityError as error:
        note = f"no comparison with {before.isoformat()}: as known then the data has {len(error.faults)} faults"
    return _keep(
        records,
        f"datasets/{report_date.isoformat()}",
        {**names, "note": note, "bundle": kept.bundle("datasets/bundles")},
    )


def compute(deployment: Deployment, field: str, datasets_key: str) -> str:
    """The facts of one field, of this report date and of the previous; the key of both.

    It reads the tables that the field uses; ``reconcile`` checks the whole dataset.
    """
    records = deployment.records
    datasets = json.loads(records.get(datasets_key).body)
    bundle = unbundle(records, datasets["bundle"])
    found: dict[str, dict[str, list[Any]]] = {}
    for which in ("current", "previous"):
        if datasets[which]:
            context = pipeline.context_of(
                snapshot.load(bundle, datasets[which], whole=False), deployment.include / "config"
            )
            found[which] = facts.to_columns(metrics.compute(context, field))
    return _keep(records, f"facts/{field}", found)


def reconcile(deployment: Deployment, datasets_key: str, fact_keys: list[str]) -> str:
    """Put the fields together, stop when figures disagree, judge and rank; the key of the run's figures.

    Raises:
        ReconciliationError: figures that must agree do not.
    """
    records = deployment.records
    datasets = json.loads(records.get(datasets_key).body)
    frozen = snapshot.load(unbundle(records, datasets["bundle"]), datasets["current"])
    tables: dict[str, list[Fact]] = {"current": [], "previous": []}
    for key in fact_keys:
        for which, columns in json.loads(records.get(key).body).items():
            tables[which] += facts.from_columns(columns)
    figures = pipeline.judge(
        frozen,
        facts.ordered(tables["current"]),
        deployment.include / "config",
        previous=facts.ordered(tables["previous"]),
        notes=(Note("", datasets["note"]),) if datasets["note"] else (),
    )
    return _keep_body(records, f"figures/{frozen.report_date.isoformat()}", figures.to_json())


def render(deployment: Deployment, report: str, figures_key: str) -> Document:
    """One report from the run's figures, kept whole in the records under its content digest."""
    configured = deployment.config.report(report)
    figures = Figures.from_json(deployment.records.get(figures_key).body)
    revision = publication.open_revision(deployment.records, figures.report_date, configured.file_name)
    document = corrections.build(deployment.records, figures, configured, revision)
    key = f"documents/{document.content_digest}/document.json"
    deployment.records.create(StoredObject(key, encode(document), JSON))
    corrections.remember(deployment.records, document.content_digest, figures_key, revision)
    experiment = variants_plan.current(deployment.include / "config", deployment.config, report, figures.report_date)
    variants_documents.render(deployment.records, document, figures, configured, revision, experiment=experiment)
    return document


def _keep(records: ObjectStore, folder: str, content: object) -> str:
    """Write a JSON object under the hash of its bytes; its key."""
    return _keep_body(records, folder, canonical.dumps(content))


def _keep_body(records: ObjectStore, folder: str, body: bytes) -> str:
    key = f"{folder}/{hashlib.sha256(body).hexdigest()}.json"
    records.create(StoredObject(key, body, JSON))
    return key
