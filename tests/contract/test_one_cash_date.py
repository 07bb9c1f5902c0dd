"""Eight reports name one month in which cash runs out and one day on which it falls below its floor."""

from __future__ import annotations

import re
from datetime import date

import pytest

from executive_suite import config, formats, reports
from executive_suite.dataset import snapshot
from executive_suite.facts.fact import GROUP
from executive_suite.facts.figures import Figures
from executive_suite.run import pipeline
from executive_suite.sources import reading
from group_data import INCLUDE

# A day of the year of the report has no year.
MONTH = r"(?P<month>[A-Z][a-z]{2})(?= \d)(?: \d{1,2}\b)?(?:,? (?P<year>\d{4}))?"
OUT = re.compile(rf"(?:runs? out|is gone|cash ends|lasts(?: until)?)(?: by| in| on)? {MONTH}", re.IGNORECASE)
FLOOR = re.compile(r"floor(?: of [^.;]{1,20})?,? (?:on|from|in) ([A-Z][a-z]{2} \d{1,2}(?:, \d{4})?)")
CONFIG = INCLUDE / "config"


@pytest.fixture(scope="module")
def given() -> snapshot.Typed:
    return snapshot.read(reading.of(INCLUDE / "data", CONFIG))


def dated(figures: Figures, metric_id: str) -> str | None:
    (found,) = [f for f in figures.facts if f.metric_id == metric_id and f.entity_id == GROUP and not f.dimensions]
    return str(found.value) if found.value else None


# Each date is worked out once, from the path: the texts may only repeat it.
@pytest.mark.parametrize("day", ["2026-05-01", "2025-08-01", "2024-02-29"])
def test_all_texts_name_one_date(given: snapshot.Typed, day: str) -> None:
    report_date = date.fromisoformat(day)
    earlier = pipeline.before(given, report_date, CONFIG).earlier
    frozen = pipeline.dataset(given, report_date)
    context = pipeline.context_of(frozen, CONFIG, earlier)
    from executive_suite import metrics

    figures = pipeline.judge(frozen, context, metrics.compute_all(context), CONFIG)
    ends, floors = set(), set()
    for report in config.load(CONFIG).reports:
        text = " ".join(reports.build(figures, report.model_copy(update={"formats": ("txt",)})).text.split())
        # The table of cuts names the dates that actions would buy: what if is no answer to when.
        text = re.sub(r"Cuts and what they buy.*?Runway at past burn", "", text)
        year = f"{report_date:%Y}"
        ends |= {f"{found['month']} {found['year'] or year}" for found in OUT.finditer(text)}
        floors |= {found[1] if "," in found[1] else f"{found[1]}, {year}" for found in FLOOR.finditer(text)}
    out, floor = dated(figures, "cash_out_date"), dated(figures, "cash_floor_date")
    assert ends == ({formats.month(out)} if out else set())
    assert floors == ({formats.day(floor)} if floor else set())


def test_the_patterns_find_what_earlier_reports_said() -> None:
    said = "Cash of $38,800 runs out in Sep 2026; it falls below the 3-month floor on Jun 26, 2026."
    assert [found["month"] for found in OUT.finditer(said)] == ["Sep"]
    assert FLOOR.findall(said) == ["Jun 26, 2026"]
