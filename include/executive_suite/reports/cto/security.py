"""The CTO's report on security: the open gaps in ranking order, each with what closes it, and their course by week."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.cto import remedies
from executive_suite.reports.selection import Selection

_MOST_GAPS = 20
"""Gaps named one by one; a mail has no room for more."""
_NOBODY = "not assessed"


@dataclass(frozen=True, slots=True)
class Security:
    """Open security gaps in ranking order, and over time."""

    ranked: Table
    exposure: Chart


def security(s: Selection) -> Security:
    """The section on security."""
    return Security(_ranked(s), _exposure(s))


def open_findings(s: Selection, kind: str = "") -> list[Fact]:
    """Open findings, oldest first."""
    facts = s.facts("finding_age_days_open", "finding", "kind", "stack", "title")
    chosen = [f for f in facts if not kind or f.dimensions["kind"] == kind]
    return sorted(chosen, key=lambda f: (-monthly.whole(f), f.dimensions["finding"]))


def one_place(cell: Cell) -> Cell:
    """A CVSS score as it is published: one decimal."""
    if isinstance(cell.raw, Decimal | int):
        return replace(cell, text=formats.number(cell.raw, 1))
    return cell


def _ranked(s: Selection) -> Table:
    """Every open security gap in one line, with what closes it and what it rests on."""
    titles = {f.dimensions["finding"]: f for f in open_findings(s, "security")}
    scores = {f.dimensions["finding"]: f for f in s.facts("cvss_base_score", "finding", "stack", "version")}
    over = {f.dimensions["finding"]: f for f in s.facts("finding_days_over_limit", "finding")}
    decisions = {f.dimensions["finding"]: f for f in s.facts("ssvc_decision", "finding", "stack")}
    severities = {f.finding_id: f.severity for f in s.figures.findings if f.kind == "security_gap"}
    ranks = sorted(s.facts("security_gap_rank", "finding", "stack"), key=monthly.whole)[:_MOST_GAPS]

    def of(table: dict[str, Fact], fact: Fact, missing: str) -> Cell:
        found = table.get(fact.dimensions["finding"])
        return Cell(missing) if found is None or found.value is None else replace(s.cell(found), note="")

    def past(fact: Fact) -> Cell:
        cell = of(over, fact, "within")
        return replace(cell, tone="bad") if cell.text != "within" else cell

    def row(fact: Fact) -> dict[str, Cell]:
        gap = fact.dimensions["finding"]
        return {
            "Rank": replace(s.cell(fact), note=""),
            "Gap": Cell(_title(titles, fact)),
            "Stack": Cell(fact.dimensions["stack"]),
            "Severity": Cell(severities.get(gap, "")),
            "CVSS": one_place(of(scores, fact, "no vector")),
            "SSVC": of(decisions, fact, _NOBODY),
            "Open": of(titles, fact, formats.NOT_AVAILABLE),
            "Past limit": past(fact),
            "Closed by": Cell(remedies.closing(s, gap)),
        }

    rows = [row(fact) for fact in ranks]
    assessed = any(cells["SSVC"].text != _NOBODY for cells in rows)
    heads = [head for head in (rows[0] if rows else {}) if head != "SSVC" or assessed]
    right = {"Rank", "CVSS", "Open", "Past limit"}
    more = len(s.facts("security_gap_rank", "finding", "stack")) - len(rows)
    said = [] if assessed else ["no gap has an SSVC assessment yet"]
    said += [f"{formats.counted(more, 'more gap')} {'is' if more == 1 else 'are'} not shown"] if more > 0 else []
    return Table(
        f"Open security gaps by {'SSVC decision, then ' if assessed else ''}CVSS base score, at the report date",
        tuple(Column(head, "right" if head in right else "left") for head in heads),
        tuple(tuple(cells[head] for head in heads) for cells in rows),
        note=phrases.sentence("; ".join(said)),
        empty=phrases.nothing(s.fact("security_gaps_open"), "No security gap is open."),
    )


def _title(titles: dict[str, Fact], fact: Fact) -> str:
    found = titles.get(fact.dimensions["finding"])
    words = found.dimensions["title"] if found else fact.dimensions["finding"]
    return phrases.capital(words)


def _exposure(s: Selection) -> Chart:
    """CVSS points of open gaps week by week: a trend, not a risk; no picture where it did not move."""
    facts = sorted(s.facts("cvss_exposure_open", "week"), key=lambda f: f.dimensions["week"])
    points = [
        Point(formats.day(f.dimensions["week"]).rsplit(" ", 1)[0], value, formats.number(value, 1))
        for f in facts
        if (value := monthly.number(f)) is not None
    ]
    title = f"CVSS base points of open security gaps, by week, {phrases.latest(len(points), 'weeks')}, actual"
    if not points:
        return frame.chart("exposure", title, "", "CVSS points: no week can be told.")
    first, last = points[0], points[-1]
    if len({p.value for p in points}) == 1:
        alt = f"CVSS points of open gaps stood at {last.text} in each of the latest {len(points)} weeks."
        return frame.chart("exposure", title, "", alt)
    alt = f"CVSS points: {first.text} on {first.label}, {last.text} on {last.label}."
    moved = f"{'rose' if last.value > first.value else 'fell'} from {first.text} to {last.text}"
    if last.value == first.value:
        moved = f"stand where they stood, at {last.text}, after moving"
    finding = f"CVSS points of open gaps {moved} in {len(points)} weeks."
    note = "An ordinal scale: read it as a trend, never as risk."
    return frame.chart("exposure", title, charts.lines([("", points)]), alt, note, finding=finding)
