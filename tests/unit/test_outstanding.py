"""Everything that waits, over all periods: found in the records, whatever became of the runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from executive_suite.archive import editions
from executive_suite.folders import INCLUDE
from executive_suite.identity import HashKey
from executive_suite.mailing.resend import Decision, open_next
from executive_suite.mailing.revise import revise
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import lane as chains
from executive_suite.run import watch
from executive_suite.run.approve import answer, question
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from executive_suite.run.outstanding import outstanding
from executive_suite.run.standing import Mail
from faults.desk import MORNING, Clock
from faults.lanes import DAY, RUN, archived, in_memory, lane, plan_of, with_recipients
from ses_stub import Do, SesStub

FOUNDER = Decision("founder", "the board asked for it")


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return in_memory(moto_server, bucket, ses, monkeypatch, EXECUTIVE_SUITE_SCHEDULE="0 6 1,15 * *")


def waiting(opened: Deployment, clock: Clock) -> list[Mail]:
    found = list(outstanding(opened, clock()))
    assert all("@" not in str(one) for one in found)
    assert all(one.next_step for one in found)
    return found


def test_nothing_waits_where_nothing_was_asked_for(opened: Deployment, clock: Clock) -> None:
    assert waiting(opened, clock) == []
    archived(opened, "cfo", plan_of(opened, send=False, why_not="off"))
    sum_up(opened, plan_of(opened, reports=("cfo",), send=False, why_not="off"), RUN, {})
    assert waiting(opened, clock) == []


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Do("refuse"), ("failed", "refused")),
        (Do("throttle"), ("failed", "retryable")),
        (Do("error-after"), ("uncertain", "uncertain")),
    ],
)
def test_a_mail_that_was_tried_waits_by_its_state(
    opened: Deployment, ses: SesStub, clock: Clock, ending: Do, state: tuple[str, str]
) -> None:
    ses.script("*", ending)
    assert lane(opened, "cfo") != "sent"
    assert lane(opened, "ceo") == "sent"
    (one,) = waiting(opened, clock)
    assert (one.report_date, one.report, one.recipient_id) == (DAY, "cfo", "primary")
    assert (one.state, one.cause) == state
    assert one.since == "2026-05-01T13:00:00.000000Z"
    assert one.delivery_id


def test_a_gate_that_holds_a_mail_says_its_own_next_step(opened: Deployment, clock: Clock) -> None:
    own = SuppressionList(opened.records, HashKey("k" * 32))
    own.add("founder@example.com", "complaint", MORNING)
    assert lane(opened, "cfo") == "refused: suppressed"
    (one,) = waiting(opened, clock)
    assert (one.state, one.cause) == ("held", "suppressed")
    assert "release RECIPIENT" in one.next_step
    clock.forward(60)
    own.release("primary", "founder@example.com", actor="founder", reason="works again", at=clock())
    assert lane(opened, "cfo") == "sent"
    assert waiting(opened, clock) == []


def test_a_report_that_nobody_approved_waits_for_that(opened: Deployment, clock: Clock) -> None:
    plan = plan_of(opened, reports=("cfo",), approve=True)
    result = archived(opened, "cfo", plan)
    assert question(opened, plan, "cfo", result.content_digest) is not None
    (asked,) = waiting(opened, clock)
    assert (asked.state, asked.text) == ("not approved", "nobody has answered yet")
    assert lane(opened, "cfo", plan) == "held: not-approved"
    (held,) = waiting(opened, clock)
    assert (held.state, held.cause, held.delivery_id != "") == ("not approved", "not-approved", True)
    answer(opened, plan, RUN, result.content_digest, "approved", actor="founder")
    assert lane(opened, "cfo", plan) == "sent"
    assert waiting(opened, clock) == []


def test_what_a_run_was_to_send_and_did_not_waits(opened: Deployment, clock: Clock) -> None:
    plan = plan_of(opened, reports=("cfo", "cto"))
    archived(opened, "cfo", plan)
    sum_up(opened, plan, RUN, {"cto": ("render: failed",)})
    states = {one.report: (one.state, one.cause, one.since != "") for one in waiting(opened, clock)}
    assert states == {"cfo": ("not sent", "none", True), "cto": ("failed", "not archived", True)}


def test_what_a_person_opened_again_waits_until_it_is_sent(opened: Deployment, clock: Clock) -> None:
    assert lane(opened, "cfo") == "sent"
    (entry,) = Outbox(opened.records).entries()
    open_next(opened.records, entry, FOUNDER, clock=clock, chain=chains.today(opened))
    (one,) = waiting(opened, clock)
    assert (one.state, one.next_step) == ("not sent", "clear the send task")
    assert "founder opened generation 2" in one.text
    assert lane(opened, "cfo") == "sent"
    assert waiting(opened, clock) == []


def test_a_revision_replaces_what_waited_before(opened: Deployment, ses: SesStub, clock: Clock) -> None:
    ses.script("*", Do("error-after"))
    assert lane(opened, "cfo").startswith("uncertain")
    file_name = opened.config.report("cfo").file_name
    revise(opened.records, "cfo", file_name, date(2026, 5, 1), FOUNDER, clock=clock, chain=chains.today(opened))
    (one,) = waiting(opened, clock)
    assert (one.state, one.cause) == ("failed", "not archived")
    assert editions.open_revision(opened.records, date(2026, 5, 1), file_name) == 2


def test_who_no_longer_gets_a_report_is_owed_nothing_but_a_doubt_stays(
    opened: Deployment, ses: SesStub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANN", "BOB"):
        monkeypatch.setenv(f"{name}_EMAIL", f"{name.lower()}@example.com")
    both = with_recipients(opened, "cfo", "ann", "bob")
    ses.script("*", Do("refuse"), Do("error-after"))
    lane(both, "cfo")
    assert [(one.recipient_id, one.state) for one in waiting(both, clock)] == [("ann", "failed"), ("bob", "uncertain")]
    assert [(one.recipient_id, one.state) for one in waiting(opened, clock)] == [("bob", "uncertain")]


def test_what_was_due_and_no_run_made_waits_from_its_deadline(opened: Deployment, clock: Clock) -> None:
    clock.now = datetime(2026, 4, 20, tzinfo=UTC)
    assert waiting(opened, clock) == []
    watch.look(opened, RUN)
    clock.now = datetime(2026, 5, 1, 19, 1, tzinfo=UTC)  # six hours after 06:00 in Los Angeles
    found = waiting(opened, clock)
    assert {(one.report_date, one.state, one.since) for one in found} == {
        (DAY, "failed", "2026-05-01T19:00:00.000000Z")
    }
    assert len(found) == len(opened.config.reports)
    assert list(outstanding(opened, clock(), first=date(2026, 5, 2))) == []
    assert len(outstanding(opened, clock(), last=date(2026, 5, 1))) == len(found)


def test_a_worker_that_is_sending_is_no_failure(opened: Deployment, ses: SesStub, clock: Clock) -> None:
    ses.script("*", Do("error-after"))
    lane(opened, "cfo")
    outcome = next(key for key in opened.records.keys("ledger/") if key.endswith(".outcome"))
    opened.records.remove(outcome)
    (one,) = waiting(opened, clock)
    assert (one.state, one.cause) == ("not sent", "claimed")
    clock.now += timedelta(hours=1)
    assert waiting(opened, clock)[0].state == "uncertain"


def test_every_cause_stands_in_the_runbook() -> None:
    runbook = (INCLUDE.parent / "docs" / "runbook.md").read_text(encoding="utf-8")
    causes = ("refused", "retryable", "uncertain", "claimed", "none", "not archived", "suppressed", "not-approved")
    assert [cause for cause in causes if f"`{cause}`" not in runbook] == []


def test_what_a_person_held_is_no_fault_of_the_run_and_waits_all_the_same(
    opened: Deployment, ses: SesStub, clock: Clock
) -> None:
    plan = plan_of(opened, reports=("cfo", "cto"), approve=True)
    for report in plan.reports:
        result = archived(opened, report, plan)
        assert question(opened, plan, report, result.content_digest) is not None
        verdict: Any = "rejected" if report == "cfo" else "approved"
        answer(opened, plan, RUN, result.content_digest, verdict, actor="founder", reason="wrong month")
    assert [lane(opened, report, plan) for report in plan.reports] == ["held: rejected", "sent"]
    found = sum_up(opened, plan, RUN, {})
    assert found.shortfalls() == ()
    assert found.holds() == ("CFO report (cfo): primary: held by founder",)
    assert found.outcome() == "1 of 2 reports sent, 1 held by founder"
    assert len(ses.accepted) == 1  # and no notice to the owner
    (one,) = waiting(opened, clock)
    assert (one.report, one.state, one.cause) == ("cfo", "held", "rejected")


def test_what_nobody_answered_in_time_is_a_fault_of_the_run(opened: Deployment, clock: Clock) -> None:
    plan = plan_of(opened, reports=("cfo",), approve=True)
    result = archived(opened, "cfo", plan)
    question(opened, plan, "cfo", result.content_digest)
    answer(opened, plan, RUN, result.content_digest, "not-answered", actor="nobody", reason="no answer in time")
    assert lane(opened, "cfo", plan) == "held: not-answered"
    found = sum_up(opened, plan, RUN, {})
    assert len(found.shortfalls()) == 1
    assert found.holds() == ()
    (one,) = waiting(opened, clock)
    assert (one.state, one.cause) == ("not approved", "not-answered")


def test_a_lane_that_failed_is_a_fault_though_a_person_held_its_report(opened: Deployment) -> None:
    plan = plan_of(opened, reports=("cfo",), approve=True)
    result = archived(opened, "cfo", plan)
    question(opened, plan, "cfo", result.content_digest)
    answer(opened, plan, RUN, result.content_digest, "rejected", actor="founder")
    assert sum_up(opened, plan, RUN, {"cfo": ("render: failed",)}).shortfalls()
