"""Audit chains of lanes and days, and events about a document: what several steps share."""

from __future__ import annotations

from datetime import date

from executive_suite.document import Document
from executive_suite.run import clock
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Chain, Event, Run, day_chain, run_chain


def chain(deployment: Deployment, plan: Plan, lane: str, run: Run) -> Chain:
    """The audit chain of one lane of a run; the lane ``run`` is the run itself."""
    name = run_chain(date.fromisoformat(plan.report_date), plan.run_id, lane)
    return Chain(deployment.records, name, clock=clock.now, run=run, copy=deployment.trail_copy)


def event(
    kind: str, document: Document, *, outcome: str, error: str = "", details: tuple[tuple[str, str], ...] = ()
) -> Event:
    """An event about a document."""
    return Event(
        kind=kind,
        report=document.report,
        entity=document.entity,
        report_date=document.report_date.isoformat(),
        digest=document.content_digest,
        outcome=outcome,
        error=error,
        details=details,
    )


def today(deployment: Deployment, run: Run | None = None) -> Chain:
    """The audit chain of today, for what happens outside runs."""
    return Chain(
        deployment.records, day_chain(clock.now().date()), clock=clock.now, run=run, copy=deployment.trail_copy
    )
