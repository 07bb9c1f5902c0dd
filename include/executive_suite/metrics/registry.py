"""The registry: one definition a metric, used by the code, the documentation and the reports' footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from executive_suite.facts import GROUP, Fact, MissingInputError, Status, Value
from executive_suite.schema.tables import schema

if TYPE_CHECKING:
    from executive_suite.metrics.context import Context

Better = Literal["higher", "lower", "zero", "neither"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A value, or the reason why there is none: what a metric's pure function returns."""

    value: Value | None
    status: Status = "ok"
    reason: str = ""


def not_applicable(reason: str) -> Measure:
    """No value, because the metric has none for this input ("cash generative")."""
    return Measure(None, "not_applicable", reason)


def not_evaluable(reason: str) -> Measure:
    """No value, because an input is missing."""
    return Measure(None, "not_evaluable", reason)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric means, in the one text that code, documentation and footnotes share.

    Attributes:
        metric_id: The contract's identifier.
        name: Standard term, as a reader knows it.
        unit: One of cents, cents/month, USD, USD/month, ratio (0.05 is shown as 5 %), months, days, hours, count,
            x, score, rank, index, bp, bool, date, text and the like.
        definition: One or two sentences with formula and edge cases, for a footnote.
        source: The standard or text that defines it so.
        better: Which direction is good news; ``zero`` where anything above it is something to mend.
    """

    metric_id: str
    name: str
    unit: str
    definition: str
    source: str
    better: Better = "neither"


Compute = Callable[["Context"], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A function that yields the facts of one or several metrics, with the inputs that it cannot do without."""

    field: str
    definitions: tuple[Definition, ...]
    needs: Mapping[str, tuple[str, ...]]
    function: Compute

    def run(self, context: Context) -> Iterable[Fact]:
        """The facts; a metric never goes unmentioned.

        When an input is missing, every metric is ``not_evaluable`` and names it, nothing half-done. A metric that the
        rows give nothing for is ``not_applicable`` and names their tables.
        """
        try:
            for table, columns in self.needs.items():
                context.table(table, *columns)
            found = list(self.function(context))
        except MissingInputError as missing:
            return [self._without_value(context, d, not_evaluable(str(missing))) for d in self.definitions]
        except KeyError as unknown:
            absent = _absent_columns(context, str(unknown))
            if not absent:
                raise
            lacking = not_evaluable(f"column {', '.join(absent)} is absent")
            return [self._without_value(context, d, lacking) for d in self.definitions]
        said = {fact.metric_id for fact in found}
        tables = f"{'table' if len(self.needs) == 1 else 'tables'} {', '.join(self.needs)}"
        nothing = not_applicable(f"nothing to tell at the report date from the rows of {tables}")
        return found + [self._without_value(context, d, nothing) for d in self.definitions if d.metric_id not in said]

    @staticmethod
    def _without_value(context: Context, definition: Definition, why: Measure) -> Fact:
        at = context.report_date.isoformat()
        return Fact(definition.metric_id, GROUP, at, None, definition.unit, {}, why.status, why.reason)


def _absent_columns(context: Context, error: str) -> list[str]:
    """The columns of the schema that a failed look-up names and that a table of the dataset lacks.

    ``needs`` names what a calculation always wants. What it wants of other tables, when it finds them, shows only here.
    """
    names = set(re.findall(r"\w+", error))
    return [
        f"{table}.{column}"
        for table, frame in sorted(context.tables.items())
        for column in sorted(names & schema()[table].columns.keys())
        if column not in frame.columns
    ]


_calculations: dict[str, list[Calculation]] = {}
_definitions: dict[str, Definition] = {}


def metric(*definitions: Definition, needs: Mapping[str, tuple[str, ...]]) -> Callable[[Compute], Compute]:
    """Register a function as the calculation of ``definitions``; its docstring becomes their text.

    Args:
        definitions: The metrics that the function yields facts for.
        needs: Table names and the columns without which none of them can be evaluated.
    """

    def register(function: Compute) -> Compute:
        field = function.__module__.split(".")[2]
        function.__doc__ = "\n\n".join(
            f"{d.name} [{d.unit}]: {d.definition}\n\nSource: {d.source}" for d in definitions
        )
        _calculations.setdefault(field, []).append(Calculation(field, definitions, needs, function))
        _definitions.update({d.metric_id: d for d in definitions})
        return function

    return register


def of_field(field: str) -> tuple[Calculation, ...]:
    """The calculations registered so far for ``field``."""
    return tuple(_calculations.get(field, ()))


def definition_of(metric_id: str) -> Definition:
    """The definition of one registered metric.

    Raises:
        KeyError: the metric is not registered (its field may not be loaded).
    """
    return _definitions[metric_id]
