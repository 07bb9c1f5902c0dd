"""What a figure rests on: its definition, the tables and rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact
from executive_suite.facts.figures import Figures
from executive_suite.identity import without_addresses

MOST_ROWS, MOST_CELLS, MOST_SUMS = 3, 8, 6


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure rests on, in plain values.

    Attributes:
        definition: Formula and edge cases; empty for a metric that there is no longer.
        defined_by: The standard or text that defines it so.
        sources: Each table with how many rows took part, some of the rows by file and place, or sums by account.
    """

    definition: str
    defined_by: str
    sources: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """The part of an answer."""
        return {"definition": self.definition, "defined_by": self.defined_by, "sources": list(self.sources)}


def basis(known: Figures, fact: Fact) -> Basis:
    """What a figure rests on, with at most a few rows of each table."""
    try:
        meaning = definition_of(fact.metric_id)
        said = meaning.definition, meaning.source
    except KeyError:
        said = "", ""
    counted = {one.table: one.rows for one in fact.inputs}
    traced = {used.table: used for used in known.sources.facts.get(fact.fact_id, ())}
    found = []
    for table in dict.fromkeys((*counted, *traced)):
        one: dict[str, Any] = {"table": table, "rows": counted.get(table, 0)}
        used = traced.get(table)
        if used is not None:
            one["rows"] = used.rows
            rows = known.sources.tables.get(table)
            if used.posted and not used.whole:
                one["sums"] = [
                    {"account": sum_.account, "month": sum_.month, "cents": sum_.cents, "lines": sum_.lines}
                    for sum_ in used.posted[-MOST_SUMS:]
                ]
            elif rows is not None and used.listed:
                one["examples"] = [_row(rows.columns, rows.rows[place]) for place in used.listed[:MOST_ROWS]]
        found.append(one)
    return Basis(*said, tuple(found))


def _row(columns: tuple[str, ...], cells: tuple[str, ...]) -> dict[str, Any]:
    name, row, *texts = cells
    shown = {column: text for column, text in zip(columns, map(without_addresses, texts), strict=True) if text}
    return {"file": name, "row": row, "cells": dict(list(shown.items())[:MOST_CELLS])}
