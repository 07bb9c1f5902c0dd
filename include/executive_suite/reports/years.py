"""A year beside the year before: the latest twelve complete months, the twelve before them, and single months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import Cell, Column, Table
from executive_suite.rendering.charts import Point
from executive_suite.reports import audit, news
from executive_suite.reports.selection import Selection

MONTHS = 12


def earlier(month: str) -> str:
    """The same month a year earlier.

    >>> earlier("2026-04")
    '2025-04'
    """
    return f"{int(month[:4]) - 1:04d}{month[4:]}"


def year_before(s: Selection, fact: Fact) -> Fact:
    """The same monthly fact a year earlier; one that says so where the run has none."""
    return s.fact(fact.metric_id, fact.entity_id, earlier(fact.period), **fact.dimensions)


def total(s: Selection, metric_id: str, entity_id: str, *, back: int = 0, **dimensions: str) -> int | None:
    """The sum of a monthly flow over twelve complete months, cents.

    Args:
        s: The figures.
        metric_id: A flow, such as income or cost; never a rate.
        entity_id: Whose.
        back: How many months earlier than the latest twelve complete ones.
        dimensions: The part of the flow. A month in which the whole is told and the part is not counts as 0.

    Returns:
        The sum; None when the whole flow of one of the months is not told.
    """
    found = 0
    for month in complete_months(s.figures.report_date, MONTHS + back)[:MONTHS]:
        whole, part = s.fact(metric_id, entity_id, str(month)), s.fact(metric_id, entity_id, str(month), **dimensions)
        if whole.value is None:
            return None
        found += int(str(part.value)) if isinstance(part.value, int) else 0
    return found


def parts(s: Selection, metric_id: str, entity_id: str, dimension: str) -> tuple[str, ...]:
    """The parts that a flow had in the latest 24 months: both years add up, also where a part has ended."""
    periods = {str(month) for month in complete_months(s.figures.report_date, 2 * MONTHS)}
    found = {
        fact.dimensions[dimension]
        for fact in s.figures.facts
        if (fact.metric_id, fact.entity_id) == (metric_id, entity_id)
        and set(fact.dimensions) == {dimension}
        and fact.period in periods
    }
    return tuple(sorted(found))


def change(metric_id: str, now: int | None, then: int | None) -> Cell:
    """A change from one year to the next as a cell: signed money, with the tone of the metric."""
    if now is None or then is None:
        return Cell("\u2013")
    cents = now - then
    return Cell(
        f"{'+' if cents > 0 else ''}{formats.money(cents)}", cents, "money", news.tone(metric_id, cents), metric_id
    )


def by_part(  # noqa: PLR0913 - a table is its title, its heads, its rows, and what is said of them
    s: Selection,
    whole: Fact,
    dimension: str,
    *,
    title: str,
    head: str,
    name: Callable[[str], str],
    total_name: str,
    note: str = "",
    empty: str,
) -> Table:
    """A flow of twelve months by its parts, largest first, beside the twelve months before.

    Args:
        s: The figures.
        whole: The flow at the report date, over the latest twelve complete months.
        dimension: What divides it. Parts that ended in the year before have a row too, so that both columns add up.
        title: Of the table.
        head: Of the column of parts.
        name: What a reader calls a part.
        total_name: Of the last row.
        note: Said under the table.
        empty: Said in place of the table when there is no part.
    """
    metric_id, who = whole.metric_id, whole.entity_id
    now = {f.dimensions[dimension]: f for f in s.facts(metric_id, dimension, entity_id=who)}
    names = sorted({*now, *parts(s, metric_id, who, dimension)}) if now else []
    names.sort(key=lambda part: -audit.cents(now[part]) if part in now else 0)

    def row(words: str, fact: Fact | None, **part: str) -> tuple[Cell, ...]:
        then = total(s, metric_id, who, back=MONTHS, **part)
        return (
            Cell(words),
            _money(0) if fact is None else audit.bare(s, fact),
            Cell(formats.share(0), Decimal(0), "ratio") if fact is None else audit.share(fact, whole),
            Cell("\u2013", kind="money") if then is None else _money(then),
            change(metric_id, 0 if fact is None else audit.cents(fact), then),
        )

    heads = (head, formats.currency(), "Share", "Year before", "Change")
    made = Table(
        title,
        tuple(Column(words, "right" if number else "left") for number, words in enumerate(heads)),
        tuple(row(name(part), now.get(part), **{dimension: part}) for part in names),
        total=row(total_name, whole) if names else (),
        note=note,
        empty=empty,
    )
    return trimmed(made)


def _money(cents: int) -> Cell:
    return Cell(formats.money(cents), cents, "money")


def trimmed(table: Table) -> Table:
    """The table without columns in which no row has anything: there was no year before."""
    shown = [
        place
        for place in range(len(table.columns))
        if not table.rows or any(row[place].text not in {"", "\u2013"} for row in table.rows)
    ]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in shown),
        rows=tuple(tuple(row[place] for place in shown) for row in table.rows),
        total=tuple(table.total[place] for place in shown) if table.total else (),
    )


def span(count: int) -> str:
    """How many months a sum covers: fewer than twelve where the records begin later.

    >>> span(12), span(3), span(1)
    ('twelve months', '3 months', '1 month')
    """
    return "twelve months" if count >= MONTHS else formats.counted(count, "month")


def beside(now: Decimal | int, then: Decimal | int | None) -> str:
    """How a figure of twelve months stands to the twelve before, to go on with a sentence.

    >>> beside(90_000, 100_000), beside(5, 5), beside(5, None)
    (', 10 % less than the twelve months before', ', as in the twelve months before', '')
    """
    if then is None or then <= 0:
        return ""
    if now == then:
        return ", as in the twelve months before"
    part = formats.share(abs(Decimal(now) - Decimal(then)) / Decimal(then))
    return f", {part} {'more' if now > then else 'less'} than the twelve months before"


def paired(points: Iterable[tuple[Point, Fact]]) -> list[Point]:
    """The points of a chart, each in front of its wider, lighter self of a year earlier where that is told."""
    found = []
    for point, before in points:
        if isinstance(before.value, int | Decimal):
            found.append(Point(point.label, before.value, "", "prior"))
        found.append(point)
    return found
