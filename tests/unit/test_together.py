"""Several reports at once: in order, with the bytes and the error of one after the other, forked only where safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import date
from typing import NoReturn

import pytest

from executive_suite import config, reports
from executive_suite.cli.data_options import CONFIG
from executive_suite.facts.figures import Figures
from executive_suite.rendering import typesetter
from executive_suite.reports import bound
from report_figures import figures

CONFIGURED = config.load(CONFIG).reports
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks safely")


def where(given: Figures, report: config.Report) -> tuple[str, date, int]:
    return report.report, given.report_date, os.getpid()


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetter, "started", lambda: False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)


# A process of its own: one that runs tests has threads, with which nothing forks.
ALONE = """
import json, os
from executive_suite import reports
from test_together import CONFIGURED, figures, where
os.sched_getaffinity = lambda _: {0, 1}
made = reports.together(where, figures(), CONFIGURED)
print(json.dumps([os.getpid(), [(name, day.isoformat(), process) for name, day, process in made]]))
"""


@linux
def test_reports_are_made_by_forks_in_their_order() -> None:
    path = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONPATH": path}
    said = subprocess.run([sys.executable, "-c", ALONE], env=environment, capture_output=True, check=True)
    parent, made = json.loads(said.stdout)
    assert [name for name, _, _ in made] == [report.report for report in CONFIGURED]
    assert {day for _, day, _ in made} == {figures().report_date.isoformat()}
    assert parent not in {process for _, _, process in made}


@pytest.mark.usefixtures("two_cores")
def test_the_first_report_that_fails_says_so_whatever_fails_first_in_time() -> None:
    def failing(_: Figures, report: config.Report) -> NoReturn:
        raise bound.UnboundError(report.report)

    with pytest.raises(bound.UnboundError, match=f"^{CONFIGURED[0].report}$"):
        reports.together(failing, figures(), CONFIGURED)


@pytest.mark.usefixtures("two_cores")
def test_nothing_forks_with_another_thread_for_one_report_or_after_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    assert {process for _, _, process in reports.together(where, figures(), CONFIGURED[:1])} == {here}
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    assert {process for _, _, process in reports.together(where, figures(), CONFIGURED)} == {here}
    ended.set()
    other.join()
    monkeypatch.setattr(typesetter, "started", lambda: True)
    assert {process for _, _, process in reports.together(where, figures(), CONFIGURED)} == {here}


def test_a_process_knows_whether_it_has_typeset() -> None:
    typesetter.compiler()
    assert typesetter.started()
