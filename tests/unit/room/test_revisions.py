"""A report that was replaced: what each revision said is there in every format, marked, and compared with the next."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image
from starlette.testclient import TestClient

from executive_suite.archive import editions
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.mailing import message
from executive_suite.mailing.resend import Decision
from executive_suite.mailing.revise import revise
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Answer, Claim
from executive_suite.room.pages import FOREIGN
from executive_suite.run import clock as clock_module
from executive_suite.run.deployment import Deployment
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import Chain
from faults.desk import MORNING, Clock, document
from report_figures import figures
from room_door import HOME, RoomDoor, archived, browser_at, in_memory

DAY = "2026-05-01"
AT = f"{HOME}/reports/{DAY}/cfo"
DELIVERIES = {1: "a" * 52, 2: "b" * 52}
CORRECTED = datetime(2026, 5, 2, 16, tzinfo=UTC)


def on_paper(color: str) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (200, 300), color).save(body, "PDF")
    return body.getvalue()


def said(words: str) -> Document:
    files = {"txt": words.encode(), "html": f"<p>{words}</p>".encode(), "pdf": on_paper("white"), "csv": b"a,b"}
    return document(text=f"Report\n{words}\n", mail_html=f"<html><body>{words}</body></html>", files=files)


def mailed(opened: Deployment, made: Document, revision: int, at: datetime) -> None:
    """A mail of a revision that SES accepted, by the product's own functions."""
    outbox, name = Outbox(opened.records), DELIVERIES[revision]
    outbox.bind(Slot("group", "cfo", made.report_date, "primary", revision), name, "")
    editions.announce(opened.records, editions.folder_of(made.report_date, "cfo-report", revision), name)
    mime = message.freeze(
        made,
        "Reports",
        "reports@example.com",
        "founder@example.com",
        message.Labels(name, 1, at),
        leaving=message.Leaving("leave@example.com", ""),
    )
    key = f"mails/{name}/g1.eml"
    opened.records.create(StoredObject(key, mime))
    digest = message.envelope_digest(mime)
    outbox.claim(name, 1, Claim(1, "n", at, at + timedelta(seconds=60), made.content_digest, digest, key))
    outbox.answer(name, 1, Answer(1, "n", "sent", at, f"ses-{revision}"))


def changed(given: Figures) -> Figures:
    """The same figures with one cash balance that differs, as after a correction of the data."""
    facts = (replace(fact, value=3_892_300) if fact.metric_id == "cash_balance" else fact for fact in given.facts)
    return replace(given, facts=tuple(facts))


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> RoomDoor:
    opened, clock, first = in_memory(), Clock(MORNING), said("Cash lasts until August")
    monkeypatch.setattr(clock_module, "now", clock)
    archived(opened, first, figures())
    mailed(opened, first, 1, MORNING)
    clock.now = CORRECTED
    decision = Decision("founder", "the rent was wrong")
    chain = Chain(opened.records, "days/2026-05-02", clock=clock)
    revise(opened.records, "cfo", "cfo-report", date.fromisoformat(DAY), decision, clock=clock, chain=chain)
    return RoomDoor(opened)


@pytest.fixture
def browser(door: RoomDoor) -> Iterator[TestClient]:
    with browser_at(door) as made:
        yield made


def corrected(door: RoomDoor, monkeypatch: pytest.MonkeyPatch, sent: datetime = CORRECTED) -> None:
    monkeypatch.setattr(clock_module, "now", Clock(CORRECTED + timedelta(minutes=5)))
    second = replace(said("Cash lasts until July"), files={"html": b"<p>Cash lasts until July</p>", "txt": b"July"})
    archived(door.deployment, second, figures(), revision=2)
    mailed(door.deployment, second, 2, sent + timedelta(minutes=6))


def test_what_is_not_made_yet_replaces_nothing(browser: TestClient) -> None:
    page = browser.get(AT).text
    assert "Revision 1, to be replaced." in page
    assert "Readers have it until revision 2 is made." in page
    assert browser.get(f"{AT}?revision=2").status_code == 404
    assert "Cash lasts until August" in browser.get(f"{AT}?view=mail").text, "the mail of the revision that is shown"


def test_each_format_of_a_replaced_revision_opens_and_says_that_it_was_replaced(
    browser: TestClient, door: RoomDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(door, monkeypatch)
    for part in ("one", "whole", "paper", "text", "mail", "signals", "origin"):
        answer = browser.get(f"{AT}?view={part}&revision=1")
        assert answer.status_code == 200, (part, answer.text)
        assert "Revision 1, replaced." in answer.text, part
        assert "from May 1, 2026, 06:00 to May 2, 2026, 09:05" in answer.text, part
        assert "founder, May 2, 2026, 09:00: the rent was wrong" in answer.text, part
        assert "form class" not in answer.text, "what was replaced is not sent again"
        inside = re.findall(r'<(?:iframe|img)[^>]*src="([^"]*)"', answer.text)
        assert all("revision=1" in address for address in inside), (part, inside)
        for address in inside:
            found = browser.get(address.replace("&amp;", "&"))
            assert found.status_code == 200, address
            if found.headers["content-type"].startswith("text/html"):
                assert "until August" in found.text, address
                assert found.headers["content-security-policy"] == FOREIGN
    for kind in ("pdf", "html", "txt", "csv"):
        answer = browser.get(f"{AT}/files/{kind}?revision=1")
        assert answer.status_code == 200, kind
        assert f'filename="cfo-report-{DAY}-revision-1-replaced.{kind}"' in answer.headers["content-disposition"]
    assert browser.get(f"{AT}/files/pdf").status_code == 404, "the second revision has no paper"
    assert "until July" in browser.get(f"{AT}/page").text
    assert browser.get(f"{AT}?revision=3").status_code == 404


def test_one_revision_leads_to_the_other_and_to_what_changed(
    browser: TestClient, door: RoomDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(door, monkeypatch)
    now, before = browser.get(AT).text, browser.get(f"{AT}?revision=1").text
    assert f'href="{AT}?revision=1"' in now
    assert f'href="{AT}"' in before
    assert f'href="{AT}?revision=1"' in browser.get(f"{AT}?view=origin").text
    (address,) = re.findall(r'href="([^"]*)">What revision 2 changed', before)
    page = browser.get(f"{address.replace('&amp;', '&')}&view=text").text
    assert "<h1>CFO report: May 1, 2026, revision 1 and May 1, 2026, revision 2</h1>" in page
    assert re.search(r"<del>August</del>.*<ins>July</ins>", page, re.DOTALL)
    choices = re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', page)
    assert (f"{DAY}~1", "May 1, 2026, revision 1") in choices
    assert browser.get(f"{HOME}/compare?report=cfo&from={DAY}~1&to={DAY}~9").text.count("Nothing is archived") == 1
    assert browser.get(f"{HOME}/compare?report=cfo&from=yesterday").status_code == 422


def test_figures_of_two_revisions_are_compared(
    browser: TestClient, door: RoomDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "now", Clock(CORRECTED))
    archived(door.deployment, said("Cash lasts until July"), changed(figures()), revision=2)
    page = browser.get(f"{HOME}/compare?report=cfo&from={DAY}~1&to={DAY}~2").text
    assert "+$123" in page
    assert "1 figure moved" in page or "figures moved" in page


def test_the_mails_of_a_replaced_revision_are_its_own(
    browser: TestClient, door: RoomDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(door, monkeypatch)
    then, now = (browser.get(f"{AT}?view=mail&revision={number}").text for number in (1, 2))
    assert DELIVERIES[1] in then
    assert DELIVERIES[2] in now
    assert "until August" in browser.get(f"{AT}/mails/primary/1?revision=1").text
    assert "until July" in browser.get(f"{AT}/mails/primary/1").text


def test_the_bytes_of_a_mail_are_read_by_a_step_and_once(
    browser: TestClient, door: RoomDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold addresses: the role of the API server may not read them (``include/infra``)."""
    corrected(door, monkeypatch, sent=CORRECTED + timedelta(hours=1))  # bytes that no other test has
    read = type(door.deployment.records).get

    def outside(store: MemoryStore, key: str) -> StoredObject:
        assert not key.startswith("mails/")
        return read(store, key)

    monkeypatch.setattr(type(door.deployment.records), "get", outside)
    door.answers["mail_as_sent"] = {
        "headers": [["Subject", "as the step read it"]],
        "html": "<p>inside</p>",
        "text": "plain",
        "files": [["a.pdf", 2000]],
    }
    for _ in range(2):
        page = browser.get(f"{AT}?view=mail").text
        assert "<dt>Subject</dt><dd>as the step read it</dd>" in page
        assert "a.pdf (2 kB)" in page
        assert browser.get(f"{AT}/mails/primary/1").text == "<p>inside</p>"
    asked = [arguments for body, arguments in door.asked if body == "mail_as_sent"]
    assert asked == [{"mail_key": f"mails/{DELIVERIES[2]}/g1.eml", "recipient": "primary"}]
