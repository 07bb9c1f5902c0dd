"""When a rule fires: one function for each kind of check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from executive_suite.conditions.rows import Rows
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import Finding
from executive_suite.metrics.finance import controls
from executive_suite.rules import outcome, views
from executive_suite.rules.case import Case
from executive_suite.rules.rule import Check

BASIS_POINTS = 10_000


def counted(case: Case) -> Iterator[Finding]:
    """A row meets the condition, none does, or more than a share of the rows."""
    rule, rows = case.rule, case.among()
    met = case.where(rule.where, rows)
    fires, shown = len(met) > 0, met
    if rule.check == "none":
        fires, shown = not fires, case.where(rule.show, rows)
    elif rule.check == "share_above":
        fires = len(met) * BASIS_POINTS > param(case.context, rule.above).value * len(rows)
    judged = outcome.fires(case, shown, count=len(met), of=len(rows)) if fires else None
    yield judged or outcome.clear(case, count=len(met), of=len(rows))


def each(case: Case) -> Iterator[Finding]:
    """Every row that meets the condition is a finding of its own."""
    rows = case.among()
    met = case.where(case.rule.where, rows)
    if not len(met):
        yield outcome.clear(case, count=0, of=len(rows))
    yield from (outcome.of_row(case, row) for row in met)


def figures(case: Case) -> Iterator[Finding]:
    """The figures meet the condition; the rows, if the rule names any, are only evidence."""
    if len(case.where(case.rule.where, case.figures)):
        shown = case.where(case.rule.show, case.lines)
        yield outcome.fires(case, shown, count=len(shown), of=len(case.lines))
    else:
        yield outcome.clear(case, count=0, of=1)


def streak(case: Case) -> Iterator[Finding]:
    """The latest months all meet the condition, as many as the rule says or more, after one that does not."""
    rows = case.among()
    meeting = {row["month"] for row in case.where(case.rule.where, rows)}
    others = [row["month"] for row in rows if row["month"] not in meeting]
    latest = Rows(rows.columns, [row for row in rows if others and row["month"] > others[-1]])
    if others and len(latest) >= case.rule.lasting:
        yield outcome.fires(case, latest, count=len(latest), of=len(rows), since=others[-1])
    else:
        yield outcome.clear(case, count=len(latest), of=len(rows))


def control(case: Case) -> Iterator[Finding]:
    """Each control rule of the register, with the rows that break it."""
    register = case.context.rows("control_rule", "rule_id", "check_name", "severity", "title")
    for row in sorted(register, key=lambda row: row.rule_id):
        try:
            found = _checked(case, row.text("check_name"))
        except MissingInputError as missing:
            found = outcome.bare(case.rule, "not_evaluable", str(missing))
        yield replace(found, finding_id=row.rule_id, title=row.text("title"), severity=outcome.severity(row.severity))


def _checked(case: Case, check: str) -> Finding:
    broken = controls.exceptions(case.context, check)
    own = replace(case, rule=case.rule.controlling(check, broken.table))
    if not broken.keys:
        return outcome.clear(own, count=0, of=0)
    key = views.identity_of(own.rule.rows)[1][0]
    rows = own.lines.having(key, broken.keys)
    shown = Rows(rows.columns, sorted(rows, key=lambda row: row[key]))
    return outcome.fires(own, shown, count=len(broken.keys), of=broken.inputs[broken.table])


CHECKS: Mapping[Check, Callable[[Case], Iterator[Finding]]] = {
    "some": counted,
    "none": counted,
    "share_above": counted,
    "each": each,
    "control": control,
    "figures": figures,
    "streak": streak,
}
