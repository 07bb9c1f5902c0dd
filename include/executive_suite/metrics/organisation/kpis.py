"""Which of the defined KPIs can be measured from the data at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from executive_suite.conditions.grammar import PredicateError, parse
from executive_suite.conditions.matching import matching
from executive_suite.conditions.rows import of_table
from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact, MissingInputError, Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.registry import metric

COLUMNS = ("kpi_id", "needs_table", "needs_condition")

_NEED = re.compile(r"\s*(?P<quantifier>any|all)\s*(?::(?P<condition>.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether one KPI can be measured.

    Attributes:
        owner: Who answers for it; empty if no one is named.
        condition: What the rows of that table must meet.
        missing: Whether it cannot be measured; None when its condition cannot be read.
        reason: Why it is missing or cannot be read; empty when it is ready.
        rows: Rows of the table that meet its condition.
        of: Rows of the table, 0 if it is absent; None if they could not be looked through.
    """

    kpi_id: str
    report: str
    name: str
    formula: str
    owner: str
    table: str
    condition: str
    missing: bool | None
    reason: str
    rows: int
    of: int | None
    assumed: bool


def shortage(context: Context, table: str, need: str) -> tuple[str, int, int | None]:
    """What a need still lacks (empty when it is met), the rows that meet it, and those of the table (None if unknown).

    Args:
        context: The run.
        table: The table that is needed.
        need: ``any``, ``any: condition`` (some row meets it) or ``all: condition`` (every row does).

    Raises:
        PredicateError: the need is not in that form.
    """
    stated = _NEED.fullmatch(need)
    condition = ((stated["condition"] or "") if stated else "").strip()
    if stated is None or (stated["quantifier"].lower() == "all" and not condition):
        msg = f"need {need!r} is none of: any, any: condition, all: condition"
        raise PredicateError(msg)
    if condition:
        parse(condition)
    try:
        rows = len(context.table(table))
        if not rows:
            return f"table {table} is empty", 0, 0
        met = len(matching(condition, of_table(context, table), context)) if condition else rows
    except MissingInputError as missing:
        return str(missing), 0, None if context.has(table) else 0
    if stated["quantifier"].lower() == "all" and met < rows:
        return f"{rows - met} of {rows} rows of {table} lack what it counts", met, rows
    return "" if met else f"no row of {table} counts for it", met, rows


@per_context
def readiness(context: Context) -> tuple[Readiness, ...]:
    """Every defined KPI with what it lacks, by id."""
    found = []
    for row in sorted(context.rows("kpi_definition", *COLUMNS), key=lambda row: row.kpi_id):
        missing: bool | None
        try:
            reason, met, of = shortage(context, row.text("needs_table"), row.text("needs_condition"))
            missing = bool(reason)
        except PredicateError as error:
            missing, reason, met, of = None, str(error), 0, None
        found.append(
            Readiness(
                kpi_id=row.kpi_id,
                report=row.text("report"),
                name=row.text("name") or row.kpi_id,
                formula=row.text("formula"),
                owner=row.text("owner"),
                table=row.text("needs_table"),
                condition=row.text("needs_condition"),
                missing=missing,
                reason=reason,
                rows=met,
                of=of,
                assumed=row.assumed,
            )
        )
    return tuple(found)


@metric("kpis_missing", needs={"kpi_definition": COLUMNS}, classified="nothing")
def _missing(context: Context) -> Iterator[Fact]:
    register = readiness(context)
    inputs = {"kpi_definition": register}
    unreadable = [kpi for kpi in register if kpi.missing is None]
    total = (
        not_evaluable("; ".join(f"{kpi.kpi_id}: {kpi.reason}" for kpi in unreadable))
        if unreadable
        else Measure(sum(bool(kpi.missing) for kpi in register), reason=f"of {len(register)} defined")
    )
    yield context.fact("kpis_missing", total, inputs=inputs)
    for kpi in register:
        rows = len(context.table(kpi.table)) if context.has(kpi.table) else 0
        lacking = Qualifier(Why.INPUT_BLANK, rows - kpi.rows, rows, kpi.table) if kpi.missing else None
        measure = Measure(int(bool(kpi.missing)), reason=kpi.reason, qualifier=lacking)
        measure = not_evaluable(kpi.reason) if kpi.missing is None else measure
        used = {"kpi_definition": (kpi,)} | ({kpi.table: kpi.rows} if kpi.table else {})
        named = {"kpi": kpi.kpi_id, "report": kpi.report, "name": kpi.name, "formula": kpi.formula}
        yield context.fact("kpis_missing", measure, inputs=used, assumed=kpi.assumed, **named)


@metric("kpis_defined", needs={"kpi_definition": ("kpi_id",)})
def _defined(context: Context) -> Iterator[Fact]:
    defined = context.rows("kpi_definition")
    yield context.fact("kpis_defined", Measure(len(defined)), inputs={"kpi_definition": defined})
