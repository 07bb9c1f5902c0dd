"""A deployment whose mails ended in each way that the fault tests know, all written by the product itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from executive_suite.archive import documents
from executive_suite.identity import HashKey
from executive_suite.mailing import approval
from executive_suite.mailing.resend import Decision, open_next, settle
from executive_suite.mailing.revise import revise
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.outbox.state import Evidence, EvidenceKind
from executive_suite.run import clock as clock_module
from executive_suite.run import lane as chains
from executive_suite.run.approve import answer, question
from executive_suite.run.archive import archive
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from executive_suite.run.plan import Plan
from executive_suite.run.send import send
from faults.desk import Clock, document
from faults.lanes import DAY, RUN, archived, in_memory, lane, plan_of, with_recipients
from ses_stub import Do, SesStub

EARLIER = "2026-04-15"
FOUNDER = Decision("founder", "the board asked for it")


def faulted(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Deployment:
    """The deployment; ``clock`` is the product's from now on."""
    monkeypatch.setattr(clock_module, "now", clock)
    monkeypatch.setenv("ANN_EMAIL", "ann@example.com")
    opened = in_memory(moto_server, bucket, ses, monkeypatch)
    opened = with_recipients(with_recipients(opened, "cto", "ann", "primary"), "cmo", "ann")
    clock.now = datetime(2026, 4, 15, 13, tzinfo=UTC)
    _earlier(opened, ses, clock)
    clock.now = datetime(2026, 5, 1, 13, tzinfo=UTC)
    _latest(opened, ses, clock)
    return opened


def _earlier(opened: Deployment, ses: SesStub, clock: Clock) -> None:
    """What a person had a hand in."""
    plan = plan_of(opened, run_id="manual__2026-04-15", report_date=EARLIER)
    for report in ("ceo", "rental", "delivery"):
        lane(opened, report, plan)
    ses.script("*", Do("error-after"))
    lane(opened, "cfo", plan)
    ses.script("*", Do("error-after"))
    lane(opened, "portfolio", plan)
    clock.forward(3600)
    settle(opened.records, entry(opened, "cfo", EARLIER), FOUNDER, clock=clock, chain=chains.today(opened))
    open_next(opened.records, entry(opened, "portfolio", EARLIER), FOUNDER, clock=clock, chain=chains.today(opened))
    clock.forward(60)
    open_next(opened.records, entry(opened, "rental", EARLIER), FOUNDER, clock=clock, chain=chains.today(opened))
    lane(opened, "rental", plan)
    file_name = opened.config.report("ceo").file_name
    revise(
        opened.records, "ceo", file_name, date.fromisoformat(EARLIER), FOUNDER, clock=clock, chain=chains.today(opened)
    )
    _corrected(opened, "delivery", plan, clock)
    asked = replace(plan, approve=True)
    shown = archived(opened, "accounting", asked)
    question(opened, asked, "accounting", shown.content_digest)
    clock.forward(60)
    answer(opened, asked, RUN, shown.content_digest, "rejected", actor="admin", reason="margin looks wrong")
    lane(opened, "accounting", asked)
    late = archived(opened, "cmo", asked)
    question(opened, asked, "cmo", late.content_digest)
    answer(opened, asked, RUN, late.content_digest, approval.UNANSWERED, actor="nobody", reason="no answer in time")
    lane(opened, "cmo", asked)
    sum_up(opened, replace(plan, reports=("ceo", "cfo", "cto", "rental")), RUN, {"cto": ("render: failed",)})


def _latest(opened: Deployment, ses: SesStub, clock: Clock) -> None:
    """What only machines did."""
    plan = plan_of(opened)
    own = SuppressionList(opened.records, HashKey("k" * 32))
    for report in ("ceo", "portfolio", "delivery"):
        lane(opened, report, plan)
        clock.forward(20)
    known(opened, "ceo", "delivered", clock)
    clock.forward(1000)
    known(opened, "ceo", "opened", clock)
    known(opened, "portfolio", "bounced", clock, "Permanent General: mailbox full")
    for report, what in (("cfo", "error-after"), ("accounting", "refuse")):
        ses.script("*", Do(what))
        lane(opened, report, plan)
        clock.forward(20)
    own.add("ann@example.com", "complaint", clock())
    ses.script("*", Do("throttle"))
    lane(opened, "cto", plan)
    shown = archived(opened, "cmo", replace(plan, approve=True))
    question(opened, replace(plan, approve=True), "cmo", shown.content_digest)
    ses.script("*", Do("error-after"))
    lane(opened, "rental", plan)
    clock.forward(1)
    outcome = next(
        key
        for key in opened.records.keys(f"ledger/{entry(opened, 'rental', DAY).delivery_id}/")
        if key.endswith(".outcome")
    )
    opened.records.remove(outcome)  # as if its worker were still at it
    sum_up(opened, replace(plan, reports=("ceo", "cfo", "portfolio", "accounting")), RUN, {})


def _corrected(opened: Deployment, report: str, plan: Plan, clock: Clock) -> None:
    """A revision of a report that was sent, rendered as the lane does it, archived and sent."""
    configured, day = opened.config.report(report), date.fromisoformat(plan.report_date)
    chain = chains.today(opened)
    number = revise(opened.records, report, configured.file_name, day, FOUNDER, clock=clock, chain=chain)
    clock.forward(60)
    made = document(
        f"{configured.title}, corrected",
        report=report,
        file_name=configured.file_name,
        entity=configured.entity,
        report_date=day,
    )
    documents.keep(opened.records, made)
    documents.keep_origin(opened.records, made.content_digest, "figures/corrected.json", number)
    lane_chain = chains.chain(opened, plan, report, RUN)
    lane_chain.append(chains.event("report.generated", made, outcome="rendered"))
    archive(opened, plan, RUN, made.content_digest)
    send(opened, plan, RUN, made.content_digest, revision=number, by_hand=True, sleep=lambda _: None)


def entry(opened: Deployment, report: str, day: str) -> Entry:
    """The entry of a report's one recipient in the outbox."""
    (found,) = [
        one for one in Outbox(opened.records).entries() if (one.slot.report, str(one.slot.report_date)) == (report, day)
    ]
    return found


def known(opened: Deployment, report: str, kind: EvidenceKind, clock: Clock, detail: str = "") -> None:
    """Something that SES said of a mail."""
    proof = Evidence(f"event-{report}-{kind}", kind, clock(), "", detail)
    Outbox(opened.records).add_evidence(entry(opened, report, DAY).delivery_id, 1, proof)
