"""Restatement: a past period as known then beside as known later; which figures changed, and which late rows did it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import metrics
from executive_suite.dataset import late, snapshot
from executive_suite.dataset.late import LateRow, View
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts import Fact, Value
from executive_suite.metrics.context import Context
from executive_suite.period import cut_off
from executive_suite.rules.rulebook import Rules

EVERYTHING = datetime(2999, 1, 1, tzinfo=UTC)
"""Stands for "as known now": after anything that is recorded, so that no clock is asked."""

MOST_UNITS = 24
"""Up to so many late transactions and rows are tried one by one; more are tried table by table."""

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs.

    Attributes:
        then: The fact as known then; None when there was none.
        now: The fact as known later; None when there is none any more.
        difference: Now less then, for numbers; else None.
        causes: The late transactions and rows, or the tables of late rows, each of which moves it alone; when none
            does, the tables that move it together.
    """

    then: Fact | None
    now: Fact | None
    difference: int | Decimal | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """What became known too late for a report date.

    Attributes:
        report_date: The date restated.
        cut_off: Until when rows counted then, ISO 8601 UTC.
        known_at: Until when rows count now, ISO 8601 UTC; empty for everything recorded.
        hash_then: Dataset hash as known then.
        hash_now: Dataset hash as known now.
        changes: In the order of the fact table.
        late_rows: In order of table and key.
    """

    report_date: date
    cut_off: str
    known_at: str
    hash_then: str
    hash_now: str
    changes: tuple[Change, ...]
    late_rows: tuple[LateRow, ...]


def compare(
    given: Typed, report_date: date, zone: ZoneInfo, *, known_at: datetime | None = None, rules: Rules | None = None
) -> Restatement:
    """A report date as known at its cut-off beside as known later.

    Args:
        given: What the sources have.
        report_date: The period's report date; rows of business days before it count in both.
        zone: The group's time zone.
        known_at: Rows recorded before this instant count now; default everything.
        rules: The rules of the group in force; default those that ship.

    Raises:
        QualityError: the data has faults in one of the two views.
        ValueError: ``known_at`` is before the cut-off.
    """
    view = View(report_date, zone, cut_off(report_date, zone), known_at or EVERYTHING)
    if view.end < view.start:
        msg = f"known at {view.end.isoformat()} is before the cut-off {view.start.isoformat()}"
        raise ValueError(msg)
    then = snapshot.build(given, report_date, zone)
    concerned = late.concerning(given, view)
    now = snapshot.build(concerned, report_date, zone, known_at=view.end)
    rows = tuple(sorted(late.rows(concerned, view), key=lambda row: (row.table, row.unit, tuple(row.key.values()))))
    before: dict[Key, Fact] = {}
    after: dict[Key, Fact] = {}
    touched = []
    contexts = [replace(dataset.context, rules=rules) for dataset in (then, now)]
    for field in metrics.FIELDS:
        one, other = _facts(contexts[0], (field,)), _facts(contexts[1], (field,))
        if any(_differs(one.get(key), other.get(key)) for key in one.keys() | other.keys()):
            touched.append(field)
        before |= one
        after |= other
    changed = [key for key in sorted(before.keys() | after.keys()) if _differs(before.get(key), after.get(key))]

    def again(tables: Mapping[str, pd.DataFrame]) -> dict[Key, Fact]:
        return _facts(Context(tables, report_date, zone, rules), touched)

    alone = _alone(concerned, view, rows, {key: before.get(key) for key in changed}, again)
    return Restatement(
        report_date=report_date,
        cut_off=view.start.isoformat(),
        known_at="" if known_at is None else view.end.isoformat(),
        hash_then=then.hash,
        hash_now=now.hash,
        changes=tuple(
            Change(
                before.get(key),
                after.get(key),
                _difference(before.get(key), after.get(key)),
                alone.get(key) or _together((before.get(key), after.get(key)), rows),
            )
            for key in changed
        ),
        late_rows=rows,
    )


def _facts(context: Context, fields: Iterable[str]) -> dict[Key, Fact]:
    return {fact.sort_key: fact for field in fields for fact in metrics.compute(context, field)}


def _differs(then: Fact | None, now: Fact | None) -> bool:
    if then is None or now is None:
        return then is not now
    return (then.value, then.status, then.reason) != (now.value, now.status, now.reason)


def _difference(then: Fact | None, now: Fact | None) -> int | Decimal | None:
    one, other = _number(then.value if then else None), _number(now.value if now else None)
    return other - one if one is not None and other is not None else None


def _number(value: Value | None) -> int | Decimal | None:
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _alone(
    concerned: Typed,
    view: View,
    rows: tuple[LateRow, ...],
    changed: dict[Key, Fact | None],
    again: Callable[[Mapping[str, pd.DataFrame]], dict[Key, Fact]],
) -> dict[Key, tuple[str, ...]]:
    """For each changed fact what moves it when nothing else is added to what was known then."""
    moved: dict[Key, list[str]] = {}
    for name, wanted in _suspects(rows) if changed else ():
        _, used = snapshot.select(late.with_only(concerned, view, wanted), view.report_date, view.zone, view.end)
        facts = again(used)
        for key, fact in changed.items():
            if _differs(fact, facts.get(key)):
                moved.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in moved.items()}


def _suspects(rows: tuple[LateRow, ...]) -> list[tuple[str, Callable[[str, str], bool]]]:
    """What is tried alone: every unit, or every table when there are too many units."""
    units = sorted({(row.table, row.unit) for row in rows})
    if len(units) <= MOST_UNITS:
        return [(unit, _only(table, unit)) for table, unit in units]
    return [(_count(table, rows), _only(table, "")) for table in sorted({table for table, _ in units})]


def _only(table: str, unit: str) -> Callable[[str, str], bool]:
    return lambda name, other: name == table and unit in {"", other}


def _count(table: str, rows: tuple[LateRow, ...]) -> str:
    count = sum(row.table == table for row in rows)
    return f"{table} ({count} late row{'s'[: count != 1]})"


def _together(facts: tuple[Fact | None, ...], rows: tuple[LateRow, ...]) -> tuple[str, ...]:
    tables = {given.table for fact in facts if fact for given in fact.inputs}
    late_tables = sorted({row.table for row in rows})
    return tuple(_count(table, rows) for table in late_tables if table in tables or not tables & set(late_tables))
