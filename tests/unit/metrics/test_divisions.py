"""A metric divides through ``metrics.arithmetic``, where divisors must be positive, or by what is always above zero."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from executive_suite import metrics

FOLDER = Path(metrics.__file__).parent
FIELDS = ("delivery", "marketing", "organisation", "portfolio", "technology")
MODULES = sorted(path for field in FIELDS for path in (FOLDER / field).glob("*.py"))

# By module: each function that divides by something that is no constant, and why that is never zero or less.
DIVIDES = {
    "delivery.crew": {
        "capacity": "only roles with days above 0",
        "days_used": "days of a job, both ends included",
        "days_required": "jobs with crew, one at least",
    },
    "delivery.idle": {"worth": "asks for charters first, each of a day at least"},
    "marketing.attribution": {
        "_share": "one weight a touch, each above 0",
        "position": "asks for touches between first",
        "markov": "asks for effects first",
        "removal_effects": "asks for a conversion first",
        "_transitions": "a step that was counted",
        "_conversion": "a pivot other than 0",
    },
    "marketing.economics": {"_customers": "asks for customers and a margin above 0 first"},
    "marketing.search": {"_in_reach": "only keywords that were shown"},
    "organisation.concentration": {"herfindahl_hirschman": "asks for revenue first"},
    "portfolio.renewals": {"running_term": "a term of a day at least"},
    "portfolio.survival": {"kaplan_meier": "who is lost is at risk"},
    "technology.cloud_units": {"unit_cost": "asks for units first"},
}


def _divisions(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The functions that divide by something that is no constant, with the division."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                divisor = None
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
                    divisor = node.right
                elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Fraction" and len(node.args) > 1:
                    divisor = node.args[1]
                if divisor is not None and not _constant(divisor):
                    yield function.name, ast.unparse(node)


def _constant(divisor: ast.expr) -> bool:
    """A number, or a product of numbers and names in capitals."""
    parts = [node for node in ast.walk(divisor) if not isinstance(node, ast.expr_context | ast.operator | ast.BinOp)]
    return all(isinstance(part, ast.Constant) or (isinstance(part, ast.Name) and part.id.isupper()) for part in parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(path.relative_to(FOLDER).with_suffix("").parts))
def test_no_metric_divides_by_what_may_be_zero_or_less(path: Path) -> None:
    module = ".".join(path.relative_to(FOLDER).with_suffix("").parts)
    found = {(name, what) for name, what in _divisions(ast.parse(path.read_text(encoding="utf-8")))}
    free = [what for name, what in sorted(found) if name not in DIVIDES.get(module, {})]
    assert free == [], "use ratio, per_unit or quotient of metrics.arithmetic, or say here why the divisor is above 0"
