"""Deadlines: what was due is looked for in the ledger, and the owner hears once what is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from executive_suite.archive import publication
from executive_suite.config import Config
from executive_suite.identity import HashKey
from executive_suite.mailing import approval
from executive_suite.mailing.errors import RetryableError
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Answer, Claim
from executive_suite.run import clock as clock_module
from executive_suite.run import owner, summary, watch
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.trail.chain import Chain, Run, run_chain
from faults.desk import Clock, document
from open_deployment import open_deployment
from ses_stub import Do, SesStub

# Due on May 1, 06:00 in Los Angeles, which is 13:00 UTC; six hours later is the deadline.
SET_UP = datetime(2026, 4, 20, tzinfo=UTC)
DEADLINE = datetime(2026, 5, 1, 19, tzinfo=UTC)
DAY = date(2026, 5, 1)
RUN = Run(dag="delivery_watch")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(SET_UP)
    monkeypatch.setattr(clock_module, "now", made)
    return made


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A deployment that is watched since April 20."""
    made = open_deployment(moto_server, bucket, ses, monkeypatch, EXECUTIVE_SUITE_SCHEDULE="0 6 1,15 * *")
    assert watch.look(made, RUN) == ()
    clock.now = DEADLINE
    return made


def sent(opened: Deployment, *reports: str) -> None:
    """Put acceptances of these reports of May 1 into the ledger."""
    ledger, key = Outbox(opened.records), HashKey("k" * 32)
    for report in reports:
        entity = opened.config.report(report).entity
        named = key.delivery_id(entity=entity, report=report, report_date=DAY, recipient_id="primary")
        ledger.bind(Slot(entity, report, DAY, "primary", 1), named, "")
        ledger.claim(named, 1, Claim(1, "n", DEADLINE, DEADLINE, "", "", ""))
        ledger.answer(named, 1, Answer(1, "n", "sent", DEADLINE, "id"))


def test_what_was_due_before_the_watch_began_is_nobodys_business(opened: Deployment, ses: SesStub) -> None:
    assert [found.report_date for found in watch.passed(opened, DEADLINE)] == [DAY]
    assert ses.calls == []


def test_nothing_is_late_before_the_deadline(opened: Deployment, clock: Clock) -> None:
    clock.forward(-1)
    assert watch.look(opened, RUN) == ()


def test_when_nothing_has_gone_out_the_owner_hears_it_once_and_readers_never(opened: Deployment, ses: SesStub) -> None:
    for _ in range(3):
        (late,) = watch.look(opened, RUN)
    assert (late.expected, len(late.missing)) == (8, 8)
    (mail,) = ses.accepted
    assert mail.to == ("audit@example.com",)
    assert mail.bcc == ()
    assert mail.parsed["Subject"] == "Executive Suite 2026-05-01: nothing was sent by the deadline"
    text = mail.parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "2026-05-01T12:00-07:00" in text
    assert "that Airflow is up" in text


def test_what_is_missing_is_named_when_some_went_out(opened: Deployment, ses: SesStub) -> None:
    sent(opened, "ceo", "cto", "accounting", "cmo", "rental", "delivery", "portfolio")
    (late,) = watch.look(opened, RUN)
    assert [one.report_id for one in late.missing] == ["cfo"]
    assert ses.accepted[0].parsed["Subject"] == "Executive Suite 2026-05-01: 1 report not sent by the deadline"


def test_all_is_well_says_nothing(opened: Deployment, ses: SesStub) -> None:
    sent(opened, *(report.report for report in opened.config.reports))
    assert watch.look(opened, RUN) == ()
    assert ses.calls == []
    record = json.loads(opened.records.get("watch/deadlines/2026-05-01").body)
    assert record["finding"] == "complete"


def test_what_a_run_told_is_not_told_again(opened: Deployment, ses: SesStub) -> None:
    everything = tuple(report.report for report in opened.config.reports)
    plan = Plan("manual__1", "2026-05-01", everything, send=True, why_not="", dated=False)
    found = summary.of(opened, plan, {}, DEADLINE)
    trail = Chain(opened.records, run_chain(DAY, plan.run_id, "run"), clock=clock_module.now)
    owner.notify_of_run(opened, trail, found)
    assert len(ses.accepted) == 1
    (late,) = watch.look(opened, RUN)
    assert len(late.missing) == 8
    assert len(ses.accepted) == 1


def test_a_report_that_waits_for_a_person_is_told_so(opened: Deployment, ses: SesStub) -> None:
    configured = opened.config.report("cfo")
    made = document(report="cfo", file_name=configured.file_name, entity=configured.entity)
    publication.publish(opened.reports, opened.records, made, generated_at=DEADLINE, revision=1)
    approval.ask(opened.records, made.content_digest, {made.content_digest: ("primary",)})
    watch.look(opened, RUN)
    text = ses.accepted[0].parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "CFO report to primary: held\n  waiting for approval" in text.replace("\r\n", "\n")


def test_what_a_run_of_one_report_told_does_not_hide_the_others(opened: Deployment, ses: SesStub) -> None:
    plan = Plan("manual__1", "2026-05-01", ("cfo",), send=True, why_not="", dated=False)
    trail = Chain(opened.records, run_chain(DAY, plan.run_id, "run"), clock=clock_module.now)
    owner.notify_of_run(opened, trail, summary.of(opened, plan, {}, DEADLINE))
    watch.look(opened, RUN)
    assert len(ses.accepted) == 2


def test_a_notice_that_could_not_be_sent_is_tried_by_the_next_look(opened: Deployment, ses: SesStub) -> None:
    ses.script("*", Do("throttle"))
    with pytest.raises(RetryableError):
        watch.look(opened, RUN)
    watch.look(opened, RUN)
    watch.look(opened, RUN)
    assert len(ses.accepted) == 1


def test_each_deadline_is_told_by_itself_and_old_ones_are_left_alone(
    opened: Deployment, ses: SesStub, clock: Clock
) -> None:
    """Down for two months: May 15, June 1 and June 15 can still be sent (45 days), May 1 cannot."""
    clock.now = datetime(2026, 6, 20, tzinfo=UTC)
    watch.look(opened, RUN)
    assert [str(mail.parsed["Subject"])[16:26] for mail in ses.accepted] == ["2026-05-15", "2026-06-01", "2026-06-15"]


def test_a_schedule_that_was_changed_is_watched_anew(opened: Deployment, ses: SesStub) -> None:
    changed = opened.settings.model_copy(update={"executive_suite_schedule": "0 5 1 * *"})
    assert watch.look(replace(opened, settings=changed), RUN) == ()
    assert ses.calls == []


@pytest.mark.parametrize("deadline_hours", [6, None])
def test_without_a_schedule_or_a_deadline_nothing_is_watched(opened: Deployment, deadline_hours: float | None) -> None:
    limits = opened.config.limits.model_copy(update={"deadline_hours": deadline_hours})
    configured: Config = opened.config.model_copy(update={"limits": limits})
    cron = "0 6 1,15 * *" if deadline_hours is None else None
    checked = opened.settings.model_copy(update={"executive_suite_schedule": cron})
    assert watch.passed(replace(opened, settings=checked, config=configured), DEADLINE) == ()


def test_nobody_to_tell_is_said_in_the_log_and_looked_at_again(opened: Deployment, ses: SesStub) -> None:
    limits = opened.config.limits.model_copy(update={"owner": None})
    alone = replace(opened, config=opened.config.model_copy(update={"limits": limits}))
    assert len(watch.look(alone, RUN)) == 1
    assert ses.calls == []
    watch.look(opened, RUN)
    assert len(ses.accepted) == 1


def test_every_look_that_judges_is_on_record(opened: Deployment, clock: Clock) -> None:
    watch.look(opened, RUN)
    clock.now += timedelta(hours=1)
    watch.look(opened, RUN)
    events = [json.loads(opened.records.get(key).body) for key in opened.records.keys("audit/days/")]
    told = [event["data"] for event in events if event["type"] == "executive_suite.delivery.deadline"]
    assert [(one["report_date"], one["outcome"], one["dag"]) for one in told] == [
        ("2026-05-01", "told", "delivery_watch")
    ]
