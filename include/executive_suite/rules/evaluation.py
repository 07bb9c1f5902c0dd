"""Rules turned into findings: which fire, on which rows, with how much money at stake."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.conditions.grammar import PredicateError
from executive_suite.conditions.matching import matching
from executive_suite.dataset.parameters import param
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.findings import SEVERITIES, Evidence, Finding, Severity
from executive_suite.metrics.finance import controls
from executive_suite.metrics.rows import Row, entity_names, rows
from executive_suite.rules import views
from executive_suite.rules.rulebook import Rule
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

FROM_COLUMN = "column:"
BASIS_POINTS = 10_000
BLANK = "not recorded"
EVIDENCE_ROWS = 200
"""Rows shown with one finding; every row counts towards its figures."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_FIELD = re.compile(r"\{(?P<name>[a-z_A-Z]+)(?::(?P<form>[a-z_]+))?\}")


def evaluate(context: Context, facts: tuple[Fact, ...], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """The findings of rules: worst first, then in the order of the rules and of their rows."""
    found: list[Finding] = []
    for rule in rules:
        try:
            found += _CHECKS[rule.check](_Case(context, facts, rule))
        except (MissingInputError, PredicateError) as missing:
            found.append(_bare(rule, "not_evaluable", str(missing)))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


@dataclass(frozen=True, slots=True)
class _Case:
    """A rule at work."""

    context: Context
    facts: tuple[Fact, ...]
    rule: Rule

    def frame(self) -> pd.DataFrame:
        return views.rows_of(self.context, self.rule.rows)

    def matching(self, condition: str, frame: pd.DataFrame) -> pd.DataFrame:
        return matching(condition, frame, self.context, lambda name: views.rows_of(self.context, name))

    def finding(self, *, fires: bool, evidence: pd.DataFrame, count: int, of: int) -> Finding:
        rule = self.rule
        words = rule.fires if fires else rule.clear
        reason = words.replace("{count}", str(count)).replace("{of}", str(of))
        finding = _bare(rule, "fires" if fires else "clear", reason)
        if not fires:
            return finding
        return _resting_on(self.context, finding, rule.rows, evidence, rule.at_stake, rule.evidence, rule.entity)


def _some(case: _Case) -> Iterator[Finding]:
    frame = case.matching(case.rule.among, case.frame())
    met = case.matching(case.rule.where, frame)
    yield case.finding(fires=bool(len(met)), evidence=met, count=len(met), of=len(frame))


def _none(case: _Case) -> Iterator[Finding]:
    frame = case.matching(case.rule.among, case.frame())
    met = case.matching(case.rule.where, frame)
    shown = case.matching(case.rule.show, frame)
    yield case.finding(fires=not len(met), evidence=shown, count=len(met), of=len(frame))


def _share_above(case: _Case) -> Iterator[Finding]:
    frame = case.matching(case.rule.among, case.frame())
    met = case.matching(case.rule.where, frame)
    limit = param(case.context, case.rule.above).value
    fires = len(met) * BASIS_POINTS > limit * len(frame)
    yield case.finding(fires=fires, evidence=met, count=len(met), of=len(frame))


def _each(case: _Case) -> Iterator[Finding]:
    rule = case.rule
    frame = case.matching(rule.among, case.frame())
    met = case.matching(rule.where, frame)
    currency = reporting_currency(case.context.tables)
    for index, row in enumerate(rows(met)):
        severity = row.text(rule.severity.removeprefix(FROM_COLUMN))
        owner = row.text(rule.owner.removeprefix(FROM_COLUMN)) if rule.owner.startswith(FROM_COLUMN) else rule.owner
        yield Finding(
            finding_id=row.text(rule.identity),
            kind=rule.kind,
            title=filled(rule.title, row, currency),
            outcome="fires",
            severity=severity if severity in SEVERITIES else _own_severity(rule),
            reason=filled(rule.fires, row, currency),
            entity_id=row.text(rule.entity) or GROUP,
            at_stake_cents=_stake(rule.at_stake, met.iloc[index : index + 1]),
            at_stake_every=rule.at_stake_every,
            owner=owner,
            evidence=(evidence_of(case.context, rule.rows, row, rule.evidence),),
            score=row.text("basis"),
        )
    if met.empty:
        yield _bare(rule, "clear", rule.clear.replace("{of}", str(len(frame))))


def _control(case: _Case) -> Iterator[Finding]:
    """One finding a control rule of the register, with the rows that break it."""
    rule = case.rule
    case.context.table("control_rule", "rule_id", "check_name", "severity", "title")
    for row in rows(case.frame().sort_values("rule_id")):
        check = row.text("check_name")
        severity = row.text("severity")
        finding = Finding(
            finding_id=row.text("rule_id"),
            kind=rule.kind,
            title=row.text("title"),
            outcome="clear",
            severity=severity if severity in SEVERITIES else _own_severity(rule),
            reason=rule.clear,
            owner=rule.owner,
        )
        try:
            broken = controls.exceptions(case.context, check)
        except MissingInputError as missing:
            yield replace(finding, outcome="not_evaluable", reason=str(missing))
            continue
        if not broken.keys:
            yield finding
            continue
        view = rule.views.get(broken.table, broken.table)
        frame = views.rows_of(case.context, view)
        key = views.identity_of(view)[1][0]
        frame = frame[frame[key].isin(broken.keys)].sort_values(key)
        yield _resting_on(
            case.context,
            replace(finding, outcome="fires", reason=rule.fires.replace("{count}", str(len(broken.keys)))),
            view,
            frame,
            rule.at_stake_by_table.get(broken.table, ()),
            rule.evidence_by_table.get(broken.table, ""),
            rule.entity,
        )


def _fact_above(case: _Case) -> Iterator[Finding]:
    rule = case.rule
    chosen = [f for f in case.facts if f.metric_id == rule.fact and dict(f.dimensions) == dict(rule.dimensions)]
    chosen = [f for f in chosen if f.entity_id == GROUP] or chosen
    if not chosen:
        msg = f"fact {rule.fact} is not in the fact table"
        raise MissingInputError(msg)
    fact = max(chosen, key=lambda f: f.period)
    if isinstance(fact.value, str) or fact.value is None:
        msg = f"{rule.fact}: {fact.reason or 'has no number'}"
        raise MissingInputError(msg)
    fires = fact.value > rule.limit
    words = rule.fires if fires else rule.clear
    finding = _bare(rule, "fires" if fires else "clear", words.replace("{count}", str(fact.value)))
    if not fires:
        yield finding
    elif rule.rows:
        evidence = case.matching(rule.where, case.frame())
        yield _resting_on(case.context, finding, rule.rows, evidence, rule.at_stake, rule.evidence, rule.entity)
    else:
        yield replace(finding, entity_id=fact.entity_id, evidence=_inputs_of(fact))


def _inputs_of(fact: Fact) -> tuple[Evidence, ...]:
    """A fact that no rows are named for, as evidence: itself, and the tables it was worked out from."""
    key = {"metric_id": fact.metric_id, "entity_id": fact.entity_id, "period": fact.period, **fact.dimensions}
    return tuple(
        Evidence(
            table=used.table,
            key=key,
            text=f"{definition_of(fact.metric_id).name}: {fact.value}, from rows of {used.table}: {used.rows:,}",
            assumed=fact.assumed,
        )
        for used in fact.inputs
    )


_CHECKS: Mapping[str, Callable[[_Case], Iterator[Finding]]] = {
    "some": _some,
    "none": _none,
    "share_above": _share_above,
    "each": _each,
    "control": _control,
    "fact_above": _fact_above,
}


def _own_severity(rule: Rule) -> Severity:
    return rule.severity if rule.severity in SEVERITIES else "medium"


def _bare(rule: Rule, outcome: str, reason: str) -> Finding:
    """The rule's finding without rows."""
    return Finding(
        finding_id=rule.rule_id,
        kind=rule.kind,
        title=rule.name or rule.title,
        outcome="fires" if outcome == "fires" else "clear" if outcome == "clear" else "not_evaluable",
        severity=_own_severity(rule),
        reason=reason,
        owner="" if rule.owner.startswith(FROM_COLUMN) else rule.owner,
        at_stake_every=rule.at_stake_every,
    )


def _resting_on(  # noqa: PLR0913 - what a rule says of its rows
    context: Context,
    finding: Finding,
    view: str,
    frame: pd.DataFrame,
    at_stake: tuple[str, ...],
    words: str,
    entity: str,
) -> Finding:
    """The finding with the rows that it rests on: all of them count, the first of many are shown."""
    entities = set(frame[entity].dropna()) if entity in frame.columns else set()
    shown = frame.head(EVIDENCE_ROWS)
    more = f" The first {EVIDENCE_ROWS} of {len(frame):,} rows are shown." if len(frame) > EVIDENCE_ROWS else ""
    return replace(
        finding,
        reason=finding.reason + more,
        entity_id=str(entities.pop()) if len(entities) == 1 else GROUP,
        at_stake_cents=_stake(at_stake, frame),
        evidence=tuple(evidence_of(context, view, row, words) for row in rows(shown)),
    )


def _stake(columns: tuple[str, ...], frame: pd.DataFrame) -> int | None:
    """The sum of the columns over the rows; None when no column is named or none of them holds a value."""
    names = [column.removeprefix("-") for column in columns]
    known = [name for name in names if name in frame.columns and frame[name].notna().any()]
    if not known:
        return None
    return sum(
        (-1 if column.startswith("-") else 1) * int(frame[column.removeprefix("-")].sum())
        for column in columns
        if column.removeprefix("-") in known
    )


def evidence_of(context: Context, view: str, row: Row, words: str) -> Evidence:
    """One row as evidence: its table, key, text, source and mark; ``{entity}`` is the name of its entity."""
    name = entity_names(context).get(row.text("entity_id"), row.text("entity_id"))
    named = Row({**row.cells, "entity": name})
    table, key = views.identity_of(view)
    where = f"{row.text(SOURCE_FILE)}, row {row.text(SOURCE_ROW)}" if row.has(SOURCE_FILE) else ""
    return Evidence(
        table=table,
        key={column: row.text(column) for column in key},
        text=filled(words, named, reporting_currency(context.tables)),
        source=where,
        assumed=row.assumed,
    )


def filled(words: str, row: Row, currency: str = "USD") -> str:
    """A sentence with its ``{column}`` places filled from a row; nothing else in it is interpreted.

    Args:
        words: The sentence.
        row: Whose columns fill it.
        currency: What its money is in.

    >>> filled("{who} holds {pct_bp:percent_bp}", Row({"who": "A", "pct_bp": 4000}))
    'A holds 40 %'
    >>> filled("{month:month}", Row({"month": "2026-04"})), filled("{month:month}", Row({"month": "spring"}))
    ('Apr 2026', 'spring')
    """
    return _FIELD.sub(lambda found: _shown(row, found["name"], found["form"] or "", currency), words)


def _shown(row: Row, column: str, form: str, currency: str) -> str:
    if not row.has(column):
        return BLANK
    if form == "money":
        return f"{_money(row, column)} {currency}"
    return FORMS[form](row, column) if form in FORMS else row.text(column)


def _money(row: Row, column: str) -> str:
    cents = row.whole(column)
    whole, rest = divmod(abs(cents), 100)
    amount = f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
    return f"\u2212{amount}" if cents < 0 else amount


def _day(row: Row, column: str) -> str:
    day = row.on(column)
    return f"{day.day} {day:%b %Y}"


def _month(row: Row, column: str) -> str:
    """A month of the form ``YYYY-MM`` as readers write it; other words stay."""
    text = row.text(column)
    return f"{date.fromisoformat(f'{text}-01'):%b %Y}" if _MONTH.fullmatch(text) else text


def _sentence(row: Row, column: str) -> str:
    text = row.text(column)
    return f"{text[:1].upper()}{text[1:]}."


FORMS: Mapping[str, Callable[[Row, str], str]] = {
    "percent_bp": lambda row, column: f"{(row.number(column) / 100).normalize():f} %",
    "day": _day,
    "month": _month,
    "yes_no": lambda row, column: "yes" if row.flag(column) else "no",
    "sentence": _sentence,
    "words": lambda row, column: row.text(column).replace("_", " "),
}
"""How a place of a sentence shows its column."""
