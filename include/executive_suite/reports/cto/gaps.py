"""The CTO's report on what is open: security gaps, what users miss, what releases lack, stack by stack."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite.facts import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, FindingList, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

_DORA = (
    "deployment_frequency",
    "change_lead_time_hours",
    "change_fail_rate",
    "failed_deployment_recovery_hours",
    "rework_rate",
)
_MOST_GAPS = 20
"""Gaps named one by one; a mail has no room for more."""


@dataclass(frozen=True, slots=True)
class Security:
    """Open security gaps in ranking order, by stack, over time and by age."""

    ranked: Table
    exposure: Chart
    evidence: FindingList
    stacks: Table
    ageing: Table


@dataclass(frozen=True, slots=True)
class Users:
    """What users miss."""

    gaps: FindingList


@dataclass(frozen=True, slots=True)
class Release:
    """What releases lack, and how well they go."""

    gaps: FindingList
    dora: Table


def security(s: Selection) -> Security:
    """The sections on security and on the stacks."""
    return Security(_ranked(s), _exposure(s), _evidence(s), _stacks(s), _ageing(s))


def users(s: Selection) -> Users:
    """The section on what users miss."""
    return Users(_once(s.findings("What users miss, with the evidence", "ux_gap")))


def release(s: Selection) -> Release:
    """The section on releases."""
    return Release(
        phrases.titled(s.findings("Release capabilities that are missing", "delivery_gap")),
        _dora(s),
    )


def _once(found: FindingList) -> FindingList:
    """Findings whose score only repeats their age, without it."""
    named = phrases.titled(found)
    return replace(named, items=tuple(replace(item, score="") for item in named.items))


def _gaps(s: Selection, kind: str = "") -> list[Fact]:
    """Open findings, oldest first."""
    facts = s.facts("finding_age_days_open", "finding", "kind", "stack", "title")
    chosen = [f for f in facts if not kind or f.dimensions["kind"] == kind]
    return sorted(chosen, key=lambda f: (-monthly.whole(f), f.dimensions["finding"]))


def _ranked(s: Selection) -> Table:
    """Every open security gap in one line: place, score, decision, age and days past its limit."""
    titles = {f.dimensions["finding"]: f for f in _gaps(s, "security")}
    scores = {f.dimensions["finding"]: f for f in s.facts("cvss_base_score", "finding", "stack", "version")}
    over = {f.dimensions["finding"]: f for f in s.facts("finding_days_over_limit", "finding")}
    decisions = {f.dimensions["finding"]: f for f in s.facts("ssvc_decision", "finding", "stack")}
    ranks = sorted(s.facts("security_gap_rank", "finding", "stack"), key=monthly.whole)
    more = len(ranks) - _MOST_GAPS

    def of(table: dict[str, Fact], fact: Fact, missing: str) -> Cell:
        found = table.get(fact.dimensions["finding"])
        if found is None or found.value is None:
            return Cell(missing)
        return replace(s.cell(found), note="")

    def past(fact: Fact) -> Cell:
        cell = of(over, fact, "within")
        return replace(cell, tone="bad") if cell.text != "within" else cell

    return s.table(
        "Open security gaps in ranking order, at the report date",
        tuple(ranks[:_MOST_GAPS]),
        (
            ("Rank", lambda f: replace(s.cell(f), note="")),
            ("Gap", lambda f: Cell(_title(titles, f))),
            ("Stack", lambda f: Cell(f.dimensions["stack"])),
            ("CVSS", lambda f: _one_place(of(scores, f, "no vector"))),
            ("SSVC", lambda f: of(decisions, f, "not assessed")),
            ("Open", lambda f: of(titles, f, wording.NOT_AVAILABLE)),
            ("Past limit", past),
        ),
        note=f"{more} more gaps are in the fact table." if more > 0 else "",
        empty=phrases.nothing(s.fact("security_gaps_open"), "No security gap is open."),
    )


def _one_place(cell: Cell) -> Cell:
    """A CVSS score as it is published: one decimal."""
    if isinstance(cell.raw, Decimal | int):
        return replace(cell, text=wording.number(cell.raw, 1))
    return cell


def _title(titles: dict[str, Fact], fact: Fact) -> str:
    found = titles.get(fact.dimensions["finding"])
    words = found.dimensions["title"] if found else fact.dimensions["finding"]
    return phrases.capital(words)


def _exposure(s: Selection) -> Chart:
    """CVSS points of open gaps week by week: a trend, not a risk."""
    facts = sorted(s.facts("cvss_exposure_open", "week"), key=lambda f: f.dimensions["week"])
    points = [
        Point(wording.day(f.dimensions["week"]).rsplit(" ", 1)[0], value, wording.number(value, 1))
        for f in facts
        if (value := monthly.number(f)) is not None
    ]
    words = "no week can be told"
    if points:
        words = f"{points[0].text} on {points[0].label}, {points[-1].text} on {points[-1].label}"
    title = f"CVSS base points of open security gaps, by week, {phrases.latest(len(points), 'weeks')}, actual"
    note = "An ordinal scale: read it as a trend, never as risk."
    return frame.chart("exposure", title, charts.lines([("", points)]), f"CVSS points: {words}.", note)


def _evidence(s: Selection) -> FindingList:
    """The gaps with their evidence, in ranking order."""
    found = s.findings("The same gaps with their evidence", "security_gap")
    titles = {f.dimensions["finding"]: f for f in _gaps(s, "security")}
    places = {_title(titles, f): monthly.whole(f) for f in s.facts("security_gap_rank", "finding", "stack")}
    named = _once(found)
    items = sorted(named.items, key=lambda item: places.get(item.title, len(places) + 1))
    return replace(named, items=tuple(items))


def _stacks(s: Selection) -> Table:
    """The audit, stack by stack: what is open of each kind, the worst score, the oldest finding."""
    gaps = _gaps(s)
    heads = (
        Column("Stack"),
        Column("Security", "right"),
        Column("UX", "right"),
        Column("Release", "right"),
        Column("CVSS points", "right"),
        Column("Oldest", "right"),
        Column("What is open"),
    )

    def row(stack: str) -> tuple[Cell, ...]:
        own = [f for f in gaps if f.dimensions["stack"] == stack]
        counts = (sum(f.dimensions["kind"] == kind for f in own) for kind in ("security", "ux", "dev_cycle"))
        points = s.fact("cvss_exposure_open", stack=stack)
        return (
            Cell(stack),
            *(Cell(str(count), count, "number") for count in counts),
            Cell("\u2013") if points.value is None else _one_place(replace(s.cell(points), note="")),
            s.cell(own[0]) if own else Cell("\u2013"),
            Cell(phrases.some([f.dimensions["title"] for f in own]) or "nothing of its own"),
        )

    names = sorted({f.dimensions["stack"] for f in s.facts("security_gaps_open", "stack")})
    return Table(
        "Open findings by stack, count and CVSS base points, at the report date",
        heads,
        tuple(row(name) for name in names),
        note="A finding that touches every stack stands under its own name (ALL), not under each.",
        empty=phrases.nothing(s.fact("security_gaps_open"), "Nothing is open on any stack."),
    )


def _ageing(s: Selection) -> Table:
    heads = (Column("Findings"), Column("Mean", "right"), Column("Median", "right"))
    rows = [
        (
            Cell("Open, age"),
            s.cell(s.fact("finding_age_days_open")),
            s.cell(s.fact("finding_age_days_open", statistic="median")),
        ),
        (
            Cell("Closed in twelve months, days to close"),
            s.cell(s.fact("finding_days_to_close")),
            s.cell(s.fact("finding_days_to_close", statistic="median")),
        ),
    ]
    names = {"security": "Open, security", "ux": "Open, UX", "dev_cycle": "Open, release"}
    rows += [
        (Cell(names.get(f.dimensions["kind"], f.dimensions["kind"])), s.cell(f), Cell("\u2013"))
        for f in s.facts("finding_age_days_open", "kind")
    ]
    return without_figures(Table("Age of findings, days, at the report date", heads, tuple(rows)))


def _dora(s: Selection) -> Table:
    """Delivery performance, over all stacks and, where there are several, by stack."""
    stacks = sorted({f.dimensions["stack"] for f in s.facts("deployment_frequency", "stack")})
    shown = stacks if len(stacks) > 1 else []
    heads = (Column("Measure"), Column("All stacks", "right"), *(Column(stack, "right") for stack in shown))

    def row(metric_id: str) -> tuple[Cell, ...]:
        cells = [s.fact(metric_id), *(s.fact(metric_id, stack=stack) for stack in shown)]
        name = s.kpi(metric_id).label
        return (Cell(name, metric_id=metric_id), *(s.cell(f) for f in cells))

    return without_figures(
        Table(
            "Delivery performance (DORA), twelve weeks to the report date, actual",
            heads,
            tuple(row(metric_id) for metric_id in _DORA),
            note=f"All of it on {stacks[0]}." if len(stacks) == 1 else "",
        )
    )
