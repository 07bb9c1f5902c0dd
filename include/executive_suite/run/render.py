"""Render: one report from the run's figures, stored whole under its content digest; none if it has nothing to tell."""

from __future__ import annotations

import logging

from executive_suite import reports
from executive_suite.archive import documents, editions
from executive_suite.facts.figures import Figures
from executive_suite.mailing import corrections, variants_documents, variants_plan
from executive_suite.run import lane, summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Event, Run

log = logging.getLogger(__name__)


def render(deployment: Deployment, plan: Plan, run: Run, report: str, figures_key: str) -> str:
    """Render a report and the variants with their own templates; returns the report's content digest.

    Empty for a report that has nothing to tell and of which nothing was archived for this date: its lane ends here.
    """
    records, configured = deployment.records, deployment.config.report(report)
    figures = Figures.from_json(records.get(figures_key).body)
    revision = editions.open_revision(records, figures.report_date, configured.file_name)
    trail = lane.chain(deployment, plan, report, run)
    begun = summary.begun(records, figures.report_date, configured.file_name)
    if not begun and (needs := reports.not_made(figures, configured)):
        log.info(needs)
        entity, day = configured.entity, plan.report_date
        trail.append(
            Event(summary.NOT_MADE, report=report, entity=entity, report_date=day, outcome="unmade", reason=needs)
        )
        return ""
    document = corrections.build(records, figures, configured, revision)
    documents.keep(records, document)
    documents.keep_origin(records, document.content_digest, figures_key, revision)
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, figures.report_date)
    variants_documents.render(records, document, figures, configured, revision, experiment=experiment)
    trail.append(lane.event(summary.MADE, document, outcome="rendered"))
    return document.content_digest
