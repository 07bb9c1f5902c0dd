"""Restatement: a past period as known then and as known later; which figures changed, and which late rows did it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite import metrics
from executive_suite.dataset import snapshot
from executive_suite.dataset.context import Context
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.fact import Fact, Value
from executive_suite.metrics.registry import Calculation
from executive_suite.period import cut_off
from executive_suite.restatement import late
from executive_suite.restatement.late import LateRow, View
from executive_suite.rules import rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.rules.rulebook import Rules
from executive_suite.schema.tables import schema

EVERYTHING = datetime(2999, 1, 1, tzinfo=UTC)
""""As known now": later than any record, so that no clock is needed."""

MOST_UNITS = 24
"""Late transactions and rows that are tried one by one; more are tried table by table."""

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """A changed figure.

    Attributes:
        then: The fact as known then; None if there was none.
        now: The fact as known later; None if there no longer is one.
        difference: Now minus then, for numbers; else None.
        causes: The late transactions and rows, or the tables of late rows, that each change it alone; if none does, the
            tables that change it together.
    """

    then: Fact | None
    now: Fact | None
    difference: int | Decimal | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """What became known too late for a report date.

    Attributes:
        report_date: The report date restated.
        cut_off: First instant not known then, ISO 8601 UTC.
        known_at: First instant not known now, ISO 8601 UTC; empty if everything recorded is known.
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
    """A report date as known at its cut-off and as known later.

    Args:
        given: The rows of the sources.
        report_date: The period's report date; rows of business days before it count in both.
        zone: The group's time zone.
        known_at: Rows recorded before this instant count now; by default everything.
        rules: The group's rules; by default the shipped ones.

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
    in_force = Judgement(rules or rulebook.shipped())
    for facts, dataset in ((before, then), (after, now)):
        facts.update(_facts(replace(dataset.context, rules=in_force), _calculations()))
    changed = [key for key in sorted(before.keys() | after.keys()) if _differs(before.get(key), after.get(key))]
    alone = _Alone(concerned, view, in_force, {key: before.get(key) for key in changed}).causes(rows) if changed else {}
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


def _calculations() -> list[Calculation]:
    return [calculation for field in metrics.FIELDS for calculation in metrics.load(field)]


def _facts(context: Context, calculations: Iterable[Calculation]) -> dict[Key, Fact]:
    return {fact.sort_key: fact for calculation in calculations for fact in calculation.run(context)}


def _differs(then: Fact | None, now: Fact | None) -> bool:
    if then is None or now is None:
        return then is not now
    if then.value is not None and now.value is not None:
        return then.value != now.value  # the same figure for another reason has not changed
    return (then.value, then.status, then.reason) != (now.value, now.status, now.reason)


def _difference(then: Fact | None, now: Fact | None) -> int | Decimal | None:
    one, other = _number(then.value if then else None), _number(now.value if now else None)
    return other - one if one is not None and other is not None else None


def _number(value: Value | None) -> int | Decimal | None:
    return value if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class _Alone:
    """Which late rows change a figure by themselves, added to what was known then.

    Attributes:
        concerned: The rows that concern the period.
        view: The report date, its cut-off, and the later instant.
        rules: The group's rules, as metrics see them.
        changed: The figures that changed, as known then.
    """

    concerned: Typed
    view: View
    rules: Judgement
    changed: Mapping[Key, Fact | None]

    def causes(self, rows: tuple[LateRow, ...]) -> dict[Key, tuple[str, ...]]:
        """By figure the late units, or tables if there are too many units, that each change it alone.

        A table's rows are first added together: a figure they do not change is not changed by any of its units.
        """
        units = sorted({(row.table, row.unit) for row in rows})
        few = len(units) <= MOST_UNITS
        moved: dict[Key, list[str]] = {}
        for table in dict.fromkeys(table for table, _ in units):
            own = [unit for name, unit in units if name == table]
            by_table = self._moved(table, _only(table, ""), self.changed)
            if not few or len(own) == 1:
                for key in by_table:
                    moved.setdefault(key, []).append(own[0] if few else _count(table, rows))
                continue
            for unit in own:
                for key in self._moved(table, _only(table, unit), by_table):
                    moved.setdefault(key, []).append(unit)
        return {key: tuple(names) for key, names in moved.items()}

    @functools.cached_property
    def _then(self) -> dict[str, pd.DataFrame]:
        nothing = late.with_only(self.concerned, self.view, lambda _table, _unit: False)
        return snapshot.select(nothing, self.view.report_date, self.view.zone, self.view.end)[1]

    def _moved(self, table: str, wanted: Callable[[str, str], bool], among: Iterable[Key]) -> list[Key]:
        """The figures, among some, that the wanted late rows of one table change; only that table is selected again."""
        pairs = {(name, other.happens_with[0]) for name, other in schema().items() if other.happens_with}
        near = {table, "entity"}.union(*(pair for pair in pairs if table in pair))
        frames = {name: frame for name, frame in self.concerned.frames.items() if name in near}
        part = late.with_only(replace(self.concerned, frames=frames), self.view, wanted)
        used = self._then | snapshot.select(part, self.view.report_date, self.view.zone, self.view.end)[1]
        figures = list(among)
        ids = {key[0] for key in figures}
        calculations = [one for one in _calculations() if ids & set(one.metric_ids)]
        try:
            facts = _facts(Context(used, self.view.report_date, self.view.zone, self.rules), calculations)
        except ValueError:
            return []  # a row that is only valid together with another changes nothing alone
        return [key for key in figures if _differs(self.changed[key], facts.get(key))]


def _only(table: str, unit: str) -> Callable[[str, str], bool]:
    return lambda name, other: name == table and unit in {"", other}


def _count(table: str, rows: tuple[LateRow, ...]) -> str:
    count = sum(row.table == table for row in rows)
    return f"{table} ({count} late row{'s'[: count != 1]})"


def _together(facts: tuple[Fact | None, ...], rows: tuple[LateRow, ...]) -> tuple[str, ...]:
    tables = {given.table for fact in facts if fact for given in fact.inputs}
    late_tables = sorted({row.table for row in rows})
    return tuple(_count(table, rows) for table in late_tables if table in tables or not tables & set(late_tables))
