"""The facts of a run as rules ask for them: single figures, and rows that a divided metric makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite.conditions.rows import Cells, Rows
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.period import complete_months, last_complete_month
from executive_suite.rules.reference import Reference
from executive_suite.rules.rule import QUALIFIERS, Rule

BEHIND = "*"
"""The cell of a row with the facts behind it, by name."""


class FactTable:
    """The facts of a run, as rules ask for them."""

    def __init__(self, facts: Iterable[Fact], report_date: date) -> None:
        self.report_date = report_date
        self.by_metric: dict[str, list[Fact]] = {}
        for fact in facts:
            self.by_metric.setdefault(fact.metric_id, []).append(fact)

    def subject(self, rule: Rule) -> str:
        """The only entity with facts of the rule's first metric; the group for several and for a rule over tables."""
        references = (*rule.figure_references.values(), *rule.fact_references.values())
        entities = {fact.entity_id for one in references[:1] for fact in self.of(one)} - {GROUP}
        return entities.pop() if len(entities) == 1 else GROUP

    def of(self, wanted: Reference) -> list[Fact]:
        """Every fact of the metric; none when the run has none."""
        return self.by_metric.get(wanted.metric_id, [])

    def units(self, references: Mapping[str, Reference]) -> dict[str, str]:
        """The unit of each name and of its qualifiers."""
        found = {f"{name}_{suffix}": "count" for name in references for suffix in QUALIFIERS}
        return found | {name: next((f.unit for f in self.of(one)), "") for name, one in references.items()}

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

    def not_evaluable(self, wanted: Reference, entity_id: str) -> Measure | Fact | None:
        """Why the whole metric could not be evaluated; None where it could."""
        if not self.of(wanted):
            return not_evaluable(f"fact {wanted.metric_id} is not in the fact table")
        whole = (f for f in self.of(wanted) if f.entity_id in (entity_id, GROUP) and not f.dimensions)
        return next((fact for fact in whole if fact.status == "not_evaluable"), None)

    def rows(self, references: Mapping[str, Reference], entity_id: str) -> Rows:
        """A row for each fact of the first reference; a fact of another is in the row whose dimensions it shares.

        Raises:
            MissingInputError: the first metric is not evaluable.
        """
        (first, leading), *others = references.items()
        primary = self.matching(leading, entity_id)
        if not primary and (blank := self.not_evaluable(leading, entity_id)):
            raise MissingInputError(blank.reason)
        candidates = [(name, wanted.free, self.matching(wanted, entity_id)) for name, wanted in others]
        dimensions = dict.fromkeys(name for wanted in references.values() for name in wanted.free)
        if leading.months:
            dimensions["month"] = None
        rows = []
        for fact in primary:
            keys: Cells = {name: fact.dimensions.get(name) for name in dimensions}
            if leading.months:
                keys["month"] = fact.period
            facts = {first: fact}
            for name, free, found in candidates:
                other = next((one for one in found if _joins(one, fact, free)), None)
                if other is not None:
                    facts[name] = other
                    keys |= {dimension: other.dimensions[dimension] for dimension in free}
            rows.append({**keys, **cells(references, facts)})
        return Rows((*dimensions, *cells(references, {})), rows)


def cells(references: Mapping[str, Reference], facts: Mapping[str, Fact]) -> Cells:
    """Facts as the cells of a row, each with its qualifiers."""
    row: Cells = {BEHIND: facts}
    for name in references:
        row |= {f"{name}_{suffix}": _qualifier(facts.get(name), suffix) for suffix in QUALIFIERS}
    return row | {name: _value(facts.get(name), wanted.otherwise) for name, wanted in references.items()}


def blanks(facts: Iterable[Mapping[str, Fact]]) -> dict[str, Fact | Measure]:
    """The fact by which each name has no value in some row; one that is not evaluable before any other."""
    found: dict[str, Fact | Measure] = {}
    for name, fact in (item for row in facts for item in row.items()):
        if fact.value is None and (name not in found or found[name].status != "not_evaluable"):
            found[name] = fact
    return found


def _joins(other: Fact, fact: Fact, free: tuple[str, ...]) -> bool:
    """Whether another fact belongs in the row of this one: same period, equal in the dimensions that both have."""
    shared = [name for name in free if name in fact.dimensions]
    return other.period == fact.period and all(other.dimensions[name] == fact.dimensions[name] for name in shared)


def _value(fact: Fact | None, otherwise: Decimal | None) -> Any:
    value = None if fact is None else fact.value
    if fact is None or value is None:
        return otherwise
    if fact.unit == "date":
        return date.fromisoformat(str(value))
    if fact.unit == "bool" or (isinstance(value, str) and not fact.unit.startswith("USD")):
        return value
    return Decimal(str(value))


def _qualifier(fact: Fact | None, suffix: str) -> Any:
    if fact is None:
        return None
    if suffix == "status":
        return fact.status
    if fact.qualifier is None:
        return None
    value = getattr(fact.qualifier, suffix)
    return Decimal(value) if isinstance(value, int) else str(value)
