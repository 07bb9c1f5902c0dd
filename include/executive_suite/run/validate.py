"""Validate: refuse faulty data, and freeze the dataset as known at the report date."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from executive_suite import canonical
from executive_suite.archive.bundle import Kept, unbundle
from executive_suite.dataset import snapshot
from executive_suite.run import pipeline, readership
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.sources import raw_store
from executive_suite.stores.store import create_by_hash


def validate(deployment: Deployment, plan: Plan, raw_key: str) -> str:
    """Freeze the datasets of this report date and of the one it is compared with; returns the key that names both.

    It also keeps what earlier report dates said, as known then: no later step sees the rows of those dates.

    Raises:
        QualityError: with every fault of the input.
    """
    records, zone, report_date = deployment.records, deployment.settings.zone, date.fromisoformat(plan.report_date)
    given = json.loads(records.get(raw_key).body)
    typed = snapshot.read(raw_store.load(unbundle(records, given["bundle"]), given["raw"]), zone)
    kept = Kept(records)
    names = {"current": snapshot.freeze(kept, pipeline.dataset(typed, report_date, fallback=zone)), "previous": ""}
    before = pipeline.before(typed, report_date, deployment.config_folder, fallback=zone)
    if before.previous:
        names["previous"] = snapshot.freeze(kept, before.previous)
    note = next((note.text for note in before.notes), "")
    earlier = asdict(before.earlier)
    read = asdict(readership.of(records, deployment.config, report_date))
    named = canonical.dumps(
        {**names, "note": note, "earlier": earlier, "readership": read, "bundle": kept.bundle("datasets/bundles")}
    )
    return create_by_hash(records, f"datasets/{plan.report_date}", named)
