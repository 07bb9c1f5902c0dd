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
from executive_suite.run.second_core import meanwhile
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
    current = pipeline.dataset(typed, report_date, fallback=zone)
    previous, notes = pipeline.compared(typed, report_date, fallback=zone)
    earlier = meanwhile(
        lambda: canonical.packed(
            pipeline.earlier(typed, report_date, deployment.config_folder, previous, fallback=zone)
        )
    )
    kept = Kept(records)
    named = {
        "current": snapshot.freeze(kept, current),
        "previous": snapshot.freeze(kept, previous) if previous else "",
        "note": next((note.text for note in notes), ""),
        "readership": asdict(readership.of(records, deployment.config, report_date)),
        "bundle": kept.bundle("datasets/bundles"),
    }
    written = {name: canonical.dumps(value) for name, value in named.items()}
    return create_by_hash(records, f"datasets/{plan.report_date}", canonical.joined({**written, "earlier": earlier()}))
