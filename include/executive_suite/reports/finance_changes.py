"""What changed in the financial figures since the previous report, and what moved each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.registry import definition_of
from executive_suite.reports import frame, wording
from executive_suite.reports.blocks import Cell, Table
from executive_suite.reports.selection import Selection

PARTS = {"control_rule_violations": "rule", "ar_ageing": "bucket"}
"""Figures that are the sum over a dimension of their own."""


def changes(s: Selection, metric_ids: Sequence[str], moved_by: Mapping[str, Sequence[str]]) -> Table:
    """Now, before, difference and cause.

    A figure in ``moved_by`` is no sum over entities: the figures that it is made from are named instead. Sums name
    the part that moved most in their own direction.
    """
    table = frame.changes(s, *metric_ids)
    rows = []
    for name, now, before, change, _ in table.rows:
        if now.text == before.text == wording.NOT_AVAILABLE:
            continue
        metric_id = name.metric_id
        cause = _figures(s, moved_by[metric_id]) if metric_id in moved_by else _part(s, metric_id)
        if now.text == before.text:
            rows.append((name, plain(now), plain(before), Cell("unchanged"), Cell("")))
        else:
            rows.append((name, plain(now), plain(before), change, Cell(cause)))
    return replace(table, rows=tuple(rows))


def plain(cell: Cell) -> Cell:
    """A cell without its note, where the note stands elsewhere."""
    return replace(cell, note="")


def marked_once(table: Table) -> Table:
    """A table in which the mark of assumed rows stands once a row, for the whole row: a mail has to stay short."""
    rows = tuple(_first_mark(row) for row in (*table.rows, table.total))
    if rows == (*table.rows, table.total):
        return table
    note = f"{table.note} A mark of assumed data holds for its whole row.".strip()
    return replace(table, rows=rows[:-1], total=rows[-1], note=note)


def _first_mark(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    first = next((place for place, cell in enumerate(row) if cell.assumed), len(row))
    return (*row[: first + 1], *(replace(cell, assumed=False) for cell in row[first + 1 :]))


def moved(s: Selection, fact: Fact) -> Decimal:
    """How far a figure moved since the previous report; 0 when it cannot be told."""
    before = s.prior(fact)
    if before is None or not isinstance(fact.value, int | Decimal) or not isinstance(before.value, int | Decimal):
        return Decimal(0)
    return Decimal(fact.value) - Decimal(before.value)


def _part(s: Selection, metric_id: str) -> str:
    whole = moved(s, s.fact(metric_id))
    if metric_id in PARTS:
        dimension = PARTS[metric_id]
        parts = [(moved(s, f), f.dimensions[dimension]) for f in s.facts(metric_id, dimension, entity_id=GROUP)]
    else:
        parts = [(moved(s, f), s.entity(f.entity_id)) for f in s.facts(metric_id) if f.entity_id != GROUP]
    same = [(move, name) for move, name in parts if move * whole > 0]
    if not same:
        return ""
    move, name = max(same, key=lambda part: (abs(part[0]), part[1]))
    return f"{name} ({_in_words(move, definition_of(metric_id).unit)})"


def _figures(s: Selection, metric_ids: Sequence[str]) -> str:
    parts = []
    for metric_id in metric_ids:
        move = moved(s, s.fact(metric_id))
        if move:
            found = definition_of(metric_id)
            parts.append(f"{found.name.lower()} {_in_words(move, found.unit)}")
    return ", ".join(parts)


def _in_words(move: Decimal, unit: str) -> str:
    sign = "+" if move > 0 else ""
    return sign + (wording.money(move) if unit.startswith("cents") else wording.amount(move, unit))


def window(s: Selection) -> str:
    """How many latest complete months are taken together: "6 months"."""
    size = s.fact("burn_window")
    return wording.of(size) if size.value is not None else "the window"


def coverage(s: Selection) -> str:
    """How much of the fact table could be told, for a first page that has nothing better to say."""
    facts = s.figures.facts
    told = sum(fact.status != "not_evaluable" for fact in facts)
    return f"{wording.number(told)} of {wording.number(len(facts))} figures are evaluable"
