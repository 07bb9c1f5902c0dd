"""The sample's eight reports through the real scheduler: archived, mailed, on record, and never a second time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psutil
import pytest

from executive_suite import config
from integration.suite import DAG, DATE, Suite
from ses_stub import Mail

pytestmark = pytest.mark.airflow

# The product's statement: file names, report types and entities of the eight reports.
ARCHIVE = {
    "ceo": ("ceo-report", "ceo", "group"),
    "cto": ("cto-report", "cto", "group"),
    "accounting": ("accounting-report", "accounting", "group"),
    "cmo": ("cmo-report", "cmo", "group"),
    "cfo": ("cfo-report", "cfo", "group"),
    "rental": ("3028-51st-st-rental-audit", "audit", "rental"),
    "delivery": ("expert-yacht-delivery-audit", "audit", "delivery"),
    "portfolio": ("dangerouscentaur-portfolio-audit", "audit", "portfolio"),
}


@dataclass(frozen=True)
class Made:
    """What the one run of this module made.

    Attributes:
        run_id: Its id.
        mails: What SES accepted while it ran.
    """

    run_id: str
    mails: tuple[Mail, ...]


@pytest.fixture(scope="module")
def made(suite: Suite) -> Made:
    before = len(suite.ses.accepted)
    run_id, state = suite.run(report_date=DATE)
    assert state == "success", suite.states(run_id)
    return Made(run_id, tuple(suite.ses.accepted[before:]))


@pytest.fixture
def main_run(made: Made) -> str:
    return made.run_id


def test_every_report_stands_at_its_exact_key_with_metadata_and_tags(suite: Suite, main_run: str) -> None:
    del main_run
    found = suite.objects("REPORTS_BUCKET", f"{DATE}/")
    for file_name, report_type, entity in ARCHIVE.values():
        for extension in ("txt", "html"):
            item = found[f"{DATE}/{file_name}.{extension}"]
            for labels in (item["metadata"], item["tags"]):
                assert labels["report-type"] == report_type
                assert labels["entity"] == entity
                # ISO 8601, wall clock: today's, not the report date's.
                assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)", labels["generated-date"])
            assert item["body"]
    names = {key.rsplit("/", 1)[1].rsplit(".", 1)[0] for key in found}
    assert names == {file_name for file_name, _, _ in ARCHIVE.values()}


def test_other_dags_can_wait_for_the_dataset_and_for_each_report(suite: Suite, main_run: str) -> None:
    """As the asset events of Airflow; a report's says which document."""
    told = suite.client.get("/assets/events", source_dag_id=DAG, source_run_id=main_run)["asset_events"]
    found = {one["name"]: one["extra"] for one in told}
    assert found.keys() == {f"executive_suite/{name}" for name in ("dataset", *ARCHIVE)}
    assert {one["report_date"] for one in found.values()} == {DATE}
    for report in ARCHIVE:
        digest = found[f"executive_suite/{report}"]["content_digest"]
        assert suite.objects("RECORDS_BUCKET", f"documents/{digest}")


def test_what_was_archived_verifies(suite: Suite, main_run: str) -> None:
    del main_run
    done = suite.command("verify", "--date", DATE)
    assert (done.returncode, "DIFFERS" in done.stdout) == (0, False), done.stdout + done.stderr


def test_nothing_but_reports_lies_in_the_reports_bucket(suite: Suite, main_run: str) -> None:
    del main_run
    assert all(re.match(r"\d{4}-\d\d-\d\d/", key) for key in suite.objects("REPORTS_BUCKET"))


def test_each_reader_got_one_mail_and_the_audit_copy_stands_in_no_header(suite: Suite, made: Made) -> None:
    sent = made.mails
    assert sorted(mail.to[0] for mail in sent) == sorted(suite.addresses.values())
    for mail in sent:
        assert mail.bcc == (suite.values["AWS_BCC_EMAIL"],)
        assert mail.parsed["Bcc"] is None
        assert suite.values["AWS_BCC_EMAIL"] not in mail.parsed.as_string()
        assert {"text/plain", "text/html"} <= {part.get_content_type() for part in mail.parsed.walk()}


def test_the_mail_says_what_the_archive_says(suite: Suite, made: Made) -> None:
    found = suite.objects("REPORTS_BUCKET", f"{DATE}/")
    address = suite.addresses["CFO_EMAIL"]
    mail = next(mail for mail in made.mails if mail.to == (address,))
    text = _part(mail.parsed, "text/plain")
    archived = found[f"{DATE}/cfo-report.txt"]["body"].decode()
    assert text.split() == archived.split()


def test_every_delivery_is_on_the_ledger_as_sent(suite: Suite, made: Made) -> None:
    outcomes = [
        json.loads(item["body"])
        for key, item in suite.objects("RECORDS_BUCKET", "ledger/").items()
        if key.endswith(".outcome")
    ]
    accepted = {mail.message_id for mail in made.mails}
    assert len(accepted) == len(ARCHIVE)
    assert accepted <= {outcome["message_id"] for outcome in outcomes if outcome["result"] == "sent"}


def test_every_step_left_an_audit_event(suite: Suite, main_run: str) -> None:
    events = [json.loads(item["body"]) for item in suite.objects("RECORDS_BUCKET", "audit/").values()]
    mine = [event for event in events if event["data"].get("run") == main_run]
    for report in ARCHIVE:
        kinds = {event["type"] for event in mine if event["data"]["report"] == report}
        assert {
            "executive_suite.report.generated",
            "executive_suite.report.archived",
            "executive_suite.delivery.claimed",
            "executive_suite.delivery.outcome",
        } <= kinds
    assert any(event["type"] == "executive_suite.run.closed" for event in mine)
    logs = suite.aws("logs")
    group = "/aws/reports/executive-suite"
    copied = [
        json.loads(line["message"])
        for page in logs.get_paginator("describe_log_streams").paginate(logGroupName=group)
        for stream in page["logStreams"]
        for line in logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]
    ]
    assert {event["id"] for event in mine} <= {event["id"] for event in copied}


def test_people_find_each_lane_by_its_persona(suite: Suite, main_run: str) -> None:
    states = suite.states(main_run)
    for report in ARCHIVE:
        for step in ("render", "archive", "send"):
            assert states[f"lane.{step}[{report}]"] == "success"


def test_an_approval_that_nobody_was_asked_for_does_not_look_like_one(suite: Suite, main_run: str) -> None:
    assert suite.states(main_run)["lane.approve[cfo]"] == "skipped"
    assert suite.said(main_run, "lane.approve[cfo]") == "not asked: no approval is required"


def test_the_note_of_the_run_has_its_report_date_and_its_outcome(suite: Suite, main_run: str) -> None:
    assert suite.note(main_run) == "Report date May 1, 2026: 8 of 8 reports sent"


def test_every_run_mirrors_its_reports_and_mails_into_one_page(suite: Suite, main_run: str) -> None:
    del main_run
    out = suite.running.layout.project / "out"
    page = (out / "index.html").read_text(encoding="utf-8")
    for report, (file_name, _, _) in ARCHIVE.items():
        for name in (f"{file_name}.html", f"{file_name}-{DATE}-{report}.eml"):
            assert f'href="{DATE}/{name}"' in page
            assert (out / DATE / name).is_file()


def test_a_task_links_to_the_archived_report(suite: Suite, main_run: str) -> None:
    task = suite.task(main_run, "lane.send[cfo]")
    links = suite.client.get(
        f"/dags/executive_suite/dagRuns/{main_run}/taskInstances/lane.send/links", map_index=task["map_index"]
    )["extra_links"]
    assert links["Archived report"] == f"/executive-suite/groups/-/reports/{DATE}/cfo"
    with suite.person("admin") as admin:
        page = admin.get(links["Archived report"])
    assert page.status_code == 200


def test_a_second_run_of_the_period_sends_nothing_and_is_green(suite: Suite, main_run: str) -> None:
    del main_run
    before, objects = len(suite.ses.calls), suite.objects("REPORTS_BUCKET", f"{DATE}/")
    run_id, state = suite.run(report_date=DATE)
    assert state == "success", suite.states(run_id)
    assert len(suite.ses.calls) == before
    assert suite.objects("REPORTS_BUCKET", f"{DATE}/") == objects
    assert suite.said(run_id, "lane.send[cfo]").startswith("sent before, on ")


def test_no_address_leaves_the_mails_and_the_endpoint(suite: Suite, main_run: str) -> None:
    """Searched: every log, XCom, rendered field, audit event, ledger object, and every object's name."""
    addresses = [*suite.addresses.values(), suite.values["AWS_BCC_EMAIL"], suite.values["AWS_SES_FROM_ADDRESS"]]
    places: dict[str, str] = {
        str(path): path.read_text(encoding="utf-8", errors="replace")
        for path in suite.running.layout.logs.rglob("*.log")
    }
    for task in suite.client.tasks("executive_suite", main_run):
        where = f"/dags/executive_suite/dagRuns/{main_run}/taskInstances/{task['task_id']}"
        places[f"{where} rendered"] = json.dumps(task["rendered_fields"])
        query: dict[str, Any] = {"map_index": task["map_index"]}
        for entry in suite.client.get(f"{where}/xcomEntries", **query)["xcom_entries"]:
            value = suite.client.get(f"{where}/xcomEntries/{entry['key']}", **query)
            places[f"{where} {entry['key']}"] = json.dumps(value)
    for key, item in suite.objects("RECORDS_BUCKET").items():
        places[f"name of {key}"] = key
        if not key.startswith(("mails/", "raw/", "snapshots/")):
            places[key] = item["body"].decode("utf-8", "replace") + json.dumps(item["metadata"])
    assert len(places) > 100
    found = [(place, address) for place, text in places.items() for address in addresses if address in text]
    assert found == []


def test_nothing_listens_beyond_loopback(suite: Suite, main_run: str) -> None:
    del main_run
    listening = {one.laddr.ip for _, one in suite.connections() if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def _part(mail: EmailMessage, wanted: str) -> str:
    return next(str(part.get_content()) for part in mail.walk() if part.get_content_type() == wanted)


def test_the_statement_of_the_product_is_what_the_configuration_says() -> None:
    configured = config.load(Path(__file__).parents[2] / "include" / "config")
    assert {r.report: (r.file_name, r.report_type, r.entity) for r in configured.reports} == ARCHIVE
