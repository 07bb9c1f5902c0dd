"""Alerts: a signal that comes up between two reports reaches each of its readers once, whatever happens meanwhile."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import Signal, Subject
from executive_suite.run import alerts, pipeline, telling
from executive_suite.run import clock as clock_module
from executive_suite.run.deployment import Deployment
from executive_suite.trail.chain import Run
from faults.desk import MORNING, Clock, document
from faults.lanes import in_memory, like, with_recipients
from report_figures import figures
from room_door import archived
from ses_stub import Do, SesStub

DAY = date(2026, 5, 1)
RUN = Run(dag="delivery_alerts")
ROOM = "https://airflow.example.com/plugin/report-room"
OLD = Signal("cliff:jada:document:USCG-1", "cliff", "jada", Subject(), "Old", severity="act", readers=("ceo", "cfo"))
NEW = replace(OLD, signal_id="cliff:jada:document:COI-25", headline="JADA: insurance certificate expires May 20")


@pytest.fixture
def opened(moto_server: str, bucket: str, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """A deployment with alerts, whose last report of May 1 knew the old signal; ``primary`` reads both reports."""
    monkeypatch.setattr(clock_module, "now", Clock(MORNING))
    made = in_memory(moto_server, bucket, ses, monkeypatch, EXECUTIVE_SUITE_ROOM_URL=ROOM)
    made = like(
        made, config=made.config.model_copy(update={"limits": made.config.limits.model_copy(update={"alerts": True})})
    )
    report = made.config.report("cfo")
    archived(made, document("CFO", report="cfo", file_name=report.file_name, report_date=DAY), known(OLD))
    return made


def known(*signals: Signal) -> Figures:
    return replace(figures(), signals=signals)


def today(monkeypatch: pytest.MonkeyPatch, *signals: Signal) -> None:
    monkeypatch.setattr(pipeline, "figures_of", lambda *_, **__: known(*signals))


def text_of(mail: Any) -> str:
    return str(mail.parsed.get_body(("plain",)).get_content())


def day(opened: Deployment) -> int:
    return alerts.send(opened, RUN, alerts.appeared(opened))


def test_what_is_new_reaches_its_reader_in_one_line_with_a_link(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    today(monkeypatch, NEW, OLD, replace(NEW, signal_id="watched", severity="watch"))
    assert day(opened) == 1
    (mail,) = ses.accepted
    assert mail.to == ("founder@example.com",)
    assert mail.parsed["Subject"] == "JADA: insurance certificate expires May 20"
    first, *others = [line for line in text_of(mail).splitlines() if line]
    assert first == "JADA: insurance certificate expires May 20."
    assert others == ["New since the report of May 1, 2026; the next one will say more.", ROOM]


def test_nobody_hears_it_twice_even_if_it_ends_comes_back_or_is_reworded(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for signals in ((NEW,), (NEW,), (), (NEW,), (replace(NEW, headline="Only two days left"),)):
        today(monkeypatch, *signals)
        day(opened)
    assert len(ses.accepted) == 1


def test_every_recipient_of_a_report_it_concerns_hears_it(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_EMAIL", "board@example.com")
    today(monkeypatch, NEW)
    assert day(opened) == 1
    more = with_recipients(opened, "cfo", "primary", "board")
    assert day(more) == 1  # who came later, and nobody again
    assert [mail.to for mail in ses.accepted] == [("founder@example.com",), ("board@example.com",)]


def test_a_lost_answer_is_not_tried_again_and_a_refusal_is_on_record(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    today(monkeypatch, NEW)
    ses.script("*", Do("error-after"))
    for _ in range(3):
        assert day(opened) == 0
    assert len(ses.accepted) == 1


def test_what_the_next_report_says_is_no_alert(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = opened.config.report("ceo")
    archived(opened, document("CEO", report="ceo", file_name=report.file_name, report_date=DAY), known(OLD, NEW))
    opened = like(opened, config=opened.config.model_copy(update={"reports": (report,)}))
    today(monkeypatch, NEW)
    assert alerts.appeared(opened) == ""
    assert ses.calls == []


def test_without_alerts_an_earlier_report_or_news_nothing_is_looked_at_or_sent(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = like(
        opened,
        config=opened.config.model_copy(update={"limits": opened.config.limits.model_copy(update={"alerts": False})}),
    )
    monkeypatch.setattr(pipeline, "figures_of", lambda *_, **__: pytest.fail("nothing is computed"))
    assert alerts.appeared(off) == ""
    monkeypatch.setattr(clock_module, "now", lambda: datetime.fromisoformat("2026-04-30T12:00:00+00:00"))
    assert alerts.appeared(opened) == ""
    assert (alerts.send(opened, RUN, ""), alerts.tell(opened, "")) == (0, False)


def test_a_report_that_needs_approval_alerts_nobody(
    opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = tuple(one.model_copy(update={"approval": True}) for one in opened.config.reports)
    today(monkeypatch, NEW)
    assert day(like(opened, config=opened.config.model_copy(update={"reports": reports}))) == 0
    assert ses.calls == []


def test_a_flood_is_five_a_day(opened: Deployment, ses: SesStub, monkeypatch: pytest.MonkeyPatch) -> None:
    today(monkeypatch, *(replace(NEW, signal_id=f"cliff:{n}", headline=f"Deadline {n}") for n in range(7)))
    assert [day(opened) for _ in range(2)] == [5, 0], "whoever starts it again, or clears it, tells no more that day"
    monkeypatch.setattr(clock_module, "now", Clock(MORNING + timedelta(days=1)))
    assert [day(opened) for _ in range(2)] == [2, 0]
    assert len(ses.accepted) == 7


def test_chats_hear_that_there_is_something_and_not_what(opened: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(telling, "_call", lambda _, __, body: heard.append(body))
    told = like(opened, settings=opened.settings.model_copy(update={"executive_suite_notify": "json://127.0.0.1:9"}))
    today(monkeypatch, NEW)
    key = alerts.appeared(told)
    assert [alerts.tell(told, key), alerts.tell(told, key)] == [True, False]
    assert heard == [f"Since the May 1 reports: 1 new signal calls for action.\n{ROOM}"]
    assert "address" not in json.dumps(heard)


def test_a_hostile_headline_is_text_in_both_parts() -> None:
    one = alerts.Alert("x", '<script>alert(1)</script>\r\nBcc: a@example.com "' + "long " * 40, ("cfo",))
    made = alerts.document_of(one, DAY, ROOM, sample=True)
    assert "<script>" not in made.mail_html
    assert "\n" not in made.subject
    assert len(made.subject) <= 70
    assert "Sample data" in made.text
