"""Whether a report can fill its page one: with fewer than three figures it is one page that says what it needs."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.figures import Figures
from executive_suite.rendering.blocks import Cell, Column, Kpi, Page, Table, View, section
from executive_suite.reports import phrases
from executive_suite.reports.kpis import ENOUGH
from executive_suite.wording import say

TEMPLATE = "reports/needs.j2"
"""Of a report that is one page: its view has the section that this template shows, and no other."""
_MOST_REASONS = 3


def enough(page: Page) -> bool:
    """Whether page one has the figures without which there is none."""
    return sum(kpi.value is not None for kpi in page.kpis) >= ENOUGH


def empty(page: Page, figures: Figures) -> bool:
    """Whether there is nothing to tell this reader: none of the figures, and no signal."""
    known = any(kpi.value is not None for kpi in page.kpis)
    return not known and not any(page.report in signal.readers for signal in figures.signals)


def needs(view: View) -> View:
    """The report as one page: what is known, and what each missing figure needs."""
    missing = [kpi for kpi in view.page.kpis if kpi.value is None]
    known = [kpi for kpi in view.page.kpis if kpi.value is not None]
    rows = tuple((Cell(kpi.label), Cell(phrases.sentence(kpi.comparison))) for kpi in missing)
    count = say(
        "{known} of {kpis}", known=formats.number(len(known)), kpis=formats.counted(len(view.page.kpis), "figure")
    )
    told = section(
        "What this report needs",
        point=say(
            "{count} could be calculated; with {enough}, the whole report is made.",
            count=count,
            enough=formats.number(ENOUGH),
        ),
        missing=Table(
            say("Figures that could not be calculated"), (Column(say("Figure")), Column(say("What is missing"))), rows
        ),
    )
    page = replace(view.page, kpis=tuple(known), picture=view.page.picture if known else None)
    return View(page, {"needs": told})


def not_made(title: str, page: Page) -> str:
    """One line about a report for which there is nothing to tell.

    >>> not_made("CMO report", _example())
    'CMO report is not made: sales channels are not recorded in table channel.'
    """
    reasons = list(dict.fromkeys(kpi.comparison for kpi in page.kpis if kpi.value is None))[:_MOST_REASONS]
    return say("{title} is not made: {listed}.", title=title, listed="; ".join(reasons))


def _example() -> Page:
    from executive_suite.rendering.blocks import Foot

    kpis = (Kpi("Live channels", None, "count", "sales channels are not recorded in table channel"),)
    foot = Foot("", "", "", "", "", 1, "")
    return Page("cmo", "CMO report", "CMO", "2026-05-01", "", (), kpis, Table("", (), ()), (), foot)
