"""The figures of page one and the mail of a later edition are bound as well: a planted number or absence fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module

import pytest

from executive_suite import config, reports, wording, written
from executive_suite.facts.earlier import Earlier, Told
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import bound, edition
from executive_suite.reports.selection import Selection
from group_data import INCLUDE
from sample_figures import figures

build = import_module("executive_suite.reports.build")
FIRST, LATER = date(2026, 5, 1), date(2026, 5, 15)
REPORTS = {report.report: report for report in config.load(INCLUDE / "config").reports}
OVER = ("No permit for Zenith since Jan 2, 2031", *REPORTS)
"""A headline of the earlier edition that no signal of this one has, and the reports that it concerned."""


@cache
def later(*, same: bool = False) -> Figures:
    """The sample two weeks after a report of the same month; or as it would be if nothing had changed since."""
    found, before = figures(LATER), figures(LATER if same else FIRST)
    values = {
        f"{fact.metric_id}/{fact.entity_id}": str(fact.value)
        for fact in before.facts
        if fact.value is not None and not fact.dimensions and not fact.monthly
    }
    signals = {one.signal_id: (one.headline, *one.readers) for one in before.signals}
    if not same:
        values["cash_balance/group"] = "4000000"
    told = Told(FIRST, values, signals if same else {**signals, "lapse:zenith": OVER}, ())
    return replace(found, earlier=Earlier(told=(told,)))


def with_kpi(page: Page, **words: str) -> Page:
    first: Kpi = replace(page.kpis[0], **words)
    return replace(page, kpis=(first, *page.kpis[1:]))


KPIS: dict[str, tuple[Callable[[Page], Page], str]] = {
    "a comparison": (lambda page: with_kpi(page, comparison="Apr 2025: $987,654"), "987,654"),
    "its month": (lambda page: with_kpi(page, comparison="Apr 2031: $39,966"), "2031"),
    "a note": (lambda page: with_kpi(page, note="Lowest in the week of Mar 3, 2031"), "2031"),
    "an absence": (lambda page: with_kpi(page, comparison="no target, nothing owed"), "not there"),
    "a label": (lambda page: with_kpi(page, label="Cash of Zenith"), "Zenith"),
    "a period": (lambda page: replace(page, period="through Apr 30, 2031"), "2031"),
}


@pytest.mark.parametrize("kind", KPIS)
@pytest.mark.parametrize("mailed", [False, True])
def test_a_planted_word_of_a_figure_is_refused(kind: str, mailed: bool) -> None:
    plant, free = KPIS[kind]
    made, told = build.parts_of(later(), REPORTS["cfo"])
    bound.check(made.views, told, made.written)
    view = replace(made.whole, page=plant(made.whole.page))
    views = (made.whole, View(plant(made.mailed), {})) if mailed else (view,)
    with pytest.raises(bound.UnboundError, match=free):
        bound.check(views, told, made.written)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("report", REPORTS)
def test_the_mail_of_a_later_edition_is_bound(report: str, same: bool, language: str) -> None:
    shown = REPORTS[report].model_copy(update={"language": language})
    made, told = build.parts_of(later(same=same), shown)
    with wording.speaking(language):
        bound.check(made.views, told, made.written)


EDITIONS = {
    "a number": ("1 figure changed; $987,654 left.", "987,654"),
    "a name": ("No longer: Zenithal owes.", "Zenithal"),
    "that a signal is over": ("No longer: cash runs out.", "not there"),
    "that nothing changed": ("Nothing has changed since May 1.", "not there"),
}


@pytest.mark.parametrize("kind", EDITIONS)
def test_a_planted_sentence_of_an_edition_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence, free = EDITIONS[kind]
    of = edition.of

    def planted(s: Selection, page: Page) -> Page:
        made = of(s, page)
        for word in ("nothing has changed since", "no longer", "owes", "cash runs out", "left"):
            written.said(word)  # words alone prove nothing
        return replace(made, headlines=(*made.headlines, sentence))

    monkeypatch.setattr(edition, "of", planted)
    assert REPORTS["cfo"].mail == "brief"
    with pytest.raises(bound.UnboundError, match=free):
        reports.build(later(), REPORTS["cfo"])


def test_a_signal_that_holds_is_not_told_to_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    held = figures(LATER).signals[0]
    of = edition.of

    def planted(s: Selection, page: Page) -> Page:
        (before,) = s.figures.earlier.told
        said = edition._over(s, held.headline, held.signal_id, before)  # noqa: SLF001 - said although it is not so
        return replace(of(s, page), headlines=(said,))

    monkeypatch.setattr(edition, "of", planted)
    with pytest.raises(bound.UnboundError, match="not there"):
        reports.build(later(), REPORTS["ceo"])


def test_what_is_over_and_what_moved_is_explained() -> None:
    told = {one.sentence: one for one in reports.explained(later(), REPORTS["cfo"])}
    over = told["No longer: No permit for Zenith since Jan 2, 2031."]
    assert over.names == ("signal lapse:zenith of 2026-05-01",)
    moved = [one for sentence, one in told.items() if sentence.startswith("May 1: ")]
    assert moved
    assert any(name.endswith("/2026-05-01") for one in moved for name in one.facts)


# The figure of a year ago is that of its month: cash at the end of May 2025 is not that of April.
def test_a_comparison_names_the_month_of_its_figure() -> None:
    found, name = figures(LATER), f"cash_balance/group/{LATER}"
    facts = tuple(replace(fact, value=5_000_000) if fact.fact_id == name else fact for fact in found.facts)
    made, told = build.parts_of(replace(found, facts=facts), REPORTS["cfo"])
    (cash,) = (kpi for kpi in made.whole.page.kpis if kpi.metric_id == "cash_balance")
    (then,) = (fact for fact in facts if fact.fact_id == "cash_balance/group/2025-05")
    assert cash.history[0] == then.number
    assert cash.comparison == f"May 2025: ${(then.number or 0) / 100:,.0f}"
    explained = {one.sentence: one for one in bound.explained(made.views, told, made.written)}
    assert then.fact_id in explained[cash.comparison].facts


def test_an_edition_compares_cash_that_grows_with_its_growth() -> None:
    found = figures(LATER)
    growing = tuple(
        replace(fact, value=-500_000) if fact.fact_id == f"net_burn/group/{LATER}" else fact for fact in found.facts
    )
    told = Told(FIRST, {"net_burn/group": "-400000"}, {}, ())
    same = Told(FIRST, {"net_burn/group": "-500000"}, {}, ())
    shown = {}
    for before in (told, same):
        given = replace(found, facts=growing, earlier=Earlier(told=(before,)))
        page = build.parts_of(given, REPORTS["cfo"])[0].mailed
        shown[before.values["net_burn/group"]] = [k.comparison for k in page.kpis if k.metric_id == "net_burn"]
    assert shown == {"-400000": ["May 1: $4,000 a month"], "-500000": []}


def test_an_edition_in_another_language_is_quiet_where_nothing_is_new() -> None:
    spanish = REPORTS["cfo"].model_copy(update={"language": "es"})
    made, told = build.parts_of(later(same=True), spanish)
    with wording.speaking("es"):
        assert edition.fresh(Selection(told), "cfo") == ()
    assert made.mailed.message != made.whole.page.message
