"""When a rule fires: one function for each check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import Finding
from executive_suite.metrics.finance import controls
from executive_suite.rules import evidence, outcome, views
from executive_suite.rules.case import Case
from executive_suite.rules.lines import Lines
from executive_suite.rules.rule import Check

BASIS_POINTS = 10_000


def some(case: Case) -> Iterator[Finding]:
    """A row meets the condition."""
    lines = case.among()
    met = case.where(case.rule.where, lines)
    yield _judged(case, met, lines, fires=bool(len(met)))


def none(case: Case) -> Iterator[Finding]:
    """No row meets the condition."""
    lines = case.among()
    met = case.where(case.rule.where, lines)
    yield _judged(case, met, lines, fires=not len(met), shown=case.where(case.rule.show, lines))


def share_above(case: Case) -> Iterator[Finding]:
    """The share of rows that meet the condition is above a parameter."""
    lines = case.among()
    met = case.where(case.rule.where, lines)
    limit = param(case.context, case.rule.above).value
    yield _judged(case, met, lines, fires=len(met) * BASIS_POINTS > limit * len(lines))


def each(case: Case) -> Iterator[Finding]:
    """Every row that meets the condition is a finding of its own."""
    lines = case.among()
    met = case.where(case.rule.where, lines)
    if not len(met):
        yield outcome.clear(case, count=0, of=len(lines))
    for place, cells in enumerate(met.cells(case.context)):
        yield outcome.of_row(case, met.of(met.frame.iloc[place : place + 1]), cells)


def figures(case: Case) -> Iterator[Finding]:
    """The figures meet the condition; the rows, if the rule names any, are only evidence."""
    met = case.where(case.rule.where, case.figures)
    if len(met):
        shown = case.where(case.rule.show, case.lines)
        yield outcome.fires(case, shown, count=len(shown), of=len(case.lines))
    else:
        yield outcome.clear(case, count=0, of=1)


def streak(case: Case) -> Iterator[Finding]:
    """The latest months all meet the condition, as many as the rule says or more, after one that does not."""
    lines = case.among()
    meeting = set(case.where(case.rule.where, lines).frame.index)
    others = [place for place, row in enumerate(lines.frame.index) if row not in meeting]
    latest = lines.frame.iloc[others[-1] + 1 :] if others else lines.frame.head(0)
    if others and len(latest) >= case.rule.lasting:
        since = str(lines.frame["month"].iloc[others[-1]])
        yield outcome.fires(case, lines.of(latest), count=len(latest), of=len(lines), since=since)
    else:
        yield outcome.clear(case, count=len(latest), of=len(lines))


def control(case: Case) -> Iterator[Finding]:
    """Each control rule of the register, with the rows that break it."""
    rule = case.rule
    register = case.context.rows("control_rule", "rule_id", "check_name", "severity", "title")
    for row in sorted(register, key=lambda row: row.rule_id):
        found = replace(
            outcome.bare(rule, "clear", rule.clear),
            finding_id=row.rule_id,
            title=row.text("title"),
            severity=outcome.severity(row.severity),
        )
        try:
            broken = controls.exceptions(case.context, row.text("check_name"))
        except MissingInputError as missing:
            yield replace(found, outcome="not_evaluable", reason=str(missing))
            continue
        yield _broken(case, found, row.check_name, broken) if broken.keys else found


def _broken(case: Case, found: Finding, check: str, broken: controls.Exceptions) -> Finding:
    rule = case.rule
    view = rule.views.get(broken.table, broken.table)
    key = views.identity_of(view)[1][0]
    frame = views.rows_of(case.context, view)
    lines = Lines(frame[frame[key].isin(broken.keys)].sort_values(key))
    return replace(
        found,
        outcome="fires",
        reason=rule.fires.replace("{count}", str(len(broken.keys))) + outcome.cut_off(lines),
        entity_id=lines.entity(rule.entity),
        at_stake_cents=evidence.stake(rule.at_stake_by_table.get(broken.table, ()), lines.frame),
        action=rule.actions.get(check, ""),
        effort_days="" if rule.effort_days is None else str(rule.effort_days),
        evidence=tuple(outcome.of_rows(case, view, lines, rule.evidence_by_table.get(broken.table, ""))),
    )


def _judged(case: Case, met: Lines, lines: Lines, *, fires: bool, shown: Lines | None = None) -> Finding:
    if not fires:
        return outcome.clear(case, count=len(met), of=len(lines))
    return outcome.fires(case, met if shown is None else shown, count=len(met), of=len(lines))


CHECKS: Mapping[Check, Callable[[Case], Iterator[Finding]]] = {
    "some": some,
    "none": none,
    "share_above": share_above,
    "each": each,
    "control": control,
    "figures": figures,
    "streak": streak,
}
