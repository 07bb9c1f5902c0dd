"""From the rows that a rule looked through to the finding: words, money at stake, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import Evidence, Finding, Outcome, Severity
from executive_suite.period import last_complete_month
from executive_suite.rules import evidence
from executive_suite.rules.case import Case
from executive_suite.rules.lines import Cells, Lines
from executive_suite.rules.rule import Rule
from executive_suite.rules.sentences import Values, filled

FROM_COLUMN = "column:"
EVIDENCE_ROWS = 200
"""Rows shown with one finding; every row counts towards its figures."""


def bare(rule: Rule, outcome: Outcome, reason: str) -> Finding:
    """The rule's finding without rows."""
    return Finding(
        finding_id=rule.rule_id,
        kind=rule.kind,
        title=rule.called,
        outcome=outcome,
        severity=severity(rule.severity),
        reason=reason,
        owner="" if rule.owner.startswith(FROM_COLUMN) else rule.owner,
        at_stake_every=rule.at_stake_every,
        judged_by={name: str(limit) for name, limit in rule.limits.items()},
    )


def severity(stated: object) -> Severity:
    """A severity as a rule or a row states it; medium where that is none."""
    return stated if stated in get_args(Severity) else "medium"  # type: ignore[return-value]


def clear(case: Case, *, count: int, of: int) -> Finding:
    """The finding of a rule that does not fire.

    Raises:
        MissingInputError: a figure that could have made it fire has no value because an input is missing.
    """
    if missing := case.missing():
        raise MissingInputError(missing.reason)
    values, blank = _values(case, case.figures, (), count=count, of=of), case.not_applicable()
    found = bare(case.rule, "clear", blank.reason if blank else filled(case.rule.clear, values))
    return replace(found, judged_by=_judged_by(case, values))


def fires(
    case: Case, shown: Lines, rows: Sequence[Cells] | None = None, *, count: int, of: int, since: str = ""
) -> Finding:
    """The finding of a rule that fires.

    Args:
        case: The rule and the run.
        shown: Its evidence.
        rows: The cells of the evidence, where they are known.
        count: How many rows meet the condition.
        of: How many were looked through.
        since: The month before a streak.
    """
    rule = case.rule
    rows = shown.of(shown.frame.head(EVIDENCE_ROWS)).cells(case.context) if rows is None else rows
    at_stake = _at_stake(case, shown)
    values = _values(case, shown, rows, count=count, of=of, since=since, at_stake=at_stake)
    critical = bool(rule.critical_if) and len(case.where(rule.critical_if, case.figures)) > 0
    return replace(
        bare(rule, "fires", filled(rule.fires, values) + cut_off(shown)),
        title=filled(rule.title, values),
        severity="critical" if critical else severity(rule.severity),
        entity_id=shown.entity(rule.entity) if rule.rows else case.entity_id,
        at_stake_cents=at_stake,
        evidence=tuple(_evidence(case, shown, rows, values)),
        action=filled(rule.action, values),
        effort_days="" if rule.effort_days is None else str(rule.effort_days),
        due_on=_plain(values.cells.get(rule.due, "")),
        judged_by=_judged_by(case, values),
    )


def of_row(case: Case, row: Lines, cells: Cells) -> Finding:
    """The finding of one row, for rules that look at each by itself."""
    rule = case.rule
    owner = str(cells.get(rule.owner.removeprefix(FROM_COLUMN)) or "")
    return replace(
        fires(case, row, [cells], count=1, of=1),
        finding_id=str(cells[rule.identity]),
        severity=severity(cells.get(rule.severity.removeprefix(FROM_COLUMN), rule.severity)),
        owner=owner if rule.owner.startswith(FROM_COLUMN) else rule.owner,
        score=str(cells.get("basis") or ""),
    )


def _values(case: Case, shown: Lines, rows: Sequence[Cells], **more: Any) -> Values:
    """What sentences are filled from: the figures, the first row, and what is known of all rows."""
    rule, today = case.rule, case.context.report_date
    units = {**case.figures.units, **shown.units, **dict.fromkeys(("count", "of"), "count")}
    cells = {"entity_id": case.entity_id, **case.figure_cells, **(rows[0] if rows else {})}
    cells |= {"as_of": today, "last_month": str(last_complete_month(today))}
    cells = evidence.named(case.context, cells)
    for name in rule.facts:
        if name in shown.frame.columns:
            column = shown.frame[name].tolist()
            cells[f"total_{name}"] = None if None in column or units[name] in ("date", "text") else sum(column)
    if rule.identity in shown.frame.columns:
        cells["names"] = [str(name) for name in shown.frame[rule.identity]]
    if rule.item:
        named = [evidence.named(case.context, row) for row in rows]
        cells["items"] = ", ".join(filled(rule.item, Values(row, units)) for row in named)
    return Values({**cells, **more}, units)


def _at_stake(case: Case, shown: Lines) -> int | None:
    """The money at stake: figures once, columns summed over the rows; nothing at all counts as none known."""
    figures = [name for name in case.rule.at_stake if name.removeprefix("-") in case.figures.frame.columns]
    columns = [name for name in case.rule.at_stake if name not in figures]
    stakes = [evidence.stake(figures, case.figures.frame) or None, evidence.stake(columns, shown.frame)]
    known = [cents for cents in stakes if cents is not None]
    return sum(known) if known else None


def _evidence(case: Case, shown: Lines, rows: Sequence[Cells], values: Values) -> Iterator[Evidence]:
    rule = case.rule
    if rule.rows:
        yield from (evidence.of_row(case.context, rule.rows, row, rule.evidence) for row in rows)
        return
    if rule.facts:
        for place, row in zip(shown.frame.index, rows, strict=False):
            (_, leading), *others = shown.facts[place].items()
            facts = [leading, *(fact for name, fact in others if rule.uses(name))]
            yield evidence.of_facts(facts, filled(rule.evidence, Values(row, values.units)))
    for number, fact in enumerate(case.figures.facts[0].values()):
        yield evidence.of_facts([fact], "" if rule.facts or number else filled(rule.evidence, values))


def of_rows(case: Case, view: str, shown: Lines, words: str) -> Iterator[Evidence]:
    """The rows of a table or view as evidence, the first of many."""
    head = shown.of(shown.frame.head(EVIDENCE_ROWS))
    return (evidence.of_row(case.context, view, row, words) for row in head.cells(case.context))


def cut_off(shown: Lines) -> str:
    """What is said where not every row is shown."""
    return f" The first {EVIDENCE_ROWS} of {len(shown):,} rows are shown." if len(shown) > EVIDENCE_ROWS else ""


def _judged_by(case: Case, values: Values) -> dict[str, str]:
    """The limits and figures by which the rule was judged, as text."""
    names = (*case.rule.limits, *case.rule.figures, *case.rule.worked_out, "since")
    cells = {name: values.cells.get(name) for name in names}
    return {name: _plain(value) for name, value in cells.items() if value not in (None, "")}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
