"""The monthly series of a run: monthly facts, rows counted or summed, and the ledger's costs by account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from executive_suite.conditions.matching import matching
from executive_suite.conditions.rows import Cells
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import required
from executive_suite.metrics.cut import months_between
from executive_suite.period import Month, last_complete_month
from executive_suite.rules import views
from executive_suite.signals.declared import Series

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

GRADE = 1000
"""How much of a series of means one grade is: these are no counts."""
Key = tuple[str, str]
"""Entity, and what divides the series besides; blank for the undivided one."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """One series.

    Attributes:
        declared: What it is.
        entity_id: Whose.
        part: What divides it; blank for the whole.
        first: The month of its first value.
        values: One per month.
        facts: The facts behind them, by month; none where rows are.
        rows: The rows behind them, by month; none where facts are.
    """

    declared: Series
    entity_id: str
    part: str
    first: Month
    values: tuple[float, ...]
    facts: Mapping[Month, Fact]
    rows: Mapping[Month, tuple[Cells, ...]]

    def month(self, index: int) -> Month:
        """The month of a value."""
        return self.first + index


def every(context: Context, facts: Iterable[Fact], declared: Iterable[Series]) -> Iterator[Monthly]:
    """All series that the records can carry; those of entities that left the group are over."""
    gone = ends(context)
    by_metric: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.monthly:
            by_metric.setdefault(fact.metric_id, []).append(fact)
    for one in declared:
        try:
            found = _of(context, one, by_metric.get(one.metric, ()))
            yield from (series for series in found if series.entity_id not in gone)
        except MissingInputError:
            continue


def _of(context: Context, one: Series, facts: Iterable[Fact]) -> list[Monthly]:
    if one.metric:
        return list(_of_facts(context, one, facts))
    return list(_of_expenses(context, one) if one.expenses else _of_rows(context, one))


def _of_facts(context: Context, one: Series, facts: Iterable[Fact]) -> Iterator[Monthly]:
    found: dict[Key, dict[Month, Fact]] = {}
    wanted, last = {one.by} if one.by else set(), last_complete_month(context.report_date)
    blank: dict[Key, set[Month]] = {}
    for fact in facts:
        month, key = (
            Month(int(fact.period[:4]), int(fact.period[5:])),
            (fact.entity_id, fact.dimensions.get(one.by, "")),
        )
        if set(fact.dimensions) == wanted and fact.number is not None and month <= last:
            found.setdefault(key, {})[month] = fact
        elif fact.status == "not_evaluable":
            blank.setdefault(key, set()).add(month)
    grouped = one.group or all(entity == GROUP for entity, _ in found)  # what no entity has of its own is the group's
    for (entity, part), own in sorted(found.items()):
        if (entity == GROUP) == grouped:
            latest = max(own) if one.measured else last
            months = _known(months_between(min(own).first, latest), blank.get((entity, part), ()))
            if not months:
                continue
            values = tuple(float(own[month].number or 0) if month in own else 0.0 for month in months)
            yield Monthly(one, entity, part, months[0], values, own, {})


def _known(months: tuple[Month, ...], blank: Collection[Month]) -> tuple[Month, ...]:
    """The months after the last one that nobody can evaluate: taken as zero, it would look like a level that broke."""
    gap = max((place for place, month in enumerate(months) if month in blank), default=-1)
    return months[gap + 1 :]


def _of_rows(context: Context, one: Series) -> Iterator[Monthly]:
    last = last_complete_month(context.report_date)
    found: dict[Key, dict[Month, list[Cells]]] = {}
    rows = views.rows_of(context, one.table)
    begun = _begun(context, one, rows)
    for row in matching(one.where, rows, context):
        day = _local(context, row, one.day)
        part = str(row.get(one.divides) or "") if one.divides else ""
        if day is not None and Month.of(day) <= last and (part or not one.divides):
            key = _whose(context, row), part
            found.setdefault(key, {}).setdefault(Month.of(day), []).append(row)

    def place(item: tuple[Key, dict[Month, list[Cells]]]) -> tuple[str, int, str]:
        (entity, part), own = item
        first = min((row.get(one.order) or 0 for rows in own.values() for row in rows), default=0) if one.order else 0
        return entity, first, part

    covered = max((month for own in found.values() for month in own), default=last)
    for (entity, part), own in sorted(found.items(), key=place):
        months = months_between(begun.get((entity, part), min(own)).first, covered if one.measured else last)
        monthly = (own.get(month, ()) for month in months)
        values = tuple(
            _means(monthly, one.means, one.top) if one.means else (_value(rows, one.sums) for rows in monthly)
        )
        yield Monthly(one, entity, part, months[0], values, {}, {month: tuple(rows) for month, rows in own.items()})


def _begun(context: Context, one: Series, rows: Iterable[Cells]) -> dict[Key, Month]:
    """The first month of each series, whether its rows count or not: before the first poor review there was none."""
    found: dict[Key, Month] = {}
    for row in rows:
        if (day := _local(context, row, one.day)) is not None:
            key = _whose(context, row), str(row.get(one.divides) or "") if one.divides else ""
            found[key] = min(found.get(key, Month.of(day)), Month.of(day))
    return found


def _whose(context: Context, row: Cells) -> str:
    """The entity of a row: its own, else that of its asset."""
    return str(row.get("entity_id") or _owners(context).get(str(row.get("asset_id"))) or GROUP)


@per_context
def _owners(context: Context) -> Mapping[str, str]:
    if not context.has("asset"):
        return {}
    return {row.asset_id: row.entity_id for row in context.rows("asset", "asset_id", "entity_id")}


def _local(context: Context, row: Cells, column: str) -> date | None:
    at = row.get(column)
    if isinstance(at, datetime):
        return context.local_day(at, row.get("entity_id"))
    return at if isinstance(at, date) else None


def _value(rows: Iterable[Mapping[str, Any]], column: str) -> float:
    if not column:
        return float(len(list(rows)))
    return float(sum((Decimal(row[column] or 0) for row in rows), Decimal(0)))


def _means(months: Iterable[Sequence[Cells]], column: str, top: int) -> Iterator[float]:
    """The mean of a column in each month, in thousandths, counted down from the top of its scale: the best is 1000.

    So a fall from the best by one grade doubles it, however many grades there are below. A month without rows is as the
    month before it.
    """
    last = float(GRADE)
    for rows in months:
        graded = [float(row[column]) for row in rows if row[column] is not None]
        last = GRADE * (top + 1 - sum(graded) / len(graded)) if graded else last
        yield last


def _of_expenses(context: Context, one: Series) -> Iterator[Monthly]:
    sums, last = required(context), last_complete_month(context.report_date)
    expense = sums.of_type("expense")
    for account in sums.accounts:
        monthly = sums.monthly(expense & sums.on({account}))
        for entity in sums.entities:
            first = next((month for month in sums.months(entity, last) if monthly[entity, month].lines), None)
            if first is not None and (entity == GROUP) == one.group:
                months = _known(months_between(first.first, last), unclassified.months(context, entity))
                values = tuple(float(monthly[entity, month].cents) for month in months)
                if months:
                    yield Monthly(one, entity, account, months[0], values, {}, {})
