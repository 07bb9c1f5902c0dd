"""Render: one report from the run's figures, stored whole under its content digest."""

from __future__ import annotations

from executive_suite.archive import documents, editions
from executive_suite.facts.figures import Figures
from executive_suite.mailing import corrections, variants_documents, variants_plan
from executive_suite.run import lane
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Run


def render(deployment: Deployment, plan: Plan, run: Run, report: str, figures_key: str) -> str:
    """Render a report and the variants with their own templates; returns the report's content digest."""
    records, configured = deployment.records, deployment.config.report(report)
    figures = Figures.from_json(records.get(figures_key).body)
    revision = editions.open_revision(records, figures.report_date, configured.file_name)
    document = corrections.build(records, figures, configured, revision)
    documents.keep(records, document)
    documents.keep_origin(records, document.content_digest, figures_key, revision)
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, figures.report_date)
    variants_documents.render(records, document, figures, configured, revision, experiment=experiment)
    lane.chain(deployment, plan, report, run).append(lane.event("report.generated", document, outcome="rendered"))
    return document.content_digest
