"""What every run leaves for a person to open: files with names that say what they are, and a page that lists them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from executive_suite.run import clock as clock_module
from executive_suite.run import mirror
from executive_suite.run.approve import answer, question
from executive_suite.run.close import close
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import Lane, MailStatus
from faults.desk import MORNING, Clock
from faults.lanes import DAY, RUN, archived, in_memory, lane, like, plan_of
from ses_stub import SesStub

LANE = Lane("cfo", "CFO report", ("2026-05-01/cfo-report.html", "2026-05-01/cfo-report.txt"), (), ())


@pytest.fixture
def opened(moto_server: str, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    monkeypatch.setattr(clock_module, "now", Clock(MORNING))
    with SesStub() as ses:
        found = in_memory(moto_server, bucket, ses, monkeypatch)
        yield like(found, settings=found.settings.model_copy(update={"executive_suite_out": str(tmp_path / "out")}))


@pytest.mark.parametrize(
    ("generation", "revision", "name"),
    [
        (1, 1, "cfo-report-2026-05-01-primary.eml"),
        (2, 1, "cfo-report-2026-05-01-primary-resend-1.eml"),
        (1, 2, "cfo-report-2026-05-01-primary-revision-2.eml"),
        (3, 2, "cfo-report-2026-05-01-primary-revision-2-resend-2.eml"),
    ],
)
def test_a_mail_is_named_by_report_date_and_recipient(generation: int, revision: int, name: str) -> None:
    mail = MailStatus("primary", "d" * 52, generation, "sent", "m", "mails/x.eml", revision=revision)
    assert mirror.mail_name(LANE, "2026-05-01", mail) == name


def test_every_run_mirrors_its_reports_and_lists_those_of_others(opened: Deployment, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for report in ("cto", "cfo"):
        plan = plan_of(opened, reports=(report,))
        assert lane(opened, report, plan) == "sent"
        close(opened, plan, RUN, {})
    early = plan_of(opened, reports=("ceo",), report_date="2026-04-01", send=False, why_not="sending is off")
    archived(opened, "ceo", early)
    close(opened, early, RUN, {})

    page = html.fromstring((out / "index.html").read_text(encoding="utf-8"))
    assert page.xpath("//h2/text()") == ["May 1, 2026", "Apr 1, 2026"]
    assert page.xpath("//tbody//th/text()") == ["CTO report", "CFO report", "CEO report"]
    files = [str(file) for file in page.xpath("//a/@href")]
    assert {f"{DAY}/cfo-report.html", f"{DAY}/cfo-report-{DAY}-primary.eml"} <= set(files)
    assert all((out / file).is_file() for file in files)
    assert "not mailed: sending is off" in page.text_content()
    key = f"{DAY}/cfo-report.html"
    assert (out / key).read_bytes() == opened.reports.get(key).body
    assert [path for path in (out, *out.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_what_was_not_sent_is_listed_with_who_held_it(opened: Deployment, tmp_path: Path) -> None:
    plan = plan_of(opened, reports=("cfo",), approve=True)
    result = archived(opened, "cfo", plan)
    question(opened, plan, "cfo", result.content_digest)
    answer(opened, plan, RUN, result.content_digest, "rejected", actor="<b>admin</b>")
    close(opened, plan, RUN, {})
    text = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "held by &lt;b&gt;admin&lt;/b&gt;" in text
    assert not list((tmp_path / "out").rglob("*.eml"))


def test_a_folder_that_cannot_be_written_stops_no_run(
    opened: Deployment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "out").write_text("in the way")
    plan = plan_of(opened, reports=("cfo",))
    assert lane(opened, "cfo", plan) == "sent"
    assert close(opened, plan, RUN, {}).outcome == "1 of 1 reports sent"
    assert "EXECUTIVE_SUITE_OUT" in caplog.text


def test_a_list_that_is_not_ours_is_made_anew(opened: Deployment, tmp_path: Path) -> None:
    plan = plan_of(opened, reports=("cfo",))
    assert lane(opened, "cfo", plan) == "sent"
    for folder in (DAY, "2026-04-01"):
        (tmp_path / "out" / folder).mkdir(parents=True)
        (tmp_path / "out" / folder / mirror.LISTED).write_text('{"reports": [{}]}')
    close(opened, plan, RUN, {})
    assert "CFO report" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
