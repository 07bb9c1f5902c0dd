"""What waits is found without reading what was sent for certain, and nothing is missed by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from executive_suite.mailing.resend import Decision, open_next
from executive_suite.mailing.revise import revise
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import clock as clock_module
from executive_suite.run import lane as chains
from executive_suite.run import standing
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from executive_suite.run.outstanding import outstanding
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import StoredObject
from faulted import faulted
from faults.desk import MORNING, Clock
from faults.lanes import DAY, RUN, in_memory, lane, like, plan_of
from ses_stub import SesStub

FOUNDER = Decision("founder", "the board asked for it")
MONTHS = 8


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(MORNING)
    monkeypatch.setattr(clock_module, "now", made)
    return made


@pytest.fixture
def sent(moto_server: str, bucket: str, ses: SesStub, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A closed run that sent one report."""
    opened = in_memory(moto_server, bucket, ses, monkeypatch)
    lane(opened, "cfo")
    sum_up(opened, plan_of(opened, reports=("cfo",)), RUN, {})
    clock.forward(60)
    assert outstanding(opened, clock()) == ()
    return opened


def test_nothing_is_missed_in_any_state(
    moto_server: str, bucket: str, ses: SesStub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = faulted(moto_server, bucket, ses, monkeypatch, clock)
    quick = outstanding(opened, clock())
    monkeypatch.setattr(standing, "sent_by", lambda *_: {})
    assert quick == outstanding(opened, clock())
    assert len(quick) > 10


def test_a_later_generation_waits_although_the_run_sent_it(sent: Deployment, clock: Clock) -> None:
    (entry,) = Outbox(sent.records).entries()
    open_next(sent.records, entry, FOUNDER, clock=clock, chain=chains.today(sent))
    assert [one.cause for one in outstanding(sent, clock())] == ["reopened"]


def test_a_revision_waits_although_the_run_sent_the_first(sent: Deployment, clock: Clock) -> None:
    file_name = sent.config.report("cfo").file_name
    revise(sent.records, "cfo", file_name, date.fromisoformat(DAY), FOUNDER, clock=clock, chain=chains.today(sent))
    assert [one.cause for one in outstanding(sent, clock())] == ["not archived"]


def test_an_outbox_that_lost_the_answer_is_not_taken_for_sent(sent: Deployment, clock: Clock) -> None:
    for key in list(sent.records.keys("ledger/")):
        if key.endswith(".outcome"):
            sent.records.remove(key)
    clock.forward(3600)
    assert [one.cause for one in outstanding(sent, clock())] == ["uncertain"]


def test_an_outbox_that_lost_the_mail_is_not_taken_for_sent(sent: Deployment, clock: Clock) -> None:
    for key in list(sent.records.keys("ledger/")):
        sent.records.remove(key)
    assert [one.cause for one in outstanding(sent, clock())] == ["none"]


class Counted(PassedOn):
    """Counts what is read."""

    read = 0

    def get(self, key: str) -> StoredObject:
        self.read += 1
        return super().get(key)


def test_sent_mails_are_not_read_one_by_one(sent: Deployment, clock: Clock) -> None:
    """One object is read per run; of each of its mails, only the keys are listed."""
    counted = Counted(sent.records)
    many = like(sent)
    many.__dict__["records"] = counted
    for month in range(MONTHS):
        clock.now = datetime(2023 + month // 12, month % 12 + 1, 1, 13, tzinfo=UTC)
        plan = plan_of(many, run_id=f"run {month}", report_date=clock.now.date().isoformat(), reports=("ceo", "cto"))
        for report in plan.reports:
            lane(many, report, replace(plan, dated=True))
        sum_up(many, plan, RUN, {})
    clock.now += timedelta(days=1)
    counted.read = 0
    assert outstanding(many, clock()) == ()
    assert counted.read <= MONTHS + 3
