"""Every metric of the reports, one package a field; pure functions of the frozen dataset of a run."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TYPE_CHECKING

from executive_suite.facts.definition import Definition, definition_of
from executive_suite.facts.fact import Fact
from executive_suite.facts.table import ordered, uncollected
from executive_suite.metrics import registry

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

FIELDS = (
    "finance",
    "forecast",
    "accounting",
    "sales",
    "marketing",
    "technology",
    "organisation",
    "rental",
    "delivery",
    "portfolio",
)


def load(field: str) -> tuple[registry.Calculation, ...]:
    """The calculations of one field, in order of module and definition.

    Raises:
        ValueError: no such field.
    """
    if field not in FIELDS:
        msg = f"field {field!r} is not one of {', '.join(FIELDS)}"
        raise ValueError(msg)
    _import(field)
    return registry.of_field(field)


@functools.cache
def _import(field: str) -> None:
    """Import every module of a field, so that its metrics are registered."""
    package = importlib.import_module(f"{__name__}.{field}")
    for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")


def compute(context: Context, field: str) -> tuple[Fact, ...]:
    """The facts of one field; a metric whose inputs are absent is ``not_evaluable`` and names them."""
    return ordered(fact for calculation in load(field) for fact in calculation.run(context))


def compute_all(context: Context) -> tuple[Fact, ...]:
    """The facts of every field, in table order."""
    with uncollected():
        return ordered(fact for field in FIELDS for calculation in load(field) for fact in calculation.run(context))


def definitions() -> dict[str, Definition]:
    """Every registered metric's definition by id, in alphabetical order."""
    found = {one for field in FIELDS for calculation in load(field) for one in calculation.metric_ids}
    return {metric_id: definition_of(metric_id) for metric_id in sorted(found)}
