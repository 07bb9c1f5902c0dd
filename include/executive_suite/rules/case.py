"""One rule at work on one run: the rows that it looks through, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from executive_suite.conditions import grammar, tree
from executive_suite.conditions.matching import calculation, matching
from executive_suite.conditions.rows import Cells, Rows
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure
from executive_suite.rules import fact_table, views
from executive_suite.rules.fact_table import BEHIND, FactTable
from executive_suite.rules.rule import Rule

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@dataclass(frozen=True)
class Case:
    """A rule, the run, and its fact table."""

    context: Context
    table: FactTable
    rule: Rule

    @cached_property
    def entity_id(self) -> str:
        """Whom a rule over facts is about; the group for a rule over tables."""
        return self.table.subject(self.rule)

    @cached_property
    def figures(self) -> Rows:
        """One row: the rule's single figures, its limits, and what is worked out of those alone."""
        references = self.rule.figure_references
        found = {name: self.table.matching(wanted, self.entity_id) for name, wanted in references.items()}
        facts = {name: chosen[0] for name, chosen in found.items() if chosen}
        row = {**self.rule.limits, **fact_table.cells(references, facts)}
        return self._worked_out(Rows(tuple(row), [row]))

    @property
    def figure_cells(self) -> Cells:
        """The row of figures."""
        return next(iter(self.figures))

    @cached_property
    def lines(self) -> Rows:
        """The rows that the rule looks through, with the figures in each; without any, the row of figures."""
        rule = self.rule
        if rule.rows:
            rows = views.rows_of(self.context, rule.rows)
        elif rule.facts:
            rows = self.table.rows(rule.fact_references, self.entity_id)
        else:
            return self.figures
        if rule.figures or rule.limits:
            rows = rows.including({name: partial(_same, cell) for name, cell in self.figure_cells.items()})
        for column, labels in rule.labels.items():
            names = {name for named in labels.values() for name in named}
            rows = rows.including({name: partial(_label, column, labels, name) for name in names}, (column,))
        return _ordered(self._worked_out(rows), rule.order)

    def _worked_out(self, rows: Rows) -> Rows:
        for name, term in self.rule.worked_out.items():
            reads = tree.columns(grammar.parse_term(term))
            if name not in rows.columns and reads <= set(rows.columns):
                rows = rows.including({name: calculation(term, rows.columns, self.context)}, reads)
        return rows

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The unit of each figure and fact by name."""
        return self.table.units({**self.rule.figure_references, **self.rule.fact_references})

    def where(self, condition: str, rows: Rows) -> Rows:
        """The rows that meet a condition."""
        return matching(condition, rows, self.context, lambda name: views.rows_of(self.context, name))

    def among(self) -> Rows:
        """The rows that count."""
        return self.where(self.rule.among, self.lines)

    @cached_property
    def _blank_figures(self) -> Mapping[str, Fact | Measure]:
        found = fact_table.blanks([self.figure_cells[BEHIND]])
        for name, wanted in self.rule.figure_references.items():
            if name not in self.figure_cells[BEHIND] and (blank := self.table.not_evaluable(wanted, self.entity_id)):
                found[name] = blank
        return found

    def missing(self) -> Fact | Measure | None:
        """The figure or fact that decides whether the rule fires and lacks an input; None when none does."""
        of_rows = fact_table.blanks(row[BEHIND] for row in self.lines) if self.rule.facts else {}
        return self._deciding({**self._blank_figures, **of_rows}, "not_evaluable")

    def not_applicable(self) -> Fact | Measure | None:
        """The figure that decides whether the rule fires and does not apply; None when all do."""
        return self._deciding(self._blank_figures, "not_applicable")

    def _deciding(self, blanks: Mapping[str, Fact | Measure], status: str) -> Fact | Measure | None:
        return next((b for name, b in blanks.items() if b.status == status and self.rule.decides_by(name)), None)


def _same(cell: Any, _row: Cells) -> Any:
    return cell


def _label(column: str, labels: Mapping[str, Mapping[str, str]], name: str, row: Cells) -> str | None:
    return labels.get(row[column], {}).get(name)


def _ordered(rows: Rows, column: str) -> Rows:
    """The rows in the order of a column, blanks last; ``-column`` puts the largest first."""
    if not column:
        return rows
    name = column.removeprefix("-")
    if name not in rows.columns:
        msg = f"column {name} is absent"
        raise MissingInputError(msg)
    known = sorted((row for row in rows if row[name] is not None), key=lambda row: row[name], reverse=name != column)
    return Rows(rows.columns, [*known, *(row for row in rows if row[name] is None)])
