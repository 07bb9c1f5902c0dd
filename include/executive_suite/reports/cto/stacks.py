"""The CTO's report stack by stack: what is open on each, how old it is, and how often each is released."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.reports import phrases
from executive_suite.reports.cto.security import one_place, open_findings
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

_EVERY = "ALL"
"""The stack of findings that touch every stack, as the register of findings names it."""
_KINDS = ("security", "ux", "dev_cycle")


@dataclass(frozen=True, slots=True)
class Stacks:
    """The audit of each stack, and the age of what is open."""

    audit: Table
    ageing: Table


def stacks(s: Selection) -> Stacks:
    """The section on the stacks."""
    return Stacks(_audit(s), _ageing(s))


def _audit(s: Selection) -> Table:
    """The audit, stack by stack: what is open of each kind, the worst score, the oldest finding, the releases."""
    gaps = open_findings(s)
    heads = ("Stack", "Security", "UX", "Release", "CVSS points", "Oldest", "Releases a week", "What is open")
    names = sorted({f.dimensions["stack"] for f in s.facts("security_gaps_open", "stack")}, key=_place)

    def counts(own: list[Fact]) -> tuple[Cell, ...]:
        found = (sum(f.dimensions["kind"] == kind for f in own) for kind in _KINDS)
        return tuple(Cell(str(count), count, "number") for count in found)

    def row(stack: str) -> tuple[Cell, ...]:
        own = [f for f in gaps if f.dimensions["stack"] == stack]
        points = s.fact("cvss_exposure_open", stack=stack)
        return (
            Cell(_named(s, stack)),
            *counts(own),
            Cell("\u2013") if points.value is None else one_place(replace(s.cell(points), note="")),
            s.cell(own[0]) if own else Cell("\u2013"),
            _releases(s, stack),
            Cell(phrases.some([f.dimensions["title"] for f in own]) or "nothing of its own"),
        )

    exposure = s.fact("cvss_exposure_open")
    total = (
        Cell("Together"),
        *counts(gaps),
        Cell("\u2013") if exposure.value is None else one_place(replace(s.cell(exposure), note="")),
        s.cell(gaps[0]) if gaps else Cell("\u2013"),
        _rate(s, s.fact("deployment_frequency")),
        Cell(""),
    )
    return Table(
        "Open findings by stack, count and CVSS base points, at the report date; releases of twelve weeks",
        tuple(Column(head, "left" if head in {heads[0], heads[-1]} else "right") for head in heads),
        tuple(row(name) for name in names),
        total if names else (),
        note="A finding that touches every stack stands in a row of its own, not under each."
        if _EVERY in names
        else "",
        empty=phrases.nothing(s.fact("security_gaps_open"), "Nothing is open on any stack."),
    )


def _place(stack: str) -> tuple[bool, str]:
    """Stacks by name; what touches all of them last."""
    return stack == _EVERY, stack


def _named(s: Selection, stack: str) -> str:
    """A stack with the business whose it is, where that has another name."""
    if stack == _EVERY:
        return "Every stack"
    name = s.figures.entities.get(stack.lower(), stack)
    return stack if name == stack else f"{stack}, {name}"


def _releases(s: Selection, stack: str) -> Cell:
    if stack == _EVERY:
        return Cell("\u2013")
    known = s.fact("deployment_frequency").value is not None
    fact = s.fact("deployment_frequency", stack=stack)
    return _rate(s, fact) if fact.value is not None else Cell("0" if known else "n/a")


def _rate(s: Selection, fact: Fact) -> Cell:
    cell = replace(s.cell(fact), note="")
    return replace(cell, text=cell.text.removesuffix(" per week"))


def _ageing(s: Selection) -> Table:
    """How old what is open is, by kind, and how long what was closed had been open."""
    names = {"security": "of them security", "ux": "of them UX", "dev_cycle": "of them release"}
    kinds = [
        (Cell(names.get(f.dimensions["kind"], f.dimensions["kind"])), s.cell(f), Cell("\u2013"))
        for f in s.facts("finding_age_days_open", "kind")
    ]
    rows = (
        _mean_and_median(s, "All that is open", "finding_age_days_open"),
        *kinds,
        _mean_and_median(s, "Closed in twelve months: days it took", "finding_days_to_close"),
    )
    heads = (Column("Findings"), Column("Mean", "right"), Column("Median", "right"))
    return without_figures(Table("Age of findings, days, at the report date", heads, rows))


def _mean_and_median(s: Selection, name: str, metric_id: str) -> tuple[Cell, ...]:
    return Cell(name), s.cell(s.fact(metric_id)), s.cell(s.fact(metric_id, statistic="median"))
