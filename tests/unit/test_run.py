"""A run's steps, one after another without Airflow: what they hand on, and that what they archive verifies."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from executive_suite import config
from executive_suite.archive.verify import Archive
from executive_suite.cli import verify
from executive_suite.folders import INCLUDE
from executive_suite.run.archive import archive
from executive_suite.run.compute import compute
from executive_suite.run.deployment import Deployment
from executive_suite.run.extract import extract
from executive_suite.run.plan import Plan, Request
from executive_suite.run.preflight import preflight
from executive_suite.run.reconcile import reconcile
from executive_suite.run.render import render
from executive_suite.run.validate import validate
from executive_suite.stores.memory import MemoryStore
from executive_suite.trail.chain import Run
from open_deployment import open_deployment
from ses_stub import SesStub

MAY = date(2026, 5, 1)
RUN = Run(dag="executive_suite", run="manual__1")


@pytest.fixture
def opened(tmp_path: Path, moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """Over the rows of the headline window, from which the whole sample was grown; with stores in memory."""
    shutil.copytree(INCLUDE / "config", tmp_path / "config")
    sources = tmp_path / "config" / "sources.yaml"
    window = INCLUDE / "data" / "sample_group" / "window"
    sources.write_text(sources.read_text(encoding="utf-8").replace("../data\n", f"{window}\n"), encoding="utf-8")
    made = open_deployment(moto_server, bucket, ses, monkeypatch)
    found = Deployment(made.settings, config.load(tmp_path / "config"), tmp_path / "config")
    found.__dict__.update(s3=made.s3, ses=made.ses, records=MemoryStore(), reports=MemoryStore(), trail_copy=None)
    return found


def request(**params: object) -> Request:
    return Request("manual__1", backfill=False, params=params, conf={}, interval_end=None, run_after=datetime.now(UTC))


def test_what_a_run_archives_verifies(opened: Deployment) -> None:
    """Version 1 never recorded the figures of an archived report, so that every real report failed."""
    plan = Plan.from_json(preflight(opened, request(report_date=MAY.isoformat(), reports=["cfo", "portfolio"])))
    assert plan.send_rate == 14.0  # the stub's account
    datasets = validate(opened, plan, extract(opened, plan))
    facts = compute(opened, datasets)
    work = reconcile(opened, plan, datasets, facts)
    assert [one["report"] for one in work] == ["cfo", "portfolio"]
    # The UI's links read the date in each lane's work; a lane is about its own report.
    assert [(one["plan"]["report_date"], one["plan"]["reports"]) for one in work] == [
        (MAY.isoformat(), ["cfo"]),
        (MAY.isoformat(), ["portfolio"]),
    ]
    for one in work:
        archive(opened, plan, RUN, render(opened, plan, RUN, one["report"], one["figures"]))
    archived = Archive(opened.reports, opened.records)
    chosen = [opened.config.report(name) for name in plan.reports]
    checks = list(verify.checks(archived, opened.config, chosen, MAY, opened.config_folder))
    assert [check for check in checks if not check.holds] == []
    assert {(check.report, check.what) for check in checks} >= {("cfo", "render"), ("portfolio", "dataset")}
