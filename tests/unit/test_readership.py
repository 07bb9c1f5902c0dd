"""Reads are counted once a day is complete, frozen with a report date, and said in the CTO's report alone."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from string import ascii_lowercase

import pytest

from executive_suite import canonical, config, formats, metrics
from executive_suite.facts.figures import Figures
from executive_suite.facts.readership import NOTHING_COUNTED, Opens, Readership, Reads
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Answer, Claim, Evidence
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline, readership
from executive_suite.run.deployment import Deployment
from executive_suite.stores.memory import MemoryStore
from executive_suite.stores.store import StoredObject, StoreError
from group_data import INCLUDE, figures_of, sample
from log_lines import line, packed
from room_door import in_memory

NOON = datetime(2026, 5, 15, 13, tzinfo=UTC)


@pytest.fixture(name="opened")
def _opened() -> Deployment:
    made = in_memory()
    made.__dict__["access_logs"] = MemoryStore()
    return made


def put(opened: Deployment, hour: str, *lines: str, name: str = "a") -> None:
    logs = opened.access_logs
    assert logs is not None
    logs.put(StoredObject(f"EMLARXS9EXAMPLE.{hour}.{name}.gz", packed(*lines)))


def test_a_day_counts_once_it_is_complete(opened: Deployment) -> None:
    """Lines may come a day late: May 13 is complete at the beginning of May 15, and May 14 is not."""
    put(opened, "2026-05-13-13", line(day="2026-05-13"))
    put(opened, "2026-05-14-13", line(day="2026-05-14"))
    assert readership.count(opened, datetime(2026, 5, 14, 23, 59, tzinfo=UTC)) == ()
    assert readership.count(opened, NOON) == (date(2026, 5, 13),)
    assert readership.totals(opened.records) == ("2026-05-13", {(date(2026, 5, 1), "ceo-report"): 1})


def test_a_counted_day_is_not_counted_again(opened: Deployment) -> None:
    put(opened, "2026-05-13-13", line(day="2026-05-13"))
    readership.count(opened, NOON)
    put(opened, "2026-05-13-14", line(day="2026-05-13", ip="192.0.2.9"), name="late")
    assert readership.count(opened, NOON) == ()
    assert readership.totals(opened.records)[1] == {(date(2026, 5, 1), "ceo-report"): 1}


def test_a_viewer_in_two_logs_of_an_hour_is_one_read(opened: Deployment) -> None:
    put(opened, "2026-05-13-13", line(day="2026-05-13"), name="a")
    put(opened, "2026-05-13-13", line(day="2026-05-13", path="/2026-05-01/ceo-report.pdf"), name="b")
    readership.count(opened, NOON)
    assert readership.totals(opened.records)[1] == {(date(2026, 5, 1), "ceo-report"): 1}


def test_a_log_that_cannot_be_read_stops_nothing(opened: Deployment) -> None:
    put(opened, "2026-05-13-13", line(day="2026-05-13"))
    logs = opened.access_logs
    assert logs is not None
    logs.put(StoredObject("EMLARXS9EXAMPLE.2026-05-13-14.x.gz", b"not gzip"))
    logs.put(StoredObject("README.txt", b""))
    logs.put(StoredObject("EMLARXS9EXAMPLE.2026-99-99-14.x.gz", b""))
    assert readership.count(opened, NOON) == (date(2026, 5, 13),)
    assert readership.totals(opened.records)[1] == {(date(2026, 5, 1), "ceo-report"): 1}
    stored = b"".join(opened.records.get(key).body for key in opened.records.keys("reads/"))
    assert b"192.0.2" not in stored


def test_a_bucket_that_does_not_answer_stops_no_run(opened: Deployment) -> None:
    class Silent(MemoryStore):
        def keys(self, prefix: str) -> object:  # type: ignore[override]
            raise StoreError(prefix)

    opened.__dict__["access_logs"] = Silent()
    assert readership.count(opened, NOON) == ()


def test_figures_know_what_was_complete_before_their_date_and_stay(opened: Deployment) -> None:
    put(opened, "2026-05-13-13", line(day="2026-05-13"))
    put(opened, "2026-05-14-13", line(day="2026-05-14", ip="192.0.2.9"))
    readership.count(opened, NOON)
    first = readership.of(opened.records, opened.config, date(2026, 5, 15))
    counts = {one.report: one.count for one in first.reads}
    assert (first.through, len(first.reads), counts["ceo"], counts["cto"]) == ("2026-05-13", 8, 1, 0)
    readership.count(opened, datetime(2026, 5, 17, tzinfo=UTC))
    assert readership.of(opened.records, opened.config, date(2026, 5, 15)) == first
    assert sum(one.count for one in readership.of(opened.records, opened.config, date(2026, 6, 1)).reads) == 2
    assert readership.of(opened.records, opened.config, date(2026, 5, 14)) == NOTHING_COUNTED


def test_what_was_counted_travels_with_the_datasets() -> None:
    known = Readership("2026-05-13", (Reads("ceo", "CEO report", date(2026, 5, 1), 3),))
    assert pipeline.readership_of(json.loads(canonical.dumps({"readership": asdict(known)}))) == known
    assert pipeline.readership_of({}) == NOTHING_COUNTED


def test_without_logs_nothing_is_counted() -> None:
    made = in_memory()
    assert made.access_logs is None
    assert readership.count(made, NOON) == ()
    assert readership.of(made.records, made.config, date(2026, 5, 15)) == NOTHING_COUNTED


def _mail(opened: Deployment, day: str, report: str, recipient: str, *seen: datetime) -> None:
    """A mail that SES accepted on the morning of its date, and what its pictures told."""
    outbox, name, at = Outbox(opened.records), f"{report}{recipient}{day}".ljust(52, "a"), datetime.fromisoformat(day)
    allowed = f"{ascii_lowercase}234567"
    name = "".join(one if one in allowed else "b" for one in name)
    sent = at.replace(hour=13, tzinfo=UTC)
    outbox.bind(Slot("group", report, date.fromisoformat(day), recipient, 1), name, "")
    outbox.claim(name, 1, Claim(1, "n", sent, sent, "content", "envelope", f"mails/{name}/g1.eml"))
    outbox.answer(name, 1, Answer(1, "n", "sent", sent, "ses-1"))
    for number, moment in enumerate(seen):
        outbox.add_evidence(name, 1, Evidence(f"e{number}", "opened", moment))


def test_opened_mails_are_frozen_with_the_figures_and_apart_from_reads(opened: Deployment) -> None:
    """Two programs of one reader are one opened mail; what was opened after May 13 belongs to a later report date."""
    early, late = datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 14, 12, tzinfo=UTC)
    _mail(opened, "2026-05-01", "ceo", "primary", early, early)
    _mail(opened, "2026-05-01", "ceo", "ben", late)
    _mail(opened, "2026-05-01", "cfo", "primary")
    for day in ("2026-02-01", "2026-02-15", "2026-04-15"):
        _mail(opened, day, "ceo", "primary", early)
    found = readership.of(opened.records, opened.config, date(2026, 5, 15))
    assert (found.through, found.reads, found.opens_through) == ("", (), "2026-05-13")
    assert [(one.report, str(one.report_date), one.opened, one.mails) for one in found.opens] == [
        ("ceo", "2026-02-15", 1, 1),
        ("ceo", "2026-04-15", 1, 1),
        ("ceo", "2026-05-01", 1, 2),
        ("cfo", "2026-05-01", 0, 1),
    ]
    _mail(opened, "2026-05-01", "cto", "primary", early)
    assert readership.of(opened.records, opened.config, date(2026, 5, 15)) == found, "frozen with the first figures"
    later = readership.of(opened.records, opened.config, date(2026, 5, 16))
    assert {one.report: one.opened for one in later.opens if one.report_date.month == 5} == {
        "ceo": 2,
        "cfo": 0,
        "cto": 1,
    }
    assert pipeline.readership_of(json.loads(canonical.dumps({"readership": asdict(found)}))) == found


def test_a_mail_that_nobody_opened_says_nothing(opened: Deployment) -> None:
    _mail(opened, "2026-05-01", "ceo", "primary")
    assert readership.of(opened.records, opened.config, date(2026, 5, 15)) == NOTHING_COUNTED


def _figures(reads: Readership) -> Figures:
    return replace(figures_of(sample(), metrics.compute(sample(), "technology")), readership=reads)


_READS = tuple(
    Reads(report, title, date.fromisoformat(day), count)
    for day, ceo, cfo in (("2026-04-15", 2, 4), ("2026-05-01", 3, 0))
    for report, title, count in (("ceo", "CEO report", ceo), ("cfo", "CFO report", cfo))
)


def test_the_cto_reads_which_report_is_read_most() -> None:
    figures, cto = _figures(Readership("2026-04-29", _READS)), config.load(INCLUDE / "config").report("cto")
    with formats.speaking("USD"):
        section = view_of(figures, cto)["readers"]
        rows = {line[0].text: [cell.value for cell in line[1:]] for line in section["reads"].rows}
    assert section.point == (
        "Of the reports of May 1, 2026, the CEO report was read most: 3 times; "
        "1 of 2 had not been opened by Apr 29, 2026."
    )
    assert rows == {"CEO report": [3, 2, 5], "CFO report": [0, 4, 4]}
    assert "readers" not in view_of(_figures(NOTHING_COUNTED), cto).sections


def test_the_cto_reads_which_mails_were_opened_as_weak_evidence() -> None:
    before, latest = date(2026, 4, 15), date(2026, 5, 1)
    opens = (
        Opens("ceo", "CEO report", before, 1, 1),
        Opens("ceo", "CEO report", latest, 1, 2),
        Opens("cfo", "CFO report", latest, 0, 1),
    )
    known = Readership(opens=opens, opens_through="2026-04-29")
    cto = config.load(INCLUDE / "config").report("cto")
    with formats.speaking("USD"):
        section = view_of(_figures(known), cto)["readers"]
        rows = {line[0].text: [cell.text for cell in line[1:]] for line in section["opens"].rows}
        both = view_of(_figures(replace(known, through="2026-04-29", reads=_READS)), cto)["readers"]
    assert section.point == "Mails of May 1, 2026 opened: 1 of 3, as far as mail programs say."
    assert rows == {"CEO report": ["1 of 2", "1 of 1"], "CFO report": ["0 of 1", ""]}
    assert "Weak evidence" in section["opens"].note
    assert both.point.startswith("Of the reports of May 1, 2026, the CEO report was read most")
    assert {"reads", "opens"} <= set(both.blocks)
