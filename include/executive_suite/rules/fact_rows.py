"""Facts as rows that rules look through: one row of single figures, or a row for each fact of a divided metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.period import complete_months, last_complete_month
from executive_suite.rules.lines import Blank, Cells, Lines
from executive_suite.rules.reference import Reference
from executive_suite.rules.rule import QUALIFIERS, Rule


class FactTable:
    """The facts of a run, as rules ask for them."""

    def __init__(self, facts: Iterable[Fact], report_date: date) -> None:
        self.report_date = report_date
        self.by_metric: dict[str, list[Fact]] = {}
        for fact in facts:
            self.by_metric.setdefault(fact.metric_id, []).append(fact)

    def subject(self, rule: Rule) -> str:
        """Whom a rule over facts is about: the only entity with facts of its first metric, else the group."""
        first = next(iter((*rule.figure_references.values(), *rule.fact_references.values())))
        entities = {fact.entity_id for fact in self.of(first)} - {GROUP}
        return entities.pop() if len(entities) == 1 else GROUP

    def of(self, wanted: Reference) -> list[Fact]:
        """Every fact of the metric; none when the run has none."""
        return self.by_metric.get(wanted.metric_id, [])

    def unit(self, wanted: Reference) -> str:
        """The unit of the metric; empty when the run has no fact of it."""
        return next((fact.unit for fact in self.of(wanted)), "")

    def matching(self, wanted: Reference, entity_id: str) -> list[Fact]:
        """The facts that a reference stands for, in table order; of several months, oldest first."""
        periods = self._periods(wanted)
        names = {*wanted.fixed, *wanted.free}
        return [
            fact
            for fact in self.of(wanted)
            if fact.entity_id == entity_id
            and fact.period in periods
            and fact.dimensions.keys() == names
            and all(fact.dimensions[name] == value for name, value in wanted.fixed.items())
        ]

    def _periods(self, wanted: Reference) -> set[str]:
        if wanted.months:
            return {str(month) for month in complete_months(self.report_date, wanted.months)}
        if wanted.back is not None:
            return {str(last_complete_month(self.report_date) + -wanted.back)}
        return {self.report_date.isoformat()}

    def not_evaluable(self, wanted: Reference, entity_id: str) -> Blank | None:
        """Why the whole metric could not be evaluated; None where it could."""
        if not self.of(wanted):
            return Blank(missing=True, reason=f"fact {wanted.metric_id} is not in the fact table")
        whole = (f for f in self.of(wanted) if f.entity_id in (entity_id, GROUP) and not f.dimensions)
        return next((_blank(fact) for fact in whole if fact.status == "not_evaluable"), None)


def figures(table: FactTable, rule: Rule, entity_id: str) -> Lines:
    """The single figures of a rule, as one row."""
    references = rule.figure_references
    found = {name: table.matching(wanted, entity_id) for name, wanted in references.items()}
    facts = {name: chosen[0] for name, chosen in found.items() if chosen}
    lines = _made(table, rule, references, [({}, facts)])
    absent = {
        name: blank
        for name, wanted in references.items()
        if name not in facts and (blank := table.not_evaluable(wanted, entity_id))
    }
    return replace(lines, blanks={**lines.blanks, **absent})


def divided(table: FactTable, rule: Rule, entity_id: str) -> Lines:
    """The facts of a rule, a row for each fact of its first reference.

    A fact of another reference is in the row whose dimensions it shares.

    Raises:
        MissingInputError: the first metric is not evaluable.
    """
    references = rule.fact_references
    (first, leading), *others = references.items()
    primary = table.matching(leading, entity_id)
    if not primary and (blank := table.not_evaluable(leading, entity_id)):
        raise MissingInputError(blank.reason)
    more = [(name, wanted.free, table.matching(wanted, entity_id)) for name, wanted in others]
    rows = []
    for fact in primary:
        keys = {name: fact.dimensions[name] for name in leading.free}
        if leading.months:
            keys["month"] = fact.period
        facts = {first: fact}
        for name, free, candidates in more:
            other = next((one for one in candidates if _joins(one, fact, free)), None)
            if other is not None:
                facts[name] = other
                keys |= {dimension: other.dimensions[dimension] for dimension in free}
        rows.append((keys, facts))
    return _made(table, rule, references, rows)


def _joins(other: Fact, fact: Fact, free: tuple[str, ...]) -> bool:
    """Whether another fact belongs in the row of this one: same period, equal in the dimensions that both have."""
    shared = [name for name in free if name in fact.dimensions]
    return other.period == fact.period and all(other.dimensions[name] == fact.dimensions[name] for name in shared)


def _made(
    table: FactTable, rule: Rule, references: Mapping[str, Reference], rows: list[tuple[Cells, dict[str, Fact]]]
) -> Lines:
    columns: dict[str, pd.Series[Any]] = {}
    units: dict[str, str] = {}
    blanks: dict[str, Blank] = {}
    for name in sorted({name for keys, _ in rows for name in keys}):
        columns[name] = pd.Series([keys.get(name) for keys, _ in rows], dtype="str")
    for name, wanted in references.items():
        facts = [found.get(name) for _, found in rows]
        units[name] = table.unit(wanted)
        columns[name] = _values(facts, units[name], wanted.otherwise)
        for suffix in QUALIFIERS:
            if (column := f"{name}_{suffix}") in rule.names:
                columns[column] = pd.Series([_qualifier(fact, suffix) for fact in facts], dtype="object")
                units[column] = "count"
        without = [fact for fact in facts if fact is not None and fact.value is None]
        if without:
            blanks[name] = _blank(min(without, key=lambda fact: fact.status != "not_evaluable"))
    frame = pd.DataFrame(columns, index=range(len(rows)))
    return Lines(frame, tuple(found for _, found in rows), units, blanks)


def _blank(fact: Fact) -> Blank:
    return Blank(missing=fact.status == "not_evaluable", reason=fact.reason)


def _values(facts: list[Fact | None], unit: str, otherwise: Decimal | None) -> pd.Series[Any]:
    found = [None if fact is None else fact.value for fact in facts]
    if unit == "date":
        return pd.Series(pd.to_datetime(pd.Series(found, dtype="str")), dtype="datetime64[us]")
    if unit == "bool":
        return pd.Series(found, dtype="boolean")
    if any(isinstance(value, str) for value in found) and not unit.startswith("USD"):
        return pd.Series(found, dtype="str")
    numbers = [otherwise if value is None else Decimal(str(value)) for value in found]
    return pd.Series(numbers, dtype="object")


def _qualifier(fact: Fact | None, suffix: str) -> Any:
    if fact is None:
        return None
    if suffix == "status":
        return fact.status
    if fact.qualifier is None:
        return None
    value = getattr(fact.qualifier, suffix)
    return Decimal(value) if isinstance(value, int) else str(value)
