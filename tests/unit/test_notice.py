"""The owner is told once a run, and nobody else is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from executive_suite.mailing import notice
from executive_suite.mailing.errors import UncertainError
from executive_suite.mailing.notice import Trouble
from faults.desk import REPORT_DATE, Desk, client
from ses_stub import Do, SesStub

TROUBLES = (
    Trouble("CFO report", "primary", "uncertain", "no answer for cfo@example.com", "a" * 52),
    Trouble("CEO report", "primary", "held", "not-approved: nobody approved these bytes"),
)


@pytest.fixture
def desk(ses: SesStub) -> Desk:
    return Desk(client(ses), address="owner@example.com")


def tell(desk: Desk, troubles: tuple[Trouble, ...] = TROUBLES, run: str = "manual__1") -> object:
    made = notice.of_run(REPORT_DATE, run, troubles)
    return notice.send(made, "owner", desk.services())


def test_one_mail_names_every_report_its_state_and_the_next_step(ses: SesStub, desk: Desk) -> None:
    tell(desk)
    (mail,) = ses.accepted
    text = mail.parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail.to == ("owner@example.com",)
    assert mail.parsed["Subject"] == "Executive Suite 2026-05-01: 2 reports not sent"
    for told in ("CFO report to primary: uncertain", "`settle`", "CEO report to primary: held", "a" * 52):
        assert told in text
    assert "cfo@example.com" not in text


def test_the_same_run_tells_once_however_often_it_is_cleared(ses: SesStub, desk: Desk) -> None:
    tell(desk)
    tell(desk)
    assert tell(desk, TROUBLES[:1]) is None
    assert len(ses.accepted) == 1
    tell(desk, run="manual__2")
    assert len(ses.accepted) == 2


def test_a_notice_whose_answer_was_lost_is_not_repeated(ses: SesStub, desk: Desk) -> None:
    ses.script("*", Do("error-after"))
    for _ in range(3):
        with pytest.raises(UncertainError):
            tell(desk)
    assert len(ses.accepted) == 1


def test_what_was_sent_before_is_not_told_as_missing(ses: SesStub, desk: Desk) -> None:
    tell(desk, (Trouble("CFO report", "primary", "sent", "archive: failed", "a" * 52),))
    (mail,) = ses.accepted
    assert str(mail.parsed["Subject"]).endswith("1 report could not be made again; readers have what was sent")
    text = mail.parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "CFO report to primary: sent before" in text
    assert "`revise`" in text


def test_nothing_of_it_stands_in_the_reports_bucket(desk: Desk) -> None:
    tell(desk)
    assert not list(desk.reports.keys(""))


def test_nothing_by_the_deadline_is_told_too() -> None:
    late = datetime(2026, 5, 1, 16, tzinfo=UTC)
    made = notice.of_deadline(REPORT_DATE, late, TROUBLES, expected=2)
    assert made.subject == "Executive Suite 2026-05-01: nothing was sent by the deadline"
    assert "2026-05-01T16:00+00:00" in made.text
    some = notice.of_deadline(REPORT_DATE, late, TROUBLES[:1], expected=2)
    assert some.subject == "Executive Suite 2026-05-01: 1 report not sent by the deadline"


def test_nobody_is_told_that_all_is_well() -> None:
    with pytest.raises(ValueError, match="at least one trouble"):
        notice.of_run(REPORT_DATE, "manual__1", ())


def test_what_stands_in_a_name_is_no_run_id() -> None:
    made = notice.of_run(REPORT_DATE, "by founder@example.com", TROUBLES)
    assert "founder" not in made.file_name + made.text + made.subject
