"""Every figure, row and sentence of the eight pages opens what is behind it, offline and without script."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib
import io
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache

import html5lib
import pytest
from lxml import html

from executive_suite import config, metrics, reports
from executive_suite.dataset import snapshot
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.metrics import tracing
from executive_suite.rendering.blocks import Cell, FindingItem
from executive_suite.reports import evidence
from executive_suite.reports.build import LARGEST_PAGE, blocks_of, view_of
from executive_suite.run import behind, pipeline
from executive_suite.sources import reading
from group_data import INCLUDE

CONFIGURED = config.load(INCLUDE / "config")
BY_NAME = {report.report: report for report in CONFIGURED.reports}
DATES = (date(2024, 2, 29), date(2025, 9, 1), date(2026, 5, 1))
CASES = [(day, name) for day in DATES for name in BY_NAME]


@cache
def given() -> snapshot.Typed:
    return snapshot.read(reading.of(INCLUDE / "data", INCLUDE / "config"))


@cache
def figures(day: date) -> Figures:
    """The figures of a date, traced, as a run keeps them; without a track record, which takes fifteen datasets more."""
    frozen = pipeline.dataset(given(), day)
    context = pipeline.context_of(frozen, INCLUDE / "config")
    then = pipeline.dataset(given(), pipeline.previous_report_date(day))
    previous = metrics.compute_all(pipeline.context_of(then, INCLUDE / "config"))
    judged = pipeline.judge(frozen, context, metrics.compute_all(context), INCLUDE / "config", previous=previous)
    return Figures.from_json(behind.traced(judged, context, CONFIGURED).to_json())


@cache
def document(day: date, name: str) -> Document:
    report = BY_NAME[name].model_copy(update={"formats": ("txt", "html"), "mail": "brief"})
    return reports.build(figures(day), report)


@cache
def page(day: date, name: str) -> html.HtmlElement:
    return html.fromstring(document(day, name).files["html"].decode())


@pytest.mark.parametrize(("day", "name"), CASES)
def test_every_figure_of_a_fact_has_a_link_whose_target_is_there_once(day: date, name: str) -> None:
    tree, made = page(day, name), figures(day)
    ids = Counter(tree.xpath("//@id"))
    links = [link.removeprefix("#") for link in tree.xpath("//a/@href | //button/@popovertarget")]
    assert {target for target in links if ids[target] != 1} == set()
    assert [one for one, count in ids.items() if count > 1] == []
    known = {fact.fact_id for fact in (*made.facts, *made.previous)}
    blocks = [b for b in blocks_of(view_of(made, BY_NAME[name])) if isinstance(b, Cell)]
    # What no fact gives, such as a change or a share of a total, has no link; everything else has one.
    plain = Counter(str(b.number) for b in blocks if b.fact_id not in known and b.number is not None)
    unlinked = Counter(cell.get("data-value") for cell in tree.xpath("//*[@data-value]") if not cell.xpath(".//button"))
    assert unlinked - plain == Counter()
    values = tree.xpath("//dl[starts-with(@class,'kpis')]//dd[@class='value']")
    kpis = view_of(made, BY_NAME[name]).page.kpis
    assert [bool(value.xpath("button")) for value in values] == [
        bool(kpi.parts) or kpi.fact_id in known for kpi in kpis
    ]
    assert all(kpi.parts or kpi.fact_id in known for kpi in kpis if kpi.value is not None)


@pytest.mark.parametrize(("day", "name"), CASES)
def test_every_panel_has_definition_inputs_and_its_past(day: date, name: str) -> None:
    panels = page(day, name).xpath("//div[@class='fact']")
    assert panels
    known = {fact.fact_id: fact for fact in figures(day).facts}
    assert set(figures(day).sources.facts) <= set(known)
    for panel in panels:
        definition = panel.xpath("p[@class='meaning']")
        assert len(definition) == 1
        assert definition[0].text_content().strip()
        words = panel.text_content()
        assert "report" in words  # what it was at the previous one, or that there is none


@pytest.mark.parametrize(("day", "name"), CASES)
def test_every_sentence_of_page_one_opens_what_it_rests_on(day: date, name: str) -> None:
    tree = page(day, name)
    sentences = tree.xpath("//*[contains(@class,'message')]//p | //ul[@class='headlines']/li")
    assert sentences
    assert [text.text_content() for text in sentences if not text.xpath("button[contains(@class,'sentence')]")] == []


@pytest.mark.parametrize(("day", "name"), CASES)
def test_every_finding_opens_its_evidence(day: date, name: str) -> None:
    items = [b for b in blocks_of(view_of(figures(day), BY_NAME[name])) if isinstance(b, FindingItem)]
    shown = page(day, name).xpath("//li[starts-with(@class,'finding')]//strong")
    assert len(shown) <= len(items)
    assert [one.text_content() for one in shown if not one.xpath("button")] == []


@pytest.mark.parametrize(("day", "name"), CASES)
def test_the_page_is_one_file_without_script_under_a_strict_policy(day: date, name: str) -> None:
    body, tree = document(day, name).files["html"], page(day, name)
    (style,) = tree.xpath("//style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    # Source: https://www.w3.org/TR/CSP3/: a policy in a meta element applies to what follows it.
    assert body.index(b"Content-Security-Policy") < body.index(b"<style")
    assert tree.xpath("//script | //@style | //iframe | //object | //embed | //link | //form") == []
    assert [name for name in tree.xpath("//@*") if str(getattr(name, "attrname", "")).startswith("on")] == []
    assert [link for link in tree.xpath("//@href | //@src") if not link.startswith(("#", "data:"))] == []
    assert len(body) <= LARGEST_PAGE
    html5lib.HTMLParser(strict=True).parse(body.decode())


@pytest.mark.parametrize(("day", "name"), CASES)
def test_rows_of_the_evidence_file_are_safe_and_read_back(day: date, name: str) -> None:
    rows = list(csv.reader(io.StringIO(document(day, name).files[evidence.EXTENSION].decode("utf-8-sig"))))
    assert tuple(rows[0]) == evidence.HEADINGS
    assert {len(row) for row in rows} == {len(evidence.HEADINGS)}


@pytest.mark.parametrize("name", BY_NAME)
def test_figures_that_were_kept_give_the_same_bytes(name: str) -> None:
    made = figures(DATES[-1])
    kept = Figures.from_json(made.to_json())
    assert kept.sources == made.sources
    report = BY_NAME[name].model_copy(update={"formats": ("txt", "html"), "mail": "brief"})
    assert reports.build(kept, report).files == document(DATES[-1], name).files


def test_a_page_that_would_be_too_large_lists_fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    largest = len(document(DATES[-1], "cfo").files["html"])
    monkeypatch.setattr(importlib.import_module("executive_suite.reports.build"), "LARGEST_PAGE", largest - 1)
    report = BY_NAME["cfo"].model_copy(update={"formats": ("txt", "html"), "mail": "brief"})
    smaller = reports.build(figures(DATES[-1]), report).files["html"]
    assert len(smaller) < largest
    assert smaller.count(b'class="fact"') == document(DATES[-1], "cfo").files["html"].count(b'class="fact"')


def test_a_report_that_fails_stops_no_other_from_being_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> tuple[str, ...]:
        raise AttributeError

    monkeypatch.setattr(reports, "shown", fails)
    made = figures(DATES[-1])
    context = pipeline.context_of(pipeline.dataset(given(), DATES[-1]), INCLUDE / "config")
    assert behind.traced(replace(made), context, CONFIGURED).sources.facts == {}


def test_tracing_changes_no_figure() -> None:
    context = pipeline.context_of(pipeline.dataset(given(), DATES[-1]), INCLUDE / "config")
    facts, _ = tracing.traced(context, [fact.fact_id for fact in figures(DATES[-1]).facts][:50])
    assert facts == metrics.compute_all(context)
