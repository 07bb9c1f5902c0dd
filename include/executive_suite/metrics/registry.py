"""The registry: which function computes which metrics, and the inputs it requires.

A function of a context reads what it needs. If a table, a column or a parameter's value is absent, it raises
``MissingInputError``, which names it, and the registry withholds the metrics. It also enforces each metric's premise
(``definitions/<field>.yaml``): records that must be there, and the range of its values. Docstrings do not repeat
this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.cut import for_group_too

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

Compute = Callable[["Context"], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A function that yields the facts of one or several metrics, with the inputs it requires."""

    field: str
    metric_ids: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    function: Compute
    otherwise: str = ""
    classified: unclassified.Needs = "month"

    def run(self, context: Context) -> Iterable[Fact]:
        """The facts; every metric has at least one.

        If an input is missing, every metric is ``not_evaluable`` and names it. A metric that the rows give nothing for
        is ``not_applicable`` and names their tables.
        """
        try:
            for table, columns in self.needs.items():
                context.table(table, *columns)
            found = list(self.function(context))
            if self.otherwise:
                found = list(for_group_too(context, found, self.metric_ids, self.otherwise))
        except MissingInputError as missing:
            return [self._without_value(context, one, not_evaluable(str(missing))) for one in self.metric_ids]
        found = [
            self._classified(context, _in_range(fact)) for fact in found if not _unrecorded(context, fact.metric_id)
        ]
        found += [
            self._without_value(context, one, not_evaluable(f"no {table.replace('_', ' ')} is recorded"))
            for one in self.metric_ids
            if (table := _unrecorded(context, one))
        ]
        given = {fact.metric_id for fact in found}
        tables = f"{'table' if len(self.needs) == 1 else 'tables'} {', '.join(self.needs)}"
        nothing = not_applicable(f"nothing to tell at the report date from the rows of {tables}")
        return found + [self._without_value(context, one, nothing) for one in self.metric_ids if one not in given]

    def _classified(self, context: Context, fact: Fact) -> Fact:
        """The fact, or why nobody can know it yet: lines of the ledger that it rests on wait to be classified."""
        reason = unclassified.missing(context, fact, self.classified)
        if not reason:
            return fact
        return replace(fact, value=None, status="not_evaluable", reason=reason, qualifier=None)

    @staticmethod
    def _without_value(context: Context, metric_id: str, why: Measure) -> Fact:
        at = context.report_date.isoformat()
        return Fact(metric_id, GROUP, at, None, definition_of(metric_id).unit, {}, why.status, why.reason)


def _unrecorded(context: Context, metric_id: str) -> str:
    """The first table that the metric's premise wants a row of and that has none; blank if all have."""
    recorded = definition_of(metric_id).recorded
    return next((table for table in recorded if context.has(table) and context.table(table).empty), "")


def _in_range(fact: Fact) -> Fact:
    """The fact, or why its value means nothing: it lies where the figure cannot."""
    meaning, number = definition_of(fact.metric_id), fact.number
    if number is None or meaning.possible(number):
        return fact
    return replace(fact, value=None, status="not_applicable", reason=f"no meaning here: {meaning.premise}")


_calculations: dict[str, list[Calculation]] = {}


def metric(
    *metric_ids: str,
    needs: Mapping[str, tuple[str, ...]],
    otherwise: str = "",
    classified: unclassified.Needs = "month",
) -> Callable[[Compute], Compute]:
    """Register a function as the calculation of metrics that ``definitions/<field>.yaml`` defines.

    Args:
        metric_ids: The metrics that the function yields facts for.
        needs: Table names and the columns without which none of them can be evaluated.
        otherwise: For figures by entity: why a metric without a fact is not evaluable. Facts of an only entity are
            repeated for the group.
        classified: Which lines of the ledger must be classified for figures that rest on it.
    """

    def register(function: Compute) -> Compute:
        field = function.__module__.split(".")[2]
        _calculations.setdefault(field, []).append(
            Calculation(field, metric_ids, needs, function, otherwise, classified)
        )
        return function

    return register


def of_field(field: str) -> tuple[Calculation, ...]:
    """The calculations registered so far for ``field``."""
    return tuple(_calculations.get(field, ()))
