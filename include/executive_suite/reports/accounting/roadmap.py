"""The accounting section on the way to profitability: milestones and income against the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact, Why
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, Tone, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.absence import left, none, nothing_of
from executive_suite.reports.phrases import capital, window, words_of
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import day, figures, near, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_ROADMAP = "accounting"
_QUARTER = 3
_LEAST = "1"
"""The target of any profit at all, in cents."""
_TARGETS = {
    "trial_balance_diff_cents": "trial_balance_difference",
    "unreconciled_items": "bank_unreconciled_count",
    "net_operating_cents": "operating_income",
    "net_income_cents": "net_income",
}
"""The metrics that measure the roadmap's targets."""


def roadmap(s: Selection) -> Section:
    """The section on the roadmap to profitability."""
    facts, today = milestones(s), s.figures.report_date
    points = [(_title(fact), _due(fact)) for fact in facts]
    horizon = max([(due - today).days for _, due in points] + [30])
    timeline = pictures.timeline(
        "roadmap",
        "Milestones to profitability by due date",
        points,
        today=today,
        days=horizon,
        instead=phrases.unless(s.fact("milestones_due"), "no milestone is set"),
        finding=_reading(s, facts),
    )
    milestones_ = table(
        "Milestones of the roadmap: due date, state, target and current value",
        facts,
        (
            words("Milestone", lambda f: Cell(_title(f), assumed=f.assumed)),
            day("Due", lambda f: f.dimensions["due_on"]),
            words("State", lambda f: Cell(f.value, f.unit, metric_id=f.metric_id), tone=_tone),
            words("Target", lambda f: target_in_words(f.dimensions["target"])),
            figures("Now", lambda f: _now(s, f)),
        ),
        empty=phrases.unless(s.fact("milestones_due"), "No milestone of this report is set."),
    )
    return section(
        "Roadmap to profitability",
        point=_reading(s, facts),
        covered=any(s.fact(name).value is not None for name in ("milestones_due", "profitability_month")),
        rows={"milestones": milestones_, "timeline": timeline, "plan": _plan(s)},
        **({"short": _today(s, facts)} if facts else {}),
    )


def _today(s: Selection, facts: Sequence[Fact]) -> Table:
    return first(
        table(
            "Milestones: target and today",
            facts,
            (
                words("Milestone", lambda f: Cell(_title(f), assumed=f.assumed)),
                near("Due", lambda f: f.dimensions["due_on"], s.figures.report_date),
                words("Target", lambda f: target_in_words(f.dimensions["target"])),
                words("Now", lambda f: replace(_now(s, f), value=_now(s, f).text, unit="text", after="")),
            ),
        ),
    )


def milestones(s: Selection) -> list[Fact]:
    """The milestones of this report, by due date."""
    names = ("milestone", "report", "title", "due_on", "target")
    facts = [fact for fact in s.facts("milestone_status", *names) if fact.dimensions["report"] == _ROADMAP]
    return sorted(facts, key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]))


def _title(fact: Fact) -> str:
    return capital(fact.dimensions["title"])


def _due(fact: Fact) -> date:
    return date.fromisoformat(fact.dimensions["due_on"])


def _tone(fact: Fact) -> Tone:
    if fact.qualified(Why.SLIPPED):
        return "act"
    return "fine" if fact.qualified(Why.ACHIEVED) else "neutral"


def target_in_words(target: str) -> str:
    """A milestone's target, a measure and its value, in words: "Net income above $0"."""
    measure, _, value = target.partition(" ")
    money = measure.endswith("_cents")
    name = say(definition_of(_TARGETS[measure]).name) if measure in _TARGETS else capital(words_of(measure))
    if not value:
        return name
    if money and value == _LEAST:
        return say("{name} above {money}", name=name, money=formats.money(0))
    return f"{name}: {formats.money(Decimal(value)) if money else formats.number(Decimal(value))}"


def _now(s: Selection, fact: Fact) -> Cell:
    """The current value of a milestone's target; for income, of the latest quarter."""
    measure, _, _ = fact.dimensions["target"].partition(" ")
    metric_id = _TARGETS.get(measure)
    if metric_id is None:
        return Cell(say("not measured"))
    if metric_id == "net_income":
        quarter = s.months(metric_id, _QUARTER)
        return replace(
            cells.together(quarter, metric_id), after=say("in {quarter}", quarter=formats.counted(_QUARTER, "month"))
        )
    now = cells.of(s.fact(metric_id))
    return (
        replace(now, after=say("in {window}", window=window(s)))
        if metric_id == "operating_income" and now.value is not None
        else now
    )


def _reading(s: Selection, facts: list[Fact]) -> str:
    slipped, due, month = s.fact("milestones_slipped"), s.fact("milestones_due"), s.fact("profitability_month")
    still_open = sum(not fact.qualified(Why.ACHIEVED) for fact in facts)
    every = formats.counted(due.value, "milestone")
    if due.value is None:
        kept = say("Milestones: {due}.", due=phrases.of(due))
    elif slipped.value:
        kept = say(
            "{slipped} of {every} {are} overdue.",
            slipped=formats.of(slipped),
            every=every,
            are=phrases.are(slipped.value),
        )
    elif still_open == cents(due):
        kept = (
            none("All {every} remain open; none overdue.", nothing_of(slipped), every=every)
            if still_open != 1
            else say("The 1 milestone remains open.")
        )
    else:
        kept = none(
            "{still_open} of {every} {still_open_2} open; none overdue.",
            nothing_of(slipped),
            still_open=still_open,
            every=every,
            still_open_2=phrases.are(still_open, "remains", "remain"),
        )
    if month.value is None:
        return say("{kept} Month of profitability: {month}.", kept=kept, month=phrases.of(month))
    begins = formats.month(str(month.value))
    return say(
        "{kept} By budget, net income is at zero or above for three months from {begins} on.", kept=kept, begins=begins
    )


def _plan(s: Selection) -> Chart:
    """Net income of the year: actual for complete months, and the budget, outlined."""
    done = {fact.period: fact for fact in s.months("net_income", months.YEAR) if s.in_year(fact.period)}
    planned = {
        fact.period: fact
        for fact in s.every("budget_amount")
        if fact.entity_id == GROUP and not fact.dimensions and s.in_year(fact.period) and fact.number is not None
    }
    points, listed = [], []
    for period in sorted({*planned, *done}):
        label = formats.month_name(period)
        if period in planned:
            text = "" if period in done else pictures.in_thousands(planned[period])
            points.append(Point(label, cents(planned[period]), text, "plan"))
        if period in done:
            points.append(Point(label, cents(done[period]), pictures.in_thousands(done[period])))
        shown = done.get(period) or planned[period]
        listed.append(f"{formats.month(period)} {formats.of(shown)}{'' if period in done else ' planned'}")
    title = say(
        "Monthly net income, thousand {currency}, {year_label}: actual (filled), budget (outlined)",
        currency=formats.currency(),
        year_label=s.year_label,
    )
    alt = say("Net income by month: {listed}", listed=", ".join(listed)) if listed else s.fact("budget_variance").reason
    return pictures.chart("plan", title, charts.columns(points), alt, finding=_so_far(planned, done))


def _so_far(planned: Mapping[str, Fact], done: Mapping[str, Fact]) -> str:
    """Net income of the year so far against its budget for the same months."""
    both = [period for period in planned if period in done and done[period].number is not None]
    if not both:
        return none("No complete month of the year has both an actual and a budget.", left(both))
    actual, budget = (sum(cents(facts[period]) for period in both) for facts in (done, planned))
    side = say("on budget")
    if actual != budget:
        side = say(
            "{abs} {value} budget",
            abs=formats.money(abs(actual - budget)),
            value=say("above") if actual > budget else say("below"),
        )
    count = formats.counted(len(both), say("complete month"))
    return say(
        "Net income of the year's {count} is {actual}, {side}.", count=count, actual=formats.money(actual), side=side
    )
