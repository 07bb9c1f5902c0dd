"""What the room tells a person to do names a button that is there."""

from __future__ import annotations

import re

import pytest
from lxml import html

from executive_suite.mailing.causes import SENT, UNSENT
from executive_suite.room import offers
from executive_suite.room.door import Person
from executive_suite.room.lanes import WAITS, Lane
from executive_suite.run import periods
from executive_suite.run.deployment import Deployment
from executive_suite.run.periods import Cell
from executive_suite.run.standing import APPROVALS, Mail, State
from faulted import EARLIER
from faults.lanes import DAY
from room_door import HOME, visitor

IDLE = Lane("manual__1", "admin", 0, {"send": "failed"})
ASKED = Lane("manual__1", "admin", 0, {"approve": WAITS})
OF_NOTICES = {"stopped", "sent before"}
"""Causes that only a mail to the owner has."""
STATES: dict[str, State] = {
    "uncertain": "uncertain",
    "refused": "failed",
    "retryable": "failed",
    "not archived": "failed",
}
STATES |= dict.fromkeys(("none", "reopened", "claimed"), "not sent")


def mail_of(cause: str) -> Mail:
    if cause in SENT:
        return Mail(DAY, "cfo", "bank", state="sent", cause="rejected" if cause == "rejected by SES" else cause)
    state: State = STATES.get(cause) or ("not approved" if cause in APPROVALS else "held")
    return Mail(DAY, "cfo", "bank", state=state, cause=cause)


def buttons(mail: Mail) -> set[str]:
    """What is offered to who looks at the report of a mail, in a run that asks, one that is over, and none."""
    revision = 0 if mail.cause == "not archived" else 1
    cell = Cell("cfo", "CFO", periods.state_of(mail), (mail,), revision)
    every = (offer for lane in (IDLE, ASKED, None) for offer in offers.of(cell, DAY, lane, "digest"))
    return {label for offer in every for label, _ in offer.buttons}


@pytest.mark.parametrize("cause", [*UNSENT, *SENT])
def test_a_button_that_is_named_is_there(cause: str) -> None:
    mail = mail_of(cause)
    named = set(re.findall(r'"([^"]+)"', {**UNSENT, **SENT}[cause].in_room))
    assert cause in OF_NOTICES or mail.meaning is (SENT if cause in SENT else UNSENT)[cause]
    assert named <= buttons(mail) or cause in OF_NOTICES
    assert named or cause in {"claimed", "delayed", "stopped"} or not mail.next_step


def test_no_step_of_the_room_is_a_command_or_a_task() -> None:
    commands = re.compile(r"`(settle|resend|revise|release|circuit|check)|clear ")
    shown = {cause: one.in_room for cause, one in (*UNSENT.items(), *SENT.items()) if cause not in OF_NOTICES}
    assert {cause: text for cause, text in shown.items() if commands.search(text)} == {}


def test_who_only_reads_is_told_that_somebody_else_does_it(everything: Deployment) -> None:
    reader = Person("2", "anna", may_act=False, reports=frozenset({"cfo"}))
    page = html.fromstring(visitor(everything, reader).get(f"{HOME}/waiting").content)
    steps = [one.text_content() for one in page.xpath('.//p[strong="Next step:"]')]
    assert steps
    assert all(one.startswith("Next step: For whoever may act: ") for one in steps)


@pytest.mark.parametrize("cause", ["uncertain", "suppressed", "bounced", "superseded", "not archived"])
def test_what_the_next_step_names_is_not_folded_away(cause: str) -> None:
    mail = mail_of(cause)
    cell = Cell("cfo", "CFO", periods.state_of(mail), (mail,), 0 if cause == "not archived" else 1)
    named = set(re.findall(r'"([^"]+)"', mail.meaning.in_room))
    for offer in offers.of(cell, DAY, IDLE, "digest"):
        assert offer.first == bool(named & {label for label, _ in offer.buttons}), offer.title


def test_a_moment_is_written_as_people_write_it(everything: Deployment) -> None:
    page = visitor(everything).get(f"{HOME}/waiting").text
    assert "suppressed since May 1, 2026, " in page
    assert "000Z (" not in page


def test_what_was_owed_and_never_made_can_be_made_from_the_shelf(everything: Deployment) -> None:
    browser = visitor(everything)
    place = f"{HOME}/reports/{EARLIER}/cto"
    (link,) = html.fromstring(browser.get(f"{HOME}/").content).xpath(f'.//a[@href="{place}"]')
    assert "Failed" in link.text_content()
    answer = browser.get(place)
    assert answer.status_code == 200
    assert [one.text for one in html.fromstring(answer.content).xpath('.//form[@class="act first"]//button')] == [
        "Start a run"
    ]


def test_a_filter_that_finds_nothing_leads_to_what_waits(everything: Deployment) -> None:
    page = html.fromstring(visitor(everything).get(f"{HOME}/?report=ceo&state=held").content)
    (said,) = page.xpath('.//p[contains(., "is in that state")]')
    assert said.xpath("./a/@href") == [f"{HOME}/waiting"]
