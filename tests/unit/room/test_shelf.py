"""The shelf: what our own record of deliveries says of each report, whatever became of the runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from executive_suite.mailing.account import Circuit
from executive_suite.outbox.outbox import Outbox
from executive_suite.outbox.state import Evidence
from executive_suite.room import shelf
from executive_suite.room.door import Person
from executive_suite.run import periods
from executive_suite.run.approve import answer, question
from executive_suite.run.close import sum_up
from executive_suite.run.deployment import Deployment
from executive_suite.stores.passed_on import PassedOn
from executive_suite.stores.store import StoredObject
from faults.desk import Clock
from faults.lanes import DAY, RUN, archived, in_memory, lane, like, plan_of, with_recipients
from room_door import RoomDoor, browser_at
from ses_stub import Do, SesStub

ON = date.fromisoformat(DAY)


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    return in_memory(moto_server, bucket, ses, monkeypatch)


def states(opened: Deployment, clock: Clock, day: date = ON) -> dict[str, str]:
    (period,) = shelf.periods(opened, [day], clock())
    return {cell.report: cell.state for cell in period.cells}


def sentence(opened: Deployment, clock: Clock) -> str:
    (period,) = shelf.periods(opened, [ON], clock())
    return periods.sentence(period)


@pytest.mark.parametrize(
    ("ending", "state"),
    [(Do("accept"), "sent"), (Do("refuse"), "failed"), (Do("throttle"), "failed"), (Do("error-after"), "uncertain")],
)
def test_a_cell_says_how_the_send_ended(opened: Deployment, ses: SesStub, clock: Clock, ending: Do, state: str) -> None:
    ses.script("*", ending)
    lane(opened, "cfo")
    assert states(opened, clock)["cfo"] == state


def test_the_sentence_names_what_is_not_sent_and_for_whom(opened: Deployment, ses: SesStub, clock: Clock) -> None:
    plan = plan_of(opened, reports=("ceo", "cto"))
    assert lane(opened, "ceo", plan) == "sent"
    ses.script("*", Do("refuse"))
    lane(opened, "cto", plan)
    sum_up(opened, plan, RUN, {})
    assert sentence(opened, clock) == "May 1, 2026: 1 of 2 sent; CTO failed for primary."


def test_what_was_made_without_mail_says_why(opened: Deployment, clock: Clock) -> None:
    plan = plan_of(opened, reports=("cfo",), send=False, why_not="sending is off for this run")
    archived(opened, "cfo", plan)
    sum_up(opened, plan, RUN, {})
    assert states(opened, clock)["cfo"] == "archived"
    assert "1 archived, not mailed (sending is off for this run)" in sentence(opened, clock)


def test_a_question_waits_and_a_hold_holds(opened: Deployment, clock: Clock) -> None:
    plan = plan_of(opened, reports=("cfo",), approve=True)
    made = archived(opened, "cfo", plan)
    assert question(opened, plan, "cfo", made.content_digest) is not None
    assert states(opened, clock)["cfo"] == "not approved"
    answer(opened, plan, RUN, made.content_digest, "rejected", actor="olga", reason="wrong month")
    sum_up(opened, plan, RUN, {})
    assert states(opened, clock)["cfo"] == "held"
    (period,) = shelf.periods(opened, [ON], clock())
    (mail,) = next(cell.mails for cell in period.cells if cell.report == "cfo")
    assert (mail.cause, mail.text) == ("rejected", "held by olga: wrong month")
    assert states(opened, clock)["ceo"] == "not made"


def test_a_bounce_is_not_a_success(opened: Deployment, clock: Clock) -> None:
    assert lane(opened, "cfo") == "sent"
    (entry,) = Outbox(opened.records).newest(ON, "cfo")
    Outbox(opened.records).add_evidence(entry.delivery_id, 1, Evidence("e1", "bounced", clock(), "m", "permanent"))
    assert states(opened, clock)["cfo"] == "bounced"


def test_the_worst_of_several_mails_is_the_reports_state(
    opened: Deployment, ses: SesStub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANK_EMAIL", "bank@example.com")
    opened = with_recipients(opened, "cfo", "primary", "bank")
    ses.script("bank@example.com", Do("error-after"))
    lane(opened, "cfo")
    (period,) = shelf.periods(opened, [ON], clock())
    cell = next(one for one in period.cells if one.report == "cfo")
    assert cell.state == "uncertain"
    assert {mail.recipient_id: mail.state for mail in cell.mails} == {"bank": "uncertain", "primary": "sent"}


def test_a_green_run_that_sent_nothing_is_not_shown_as_sent(opened: Deployment, clock: Clock) -> None:
    # The second run of a date sends nothing, because the first did: the cell is about the mail, not the task.
    assert lane(opened, "cfo") == "sent"
    plan = plan_of(opened, reports=("cfo",), run_id="manual__2")
    sum_up(opened, plan, RUN, {})
    assert states(opened, clock)["cfo"] == "sent"


def test_a_run_at_work_is_said_to_be(opened: Deployment, clock: Clock) -> None:
    archived(opened, "cfo", plan_of(opened))
    (period,) = shelf.periods(opened, [ON], clock(), {(ON, "cfo"), (ON, "cto")})
    assert {cell.report for cell in period.cells if cell.state == "making"} == {"cfo", "cto"}
    assert periods.sentence(period) == "May 1, 2026: 2 being made."


def seen(browser: TestClient, path: str = "/") -> str:
    answer = browser.get(f"/groups/-{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_reader_sees_their_reports_and_nothing_of_others(opened: Deployment, clock: Clock) -> None:
    assert lane(opened, "cfo") == "sent"
    assert lane(opened, "ceo") == "sent"
    reader = Person("v", "vera", may_act=False, reports=frozenset({"ceo"}))
    for path in ("/", f"/dates/{DAY}"):
        page = seen(browser_at(RoomDoor(opened, reader)), path)
        assert "CEO" in page
        assert "CFO" not in page
    nobody = Person("w", "will", may_act=False)
    assert "You are on no report" in seen(browser_at(RoomDoor(opened, nobody)))


def test_dates_come_newest_first_and_by_pages(opened: Deployment, clock: Clock) -> None:
    days = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(30)]
    for day in days:
        archived(opened, "cfo", plan_of(opened, report_date=day.isoformat(), send=False), text=f"{day}\n")
    browser = browser_at(RoomDoor(opened))
    shown = [re.findall(r'/dates/(\d{4}-\d\d-\d\d)"', seen(browser, f"/?before={at}")) for at in (0, 12, 24)]
    assert [day for page in shown for day in page] == [day.isoformat() for day in reversed(days)]
    assert "Earlier dates" not in seen(browser, "/?before=24")


def test_a_page_asks_as_much_of_a_long_history_as_of_a_short_one(opened: Deployment, clock: Clock) -> None:
    class Counted(PassedOn):
        asked = 0

        def get(self, key: str) -> StoredObject:
            self.asked += 1
            return super().get(key)

        def keys(self, prefix: str) -> Iterator[str]:
            self.asked += 1
            found = list(super().keys(prefix))
            assert len(found) < 100, prefix  # never a whole bucket
            return iter(found)

    counts = []
    for months in range(14), range(14, 200):
        for month in months:
            day = date(2008 + month // 12, month % 12 + 1, 1).isoformat()
            archived(opened, "cfo", plan_of(opened, report_date=day, send=False), text=f"{day}\n")
        counted = Counted(opened.records)
        looked_at = like(opened)
        looked_at.__dict__["records"] = counted
        seen(browser_at(RoomDoor(looked_at)))
        counts.append(counted.asked)
    assert counts[0] == counts[1]


def test_a_stopped_account_is_said_first(opened: Deployment, clock: Clock) -> None:
    assert lane(opened, "cfo") == "sent"
    Circuit(opened.records, clock).open("SES paused the account")
    page = seen(browser_at(RoomDoor(opened)))
    assert "All sends are stopped" in page
    assert 'data-act="/groups/-/acts/circuit/close"' in page, "the mail that SES refused first is not a held one"
    viewer = Person("v", "vera", may_act=False, reports=frozenset({"cfo"}))
    assert "circuit/close" not in seen(browser_at(RoomDoor(opened, viewer)))
    Circuit(opened.records, clock).close("admin", "SES allows it again")
    assert "circuit/close" not in seen(browser_at(RoomDoor(opened)))


@pytest.mark.parametrize(
    "path", ["/dates/yesterday", "/?before=-1", "/?before=x", "/nowhere", "/reports/2026-05-01/nope"]
)
def test_what_is_not_there_is_refused_in_words(opened: Deployment, path: str) -> None:
    answer = browser_at(RoomDoor(opened)).get(f"/groups/-{path}", headers={"accept": "text/html"})
    assert answer.status_code in {404, 422}
    assert "Traceback" not in answer.text


def test_every_answer_has_the_headers_that_let_nothing_else_run(opened: Deployment) -> None:
    for path in ("/groups/-/", "/groups/-/static/room.js", "/groups/-/nowhere"):
        answer = browser_at(RoomDoor(opened)).get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_one_report_is_looked_up_alone_and_the_others_can_be_chosen(opened: Deployment, clock: Clock) -> None:
    for report in ("cfo", "ceo"):
        assert lane(opened, report) == "sent"

    class Counted(PassedOn):
        def keys(self, prefix: str) -> Iterator[str]:
            assert "/ceo/" not in prefix
            return super().keys(prefix)

    looked_at = like(opened)
    looked_at.__dict__["records"] = Counted(opened.records)
    page = seen(browser_at(RoomDoor(looked_at)), "/?report=cfo")
    assert "May 1, 2026: 1 of 1 sent." in page
    assert '<option value="ceo">CEO</option>' in page
    assert page.count("/reports/2026-05-01/cfo") == 1
    assert "/reports/2026-05-01/ceo" not in page


def test_the_editions_of_a_date_are_listed_once_for_all_its_reports(opened: Deployment, clock: Clock) -> None:
    for report in ("cfo", "ceo", "cto"):
        assert lane(opened, report) == "sent"
    listed: list[str] = []

    class Counted(PassedOn):
        def keys(self, prefix: str) -> Iterator[str]:
            listed.append(prefix)
            return super().keys(prefix)

    looked_at = like(opened)
    looked_at.__dict__["records"] = Counted(opened.records)
    seen(browser_at(RoomDoor(looked_at)))
    assert [prefix for prefix in listed if prefix.startswith("editions/")] == [f"editions/{DAY}/"]
