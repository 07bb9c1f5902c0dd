"""A report date as known then and as known now: the answer of the step ``restate``, for the readers of one report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.reports.selection import Selection
from executive_suite.room import named
from executive_suite.room.compare import Moved
from executive_suite.room.figures import Shown

MOST_CAUSES = 6
"""Causes of one figure that are named."""


@dataclass(frozen=True, slots=True)
class Late:
    """A row that came late.

    Attributes:
        key: Its key, in words.
        source: File and row.
        recorded_at: ISO 8601.
        what: Whether it is new, changed or gone.
        cells: For a change, the column, the value then and the value now.
    """

    key: str
    source: str
    recorded_at: str
    what: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What became known after a report, as far as the report rests on it.

    Attributes:
        moved: Figures of the report that would be others today.
        others: How many figures moved that it does not show.
        late: Table to its late rows, of the tables that the report's figures rest on.
        went_on: The same for rows that restate nothing, because they are about later days.
        undated: Tables in which changes cannot be seen.
        same_then: Whether the sources still hold what the report was made from.
    """

    moved: tuple[Moved, ...]
    others: int
    late: Mapping[str, tuple[Late, ...]]
    went_on: Mapping[str, tuple[Late, ...]]
    undated: tuple[str, ...]
    same_then: bool


def known(answer: Mapping[str, Any], figures: Figures, shown: Shown) -> Known:
    """The answer of ``restate``, for who may read the report that shows these figures."""
    s = Selection(figures)
    names = shown.facts | {name for kpi in shown.kpis for name in (kpi.fact_id, *kpi.parts)}
    changes = [(_fact(change["then"]), _fact(change["now"]), change) for change in answer["changes"]]
    own = [one for one in changes if {fact.fact_id for fact in one[:2] if fact} & names]
    rests_on = {given.table for fact in figures.facts if fact.fact_id in names for given in fact.inputs}
    rests_on |= {given.table for one in own for fact in one[:2] if fact for given in fact.inputs}
    return Known(
        tuple(_moved(s, *one) for one in own),
        len(changes) - len(own),
        _by_table(answer["late_rows"], rests_on),
        _by_table(answer["went_on"], rests_on),
        tuple(name for name in answer["undated"] if name in rests_on),
        answer["hash_then"] == figures.dataset_hash,
    )


def _fact(record: Mapping[str, Any] | None) -> Fact | None:
    return Fact.from_json(record) if record else None


def _moved(s: Selection, then: Fact | None, now: Fact | None, change: Mapping[str, Any]) -> Moved:
    fact = now or then
    if fact is None:
        msg = "a change of no figure"
        raise ValueError(msg)
    values = then.value if then else None, now.value if now else None
    return Moved(
        label=named.label(s, fact),
        entity_id=fact.entity_id,
        entity=s.entity(fact.entity_id),
        period=formats.month(fact.period) if fact.monthly else "",
        then=formats.amount(values[0], formats.once(fact.unit)),
        now=formats.amount(values[1], formats.once(fact.unit)),
        change=named.change(*values, fact.unit),
        why="; ".join(_causes(change)),
    )


def _causes(change: Mapping[str, Any]) -> Iterator[str]:
    if change["explained_by"]:
        yield f"{_named(change['explained_by'], ' or ')} alone"
    others = [name for name in change["causes"] if name not in change["explained_by"]]
    if others and not change["alone"]:
        yield f"no row alone; it rests on {_named(others)}"
    elif others:
        yield _named(others)


def _named(causes: Sequence[str], between: str = ", ") -> str:
    """The first of many causes, and how many more there are."""
    more = len(causes) - MOST_CAUSES
    return f"{between.join(map(_row, causes[:MOST_CAUSES]))}{f' and {more} more' if more > 0 else ''}"


def _row(cause: str) -> str:
    """A cause with its table in words: "bank line BL02017"."""
    table, blank, row = cause.partition(" ")
    return f"{table.replace('_', ' ')}{blank}{row}"


def _by_table(rows: list[Mapping[str, Any]], tables: set[str]) -> dict[str, tuple[Late, ...]]:
    groups = groupby(rows, lambda row: str(row["table"]))  # they are in the order of their tables
    return {table: tuple(map(_late, group)) for table, group in groups if table in tables}


def _late(row: Mapping[str, Any]) -> Late:
    return Late(
        ", ".join(map(str, row["key"].values())),
        row["source"],
        row["recorded_at"],
        {"new": "New", "gone": "No longer there"}.get(row["change"], "Changed"),
        tuple(_cell(name, was, row["now"][name]) for name, was in row["was"].items()),
    )


def _cell(column: str, was: str, now: str) -> tuple[str, str, str]:
    """A column in words with both of its values, money as such."""
    name = column.removesuffix("_cents")
    if name != column:
        was, now = (formats.money(int(value)) if value.lstrip("-").isdigit() else value for value in (was, now))
    return name.replace("_", " "), was, now
