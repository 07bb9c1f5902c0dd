"""The page of one report: every part of it, for who may read it, with nothing that could run or leave its frame."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.header import Header

import pypdf
import pytest
import xlsxwriter
from PIL import Image
from starlette.testclient import TestClient

from executive_suite.archive import editions
from executive_suite.document import Document, Part
from executive_suite.facts.signals import Signal, Subject
from executive_suite.mailing import message
from executive_suite.mailing.resend import Decision
from executive_suite.mailing.revise import revise
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Answer, Claim
from executive_suite.room import paper
from executive_suite.room.door import Person
from executive_suite.room.pages import FOREIGN, OWN
from executive_suite.room.paper import Paper
from executive_suite.run import frozen_mail
from executive_suite.run.deployment import Deployment
from executive_suite.stores.store import StoredObject
from executive_suite.trail.chain import Chain
from faults.desk import MORNING, Clock, document
from report_figures import figures
from room_door import RoomDoor, archived, browser_at, in_memory

DAY = "2026-05-01"
AT = f"/groups/-/reports/{DAY}/cfo"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>"
READER = Person("v", "viewer", may_act=False, reports=frozenset({"ceo"}))


def workbook() -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body) as book:
        sheet = book.add_worksheet("Cash")
        for row in range(12):
            sheet.write_row(row, 0, [f"week {row}", row * 1000.5])
        book.add_worksheet("Empty")
    return body.getvalue()


@pytest.fixture(scope="module")
def on_paper() -> bytes:
    """A white page and a gray one, made by another program."""
    body = io.BytesIO()
    white, gray = (Image.new("RGB", (200, 300), color) for color in ("white", (90, 120, 150)))
    white.save(body, "PDF", save_all=True, append_images=[gray])
    return body.getvalue()


@pytest.fixture
def made(on_paper: bytes) -> Document:
    return document(
        text=f"Cash lasts.\n{HOSTILE}\n",
        mail_html='<html><body><p>Cash.</p><img src="cid:cash@executive-suite"></body></html>',
        files={"txt": b"Cash", "html": HOSTILE.encode(), "pdf": on_paper, "xlsx": workbook(), "csv": b"a,b"},
        pictures=(Part("cash.png", "image/png", PNG, "cash@executive-suite"),),
        attachments=(Part("cfo-report-2026-05-01.pdf", "application/pdf", on_paper),),
    )


@pytest.fixture
def door(made: Document) -> RoomDoor:
    opened = in_memory()
    signal = Signal("cliff:group:cash_out", "cliff", "group", Subject(), "Cash runs out on Aug 5", readers=("cfo",))
    other = Signal("break:jada:bookings", "break", "jada", Subject(), "Bookings stopped", readers=("cmo",))
    archived(opened, made, replace(figures(), signals=(signal, other)))
    return RoomDoor(opened)


@pytest.fixture
def browser(door: RoomDoor) -> Iterator[TestClient]:
    with browser_at(door) as made:
        yield made


def mailed(opened: Deployment, made: Document, to: str = "founder@example.com") -> None:
    """A mail of the report that SES accepted, by the product's own functions."""
    outbox, name = Outbox(opened.records), "a" * 52
    outbox.bind(Slot("group", "cfo", made.report_date, "primary", 1), name, "")
    leaving = message.Leaving("leave@example.com", "https://example.com/leave")
    labels = message.Labels(name, 1, MORNING)
    mime = message.freeze(made, "Größe & Co", "reports@example.com", to, labels, leaving=leaving)
    key, digest = f"mails/{name}/g1.eml", message.envelope_digest(mime)
    opened.records.create(StoredObject(key, mime))
    until = MORNING + timedelta(seconds=60)
    outbox.claim(name, 1, Claim(1, "n", MORNING, until, made.content_digest, digest, key))
    outbox.answer(name, 1, Answer(1, "n", "sent", MORNING, "ses-1"))


def test_each_part_has_its_tab_and_only_what_is_inside_a_frame_comes_from_the_report(
    browser: TestClient, door: RoomDoor, made: Document
) -> None:
    mailed(door.deployment, made)
    for part in ("one", "whole", "paper", "text", "mail", "workbook", "signals", "origin"):
        answer = browser.get(f"{AT}?view={part}")
        assert answer.status_code == 200, (part, answer.text)
        assert answer.headers["content-security-policy"] == OWN
        assert answer.text.count('aria-current="page"') == 1, part
        assert "<script>alert" not in answer.text
        assert not re.search(r"\son[a-z]+=|\sstyle=|javascript:", answer.text.replace("onerror=alert(1)", "")), part
        for frame in re.findall(r"<iframe[^>]*>", answer.text):
            assert " sandbox " in frame, frame
            assert browser.get(re.search(r'src="([^"]*)"', frame)[1]).headers["content-security-policy"] == FOREIGN  # type: ignore[index]
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in browser.get(f"{AT}?view=text").text


def test_a_reader_sees_nothing_of_another_report(browser: TestClient, door: RoomDoor) -> None:
    own = ["", "?view=text", "/page", "/page-one", "/paper/1.png", "/files/pdf", "/mails/primary/1"]
    door.somebody = READER
    for path in own:
        assert browser.get(f"{AT}{path}").status_code == 403, path
    assert browser.get("/groups/-/compare?report=cfo").status_code == 403
    asked = {"report": "cfo", "date": DAY}
    assert browser.post("/groups/-/compare/known-now", json=asked).status_code == 403
    assert "CFO" not in browser.get("/groups/-/compare").text
    door.somebody = None
    for path in own:
        assert browser.get(f"{AT}{path}").status_code == 401, path
    assert not door.asked


def test_page_one_is_the_mail_with_its_pictures_inside(browser: TestClient) -> None:
    text = browser.get(f"{AT}/page-one").text
    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in text
    assert "cid:" not in text


def test_a_mail_is_shown_without_any_address(browser: TestClient, door: RoomDoor, made: Document) -> None:
    subject = "Größe: Cash runs out on Aug 5; it falls below its floor on June 26"
    mailed(door.deployment, replace(made, subject=subject))
    page = browser.get(f"{AT}?view=mail").text
    assert "@" not in page
    assert "example.com/leave" not in page
    shown = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert shown["Subject"] == subject
    assert shown["From"] == "Größe &amp; Co"
    assert shown["To"] == "primary"
    assert shown["Message-ID"] == f"{'a' * 52}.g1"
    assert shown["Date"] == "Fri, 01 May 2026 13:00:00 +0000"
    assert shown["Attachments"].startswith("cfo-report-2026-05-01.pdf (")
    assert "data:image/png;base64," in browser.get(f"{AT}/mails/primary/1").text
    assert browser.get(f"{AT}/mails/primary/2").status_code == 404
    assert browser.get(f"{AT}?view=mail&recipient=nobody").status_code == 404


def test_headers_that_nobody_foresaw_lose_their_addresses_too() -> None:
    mime = (
        b"From: =?utf-8?q?A?= <a@example.com>\r\nSubject: " + Header("ünï").encode().encode() + b"\r\n"
        b"X-Odd: <b@example.com>, o'brien%40example.com\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    )
    read = frozen_mail.read(mime, "primary")
    assert dict(read.headers)["Subject"] == "ünï"
    assert "example.com" not in str(read.headers)


def test_the_pages_of_the_pdf_are_pictures(browser: TestClient, on_paper: bytes, made: Document) -> None:
    pages = len(pypdf.PdfReader(io.BytesIO(on_paper)).pages)
    page = browser.get(f"{AT}?view=paper").text
    shown = re.findall(r'<img src="([^"]*)" width="(\d+)" height="(\d+)" alt="([^"]*)"', page)
    assert [alt for *_, alt in shown] == [
        f"Page {n} of {pages} of CFO report, May 1, 2026" for n in range(1, pages + 1)
    ]
    for (address, width, height, _), color in zip(shown, ((255, 255, 255), (90, 120, 150)), strict=True):
        answer = browser.get(address)
        picture = Image.open(io.BytesIO(answer.content))
        picture.load()
        assert picture.size == (int(width), int(height)) == (paper.WIDTH, round(paper.WIDTH * 1.5))
        drawn = picture.getpixel((600, 900))
        assert max(abs(is_ - meant) for is_, meant in zip(drawn, color, strict=True)) <= 8, "JPEG rounds a little"
        assert answer.headers["cache-control"] == "no-store", "a page says what the report says"
    for number in (0, -1, pages + 1):
        assert browser.get(f"{AT}/paper/{number}.png").status_code == 404
    again = paper.picture(Paper(made.content_digest, on_paper), 2)
    assert again == paper.picture(Paper("another digest", on_paper), 2), "the same page, the same bytes"


def test_the_workbook_shows_its_sheets_and_first_rows(browser: TestClient) -> None:
    page = browser.get(f"{AT}?view=workbook").text
    assert re.findall(r'<summary>(\w+) <span class="soft">\((.*?)\)', page) == [
        ("Cash", "12 rows"),
        ("Empty", "0 rows"),
    ]
    assert "<td>week 7</td><td>7,003.5</td>" in page
    assert "week 8" not in page


def test_signals_are_those_of_the_reader(browser: TestClient) -> None:
    page = browser.get(f"{AT}?view=signals").text
    assert "Cash runs out on Aug 5." in page
    assert "Bookings stopped" not in page


def test_the_origin_names_runs_and_what_a_revision_replaced(
    browser: TestClient, door: RoomDoor, made: Document
) -> None:
    records = door.deployment.records
    page = browser.get(f"{AT}?view=origin").text
    assert made.content_digest in page
    assert "ab" * 32 in page
    assert '<a href="/airflow/runs/manual__1" data-outside>manual__1</a>' in page
    assert "9.9.9" in page
    mailed(door.deployment, made)
    editions.announce(records, editions.folder_of(made.report_date, "cfo-report", 1), "a" * 52)
    later = Clock(datetime(2026, 5, 2, 16, tzinfo=UTC))
    chain = Chain(records, "days/2026-05-02", clock=later)
    decision = Decision("founder", "the rent was wrong")
    revise(records, "cfo", "cfo-report", made.report_date, decision, clock=later, chain=chain)
    page = browser.get(f"{AT}?view=origin").text
    assert "Revision 2: not made yet" in page
    assert "founder, May 2, 2026, 09:00: the rent was wrong." in page


def test_other_dates_are_one_step_away(browser: TestClient, door: RoomDoor, made: Document) -> None:
    for day in ("2026-03-01", "2026-04-01", "2026-06-01"):
        archived(door.deployment, replace(made, subject=day, report_date=date.fromisoformat(day)))
    archived(door.deployment, document(report="ceo", file_name="ceo-report", report_date=date(2026, 4, 15)))
    page = browser.get(f"{AT}?view=text").text
    assert re.findall(r'rel="(\w+)" href="/groups/-/reports/([\d-]+)/cfo\?view=text"', page) == [
        ("prev", "2026-04-01"),
        ("next", "2026-06-01"),
    ]


def test_where_nothing_is_archived_the_page_says_so(browser: TestClient) -> None:
    answer = browser.get("/groups/-/reports/2026-04-01/cfo")
    assert answer.status_code == 404
    assert "Nothing is archived of this report at this date." in answer.text
    assert 'rel="next" href="/groups/-/reports/2026-05-01/cfo"' in answer.text
    assert browser.get("/groups/-/reports/2026-04-01/cfo/page").status_code == 404
    assert browser.get("/groups/-/reports/2026-05-01/unknown").status_code == 404


def test_a_report_without_paper_has_no_such_part(browser: TestClient, door: RoomDoor) -> None:
    archived(door.deployment, document(report="ceo", file_name="ceo-report", report_type="ceo"))
    page = browser.get(f"/groups/-/reports/{DAY}/ceo").text
    assert "?view=paper" not in page
    assert browser.get(f"/groups/-/reports/{DAY}/ceo?view=paper").status_code == 404
    assert browser.get(f"/groups/-/reports/{DAY}/ceo/paper/1.png").status_code == 404
    assert "is not on record" in browser.get(f"/groups/-/reports/{DAY}/ceo?view=signals").text
