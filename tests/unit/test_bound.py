"""Every sentence is bound: a planted name, number, date or absence that nothing in the run accounts for fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest

from executive_suite import config, wording, written
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Table, View
from executive_suite.reports import bound, explained
from executive_suite.reports.absence import OURS, Proof, left, none, unknown, zero
from executive_suite.reports.selection import Selection
from executive_suite.written import Written
from group_data import INCLUDE
from planted import Row
from planted import figures as planted
from sample_figures import figures

build = import_module("executive_suite.reports.build")
DAY = date(2026, 5, 1)
REPORTS = {report.report: report for report in config.load(INCLUDE / "config").reports}


def made(found: Figures, report: str = "cfo", language: str = "en") -> tuple[View, Figures, Written]:
    whole, told = build.parts_of(found, REPORTS[report].model_copy(update={"language": language}))
    return whole.whole, told, whole.written


def on_page_one(view: View, sentence: str) -> View:
    return replace(view, page=replace(view.page, headlines=(*view.page.headlines, sentence)))


def behind(view: View, sentence: str) -> View:
    name, first = next(iter(view.sections.items()))
    return View(view.page, {**view.sections, name: replace(first, point=sentence)})


def under_a_table(view: View, sentence: str) -> View:
    name, first = next(iter(view.sections.items()))
    return View(view.page, {**view.sections, name: replace(first, rows={"x": Table("", (), (), empty=sentence)})})


PLACES = {"page one": on_page_one, "point": behind, "in place of a table": under_a_table}
FREE = {
    "a name": ("Cash is owed to Zenith.", "Zenith"),
    "a name of two words": ("Revenue of Zenith Holdings is unsold.", "Zenith"),
    "a name in small letters": ("Revenue of client-zenith ends.", "client-zenith"),
    "a number": ("Cash of $987,654 runs out.", "987,654"),
    "a date": ("Cash runs out on Mar 3, 2031.", "2031"),
    "an absence": ("No entity has revenue.", "not there"),
    "an absence in other words": ("Nothing is due.", "not there"),
    "an absence at its end": ("Cash of the group: none.", "not there"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", FREE)
def test_a_planted_sentence_is_refused(kind: str, place: str) -> None:
    sentence, free = FREE[kind]
    view, _, parts = made(figures(DAY))
    bound.check((view,), figures(DAY), parts)
    for word in ("cash", "is", "owed", "to", "revenue", "of", "ends", "unsold", "due", "entity", "has"):
        parts.said.add(word)  # words alone prove nothing
    with pytest.raises(bound.UnboundError, match=free):
        bound.check((PLACES[place](view, sentence),), figures(DAY), parts)


# The sample earned 3,000 in April 2026 (product statement): that nothing was earned is not so, whoever says it.
@pytest.mark.parametrize(
    "proof",
    [
        lambda s: zero(s.month("revenue")),
        lambda s: unknown(s.month("revenue")),
        lambda s: left(s.months("revenue", 12)),
        lambda s: left((), s.fact("revenue", "nobody")),
        lambda _: Proof(holds=False),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_false_absence_is_refused_with_its_proof(proof: Callable[[Selection], Proof], language: str) -> None:
    view, told, parts = made(figures(DAY), language=language)
    with wording.speaking(language), written.recording() as own:
        said = none("No revenue is earned yet.", proof(Selection(told)))
        parts.denied.update(own.denied)
        with pytest.raises(bound.UnboundError, match="not there"):
            bound.check((behind(view, said),), told, parts)


def test_a_true_absence_names_the_facts_that_prove_it() -> None:
    view, told, parts = made(figures(DAY))
    silent = Selection(told).month("revenue", "qos")  # QueenofSanDiego has sold nothing since August 2025
    with written.recording() as own:
        view = behind(view, none("No revenue is earned yet.", zero(silent)))
    parts.denied.update(own.denied)
    bound.check((view,), told, parts)
    (shown,) = (one for one in bound.explained((view,), told, parts) if one.sentence == "No revenue is earned yet.")
    assert shown.facts == (silent.fact_id,)


def test_a_sentence_about_how_we_count_needs_no_fact() -> None:
    with written.recording() as parts:
        assert none("No captain-day counts twice.", OURS) in parts.denied


def test_a_name_is_explained_by_its_record() -> None:
    told = {one.sentence: one for one in explained(figures(DAY), REPORTS["ceo"])}
    (stopped,) = (one for sentence, one in told.items() if sentence.startswith("No revenue from"))
    assert {"entity qos", "entity jada", "entity qdn", "entity delivery"} <= set(stopped.names)
    assert any(name.startswith("segment_revenue/qos/") for name in stopped.facts)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("day", ["2024-02-29", "2025-09-15", "2026-05-01"])
def test_every_sentence_of_the_eight_reports_is_bound(day: str, report: str, language: str) -> None:
    view, told, parts = made(figures(date.fromisoformat(day)), report, language)
    with wording.speaking(language):
        bound.check((view,), told, parts)


def emptied(_: list[Row]) -> list[Row]:
    return []


# An empty table is missing input, not a zero: what it would hold is not known to be nothing.
UNRECORDED = {
    "opportunity": "unsold; the pipeline is empty",
    "cost_recommendation": "no saving is recommended",
    "compliance_doc": "nothing has lapsed",
    "finding": "no security gap is open",
    "seo_rank": "no click",
    "client_contract": "none of 0",
}


@pytest.mark.parametrize("table", UNRECORDED)
def test_what_is_not_recorded_is_not_said_to_be_nothing(table: str) -> None:
    found = planted("2026-05-01", {table: emptied})
    for name in REPORTS:
        view, told, parts = made(found, name)
        bound.check((view,), told, parts)
        prose = (*(text for text, _ in bound.sentences(view.page)), *bound.body(view))
        assert [text for text in prose if UNRECORDED[table] in text.lower()] == []


# A trial's books had revenue in each of seven months, and the CFO's report said that no entity has revenue. What was
# missing was margins, not sales.
def test_missing_margins_are_no_missing_sales() -> None:
    found = figures(DAY)
    without = [fact for fact in found.facts if fact.metric_id != "gross_margin"]
    for lost in (without, [*without, *(replace(f, value=None) for f in found.facts if f.metric_id == "gross_margin")]):
        view, told, parts = made(replace(found, facts=tuple(lost)))
        bound.check((view,), told, parts)
        assert [text for text in bound.body(view) if "no entity has revenue" in text.lower()] == []
        assert any(text.startswith("Margins by entity cannot be worked out") for text in bound.body(view))


NAMED = ("No Limits", "O'Brien's", "Nobody's Boat 3.5", 'The "Never" (No. 7)', "client-none")
"""Names that hold a word by which a sentence says that something is not there."""


def renamed(found: Figures) -> Figures:
    """The same with such names for every entity and every row that has a name."""
    entities = {key: f"{NAMED[at % len(NAMED)]} {at}" for at, key in enumerate(found.entities)}
    labels = {
        kind: {key: f"{NAMED[at % len(NAMED)]} {at}" for at, key in enumerate(names)}
        for kind, names in found.labels.items()
    }
    return replace(found, entities=entities, labels=labels)


@pytest.mark.parametrize("report", REPORTS)
def test_a_name_that_holds_a_word_of_absence_claims_nothing(report: str) -> None:
    view, told, parts = made(renamed(figures(DAY)), report)
    bound.check((view,), told, parts)
    with pytest.raises(bound.UnboundError, match="not there"):
        bound.check((on_page_one(view, "No Limits 0 has no revenue."),), told, parts)


# Some figures of a section may be unknown while others are known: what is unknown is not told to be nothing.
UNKNOWN = {
    "expense_by_function": "no net expense was recorded",
    "control_rule_violations": "no control rule is recorded",
    "unbilled_revenue": "no work waits for an invoice",
}


@pytest.mark.parametrize("metric_id", UNKNOWN)
def test_an_unknown_figure_is_not_told_to_be_nothing(metric_id: str) -> None:
    found = figures(DAY)
    assert any(fact.metric_id == metric_id and not fact.dimensions for fact in found.facts)
    facts = tuple(
        replace(fact, value=None, reason="table x is absent", status="not_evaluable")
        if fact.metric_id == metric_id and not fact.dimensions
        else fact
        for fact in found.facts
    )
    for name in REPORTS:
        view, told, parts = made(replace(found, facts=facts), name)
        bound.check((view,), told, parts)
        assert [text for text in bound.body(view) if UNKNOWN[metric_id] in text.lower()] == []


# A check of the close that is open has the name of what it looks at, which is not so then.
def test_an_open_check_is_named_by_what_it_looks_at() -> None:
    found = figures(DAY)
    facts = tuple(replace(fact, value=3) if fact.metric_id == "accounts_undefined" else fact for fact in found.facts)
    view, told, parts = made(replace(found, facts=facts), "accounting")
    bound.check((view,), told, parts)
    assert any("no account outside the chart (3)" in text for text in bound.body(view))


def test_no_is_an_answer_where_nothing_follows_it() -> None:
    view, told, parts = made(figures(DAY))
    with written.recording() as own:
        said = wording.say("{what} is {answer}.", what="Cash", answer=wording.say("no"))
    parts.said.update(own.said)
    bound.check((behind(view, said),), told, parts)
