"""Compute: every figure of this report date and of the previous one."""

from __future__ import annotations

import json

from executive_suite import canonical, metrics
from executive_suite.archive.bundle import unbundle
from executive_suite.dataset import snapshot
from executive_suite.facts import table as facts
from executive_suite.facts.earlier import NOTHING, Earlier
from executive_suite.run import pipeline
from executive_suite.run.deployment import Deployment
from executive_suite.run.second_core import meanwhile
from executive_suite.stores.store import create_by_hash


def compute(deployment: Deployment, datasets_key: str) -> str:
    """Compute the facts of every field; returns the key of both fact tables.

    One task for all fields: they take less time together than a task takes to start.
    """
    records = deployment.records
    datasets = json.loads(records.get(datasets_key).body)
    bundle = unbundle(records, datasets["bundle"])

    def computed(which: str, earlier: Earlier) -> bytes:
        frozen = snapshot.load(bundle, datasets[which], whole=False)
        context = pipeline.context_of(frozen, deployment.config_folder, earlier)
        return canonical.dumps(facts.to_columns(metrics.compute_all(context)))

    previous = meanwhile(lambda: computed("previous", NOTHING)) if datasets["previous"] else None
    found = {"current": computed("current", pipeline.earlier_of(datasets))}
    if previous:
        found["previous"] = previous()
    return create_by_hash(records, "facts", canonical.joined(found))
