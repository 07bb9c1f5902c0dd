"""The room says of every mail what the command line says, after each way in which a send can end."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from lxml import html

from agreement import NAMES
from executive_suite import __main__ as command_line
from executive_suite.mailing.causes import UNSENT
from executive_suite.reports.phrases import capital
from executive_suite.room import shelf
from executive_suite.run import deployment, periods
from executive_suite.run.deployment import Deployment
from faulted import EARLIER
from faults.lanes import DAY
from room_door import HOME, visitor

REVISED = (EARLIER, "ceo", "primary")
"""`status` shows the mail that was sent; the room, and `outstanding`, that its revision waits."""
# `outstanding` has no word for a mail that a worker is sending.
SENDING = {"not sent": "sending"}


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    command_line.main([*arguments, "--format", "json"])
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def told(
    everything: Deployment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, str]]:
    """What the command ``outstanding`` says."""
    monkeypatch.setattr(deployment, "from_environment", lambda: everything)
    return said(capsys, "outstanding")


def states(everything: Deployment, now: datetime) -> dict[tuple[str, str, str], str]:
    """Date, report and recipient to the state on the shelf."""
    days = [date.fromisoformat(day) for day in (DAY, EARLIER)]
    return {
        (mail.report_date, mail.report, mail.recipient_id): periods.state_of(mail)
        for period in shelf.periods(everything, days, now)
        for cell in period.cells
        for mail in cell.mails
    }


def test_every_state_is_there(told: list[dict[str, str]]) -> None:
    assert {one["state"] for one in told} == {"held", "failed", "uncertain", "not sent", "not approved"}
    assert {"claimed", "reopened", "rejected", "not-approved", "suppressed", "refused", "retryable"} <= {
        one["cause"] for one in told
    }


def test_the_shelf_says_what_outstanding_says(
    everything: Deployment, now: datetime, told: list[dict[str, str]]
) -> None:
    unsent = {place: state for place, state in states(everything, now).items() if state not in {"sent", "bounced"}}
    assert unsent == {
        (one["report_date"], one["report"], one["recipient_id"]): (
            SENDING[one["state"]] if one["cause"] == "claimed" else one["state"]
        )
        for one in told
    }


def test_the_shelf_says_what_status_says(
    everything: Deployment, now: datetime, told: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert told
    shown = states(everything, now)
    for day in (DAY, EARLIER):
        for one in said(capsys, "status", "--date", day):
            place = (one["report_date"], one["report"], one["recipient_id"])
            if place in shown and place != REVISED:  # a mail to the owner is on no shelf
                assert shown[place] in NAMES[one["state"]], place  # type: ignore[index]  # one of them


def test_each_delivery_page_says_it_too(everything: Deployment, now: datetime) -> None:
    browser = visitor(everything)
    for (day, report, recipient), state in states(everything, now).items():
        answer = browser.get(f"{HOME}/reports/{day}/{report}/deliveries/{recipient}")
        assert answer.status_code == 200
        (verdict,) = html.fromstring(answer.content).xpath('.//*[@class="verdict"]')
        assert verdict.get("data-state") == state
        rows = html.fromstring(browser.get(f"{HOME}/reports/{day}/{report}/deliveries").content).xpath(".//tbody/tr")
        assert {row.xpath(".//a")[0].text: row.xpath('.//*[@class="state"]')[0].get("data-state") for row in rows}[
            recipient
        ] == state


def test_waiting_shows_what_outstanding_shows_with_its_next_step(
    everything: Deployment, told: list[dict[str, str]]
) -> None:
    page = html.fromstring(visitor(everything).get(f"{HOME}/waiting").content)
    shown = {}
    for section in page.xpath(".//section"):
        step = section.xpath(".//p")[0].text_content().removeprefix("Next step: ").removesuffix(".")
        for row in section.xpath(".//tbody/tr"):
            *_, day, report, _, recipient = row.xpath(".//a")[0].get("href").split("/")
            shown[day, report, recipient] = step
    assert shown == {
        (one["report_date"], one["report"], one["recipient_id"]): capital(UNSENT[one["cause"]].in_room).replace("`", "")
        for one in told
    }
    assert page.xpath(".//h1")[0].text == f"{len(told)} mails wait"


def test_what_is_most_urgent_comes_first(everything: Deployment) -> None:
    page = html.fromstring(visitor(everything).get(f"{HOME}/waiting").content)
    shown = [heading.text_content() for heading in page.xpath(".//h2")]
    order = [
        next(n for n, cause in enumerate(UNSENT.values()) if cause.means.replace("`", "") in text) for text in shown
    ]
    assert order == sorted(order)
    assert "Uncertain" in shown[0]
