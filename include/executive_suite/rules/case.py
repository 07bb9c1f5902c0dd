"""One rule at work on one run: the rows that it looks through, and what is worked out of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.conditions import grammar, tree
from executive_suite.conditions.matching import calculated, matching
from executive_suite.facts.fact import GROUP
from executive_suite.rules import fact_rows, views
from executive_suite.rules.fact_rows import FactTable
from executive_suite.rules.lines import Blank, Cells, Lines
from executive_suite.rules.rule import Rule, with_qualifiers

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
        return self.table.subject(self.rule) if self.rule.figures or self.rule.facts else GROUP

    @cached_property
    def figures(self) -> Lines:
        """One row: the rule's single figures, its limits, and what is worked out of those alone."""
        lines = fact_rows.figures(self.table, self.rule, self.entity_id)
        limits = pd.DataFrame({name: [limit] for name, limit in self.rule.limits.items()}, dtype="object", index=[0])
        return self._worked_out(lines.of(pd.concat([lines.frame, limits], axis=1)) if self.rule.limits else lines)

    @cached_property
    def figure_cells(self) -> Cells:
        """The row of figures as plain cells."""
        return next(iter(self.figures.cells(self.context)), {})

    @cached_property
    def lines(self) -> Lines:
        """The rows that the rule looks through, with the figures in each; without any, the row of figures."""
        rule = self.rule
        if rule.rows:
            lines = Lines(views.rows_of(self.context, rule.rows))
        elif rule.facts:
            lines = fact_rows.divided(self.table, rule, self.entity_id)
        else:
            return self.figures
        return self._worked_out(lines.with_figures(self.figures).labelled(rule.labels)).ordered(rule.order)

    def _worked_out(self, lines: Lines) -> Lines:
        frame = lines.frame
        for name, term in self.rule.worked_out.items():
            if name not in frame.columns and tree.columns(grammar.parse_term(term)) <= set(frame.columns):
                frame = frame.assign(**{name: calculated(term, frame, self.context)})
        return lines.of(frame)

    def where(self, condition: str, lines: Lines) -> Lines:
        """The rows that meet a condition."""
        met = matching(condition, lines.frame, self.context, lambda name: views.rows_of(self.context, name))
        return lines.of(met)

    def among(self) -> Lines:
        """The rows that count."""
        return self.where(self.rule.among, self.lines)

    def missing(self) -> Blank | None:
        """Why a value that decides whether the rule fires is missing; None when none is."""
        return self._blank({**self.figures.blanks, **self.lines.blanks}, missing=True)

    def not_applicable(self) -> Blank | None:
        """Why a figure that decides whether the rule fires does not apply; None when all do."""
        return self._blank(self.figures.blanks, missing=False)

    def _blank(self, blanks: Mapping[str, Blank], *, missing: bool) -> Blank | None:
        deciding = (blank for name, blank in blanks.items() if not self.rule.reads.isdisjoint(with_qualifiers(name)))
        return next((blank for blank in deciding if blank.missing == missing), None)
