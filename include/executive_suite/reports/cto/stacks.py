"""The CTO's section on the stacks: open findings, their age, and releases of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.cto.security import open_findings
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import lean, only
from executive_suite.wording import noted, say

_EVERY = "ALL"
"""The stack that the register of findings names for findings on every stack."""
_TOGETHER = ""
_KINDS = {"security": noted("Security"), "ux": noted("UX"), "dev_cycle": noted("Release")}
_AGE, _CLOSED = "finding_age_days_open", "finding_days_to_close"


def stacks(s: Selection) -> Section:
    """The section on the stacks."""
    whole = _audit(s)
    return section(
        "Stack by stack",
        point=_point(s),
        covered=s.fact("security_gaps_open").value is not None,
        rows={"audit": whole, "ageing": _ageing(s)},
        **({"short": _short(whole)} if open_findings(s) else {}),
    )


def _short(whole: Table) -> Table:
    return replace(
        lean(only(whole, say("Stack"), *_KINDS.values(), say("Oldest"))), title=say("Open findings by stack")
    )


def _point(s: Selection) -> str:
    """How many findings are open on each stack and on all, and the clean ones."""
    gaps = open_findings(s)
    names = sorted({f.dimensions["stack"] for f in s.facts("security_gaps_open", "stack")}, key=_order)
    if not gaps:
        return phrases.unless(s.fact("security_gaps_open"), "No finding is open on any stack.")
    counts = Counter(fact.dimensions["stack"] for fact in gaps)
    worst = max(names or counts, key=lambda stack: (counts[stack], stack))
    summary = say("{gaps} {gaps_2} open", gaps=formats.counted(len(gaps), "finding"), gaps_2=phrases.are(len(gaps)))
    summary += say(", most on {value}", value=_named(s, worst).lower() if worst == _EVERY else _named(s, worst))
    summary += f" ({formats.number(counts[worst])})."
    clean = [_named(s, stack) for stack in names if stack != _EVERY and not counts[stack]]
    return (
        none(
            "{summary} Nothing of its own is open on {clean}.",
            Proof(bool(clean), (s.fact("security_gaps_open").fact_id,)),
            summary=summary,
            clean=formats.series(clean),
        )
        if clean
        else summary
    )


def _audit(s: Selection) -> Table:
    """Open findings by kind on each stack, the sum of scores, the oldest finding, and releases."""
    gaps = open_findings(s)
    names = sorted({f.dimensions["stack"] for f in s.facts("security_gaps_open", "stack")}, key=_order)

    def own(stack: str) -> list[Fact]:
        return [fact for fact in gaps if stack in {_TOGETHER, fact.dimensions["stack"]}]

    def count(kind: str) -> Col[str]:
        def cell(stack: str) -> Cell:
            return Cell(sum(fact.dimensions["kind"] == kind for fact in own(stack)), "count")

        return figures(say(_KINDS[kind]), cell)

    def points(stack: str) -> Cell:
        return cells.known(s.fact("cvss_exposure_open", **({"stack": stack} if stack else {})))

    return table(
        "Open findings by stack and CVSS base points, at the report date; releases of 12 weeks",
        names,
        (
            words("Stack", lambda stack: _named(s, stack)),
            *map(count, _KINDS),
            figures("CVSS points", points),
            figures("Oldest", lambda stack: own(stack)[0] if own(stack) else Cell(NOTHING)),
            figures("Releases", lambda stack: _releases(s, stack)),
            words(
                "What is open",
                lambda stack: (
                    phrases.some([fact.dimensions["title"] for fact in own(stack)]) or say("no stack-specific findings")
                ),
            ),
        ),
        total=_TOGETHER,
        total_name="Together",
        note="A finding on every stack has one row, not one per stack." if _EVERY in names else "",
        empty=phrases.unless(s.fact("security_gaps_open"), "No finding is open on any stack."),
    )


def _order(stack: str) -> tuple[bool, str]:
    """Stacks by id; findings on every stack last."""
    return stack == _EVERY, stack


def _named(s: Selection, stack: str) -> str:
    """A stack with its business, if that has another name."""
    if stack == _EVERY:
        return say("Every stack")
    name = s.figures.entities.get(stack.lower(), stack)
    return stack if name == stack else f"{stack}, {name}"


def _releases(s: Selection, stack: str) -> Cell:
    if stack == _EVERY:
        return Cell(NOTHING)
    whole = s.fact("deployment_frequency")
    fact = s.fact("deployment_frequency", stack=stack) if stack else whole
    if fact.value is not None:
        return cells.of(fact, notes="never")
    return Cell(None if whole.value is None else 0, fact.unit)


def _ageing(s: Selection) -> Table:
    """The age of open findings by kind, and the time that closed ones took."""
    rows: list[tuple[str, Fact, Fact | Cell]] = [
        (say("All open findings"), s.fact(_AGE), s.fact(_AGE, statistic="median")),
        *(
            (say(_KINDS.get(f.dimensions["kind"], f.dimensions["kind"])), f, Cell(NOTHING))
            for f in s.facts(_AGE, "kind")
        ),
        (say("Closed in 12 months: days to close"), s.fact(_CLOSED), s.fact(_CLOSED, statistic="median")),
    ]
    return table(
        "Age of findings at the report date",
        rows,
        (
            words("Findings", lambda row: row[0]),
            figures("Mean", lambda row: row[1]),
            figures("Median", lambda row: row[2]),
        ),
        fixed=True,
    )
