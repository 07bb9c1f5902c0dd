"""The CTO's report on what users miss and what releases lack, each with what closes it, and on how releases go."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import monthly, phrases
from executive_suite.reports.cto import remedies
from executive_suite.reports.cto.security import open_findings
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

_DORA = (
    "deployment_frequency",
    "change_lead_time_hours",
    "change_fail_rate",
    "failed_deployment_recovery_hours",
    "rework_rate",
)


@dataclass(frozen=True, slots=True)
class Users:
    """What users miss."""

    gaps: Table


@dataclass(frozen=True, slots=True)
class Release:
    """What releases lack, and how well they go."""

    gaps: Table
    dora: Table


def users(s: Selection) -> Users:
    """The section on what users miss."""
    empty = phrases.nothing(s.fact("ux_gaps_open"), "No UX shortfall is open.")
    return Users(_table(s, "What users miss, longest open first, at the report date", "ux_gap", empty))


def release(s: Selection) -> Release:
    """The section on releases."""
    empty = phrases.nothing(s.fact("delivery_capability_gaps_open"), "Every required capability is deployed.")
    title = "Release capabilities that are missing, at the report date"
    return Release(_table(s, title, "delivery_gap", empty), _dora(s))


def _table(s: Selection, title: str, kind: str, empty: str) -> Table:
    """Findings of a kind: how long each is open, how much of it users feel, what closes it and what it rests on."""
    registered = {f.dimensions["title"].lower(): f for f in open_findings(s)}
    found = [f for f in s.figures.findings if f.kind == kind and f.outcome == "fires"]

    def age(finding: Finding) -> Cell:
        fact = registered.get(finding.title.lower())
        return s.cell(fact) if fact is not None else Cell("\u2013")

    def row(finding: Finding) -> tuple[Cell, ...]:
        fact = registered.get(finding.title.lower())
        gap = fact.dimensions["finding"] if fact is not None else finding.finding_id
        action = remedies.against(s, gap)
        worth = action.details.get("user_value", "") if action is not None else ""
        return (
            Cell(phrases.capital(finding.title), assumed=finding.assumed),
            Cell(s.entity(finding.entity_id)),
            age(finding),
            Cell(f"{worth} of 10" if worth else "\u2013"),
            Cell(remedies.closing(s, gap, finding.finding_id)),
        )

    def oldest(finding: Finding) -> tuple[int, str]:
        fact = registered.get(finding.title.lower())
        return (-monthly.whole(fact) if fact is not None else 0, finding.finding_id)

    heads = ("Gap", "Where", "Open", "User value", "Closed by")
    columns = tuple(Column(head, "right" if head in {"Open", "User value"} else "left") for head in heads)
    return Table(title, columns, tuple(row(f) for f in sorted(found, key=oldest)), empty=empty)


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
