"""The evidence file of a report: every row behind every figure, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, partial

from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact, plain
from executive_suite.facts.figures import Figures
from executive_suite.facts.sources import SourceTable
from executive_suite.rendering import spreadsheet
from executive_suite.schema.tables import schema

EXTENSION = "csv"
HEADINGS = ("figure", "entity", "period", "part", "value", "unit", "table", "file", "row", "date", "amount", "cells")


def file(figures: Figures, shown: Iterable[str]) -> bytes:
    """The rows behind some facts as CSV (UTF-8 with a mark, which spreadsheets need); empty if none was traced.

    One line per figure and row. Where a figure has more ledger lines than are listed, its sums by account and month
    take their place, so that the amounts of each figure add up either way.
    """
    traced = [name for name in shown if name in figures.sources.facts]
    metrics = {name.partition("/")[0] for name in traced}
    by_id = {fact.fact_id: fact for fact in figures.facts if fact.metric_id in metrics}
    wanted = [name for name in traced if name in by_id]
    if not wanted:
        return b""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    row = cache(partial(_row, figures.sources.tables))  # one row is behind many figures
    for name in wanted:
        fact = by_id[name]
        part = ", ".join(f"{key}={value}" for key, value in sorted(fact.dimensions.items()))
        about = _cells(
            definition_of(fact.metric_id).name, fact.entity_id, fact.period, part, plain(fact.value), fact.unit
        )
        writer.writerows((*about, *line) for line in _lines(figures, fact, row))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _lines(figures: Figures, fact: Fact, row: Callable[[str, int], tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Table, file, row, date, amount and cells of each row behind a figure."""
    for used in figures.sources.facts[fact.fact_id]:
        if used.posted and not used.whole:
            for one in used.posted:
                cells = f"account={one.account}; lines={one.lines}"
                yield _cells("ledger, sums", "", "", one.month, _units(one.cents), cells)
        elif used.listed:
            for place in used.listed:
                yield row(used.table, place)
        elif used.rows:
            yield _cells(used.table, "", "", "", "", f"{used.named or used.rows} rows took part")


def _row(tables: Mapping[str, SourceTable], table: str, place: int) -> tuple[object, ...]:
    known, day = tables[table], schema()[table].business_date
    name, number, *texts = known.rows[place]
    cells = dict(zip(known.columns, texts, strict=True))
    money = [name for name in known.columns if name.endswith("_cents")]
    amount = _units(int(cells[money[0]])) if len(money) == 1 and cells[money[0]] else ""
    told = "; ".join(f"{column}={text}" for column, text in cells.items() if text)
    return _cells(table, name, number, cells.get(day, ""), amount, told)


def _cells(*values: object) -> tuple[object, ...]:
    return tuple(map(spreadsheet.cell, values))


def _units(cents: int) -> str:
    """An amount in the main unit of the currency."""
    return str(Decimal(cents).scaleb(-2))
