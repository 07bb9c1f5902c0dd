"""Reconcile: judge and rank the figures, and stop if figures that must agree do not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from executive_suite.archive.bundle import unbundle
from executive_suite.dataset import snapshot
from executive_suite.facts import table as facts
from executive_suite.facts.figures import Note
from executive_suite.run import behind, pipeline
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.stores.store import create_by_hash


def reconcile(deployment: Deployment, plan: Plan, datasets_key: str, facts_key: str) -> list[dict[str, Any]]:
    """Check, judge and rank the figures; returns the work of each lane: report id, key of the figures, its plan.

    Raises:
        ReconciliationError: figures that must agree do not.
    """
    records = deployment.records
    datasets = json.loads(records.get(datasets_key).body)
    frozen = snapshot.load(unbundle(records, datasets["bundle"]), datasets["current"])
    tables = json.loads(records.get(facts_key).body)
    context = pipeline.context_of(frozen, deployment.config_folder, pipeline.earlier_of(datasets))
    figures = pipeline.judge(
        frozen,
        context,
        facts.from_columns(tables["current"]),
        deployment.config_folder,
        previous=facts.from_columns(tables["previous"]) if "previous" in tables else (),
        notes=(Note("", datasets["note"]),) if datasets["note"] else (),
    )
    figures = replace(figures, readership=pipeline.readership_of(datasets))
    figures = behind.traced(figures, context, deployment.config)
    key = create_by_hash(records, f"figures/{plan.report_date}", figures.to_json())
    return [{"report": report, "figures": key, "plan": plan.of_lane(report).to_json()} for report in plan.reports]
