"""Parameters of the group, effective-dated, with their ``assumed`` mark: the only reader of table ``param``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, MissingInputError

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

LEAST: Mapping[str, int] = {
    "burn_window_months": 1,
    "cloud_baseline_periods": 1,
    "fiscal_year_first_month": 1,
    "lodging_tax_due_day": 1,
    "lodging_tax_exempt_from_months": 1,
    "lodging_tax_exempt_from_nights": 1,
    "lodging_tax_filing_months": 1,
    "lodging_tax_on_no_show_fees": 0,
    "ltv_horizon_months": 1,
    "monte_carlo_horizon_months": 1,
    "monte_carlo_runs": 1,
    "monte_carlo_seed": 0,
    "mrr_movement_basis": 0,
    "npv_horizon_months": 1,
    "sales_tax_due_day": 1,
    "sales_tax_filing_months": 1,
}
"""The least value of a count that makes sense."""
MOST: Mapping[str, int] = {
    "fiscal_year_first_month": 12,
    "lodging_tax_due_day": 31,
    "lodging_tax_filing_months": 12,
    "lodging_tax_on_no_show_fees": 1,
    "mrr_movement_basis": 1,
    "sales_tax_due_day": 31,
    "sales_tax_filing_months": 12,
}
"""The greatest."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's value on a day, whether its row is marked ``assumed``, its name and its row."""

    value: Decimal
    assumed: bool
    name: str
    row: Any = field(default=None, compare=False, repr=False)

    @property
    def whole(self) -> int:
        """The value as an integer.

        Raises:
            MissingInputError: the value has a fraction or is out of its range, so it is no usable input.
        """
        least, most = LEAST.get(self.name), MOST.get(self.name)
        below, above = least is not None and self.value < least, most is not None and self.value > most
        if self.value != self.value.to_integral_value() or below or above:
            wanted = "a whole number" if least is None else f"a whole number of {least} or more"
            wanted = wanted if most is None else f"a whole number from {least} to {most}"
            msg = f"param {self.name} is {self.value}, expected {wanted}"
            raise MissingInputError(msg)
        return int(self.value)


@per_context
def _register(context: Context) -> Mapping[tuple[str, str], list[tuple[date, date, Parameter]]]:
    """By name and scope, each value with its first and last day, latest first."""
    rows = context.rows("param", "param", "scope", "value", "valid_from")
    found: dict[tuple[str, str], list[tuple[date, date, Parameter]]] = {}
    for row in sorted((row for row in rows if row.valid_from), key=lambda row: row.valid_from):
        span = row.valid_from, row.get("valid_to") or date.max, Parameter(row.value, row.assumed, row.param, row)
        found.setdefault((row.param, row.scope), []).insert(0, span)
    return found


def param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter:
    """A parameter valid on a day (default: the report date), with its ``assumed`` mark.

    Raises:
        MissingInputError: no value of that name and scope is valid then.
    """
    context.table("param")
    found = optional_param(context, name, scope, on=on)
    if found is None:
        msg = f"param {name} (scope {scope}) has no value on {(on or context.report_date).isoformat()}"
        raise MissingInputError(msg)
    return found


def optional_param(context: Context, name: str, scope: str = GROUP, *, on: date | None = None) -> Parameter | None:
    """As ``param``, but None if no value is valid: for parameters that only refine a figure."""
    if not context.has("param"):
        return None
    day = on or context.report_date
    spans = _register(context).get((name, scope), ())
    return next((parameter for first, last, parameter in spans if first <= day <= last), None)


def scopes(context: Context, name: str, *, on: date | None = None) -> tuple[str, ...]:
    """The scopes that have a value of a parameter on a day, in order."""
    named = sorted(scope for known, scope in _register(context) if known == name)
    return tuple(scope for scope in named if optional_param(context, name, scope, on=on))
