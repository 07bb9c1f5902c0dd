"""A cut: rows of one table by entity, month and dimension, and the facts that they give. The dialect of all fields.

A metric reads its table once as plain rows, cuts them, and states one formula for every cut:

    for unit in cut(context, "lease", leases).by_entity():
        yield unit.fact("rent_collected_ratio", ratio(unit.sum("paid_cents"), unit.sum("due_cents"), NOTHING_DUE))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from executive_suite.dataset.behind import Behind, keep_as
from executive_suite.dataset.context import Context
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.between import of_group
from executive_suite.period import Month, last_complete_month

YEAR = 12
"""Months."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A row whose table does not show whose it is, with its entity; None if no record shows it.

    Cells are read as of the row itself: ``owned.amount_cents``.
    """

    row: Any
    entity_id: str | None

    def __getattr__(self, name: str) -> Any:
        """A cell of the row."""
        return getattr(self.row, name)


@dataclass(frozen=True, slots=True)
class Cut:
    """Rows of one table that a figure is about: whose they are, of which month, and what divides them.

    Attributes:
        context: The run.
        table: The table whose rows count as inputs.
        rows: ``dataset.rows.Row`` of any table, ``Owned``, or a frozen dataclass with ``entity_id`` and ``assumed``.
        entity_id: Whose; ``group`` for all.
        period: ``YYYY-MM``, or empty for the report date.
        dimensions: What divides the metric.
    """

    context: Context
    table: str
    rows: tuple[Any, ...]
    entity_id: str = GROUP
    period: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def fact(
        self,
        metric_id: str,
        measure: Measure,
        *,
        inputs: Mapping[str, Behind] | None = None,
        assumed: bool | None = None,
        **dimensions: str,
    ) -> Fact:
        """A fact of this cut.

        Args:
            metric_id: A registered metric.
            measure: Its value, or why there is none.
            inputs: As in ``Context.fact``, where they are not the rows of the cut.
            assumed: Whether assumed rows took part, where that is not to be seen from the rows of the cut.
            dimensions: What divides the metric further.
        """
        return self.context.fact(
            metric_id,
            measure,
            inputs={self.table: self.rows} if inputs is None else inputs,
            entity_id=self.entity_id,
            period=self.period,
            assumed=any_assumed(self.rows) if assumed is None else assumed,
            **self.dimensions,
            **dimensions,
        )

    def where(self, keep: Callable[[Any], bool]) -> Cut:
        """The same cut of the rows to keep."""
        return replace(self, rows=tuple(row for row in self.rows if keep(row)))

    def divided(self, **dimensions: str) -> Cut:
        """The same cut under further dimensions."""
        return replace(self, dimensions={**self.dimensions, **dimensions})

    def sum(self, column: str) -> int:
        """The sum of a column of whole numbers; blanks count as 0."""
        return sum(getattr(row, column) or 0 for row in self.rows)

    def by_entity(self) -> Iterator[Cut]:
        """Each entity's rows, in order of id, then the group's: all but dealings between its entities.

        Rows without an entity, or of the group itself, are only in the last. When all rows are one entity's, with
        others, they come once, under its id (``for_group_too`` repeats its facts for the group). No rows yield
        nothing, so that nothing is reported as zero.
        """
        parts = grouped(self.rows, lambda row: None if row.entity_id == GROUP else row.entity_id)
        for entity_id, rows in parts.items():
            yield replace(self, rows=rows, entity_id=entity_id)
        known, whole = sum(map(len, parts.values())), tuple(of_group(self.context, self.rows))
        if self.rows and (len(parts) != 1 or known < len(self.rows) or whole != self.rows):
            yield replace(self, rows=whole, entity_id=GROUP)

    def units(self) -> Iterator[Cut]:
        """Each entity's rows, and the group's: all but dealings between its entities, also when there are none."""
        for entity_id, rows in units(self.context, self.rows).items():
            yield replace(self, rows=rows, entity_id=entity_id)

    def by_month(self, day: Callable[[Any], date | None], months: Iterable[Month]) -> Iterator[Cut]:
        """The rows of each month, with and without rows, by the day that ``day`` gives; rows without one in none."""
        found: dict[tuple[int, int], list[Any]] = {}
        for row in self.rows:
            if (at := day(row)) is not None:
                found.setdefault((at.year, at.month), []).append(row)
        for month in months:
            yield replace(self, rows=tuple(found.get((month.year, month.month), ())), period=str(month))

    def windows(self, day: Callable[[Any], date | None]) -> Iterator[tuple[Cut, tuple[Month, ...]]]:
        """Each complete month since the earliest day, then the latest twelve of them together at the report date.

        Each comes with its months. Rows without a complete month yield nothing.
        """
        months = complete_months_since(self.context, map(day, self.rows))
        parts = tuple(self.by_month(day, months))
        yield from ((part, (month,)) for part, month in zip(parts, months, strict=True))
        if months:
            yield replace(self, rows=tuple(row for part in parts[-YEAR:] for row in part.rows)), months[-YEAR:]

    def by(self, dimension: str, key: Callable[[Any], str | None], names: Iterable[str] = ()) -> Iterator[Cut]:
        """The rows by what ``key`` gives, in its order, under ``dimension``; rows without a key in none.

        Args:
            dimension: Its name.
            key: What divides the rows.
            names: Keys that are cut also when no row has them.
        """
        parts = grouped(self.rows, key)
        for name in sorted({*parts, *names}):
            yield replace(self, rows=parts.get(name, ()), dimensions={**self.dimensions, dimension: name})


def cut(context: Context, table: str, rows: Iterable[Any]) -> Cut:
    """All rows, undivided, at the report date."""
    return Cut(context, table, tuple(rows))


def grouped(rows: Iterable[Any], key: Callable[[Any], str | None]) -> dict[str, tuple[Any, ...]]:
    """Rows by key, keys in order; rows without a key are left out."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if (name := key(row)) is not None:
            found.setdefault(name, []).append(row)
    return {name: tuple(found[name]) for name in sorted(found)}


def newest(rows: Iterable[Any], key: Callable[[Any], str]) -> tuple[Any, ...]:
    """The row of each key that is valid from the latest day, keys in order."""
    in_order = sorted(rows, key=lambda row: (key(row), row.valid_from))
    return tuple({key(row): row for row in in_order}.values())


def units(context: Context, rows: Iterable[Any]) -> dict[str, tuple[Any, ...]]:
    """Each entity's rows, and the group's: all but dealings between its entities, also when there are none."""
    whole = tuple(rows)
    return grouped(whole, lambda row: row.entity_id) | {GROUP: tuple(of_group(context, whole))}


def months_between(first: date, last: Month) -> tuple[Month, ...]:
    """Every month from the one that holds ``first`` to ``last``, both included; none when it begins later."""
    start = Month.of(first)
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    return tuple(start + index for index in range(max(count, 0)))


def complete_months_since(context: Context, days: Iterable[date | None]) -> tuple[Month, ...]:
    """The complete months from the earliest of ``days`` to the report date; none when there are no days."""
    known = [day for day in days if day is not None]
    return months_between(min(known), last_complete_month(context.report_date)) if known else ()


def for_group_too(context: Context, facts: Iterable[Fact], metric_ids: Iterable[str], reason: str) -> Iterator[Fact]:
    """The facts, those of an only entity also as the group's; each metric without a fact with ``reason`` instead."""
    found = list(facts)
    entities = {fact.entity_id for fact in found}
    yield from found
    if len(entities) == 1 and GROUP not in entities:
        yield from (keep_as(replace(fact, entity_id=GROUP), fact) for fact in found)
    given = {fact.metric_id for fact in found}
    for metric_id in metric_ids:
        if metric_id not in given:
            yield context.fact(metric_id, not_evaluable(reason), inputs={})
