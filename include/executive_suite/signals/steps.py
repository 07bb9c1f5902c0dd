"""Breaks: series that changed level or stopped, as signals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from executive_suite.facts.findings import Evidence
from executive_suite.facts.signals import Signal, Subject
from executive_suite.metrics.arithmetic import rounded
from executive_suite.metrics.book.months import as_index
from executive_suite.rules import views
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.signals import breaks, words
from executive_suite.signals.breaks import Break
from executive_suite.signals.series import GRADE, Monthly

if TYPE_CHECKING:
    from executive_suite.conditions.rows import Cells
    from executive_suite.dataset.context import Context

FRESH = 3
"""Months for which good news is news."""
WHOLE = 3
SHOWN = 3
"""Months before and after a break whose figures or rows are its evidence."""


def found(context: Context, series: Iterable[Monthly]) -> Iterator[Signal]:
    """The breaks of some series that are no good news, and fresh good news of those where more is better.

    The first series of a family that breaks speaks for those of the same entity that broke about when it did.
    """
    told: dict[tuple[str, str], list[int]] = {}
    for one in series:
        step = breaks.find(one.values, one.first.month)
        if step is None:
            continue
        step = _graded(one, step)
        worse = one.declared.better == "neither" or (step.after < step.before) == (one.declared.better == "higher")
        fresh = len(one.values) - step.onset <= FRESH
        same = told.setdefault((one.entity_id, one.declared.family), [])
        onset = as_index(one.month(step.onset))
        if (worse or (fresh and one.declared.better == "higher")) and all(abs(onset - other) > 1 for other in same):
            same.append(onset)
            yield _signal(context, one, step, worse=worse)


def _graded(one: Monthly, step: Break) -> Break:
    """A break of a mean of grades, which the series counts down from the top, in grades."""
    if not one.declared.means:
        return step
    best = one.declared.top + 1
    return replace(step, before=best - step.before / GRADE, after=best - step.after / GRADE)


def _signal(context: Context, one: Monthly, step: Break, *, worse: bool) -> Signal:
    declared, since = one.declared, one.month(step.onset)
    cells = {
        "part": words.named(context, declared.label, one.part) if declared.label else one.part,
        "since": str(since),
        "before": _shown(step.before, declared.unit),
        "after": _shown(step.after, declared.unit),
    }
    text = declared.stopped if step.stopped and declared.stopped else ""
    text = text or (declared.fell if step.after < step.before else declared.rose)
    units = {name: declared.unit for name in ("before", "after") if declared.unit in ("cents", "USD")}
    nearby = [month for index in range(SHOWN) for month in (since + -(index + 1), since + index)]
    return Signal(
        signal_id=":".join(filter(None, ("break", one.entity_id, declared.series, one.part))),
        kind="break",
        entity_id=one.entity_id,
        subject=_subject(one),
        headline=words.sentence(context, text, cells, one.entity_id, **units),
        since=since.first.isoformat(),
        amount_cents=_cents(step, declared.unit),
        per="month" if declared.unit in ("cents", "USD") else "",
        severity="act" if worse else "watch",
        readers=declared.readers,
        facts=tuple(one.facts[month].fact_id for month in sorted(nearby) if month in one.facts),
        evidence=tuple(_evidence(one, row) for month in sorted(nearby) for row in one.rows.get(month, ())[:SHOWN]),
        action=words.sentence(context, declared.action, cells, one.entity_id, **units) if worse else "",
        owner=declared.owner,
        action_id=declared.rule,
        name=declared.series,
    )


def _subject(one: Monthly) -> Subject:
    declared = one.declared
    if declared.metric:
        return Subject(metric_id=declared.metric, dimensions={declared.by: one.part} if declared.by else {})
    if declared.expenses:
        return Subject("account", {"account": one.part})
    table, _ = views.identity_of(declared.table)
    return Subject(table, {declared.divides: one.part} if declared.divides else {"entity_id": one.entity_id})


def _shown(value: float, unit: str) -> Decimal:
    """A level as readers see it: whole cents, whole numbers from three on, else one decimal."""
    exact = Decimal(repr(value))
    places = 0 if unit == "cents" or abs(exact) >= WHOLE else 2 if unit == "USD" else 1
    return rounded(exact, places).normalize() if places == 1 else rounded(exact, places)


def _cents(step: Break, unit: str) -> int | None:
    cents = {"cents": Decimal(1), "USD": Decimal(100)}.get(unit)
    return None if cents is None else abs(int(rounded(Decimal(repr(step.after - step.before)) * cents, 0)))


def _evidence(one: Monthly, row: Cells) -> Evidence:
    table, key = views.identity_of(one.declared.table)
    named: dict[str, Any] = {column: "" if row.get(column) is None else str(row[column]) for column in key}
    return Evidence(table, named, "", row.get(SOURCE_FILE) or "", row.get(SOURCE_ROW), bool(row.get("assumed")))
