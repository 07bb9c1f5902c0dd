"""Lanes of a run over a loopback deployment with stores in memory: what several test files do with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from executive_suite.archive import documents, publication
from executive_suite.config import Config
from executive_suite.mailing.errors import NotSentError
from executive_suite.run.archive import archive
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.run.send import send
from executive_suite.stores.memory import MemoryStore
from executive_suite.trail.chain import Run
from faults.desk import document
from open_deployment import open_deployment
from ses_stub import SesStub

RUN = Run(dag="executive_suite", run="manual__1", task="lane.send")
DAY = "2026-05-01"


def in_memory(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch, **more: str) -> Deployment:
    """With stores in memory: what is tested are the steps, not S3."""
    made = open_deployment(moto_server, bucket, ses, monkeypatch, **more)
    limits = made.config.limits.model_copy(
        update={"connect_timeout_seconds": 0.5, "read_timeout_seconds": 0.5, "lease_seconds": 10.0}
    )
    made.__dict__.update(records=MemoryStore(), reports=MemoryStore(), trail_copy=None)
    return like(made, config=made.config.model_copy(update={"limits": limits}))


def like(opened: Deployment, **changes: Any) -> Deployment:
    """The same deployment with other configuration; it keeps its connections."""
    other = replace(opened, **changes)
    kept = ("records", "reports", "trail_copy", "ses", "s3")
    other.__dict__.update({name: value for name, value in opened.__dict__.items() if name in kept})
    return other


def plan_of(opened: Deployment, **changes: Any) -> Plan:
    reports = tuple(report.report for report in opened.config.reports)
    return replace(Plan("manual__1", DAY, reports, send=True, why_not="", dated=True), **changes)


def archived(opened: Deployment, report: str, plan: Plan, **changes: Any) -> publication.ArchiveResult:
    """A small document in place of a report, archived as the lane does it."""
    configured = opened.config.report(report)
    made = document(
        f"{configured.title}, {plan.report_date}: all is well",
        report=report,
        file_name=configured.file_name,
        entity=configured.entity,
        report_date=date.fromisoformat(plan.report_date),
        **changes,
    )
    documents.keep(opened.records, made)
    return archive(opened, plan, RUN, made.content_digest)


def lane(opened: Deployment, report: str, plan: Plan | None = None, *, by_hand: bool = True) -> str:
    """One lane from archive to send; how it ended."""
    plan = plan or plan_of(opened)
    result = archived(opened, report, plan)
    try:
        send(opened, plan, RUN, result.content_digest, revision=result.revision, by_hand=by_hand, sleep=lambda _: None)
    except NotSentError as error:
        return f"{error.state}: {error.code}"
    return "sent"


def with_recipients(opened: Deployment, report: str, *ids: str) -> Deployment:
    """The same, with another reading list of one report."""
    reports = tuple(
        one.model_copy(update={"recipients": ids}) if one.report == report else one for one in opened.config.reports
    )
    known = opened.config.recipients
    added = tuple(
        known[0].model_copy(update={"recipient_id": name, "address_from": f"{name.upper()}_EMAIL"})
        for name in ids
        if name not in {one.recipient_id for one in known}
    )
    changed: Config = opened.config.model_copy(update={"reports": reports, "recipients": known + added})
    return like(opened, config=changed)
