"""The CEO's report: what is broken, what that puts at stake, and what to decide within thirty days."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import cash_picture, frame, lists, phrases, pictures_change, runway, story
from executive_suite.reports.cash_kpis import past_runway
from executive_suite.reports.ceo import calendar, register, sales, shortfalls, units
from executive_suite.reports.kpis import against_budget, kpi, monthly
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_MAIN = ("cash_balance", "cash_runway_months", "shortfalls_open", "pipeline_gap", "kpis_missing")
_CHANGES = (
    "cash_balance",
    "pipeline_gap",
    "win_rate",
    "shortfalls_open",
    "kpis_missing",
    "equity_uncommitted_pct",
    "succession_coverage",
    "asset_equity",
)


def view(s: Selection, base: Page) -> View:
    """The CEO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        picture=cash_picture.picture(s, base.report),
        kpis=(
            kpi(s, "cash_balance"),
            past_runway(s),
            against_budget(s, "segment_revenue", "Revenue", line="revenue"),
            monthly(s, "segment_contribution", "Contribution"),
            kpi(s, "pipeline_gap"),
            _shortfalls(s),
            kpi(s, "kpis_missing"),
            kpi(s, "equity_uncommitted_pct"),
        ),
        changes=frame.changes(s, *_CHANGES),
        decisions=story.decisions(s, base.report),
    )
    return View(
        page,
        {
            "units": units.units(s),
            "shortfalls": shortfalls.shortfalls(s),
            "agenda": shortfalls.agenda(s, base.report),
            "pipeline": sales.pipeline(s),
            "people": register.people(s),
            "kpis": register.kpis(s),
            "assets": register.assets(s),
            "calendar": calendar.calendar(s),
        },
    )


def _shortfalls(s: Selection) -> Kpi:
    """How many rules fire, and how many lack an input."""
    shown = kpi(s, "shortfalls_open")
    rules = [finding for finding in s.figures.findings if finding.kind == shortfalls.KIND]
    missing = len(lists.of_kind(s, shortfalls.KIND, outcome="not_evaluable"))
    lacking = say(
        "{missing} of {rules} lack data", missing=formats.number(missing), rules=formats.counted(len(rules), "rule")
    )
    if not missing:
        return shown
    return replace(shown, note=lacking) if shown.value is not None else replace(shown, comparison=lacking)


def _message(s: Selection) -> tuple[str, ...]:
    """When the cash runs out; then what is broken, and what is left to sell."""
    known = s.fact("cash_balance").value is not None
    first = f"{runway.sentence(s)}." if known else phrases.available(s, *_MAIN)
    second = f"{shortfalls.fired(s)}; {_unsold(s)}."
    return (second,) if s.foretold else (first, second)


def _unsold(s: Selection) -> str:
    gap, weighted = s.fact("pipeline_gap"), s.fact("pipeline_weighted")
    if gap.value is None and weighted.value is None:
        return frame.calculated(s.figures)
    worth = pictures_change.worth(s, weighted)
    if gap.value is None:
        return say("{worth}; the gap to the revenue target is {gap}", worth=worth, gap=phrases.of(gap))
    return say(
        "{gap} of the {year_label} revenue target is unsold; {worth}",
        gap=formats.of(gap),
        year_label=s.year_label,
        worth=worth,
    )
