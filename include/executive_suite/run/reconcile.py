"""Reconcile: put the fields together, and stop if figures that must agree do not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from executive_suite.archive.bundle import unbundle
from executive_suite.dataset import snapshot
from executive_suite.facts import table as facts
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Note
from executive_suite.run import pipeline
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.stores.store import create_by_hash


def reconcile(deployment: Deployment, plan: Plan, datasets_key: str, fact_keys: Iterable[str]) -> list[dict[str, Any]]:
    """Check, judge and rank the figures; returns the work of each lane: report id, key of the figures, plan.

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
        deployment.config_folder,
        previous=facts.ordered(tables["previous"]),
        notes=(Note("", datasets["note"]),) if datasets["note"] else (),
    )
    key = create_by_hash(records, f"figures/{plan.report_date}", figures.to_json())
    return [{"report": report, "figures": key, "plan": plan.to_json()} for report in plan.reports]
