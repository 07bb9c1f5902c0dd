"""The CMO's report on the plan: milestones, what each needs for attribution, what cannot be told, unit economics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.selection import Selection

_HORIZON_DAYS = 90
_REPORT = "cmo"
_ECONOMICS = ("cac", "cac_payback_months", "ltv_to_cac", "roas", "marketing_efficiency_ratio")
_ATTRIBUTED_BY = {"emails": ("email_event", "touchpoint", "campaign_spend"), "ota": ("booking", "review")}
"""What tells which effort brought a booking, by the first word of a milestone's measure: tables of the input schema."""
_OTHERWISE = ("touchpoint", "booking")
_INPUTS = {
    "booking": "bookings",
    "campaign_spend": "campaign spend",
    "email_event": "mail events",
    "review": "reviews",
    "touchpoint": "tagged visits",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The milestones of ninety days, and what cannot be told yet."""

    timeline: Chart
    milestones: Table
    needs: Table


def plan(s: Selection) -> Plan:
    """The section on milestones."""
    return Plan(_timeline(s), _milestones(s), _needs(s))


def missing_kpis(s: Selection) -> tuple[Fact, ...]:
    """The KPIs of this report whose input is missing, by name."""
    facts = s.facts("kpis_missing", "kpi", "report", "name", "formula", report=_REPORT)
    return tuple(sorted((f for f in facts if f.value), key=lambda f: f.dimensions["name"]))


def economics(s: Selection) -> Table:
    """Unit economics beside what they are compared with; where none can be told, why, once."""
    title = "Unit economics, twelve complete months, actual"
    heads = (Column("Measure"), Column("Now", "right"), Column("Against"))
    shown = [(s.kpi(metric_id), s.fact(metric_id)) for metric_id in _ECONOMICS]
    reasons = {fact.reason for _, fact in shown}
    if len(reasons) == 1 and all(fact.value is None for _, fact in shown):
        names = phrases.series([kpi.label for kpi, _ in shown])
        return Table(title, heads, (), empty=f"{names} cannot be told: {reasons.pop()}.")
    rows = (
        (Cell(k.label, metric_id=k.metric_id), phrases.plain(s.cell(f, k.tone)), Cell(phrases.against(k, f)))
        for k, f in shown
    )
    return Table(title, heads, tuple(rows))


def _attribution_needs(s: Selection, fact: Fact) -> Cell:
    """What the attribution of a milestone rests on, and whether any of it is on record."""
    tables = _ATTRIBUTED_BY.get(fact.dimensions["target"].partition("_")[0], _OTHERWISE)
    there = [_INPUTS[table] for table in tables if s.figures.coverage.get(table)]
    absent = [_INPUTS[table] for table in tables if not s.figures.coverage.get(table)]
    words = [f"{phrases.series(absent)} missing"] if absent else []
    words += [f"{phrases.series(there)} on record"] if there else []
    return Cell("; ".join(words), tone="bad" if absent else "good")


def _needs(s: Selection) -> Table:
    """KPIs of this report that cannot be told, with the input that each lacks."""
    return s.table(
        "What cannot be told yet, and the input it needs",
        missing_kpis(s),
        (
            ("KPI", lambda f: Cell(f.dimensions["name"])),
            ("What is missing", lambda f: Cell(phrases.capital(f.reason))),
            ("Definition", lambda f: Cell(f.dimensions["formula"])),
        ),
        empty="Every KPI of this report can be told."
        if s.fact("kpis_missing").value is not None
        else "Not evaluable: table kpi_definition is absent or empty; add the catalogue of KPIs.",
    )


def _due(s: Selection) -> list[Fact]:
    facts = s.facts("marketing_milestone_days", "milestone", "title", "due_on", "state", "target")
    return sorted(facts, key=lambda f: (f.dimensions["due_on"], f.dimensions["milestone"]))


def pending(s: Selection) -> list[Fact]:
    """The marketing milestones that are not done, the first due first."""
    return [f for f in _due(s) if f.dimensions["state"] != "done"]


def _soonest(s: Selection) -> str:
    """How many milestones are late or fall due, and the first of them."""
    near = [f for f in pending(s) if monthly.whole(f) <= _HORIZON_DAYS]
    late = sum(monthly.whole(f) < 0 for f in near)
    if not near:
        return ""
    first = f"{phrases.quoted(near[0].dimensions['title'])} on {formats.day(near[0].dimensions['due_on'])}"
    if late:
        are = "is" if late == 1 else "are"
        return f"{late} of {formats.counted(len(near), 'open milestone')} {are} late, first {first}."
    falls = "falls" if len(near) == 1 else "fall"
    return f"{formats.counted(len(near), 'milestone')} {falls} due within {_HORIZON_DAYS} days, first {first}."


def _timeline(s: Selection) -> Chart:
    points = [
        (phrases.capital(f.dimensions["title"]), max(0, monthly.whole(f)), formats.day(f.dimensions["due_on"]))
        for f in pending(s)
        if monthly.whole(f) <= _HORIZON_DAYS
    ]
    words = "; ".join(f"{name} by {text}" for name, _, text in points) or "none falls due"
    title = f"Marketing milestones, days from the report date, next {_HORIZON_DAYS} days, plan"
    today = formats.day(date.fromisoformat(s.figures.report_date.isoformat())).rsplit(" ", 1)[0]
    picture = charts.timeline(points, days=_HORIZON_DAYS, today=today)
    return frame.chart("milestones", title, picture, f"Milestones due: {words}.", finding=_soonest(s))


def _milestones(s: Selection) -> Table:
    tones = {"late": "bad", "done": "good"}

    def state(fact: Fact) -> Cell:
        word = fact.dimensions["state"]
        return Cell(word, tone=tones.get(word, "neutral"))  # type: ignore[arg-type]

    def days(fact: Fact) -> Cell:
        return phrases.plain(s.cell(fact))

    return s.table(
        "Milestones of thirty, sixty and ninety days, what each is measured by and what its attribution needs, plan",
        tuple(_due(s)),
        (
            ("Milestone", lambda f: Cell(phrases.capital(f.dimensions["title"]))),
            ("Due", lambda f: Cell(formats.day(f.dimensions["due_on"]))),
            ("In", days),
            ("State", state),
            ("Measured by", lambda f: Cell(_measure(f.dimensions["target"]))),
            ("Attribution", lambda f: _attribution_needs(s, f)),
        ),
        empty="Not evaluable: table milestone has none for this report.",
    )


def _measure(target: str) -> str:
    """A milestone's measure in words: "3,676 emails sent" for ``emails_sent 3676``."""
    name, _, value = target.partition(" ")
    return f"{formats.number(Decimal(value))} {phrases.words_of(name)}" if value else phrases.words_of(name)
