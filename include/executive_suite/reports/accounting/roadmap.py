"""The accounting report on the way to profit: milestones, where each stands, and income beside the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame
from executive_suite.reports.accounting.statement import columns
from executive_suite.reports.phrases import capital, plain, window, words_of
from executive_suite.reports.selection import Selection

ROADMAP = "accounting"
QUARTER = 3
_LEAST = "1"
"""The least profit that a target can ask for, cents: any at all."""
TARGETS = {
    "trial_balance_diff_cents": "trial_balance_difference",
    "unreconciled_items": "bank_unreconciled_count",
    "net_operating_cents": "operating_income",
    "net_income_cents": "net_income",
}
"""What the roadmap's targets are measured by."""


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The way to profitability."""

    timeline: Chart
    milestones: Table
    plan: Chart


def roadmap(s: Selection) -> Roadmap:
    """The section on the roadmap to profitability."""
    names = ("milestone", "report", "title", "due_on", "target")
    facts = sorted(
        (f for f in s.facts("milestone_status", *names) if f.dimensions["report"] == ROADMAP),
        key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]),
    )
    today = s.figures.report_date
    points, rows = [], []
    for fact in facts:
        due = date.fromisoformat(fact.dimensions["due_on"])
        metric, _, value = fact.dimensions["target"].partition(" ")
        status = str(fact.value)
        tone: Tone = "bad" if status.startswith("slipped") else "good" if status.startswith("achieved") else "neutral"
        title_of = capital(fact.dimensions["title"])
        points.append((title_of, (due - today).days, formats.day(due)))
        rows.append(
            (
                Cell(title_of, assumed=fact.assumed),
                Cell(formats.day(due), fact.dimensions["due_on"], "date"),
                Cell(status, tone=tone, metric_id=fact.metric_id),
                Cell(target_in_words(metric, value)),
                _now(s, metric),
            )
        )
    horizon = max([day for _, day, _ in points] + [30])
    alt = "; ".join(f"{name}, due {text}" for name, _, text in points) or "No milestone is set"
    timeline = frame.chart(
        "roadmap",
        "Milestones to profitability by due date",
        charts.timeline(points, days=horizon, today=formats.day(today)),
        f"{alt}.",
        finding=_reading(s),
    )
    table = Table(
        "Milestones of the roadmap: due date, state, target and where it stands",
        columns("Milestone", "Due", "State", "Target", "Now", text=(0, 1, 2, 3, 4)),
        tuple(rows),
        empty="No milestone of this report is set.",
    )
    return Roadmap(timeline, table, _plan(s))


def target_in_words(metric: str, value: str) -> str:
    """A milestone's target in words: "Net income above 0 USD"; a measure of its own keeps its own name."""
    name = (
        definition_of(TARGETS[metric]).name if metric in TARGETS else capital(words_of(metric.removesuffix("_cents")))
    )
    if not value:
        return name
    if metric.endswith("_cents") and value == _LEAST:
        return f"{name} above {formats.money(0)}"
    amount = formats.money(Decimal(value)) if metric.endswith("_cents") else formats.number(Decimal(value))
    return f"{name}: {amount}"


def _now(s: Selection, metric: str) -> Cell:
    """Where a milestone's target stands; income is that of the latest quarter."""
    if metric == "net_income_cents":
        cents = sum(f.value for f in s.months("net_income", QUARTER) if isinstance(f.value, int))
        return Cell(f"{formats.money(cents)} in three months", cents, "money", metric_id="net_income")
    if metric not in TARGETS:
        return Cell("not measured")
    now = plain(s.cell(s.fact(TARGETS[metric])))
    return replace(now, text=f"{now.text} in {window(s)}") if metric == "net_operating_cents" else now


def _reading(s: Selection) -> str:
    month = s.fact("profitability_month")
    slipped, due = s.fact("milestones_slipped"), s.fact("milestones_due")
    kept = f"{formats.of(slipped)} of {formats.counted(due.value, 'milestone')} slipped."
    if due.value is None:
        kept = f"Milestones: {formats.NOT_AVAILABLE}, {due.reason}."
    if month.value is None:
        return f"{kept} Month of profitability: {formats.NOT_AVAILABLE}, {month.reason}."
    begins = formats.month(str(month.value)[:7])
    return f"{kept} By budget, net income is at zero or above for three months from {begins} on."


def _plan(s: Selection) -> Chart:
    """Net income of the year: actual for complete months, then budget, outlined."""
    year = str(s.figures.report_date.year)
    done = {f.period: f for f in s.months("net_income", 12) if f.period.startswith(year)}
    planned = sorted(
        (
            f
            for f in s.figures.facts
            if f.metric_id == "budget_amount"
            and f.entity_id == GROUP
            and not f.dimensions
            and f.period.startswith(f"{year}-")
            and isinstance(f.value, int)
        ),
        key=lambda f: f.period,
    )
    points = []
    for fact in sorted([*planned, *done.values()], key=lambda f: (f.period, f.metric_id)):
        if isinstance(fact.value, int):
            kind = "plan" if fact.metric_id == "budget_amount" else "actual"
            points.append(_point(fact, kind, told=kind == "actual" or fact.period not in done))
    words = ", ".join(
        f"{formats.month(f.period)} {formats.of(done.get(f.period, f))}{'' if f.period in done else ' planned'}"
        for f in planned or done.values()
    )
    return frame.chart(
        "plan",
        f"Net income a month, thousand {formats.currency()}, {year}: actual (filled) inside of budget (outlined)",
        charts.columns(points),
        f"Net income by month: {words or s.fact('budget_variance').reason}.",
        finding=_so_far(planned, done),
    )


def _so_far(planned: list[Fact], done: Mapping[str, Fact]) -> str:
    """Net income of the year so far beside its budget for the same months."""
    both = [
        (done[f.period].value, f.value)
        for f in planned
        if f.period in done and isinstance(done[f.period].value, int) and isinstance(f.value, int)
    ]
    if not both:
        return "No complete month of the year has both an actual and a budget."
    actual, budget = (sum(int(str(pair[place])) for pair in both) for place in (0, 1))
    apart = formats.money(abs(actual - budget))
    side = "as the budget has it" if actual == budget else f"{apart} {'above' if actual > budget else 'below'} budget"
    return (
        f"Net income of the year's {formats.counted(len(both), 'complete month')} is {formats.money(actual)}, {side}."
    )


def _point(fact: Fact, style: str, *, told: bool) -> Point:
    thousands = formats.number(Decimal(str(fact.value)) / 100_000, 1) if told else ""
    return Point(
        formats.month(fact.period)[:3], int(str(fact.value)), thousands, "plan" if style == "plan" else "actual"
    )
