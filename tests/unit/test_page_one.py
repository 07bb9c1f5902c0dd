"""Page one: which signals stand on whose, in which order, within how many words; the sample at several dates."""

from __future__ import annotations

import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sample_figures
from executive_suite import config, formats
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal, Subject
from executive_suite.rendering import reading
from executive_suite.rendering.blocks import Page
from executive_suite.reports import sharing, story
from executive_suite.reports.build import view_of
from group_data import INCLUDE

REPORTS = config.load(INCLUDE / "config").reports
NAMES = tuple(report.report for report in REPORTS)
DATES = ("2024-02-29", "2025-09-01", "2026-02-01", "2026-05-01")


def signal(name: str, readers: Sequence[str], words: int = 8, **given: str | tuple[str, ...]) -> Signal:
    head = " ".join([name, *("word" for _ in range(words - 1))])
    return Signal(name, "cliff", "group", Subject(), head, readers=tuple(readers), **given)  # type: ignore[arg-type]


@functools.cache
def figures(day: str) -> Figures:
    return sample_figures.figures(date.fromisoformat(day))


@functools.cache
def pages(day: str) -> Mapping[str, Page]:
    found = figures(day)
    with formats.speaking(found.currency, found.locale, found.report_date):
        return {report.report: view_of(found, report).page for report in REPORTS}


def told(page: Page) -> str:
    return " ".join((*page.message, *page.headlines, *(decision.what for decision in page.decisions)))


def is_on(one: Signal, page: Page) -> bool:
    text = told(page)
    return one.headline in text or f"{one.headline[:1].upper()}{one.headline[1:]}" in text


@pytest.mark.parametrize("day", DATES)
def test_every_signal_is_word_for_word_on_the_page_one_of_a_reader(day: str) -> None:
    lost = [
        one.signal_id
        for one in figures(day).signals
        if not any(is_on(one, pages(day)[reader]) for reader in one.readers)
    ]
    assert lost == []


# The four facts of May 1, 2026 that a human controller would have put first (product statement).
@pytest.mark.parametrize("reader", ["ceo", "cfo"])
@pytest.mark.parametrize(
    "name",
    [
        "cliff:group:income:2026-05-31",
        "cliff:rental:document:STR-3028",
        "cliff:jada:document:USCG-1",
        "break:jada:revenue",
        "break:qdn:funnel:quote_submitted",
        "lapse:jada:document_lapsed:COI-24",
    ],
)
def test_the_four_facts_are_on_page_one_of_ceo_and_cfo(reader: str, name: str) -> None:
    (one,) = (one for one in figures("2026-05-01").signals if one.signal_id == name)
    assert is_on(one, pages("2026-05-01")[reader])


@pytest.mark.parametrize("day", DATES)
def test_page_one_has_at_most_220_words_six_figures_and_three_to_five_decisions(day: str) -> None:
    for name, page in pages(day).items():
        assert reading.on_page_one(page) <= 220, name
        assert len(page.kpis) == 6, name
        assert len(page.message) == 1, name
        asked = len(page.decisions) + len(page.later)
        assert min(3, asked) <= len(page.decisions) <= 5, name
        assert all(reading.words(kpi.comparison) <= 7 for kpi in page.kpis if kpi.value is not None), name


@pytest.mark.parametrize("day", DATES)
def test_signals_and_decisions_have_one_order_in_all_reports(day: str) -> None:
    order = [action.action_id for action in figures(day).actions if action.agenda == "decisions"]
    for page in pages(day).values():
        places = [order.index(decision.item_id) for decision in page.decisions if decision.item_id]
        assert places == sorted(places)
        lead = next((one for one in figures(day).signals if page.report in one.readers), None)
        if lead is not None and lead.kind != "decision_open":
            assert lead.headline in page.message[0]


# A chain is one sentence, in the order of cause and effect, wherever its first cause is in the list.
def test_an_effect_follows_its_cause_in_one_sentence() -> None:
    effect = signal("sales stopped", ["ceo"], because_of=("lapse", "not there"))
    cause = replace(signal("lapse", ["ceo"]), signal_id="lapse")
    assert story.sentences([effect, cause]) == (
        f"{cause.headline[:1].upper()}{cause.headline[1:]} \u2192 {effect.headline}.",
    )


LISTS = st.lists(st.tuples(st.sets(st.sampled_from(NAMES), min_size=1), st.integers(2, 30), st.booleans()), max_size=40)


@given(LISTS)
@settings(max_examples=150, deadline=None)
def test_no_page_has_more_than_its_room_and_nobody_reads_what_is_not_theirs(
    given: list[tuple[set[str], int, bool]],
) -> None:
    signals = [
        signal(f"s{place}", sorted(readers), words, severity="act" if act else "watch")
        for place, (readers, words, act) in enumerate(given)
    ]
    by_id = {one.signal_id: one for one in signals}
    shared = sharing.shares(signals, NAMES, room=60)
    for report, names in shared.items():
        assert sum(reading.words(by_id[name].headline) for name in names) <= 60
        assert all(report in by_id[name].readers for name in names)
        assert [int(name[1:]) for name in names] == sorted(int(name[1:]) for name in names)
    # What is nowhere has no reader with room for it.
    for one in signals:
        if not sharing.home(one, shared):
            free = [60 - sum(reading.words(by_id[n].headline) for n in shared[r]) for r in one.readers]
            assert max(free) < reading.words(one.headline)


def test_a_full_page_gives_up_what_another_has_as_well_and_nothing_urgent_for_what_is_not() -> None:
    both = [signal(f"both{n}", ["ceo", "cfo"], 20, severity="act") for n in range(3)]
    alone = signal("alone", ["ceo"], 20, severity="act")
    shared = sharing.shares([*both, alone], ["ceo", "cfo"], room=60)
    assert shared == {"ceo": ("both0", "both1", "alone"), "cfo": ("both0", "both1", "both2")}
    mild = replace(alone, severity="watch")
    assert sharing.shares([*both, mild], ["ceo", "cfo"], room=60)["ceo"] == ("both0", "both1", "both2")


def test_a_report_that_is_not_made_is_nobodys_home() -> None:
    one = signal("one", ["cto", "cfo"])
    assert sharing.shares([one], ["ceo", "cfo"]) == {"ceo": (), "cfo": ("one",)}


def test_what_the_first_decisions_repeat_needs_no_sentence() -> None:
    again = replace(signal("again", ["ceo"]), kind="decision_open", action_id="a")
    action = Action("a", "decisions", 1, "List on travel agencies", "", readers=("ceo",))
    assert sharing.shares([again], ["ceo"], [action]) == {"ceo": ()}
    assert sharing.shares([again], ["ceo"], [replace(action, readers=("cmo",))]) == {"ceo": ("again",)}


# However many signals are planted, page one stays within its words, and what it has no room for comes right after it.
@pytest.mark.parametrize("count", [5, 60])
def test_crowded_data_keeps_page_one_short(count: int) -> None:
    drawn = random.Random(count)
    planted = tuple(
        signal(
            f"planted {n}", [drawn.choice(NAMES), "ceo"], drawn.randint(5, 25), severity=drawn.choice(["act", "watch"])
        )
        for n in range(count)
    )
    crowded = replace(figures("2026-05-01"), signals=planted)
    with formats.speaking(crowded.currency, crowded.locale, crowded.report_date):
        found = {report.report: view_of(crowded, report).page for report in REPORTS}
    for page in found.values():
        assert reading.on_page_one(page) <= 220
        everything = told(page) + " ".join(page.rest)
        assert all(one.headline[1:] in everything for one in planted if page.report in one.readers)
    assert found["ceo"].more if count == 60 else not found["ceo"].more
