"""From the rows that a rule looked through to the finding, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args

from executive_suite import formats
from executive_suite.conditions.rows import Cells, Rows
from executive_suite.dataset import labels
from executive_suite.dataset.labels import entity_names
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.facts.findings import Finding, Outcome, Severity
from executive_suite.period import last_complete_month
from executive_suite.rules import evidence
from executive_suite.rules.case import Case
from executive_suite.rules.rule import Rule
from executive_suite.rules.sentences import filled

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

FROM_COLUMN = "column:"
EVIDENCE_ROWS = 200
"""Rows shown with one finding; every row counts towards its figures."""


def bare(rule: Rule, outcome: Outcome, reason: str) -> Finding:
    """The rule's finding without rows."""
    return Finding(
        finding_id=rule.rule_id,
        kind=rule.kind,
        title=rule.name or rule.title,
        outcome=outcome,
        severity=severity(rule.severity),
        reason=reason,
        owner="" if rule.owner.startswith(FROM_COLUMN) else rule.owner,
        at_stake_every=rule.at_stake_every,
        estimated=rule.estimated,
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
    cells, blank = _cells(case, case.figures, (), count=count, of=of), case.not_applicable()
    reason = blank.reason if blank else filled(case.rule.clear, cells, _units(case))
    return replace(bare(case.rule, "clear", reason), judged_by=_judged_by(case, cells))


def fires(case: Case, shown: Rows, *, count: int, of: int, since: str = "") -> Finding:
    """The finding of a rule that fires.

    Args:
        case: The rule and the run.
        shown: Its evidence.
        count: How many rows meet the condition.
        of: How many were looked through.
        since: The month before a streak.
    """
    rule, units = case.rule, _units(case)
    rows = [_local(row, case.context) for row in islice(shown, EVIDENCE_ROWS)]
    at_stake = evidence.at_stake(case, shown)
    cells = _cells(case, shown, rows, count=count, of=of, since=since, at_stake=at_stake)
    critical = bool(rule.critical_if) and len(case.where(rule.critical_if, case.figures)) > 0
    more = f" The first {EVIDENCE_ROWS} of {len(shown):,} rows are shown." if len(shown) > len(rows) else ""
    return replace(
        bare(rule, "fires", filled(rule.fires, cells, units) + more),
        title=filled(rule.title, cells, units),
        severity="critical" if critical else severity(rule.severity),
        entity_id=_entity(rule, shown) if rule.rows else case.entity_id,
        at_stake_cents=at_stake,
        evidence=tuple(evidence.of(case, rows, cells)),
        action=filled(rule.action, cells, units),
        effort_days="" if rule.effort_days is None else str(rule.effort_days),
        due_on=_plain(cells.get(rule.due, "")),
        judged_by=_judged_by(case, cells),
    )


def of_row(case: Case, row: Cells) -> Finding:
    """The finding of one row, for rules that look at each by itself."""
    rule = case.rule
    owner = str(row.get(rule.owner.removeprefix(FROM_COLUMN)) or "")
    return replace(
        fires(case, Rows(tuple(row), [row]), count=1, of=1),
        finding_id=str(row[rule.identity]),
        severity=severity(row.get(rule.severity.removeprefix(FROM_COLUMN), rule.severity)),
        owner=owner if rule.owner.startswith(FROM_COLUMN) else rule.owner,
        score=str(row.get("basis") or ""),
    )


@per_context
def _labels(context: Context) -> Mapping[str, Mapping[str, str]]:
    """Names of rows that a sentence may show in place of their keys, by kind."""
    return labels.of(context.tables)


def _local(row: Cells, context: Context) -> Cells:
    """A row with the name of its entity, and instants as days where the group keeps its clock."""
    entity = str(row.get("entity_id") or "")
    days = {name: cell.astimezone(context.zone).date() for name, cell in row.items() if isinstance(cell, datetime)}
    return {**row, **days, "entity": entity_names(context).get(entity, entity)}


def _units(case: Case) -> Mapping[str, str]:
    return {**case.units, **dict.fromkeys(("count", "of", "others"), "count")}


def _cells(case: Case, shown: Rows, rows: Sequence[Cells], **more: Any) -> Cells:
    """What sentences are filled from: the figures, the first row, and what is known of all rows."""
    rule, today = case.rule, case.context.report_date
    first = {"entity_id": case.entity_id, **case.figure_cells, **(rows[0] if rows else {})}
    cells = _local(first, case.context) | {"as_of": today, "last_month": str(last_complete_month(today))}
    for name in rule.facts:
        if name in shown.columns:
            column = [row[name] for row in shown]
            unknown = None in column or case.units[name] in ("date", "text")
            cells[f"total_{name}"] = None if unknown else sum(column)
    if rule.identity in shown.columns:
        known = _labels(case.context).get(rule.identity, {})
        keys = dict.fromkeys(str(row[rule.identity]) for row in shown)
        cells["names"] = [known.get(key, key) for key in keys]
    if rule.item:
        cells["items"] = formats.series([*dict.fromkeys(filled(rule.item, row, case.units) for row in rows)])
    return {**cells, "others": more["count"] - 1, **more}


def _entity(rule: Rule, shown: Rows) -> str:
    """Whose all rows are; the group's when they are several entities', or none's."""
    entities = {row.get(rule.entity) for row in shown} - {None}
    return str(entities.pop()) if len(entities) == 1 else GROUP


def _judged_by(case: Case, cells: Cells) -> dict[str, str]:
    """The limits and figures by which the rule was judged, as text."""
    names = (*case.rule.limits, *case.rule.figures, *case.rule.worked_out, "since")
    return {name: _plain(cells[name]) for name in names if cells.get(name) not in (None, "")}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
