"""Eight reports on their way through their lanes, while the account, the addresses and the configuration change."""

from __future__ import annotations

import json
import logging
from datetime import date, timedelta
from typing import Any

import pytest

from executive_suite.archive import documents
from executive_suite.archive.documents import ArchiveError
from executive_suite.identity import HashKey
from executive_suite.mailing import revise
from executive_suite.mailing.resend import Decision
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.run import preflight
from executive_suite.run.approve import answer, question
from executive_suite.run.archive import archive
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from executive_suite.run.send import send
from executive_suite.trail.chain import Chain, day_chain
from faults.desk import MORNING, Clock, document
from faults.lanes import DAY, RUN, archived, in_memory, lane, like, plan_of, with_recipients
from ses_stub import Do, SesStub

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return in_memory(moto_server, bucket, ses, monkeypatch)


def test_a_quota_that_ends_at_the_fifth_of_eight_ends_in_one_mail_each(opened: Deployment, ses: SesStub) -> None:
    ses.script("*", *(Do() for _ in range(4)), *(Do("quota") for _ in range(4)))
    reports = [report.report for report in opened.config.reports]
    ends = [lane(opened, report) for report in reports]
    assert ends == ["sent"] * 4 + ["retryable: TooManyRequestsException"] * 4
    assert [lane(opened, report, by_hand=False) for report in reports] == ["sent"] * 8
    assert len(ses.accepted) == 8
    assert len({mail.parsed["Subject"] for mail in ses.accepted}) == 8


def test_an_account_that_is_paused_mid_batch_stops_the_rest_and_goes_on_when_it_may(
    opened: Deployment, ses: SesStub
) -> None:
    ses.script("*", Do(), Do("pause"))
    ses.account["SendingEnabled"] = False
    ends = [lane(opened, report.report) for report in opened.config.reports]
    assert ends == ["sent", "refused: SendingPausedException"] + ["held: circuit-open"] * 6
    assert len(ses.calls) == 2
    assert [event["type"] for event in trail(opened)].count("executive_suite.circuit.opened") == 1
    ses.account["SendingEnabled"] = True
    assert [lane(opened, report.report) for report in opened.config.reports] == ["sent"] * 8
    assert len(ses.accepted) == 8


def test_credentials_that_expire_mid_run_lose_nothing(opened: Deployment, ses: SesStub) -> None:
    ses.script("*", Do(), *(Do("refuse", "ExpiredTokenException", "The security token expired", 403) for _ in range(7)))
    ends = [lane(opened, report.report) for report in opened.config.reports]
    assert ends == ["sent"] + ["refused: ExpiredTokenException"] * 7
    assert [lane(opened, report.report) for report in opened.config.reports] == ["sent"] * 8
    assert len(ses.accepted) == 8


# What a person may put into the variable of an address; the message says which recipient, and never what it holds.
ODD = {
    "two at once": "a@example.com, b@example.com",
    "a display name": "Ann <a@example.com>",
    "a line break": "a@example.com\nBcc: b@example.com",
    "a carriage return": "a@example.com\r\nX-Header: 1",
    "another alphabet": "ann@bücher.example",
    "no domain": "ann@",
    "a domain without a dot": "ann@localhost",
    "a blank inside": "an n@example.com",
    "an encoded word": "=?utf-8?q?a?=@example.com",
    "a quoted name": '"ann b"@example.com',
    "an address in brackets": "<a@example.com>",
    "two dots": "ann..b@example.com",
    "a dot at the end": "ann.@example.com",
    "a hyphen before the dot": "ann@example-.com",
    "a number for a domain": "ann@10.0.0.1",
    "an address longer than any": f"{'a' * 250}@example.com",
    "a control that turns the reading direction": "ann\u202e@example.com",
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD.keys())
def test_an_odd_address_holds_one_delivery_and_is_named_before_anything_runs(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    monkeypatch.setenv("ODD_EMAIL", value)
    odd = with_recipients(opened, "cfo", "odd")
    (said,) = (one.text for one in preflight.check(odd) if "ODD_EMAIL" in one.text)
    assert "ODD_EMAIL: is not one plain mail address" in said
    assert lane(odd, "cfo") == "held: no-address"
    assert not ses.calls
    assert lane(odd, "ceo") == "sent"
    for text in (said, caplog.text):
        assert value not in text
        assert "example.com" not in text.replace("name@example.com", "")


@pytest.mark.parametrize(
    ("value", "to"), [(" Ann@EXAMPLE.com ", "Ann@EXAMPLE.com"), ("o'b=x@example.com", "o'b=x@example.com")]
)
def test_an_address_in_an_unusual_spelling_is_one(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch, value: str, to: str
) -> None:
    monkeypatch.setenv("ODD_EMAIL", value)
    odd = with_recipients(opened, "cfo", "odd")
    preflight.check(odd)
    assert lane(odd, "cfo") == "sent"
    assert ses.accepted[0].to == (to,)


def test_two_recipients_with_one_address_get_one_mail_and_preflight_says_so(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_EMAIL", "Founder@Example.com")
    twins = with_recipients(opened, "cfo", "primary", "twin")
    said = [one.text for one in preflight.check(twins)]
    assert any("cfo: recipients primary and twin have the same address" in text for text in said)
    for _ in range(2):
        assert lane(twins, "cfo") == "held: same-address"
    assert len(ses.accepted) == 1
    monkeypatch.setenv("TWIN_EMAIL", "twin@example.com")
    assert lane(twins, "cfo") == "sent"
    assert [mail.to for mail in ses.accepted] == [("founder@example.com",), ("twin@example.com",)]


def test_one_recipient_without_an_address_holds_nobody_else(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLANK_EMAIL", "  ")
    blank = with_recipients(opened, "cfo", "blank", "primary")
    assert any("BLANK_EMAIL: is missing or blank" in one.text for one in preflight.check(blank))
    assert lane(blank, "cfo") == "held: no-address"
    assert [mail.to for mail in ses.accepted] == [("founder@example.com",)]


@pytest.mark.parametrize(
    ("address", "gate"),
    [("  ", "no-address"), ("board@example", "no-address"), ("board@elsewhere.example", "domain-not-allowed")],
)
def test_of_eight_reports_one_partner_who_cannot_be_mailed_holds_one_and_the_owner_hears_of_it(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch, address: str, gate: str
) -> None:
    monkeypatch.setenv("BOARD_EMAIL", address)
    one = with_recipients(opened, "cfo", "board")
    limits = one.config.limits.model_copy(update={"allowed_domains": ("example.com",)})
    one = like(one, config=one.config.model_copy(update={"limits": limits}))
    plan = plan_of(one)
    assert any("BOARD_EMAIL" in remark.text for remark in preflight.check(one, plan))
    ends = {report: lane(one, report, plan) for report in plan.reports}
    assert ends == {report: f"held: {gate}" if report == "cfo" else "sent" for report in plan.reports}
    assert len(ses.accepted) == 7
    found = sum_up(one, plan, RUN, {"cfo": ("send: failed",)})
    (held,) = (mail for lane_ in found.lanes for mail in lane_.deliveries if mail.state != "sent")
    assert (held.recipient_id, held.state) == ("board", "held")
    assert "BOARD_EMAIL" in held.why or "allowed_domains" in held.why
    (notice,) = ses.accepted[7:]
    assert notice.to == ("audit@example.com",)  # the owner of delivery.yaml
    assert "board" in str(notice.parsed.get_body(("plain",)))
    assert "board@" not in notice.mime


def test_one_recipient_who_is_uncertain_does_not_keep_the_retry_from_another(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_EMAIL", "board@example.com")
    both = with_recipients(opened, "cfo", "primary", "board")
    ses.script("founder@example.com", Do("error-after"))
    ses.script("board@example.com", Do("throttle"))
    assert lane(both, "cfo") == "retryable: TooManyRequestsException"
    assert lane(both, "cfo", by_hand=False) == "uncertain: no-outcome"
    assert sorted(mail.to[0] for mail in ses.accepted) == ["board@example.com", "founder@example.com"]


def test_recipients_that_change_between_archive_and_send_are_those_of_now(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_EMAIL", "board@example.com")
    plan = plan_of(opened)
    result = archived(opened, "cfo", plan)
    moved = with_recipients(opened, "cfo", "board")
    send(moved, plan, RUN, result.content_digest, revision=1, by_hand=True)
    both = with_recipients(opened, "cfo", "board", "primary")
    for _ in range(2):
        send(both, plan, RUN, result.content_digest, revision=1, by_hand=True)
    assert [mail.to for mail in ses.accepted] == [("board@example.com",), ("founder@example.com",)]


def test_a_report_that_is_dropped_is_refused_by_name(opened: Deployment, ses: SesStub) -> None:
    plan = plan_of(opened)
    result = archived(opened, "cfo", plan)
    fewer = tuple(report for report in opened.config.reports if report.report != "cfo")
    without = like(opened, config=opened.config.model_copy(update={"reports": fewer}))
    with pytest.raises(ValueError, match="report 'cfo' is not configured"):
        send(without, plan, RUN, result.content_digest, revision=1, by_hand=True)
    assert not ses.calls


def test_three_years_of_backfill_mail_nobody_and_an_armed_one_meets_the_ledger(
    opened: Deployment, ses: SesStub, clock: Clock
) -> None:
    clock.now = MORNING + timedelta(days=40)
    days = [(date(2023, 6, 1) + timedelta(days=30 * month)).isoformat() for month in range(36)]
    ends = {
        lane(opened, "cfo", plan_of(opened, report_date=day, backfill=True, send=False, dated=False)) for day in days
    }
    assert ends == {"held: backfill-not-armed"}
    assert not ses.calls
    armed = plan_of(opened, report_date=days[-1], backfill=True, dated=False)
    assert [lane(opened, "cfo", armed) for _ in range(3)] == ["sent"] * 3
    assert len(ses.accepted) == 1


@pytest.mark.parametrize(("day", "ends"), [("2026-05-02", "held: in-the-future"), ("2026-03-01", "held: too-old")])
def test_a_scheduled_run_of_another_time_holds(opened: Deployment, ses: SesStub, day: str, ends: str) -> None:
    assert lane(opened, "cfo", plan_of(opened, report_date=day, dated=False)) == ends
    assert not ses.calls


@pytest.mark.parametrize("ahead", [-1, 1])
def test_workers_whose_clocks_are_a_day_apart_send_once(
    opened: Deployment, ses: SesStub, clock: Clock, ahead: int
) -> None:
    ses.script("*", Do("hang-after", seconds=2))
    assert lane(opened, "cfo").startswith("uncertain")
    clock.now += timedelta(days=ahead)
    for _ in range(3):
        assert lane(opened, "cfo", by_hand=False).split(":")[0] in {"uncertain", "claimed"}
    assert len(ses.accepted) == 1


def test_an_approval_is_not_stretched_to_a_recipient_who_came_later(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_EMAIL", "board@example.com")
    plan = plan_of(opened, approve=True)
    result = archived(opened, "cfo", plan)
    asked = question(opened, plan, "cfo", result.content_digest)
    assert asked is not None
    assert "primary" in asked.subject
    both = with_recipients(opened, "cfo", "primary", "board")
    answer(both, plan, RUN, result.content_digest, "approved", actor="founder")
    assert lane(both, "cfo", plan) == "held: not-approved"
    assert [mail.to for mail in ses.accepted] == [("founder@example.com",)]
    again = question(both, plan, "cfo", result.content_digest)
    assert again is not None
    answer(both, plan, RUN, result.content_digest, "approved", actor="founder")
    assert lane(both, "cfo", plan) == "sent"
    assert question(both, plan, "cfo", result.content_digest) is None


def test_of_two_people_who_disagree_the_later_one_counts(opened: Deployment, ses: SesStub) -> None:
    plan = plan_of(opened, approve=True)
    result = archived(opened, "cfo", plan)
    question(opened, plan, "cfo", result.content_digest)
    for said in ("approved", "rejected"):
        answer(opened, plan, RUN, result.content_digest, said, actor=f"who {said}")  # type: ignore[arg-type]
    assert lane(opened, "cfo", plan) == "held: rejected"
    assert lane(opened, "cfo", plan_of(opened, run_id="another")) == "held: rejected"
    answer(opened, plan, RUN, result.content_digest, "approved", actor="founder")
    assert lane(opened, "cfo", plan) == "sent"
    assert len(ses.accepted) == 1


def test_bytes_that_were_rendered_before_a_person_revised_are_not_archived_as_the_correction(
    opened: Deployment, ses: SesStub, clock: Clock
) -> None:
    """They lack its first lines, which say what they replace."""
    assert lane(opened, "cfo") == "sent"
    plan, configured = plan_of(opened), opened.config.report("cfo")
    late = document("late", report="cfo", file_name=configured.file_name)
    documents.keep(opened.records, late)
    documents.keep_origin(opened.records, late.content_digest, "figures/none", 1)
    trail = Chain(opened.records, day_chain(date.fromisoformat(DAY)), clock=clock)
    decision = Decision("founder", "late invoice")
    revise.revise(
        opened.records, "cfo", configured.file_name, date.fromisoformat(DAY), decision, clock=clock, chain=trail
    )
    with pytest.raises(ArchiveError, match="revision 1 given, but 2 is open"):
        archive(opened, plan, RUN, late.content_digest)
    assert len(ses.accepted) == 1


def test_an_audit_copy_that_bounced_gets_no_more_mail_and_everybody_is_told(
    opened: Deployment, ses: SesStub, caplog: pytest.LogCaptureFixture
) -> None:
    SuppressionList(opened.records, HashKey("k" * 32)).add("audit@example.com", "hard bounce", MORNING)
    assert lane(opened, "cfo") == "sent"
    assert ses.accepted[0].bcc == ()
    assert "AWS_BCC_EMAIL" in caplog.text
    assert any("mails lack it" in remark.text for remark in preflight.check(opened))
    outcomes = [event["data"]["details"] for event in trail(opened) if event["type"].endswith("delivery.outcome")]
    assert [one["audit_copies"] for one in outcomes] == ["0"]


def test_a_notice_goes_to_no_owner_whose_address_bounced_nor_past_an_open_circuit(
    opened: Deployment, ses: SesStub
) -> None:
    plan = plan_of(opened, reports=("cfo",))
    ses.script("*", Do("pause"))
    ses.account["SendingEnabled"] = False
    assert lane(opened, "cfo", plan).startswith("refused")
    sum_up(opened, plan, RUN, {"cfo": ("send: failed",)})
    assert len(ses.calls) == 1
    ses.account["SendingEnabled"] = True
    SuppressionList(opened.records, HashKey("k" * 32)).add("audit@example.com", "hard bounce", MORNING)
    sum_up(opened, plan, RUN, {"cfo": ("send: failed",)})
    assert len(ses.calls) == 1


def test_a_held_report_is_told_with_the_gate_that_holds_it(opened: Deployment, ses: SesStub) -> None:
    SuppressionList(opened.records, HashKey("k" * 32)).add("founder@example.com", "complaint", MORNING)
    plan = plan_of(opened, reports=("cfo",))
    assert lane(opened, "cfo", plan) == "refused: suppressed"
    found = sum_up(opened, plan, RUN, {"cfo": ("send: failed",)})
    assert "primary: held (suppressed: recipient primary is suppressed since" in found.shortfalls()[0]
    text = ses.accepted[0].parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "CFO report to primary: held" in text
    assert "suppressed: recipient primary" in text


def trail(opened: Deployment) -> list[dict[str, Any]]:
    return [json.loads(opened.records.get(key).body) for key in opened.records.keys("audit/")]


def test_nothing_that_is_kept_or_logged_holds_an_address_or_a_key(
    opened: Deployment, ses: SesStub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told = "Address founder@example.com blacklisted; see https://email/suppression/founder%40example.com"
    ses.script("*", Do("refuse", text=told), Do("error-after"), Do("throttle"), Do("close-after"))
    for report in opened.config.reports:
        lane(opened, report.report)
    sum_up(opened, plan_of(opened), RUN, {})
    texts = [caplog.text.encode(), *(key.encode() for key in opened.records.keys(""))]
    texts += [opened.records.get(key).body for key in opened.records.keys("") if not key.startswith("mails/")]
    texts += [opened.reports.get(key).body for key in opened.reports.keys("")]
    for text in texts:
        for secret in (b"founder", b"audit@", b"reports@", b"k" * 32):
            assert secret not in text, text[:400]
