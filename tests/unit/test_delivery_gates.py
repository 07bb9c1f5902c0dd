"""Gates: what must hold before anything is claimed, and that nothing is claimed when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from executive_suite.document import Document
from executive_suite.mailing import approval, gates, protocol
from executive_suite.mailing.errors import HeldError, RefusedError
from executive_suite.mailing.request import Request
from executive_suite.stores.memory import MemoryStore
from executive_suite.trail.chain import Chain, day_chain
from faults.desk import MORNING, Clock, Desk, client, document
from ses_stub import SesStub

ZONE = ZoneInfo("America/Los_Angeles")


def request(**changes: object) -> Request:
    plain = Request("group", "cfo", "cfo-report", date(2026, 5, 1), 1, "d" * 64, "primary")
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("backfill", "armed", "stopped"), [(False, False, False), (True, False, True), (True, True, False)]
)
def test_a_backfill_mails_nobody_unless_it_is_armed(*, backfill: bool, armed: bool, stopped: bool) -> None:
    assert (gates.backfill_guard(request(backfill=backfill, armed=armed), "cfo@example.com") is not None) == stopped


# the limit is in days of the group's zone: at 06:30 UTC of June 16 it is still June 15 in California
@pytest.mark.parametrize(
    ("now", "changes", "stopped"),
    [
        (datetime(2026, 6, 15, 13, tzinfo=UTC), {}, False),
        (datetime(2026, 6, 16, 6, 30, tzinfo=UTC), {}, False),
        (datetime(2026, 6, 16, 7, 30, tzinfo=UTC), {}, True),
        (datetime(2029, 5, 1, tzinfo=UTC), {}, True),
        (datetime(2029, 5, 1, tzinfo=UTC), {"dated_by_hand": True}, False),
        (datetime(2029, 5, 1, tzinfo=UTC), {"backfill": True, "armed": True}, False),
        (datetime(2029, 5, 1, tzinfo=UTC), {"backfill": True}, True),
    ],
)
def test_old_reports_do_not_go_by_accident(now: datetime, changes: dict[str, bool], *, stopped: bool) -> None:
    assert (gates.age_limit(45, ZONE, lambda: now)(request(**changes), "cfo@example.com") is not None) == stopped


@pytest.mark.parametrize(
    ("now", "changes", "stopped"),
    [
        (datetime(2026, 5, 1, 6, 59, tzinfo=UTC), {}, True),
        (datetime(2026, 5, 1, 7, 0, tzinfo=UTC), {}, False),
        (datetime(2026, 4, 1, tzinfo=UTC), {"dated_by_hand": True}, False),
    ],
)
def test_a_report_of_a_day_that_has_not_begun_waits(now: datetime, changes: dict[str, bool], *, stopped: bool) -> None:
    assert (gates.not_from_the_future(ZONE, lambda: now)(request(**changes), "cfo@example.com") is not None) == stopped


@pytest.mark.parametrize(
    ("domains", "address", "stopped"),
    [
        ((), "cfo@anywhere.example", False),
        (("example.com",), "cfo@EXAMPLE.com", False),
        (("@example.com",), "cfo@example.com", False),
        (("example.com",), "cfo@mail.example.com", True),
        (("example.com",), "cfo@notexample.com", True),
        (("example.com",), "cfo@example.com.thief.example", True),
    ],
)
def test_mail_leaves_to_allowed_domains_only(domains: tuple[str, ...], address: str, *, stopped: bool) -> None:
    stop = gates.allowed_domains(domains)(request(), address)
    assert (stop is not None) == stopped
    assert stop is None or address not in stop.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"approval_required": True}, "not-approved"),
        ({"approval_required": True, "approved_digest": "d" * 64}, None),
        ({"approval_required": True, "approved_digest": "e" * 64}, "approval-mismatch"),
        ({"approved_digest": "e" * 64}, "approval-mismatch"),
    ],
)
def test_what_was_approved_is_what_goes(changes: dict[str, object], code: str | None) -> None:
    stop = gates.approval(request(**changes), "cfo@example.com")
    assert (stop.code if stop else None) == code


def test_a_gate_that_says_no_leaves_nothing_claimed_and_is_on_record(ses: SesStub) -> None:
    desk = Desk(client(ses), gates=(gates.backfill_guard,))
    desk.publish()
    with pytest.raises(HeldError, match="arm_backfill_send"):
        desk.send(backfill=True)
    assert (desk.state(), len(ses.calls)) == ("none", 0)
    last = list(desk.records.keys("audit/"))[-1]
    assert b'"outcome":"stopped"' in desk.records.get(last).body
    assert desk.send(backfill=True, armed=True).message_id == "stub-000001"


def test_bytes_that_are_not_the_archives_are_refused(ses: SesStub) -> None:
    desk = Desk(client(ses))
    desk.publish(document("what is archived"))
    other = document("what somebody would like to send")
    desk.publish(other)
    desk.publish(document("what is archived"))
    with pytest.raises(RefusedError, match="superseded"):
        desk.send(made=other)
    assert not ses.calls


def test_a_recipient_without_an_address_is_held_alone(ses: SesStub) -> None:
    desk = Desk(client(ses))
    desk.publish()

    def missing(_: str) -> str:
        msg = "BOARD_EMAIL: is missing or blank"
        raise LookupError(msg)

    with pytest.raises(HeldError, match="no-address: BOARD_EMAIL: is missing"):
        protocol.deliver(desk.request(), replace(desk.services(), address_of=missing))
    assert (desk.state(), len(ses.calls)) == ("none", 0)
    desk.send()
    assert protocol.deliver(desk.request(), replace(desk.services(), address_of=missing)).already


def test_an_approval_is_of_bytes(ses: SesStub) -> None:
    """Approved, changed, approved again: each time only the approved bytes may go."""
    desk = Desk(client(ses), gates=(gates.approval,))
    first, second = document("first"), document("second")

    def approved(made: Document) -> str:
        return approval.approved_digest(desk.records, made.content_digest, "primary")

    chain = Chain(desk.records, day_chain(MORNING.date()), clock=desk.clock)
    desk.publish(first)
    approval.record(
        desk.records, first, "approved", recipient_ids=("primary",), actor="founder", clock=desk.clock, chain=chain
    )
    desk.publish(second)
    with pytest.raises(HeldError, match="not-approved"):
        desk.send(made=second, approval_required=True, approved_digest=approved(second))
    with pytest.raises(RefusedError, match="approval-mismatch"):
        desk.send(made=second, approval_required=True, approved_digest=approved(first))
    approval.record(
        desk.records, second, "approved", recipient_ids=("primary",), actor="founder", clock=desk.clock, chain=chain
    )
    assert desk.send(made=second, approval_required=True, approved_digest=approved(second)).message_id


def test_what_a_person_held_stays_held_in_every_run_until_somebody_approves_it(ses: SesStub) -> None:
    """Also in a run that asks nobody: the word was about the bytes."""
    desk = Desk(client(ses))
    desk.gates = (approval.rejection(desk.records),)
    made, chain = document(), Chain(desk.records, day_chain(MORNING.date()), clock=desk.clock)
    desk.publish(made)
    approval.record(
        desk.records,
        made,
        "rejected",
        recipient_ids=("primary",),
        actor="founder",
        reason="wrong month",
        clock=desk.clock,
        chain=chain,
    )
    with pytest.raises(HeldError, match="held by founder on 2026-05-01 at 13:00 UTC: wrong month"):
        desk.send()
    approval.record(
        desk.records, made, "approved", recipient_ids=("primary",), actor="founder", clock=desk.clock, chain=chain
    )
    assert desk.send().message_id == "stub-000001"


def test_an_approval_holds_for_those_it_was_asked_for_and_nobody_else(ses: SesStub) -> None:
    """A recipient who was added to the report after somebody approved it waits for a word of their own."""
    desk = Desk(client(ses), gates=(gates.approval,))
    made, chain = document(), Chain(desk.records, day_chain(MORNING.date()), clock=desk.clock)
    desk.publish(made)
    approval.record(
        desk.records, made, "approved", recipient_ids=("primary",), actor="founder", clock=desk.clock, chain=chain
    )
    for recipient_id, sends in (("primary", True), ("added", False)):
        digest = approval.approved_digest(desk.records, made.content_digest, recipient_id)
        if sends:
            desk.send(recipient_id=recipient_id, approval_required=True, approved_digest=digest)
        else:
            with pytest.raises(HeldError, match="not-approved"):
                desk.send(recipient_id=recipient_id, approval_required=True, approved_digest=digest)
    assert len(ses.accepted) == 1


def test_the_latest_verdict_counts() -> None:
    store, clock, made = MemoryStore(), Clock(), document()
    chain = Chain(store, day_chain(MORNING.date()), clock=clock)
    digests = []
    for answer in ("approved", "rejected", "approved"):
        approval.record(
            store, made, answer, recipient_ids=("primary",), actor="founder", reason="because", clock=clock, chain=chain
        )  # type: ignore[arg-type]
        digests.append(approval.approved_digest(store, made.content_digest, "primary"))
    assert digests == [made.content_digest, "", made.content_digest]
    assert len(list(store.keys("audit/"))) == 3


def test_a_proposal_shows_what_changed_since_the_report_before() -> None:
    before = document(text="Cash 39,000\nRunway 4.9\n", report_date=date(2026, 4, 15))
    now = document(text="Cash 38,800\nRunway 4.9\n")
    proposal = approval.propose(now, ("primary",), before)
    assert proposal.changes == ("-Cash 39,000", "+Cash 38,800")
    assert (proposal.content_digest, proposal.recipient_ids) == (now.content_digest, ("primary",))
    assert approval.propose(now, ("primary",), None).changes == ()


def test_the_report_before_is_the_newest_earlier_one() -> None:
    desk = Desk(ses=None)
    for day in (date(2026, 3, 1), date(2026, 4, 15), date(2026, 5, 1), date(2026, 5, 15)):
        desk.publish(document(f"of {day}", report_date=day))
    found = approval.report_before(desk.records, document(report_date=date(2026, 5, 1)))
    assert found == document("of 2026-04-15", report_date=date(2026, 4, 15)).content_digest
    assert approval.report_before(desk.records, document(report_date=date(2026, 3, 1))) == ""
