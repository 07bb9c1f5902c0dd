"""What a finding rests on: the money at stake, and each row in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Evidence
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.rules import views
from executive_suite.rules.lines import Cells
from executive_suite.rules.sentences import Values, filled
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@per_context
def entity_names(context: Context) -> Mapping[str, str]:
    """Entity id to the name that readers know; empty when the entities are not registered."""
    if not context.has("entity"):
        return {}
    return {row.entity_id: row.get("name") for row in context.rows("entity", "entity_id") if row.get("name")}


def named(context: Context, row: Cells) -> Cells:
    """The cells of a row with the name of its entity as ``entity``."""
    entity = str(row.get("entity_id") or "")
    return {**row, "entity": entity_names(context).get(entity, entity)}


def stake(columns: Iterable[str], frame: pd.DataFrame) -> int | None:
    """The sum of columns over rows, ``-column`` subtracted; None when none of them holds a value."""
    named = [(-1 if column.startswith("-") else 1, column.removeprefix("-")) for column in columns]
    known = [(sign, frame[name].dropna().tolist()) for sign, name in named if name in frame.columns]
    if not any(cells for _, cells in known):
        return None
    return sum(sign * whole_cents(sum(cells)) for sign, cells in known)


def of_row(context: Context, view: str, row: Cells, words: str) -> Evidence:
    """A row of a table or view: its table, key, text, source and mark."""
    table, key = views.identity_of(view)
    return Evidence(
        table=table,
        key={column: "" if row.get(column) is None else str(row[column]) for column in key},
        text=filled(words, Values(named(context, row), {})),
        source=f"{row[SOURCE_FILE]}, row {row[SOURCE_ROW]}" if row.get(SOURCE_FILE) else "",
        assumed=bool(row.get("assumed")),
    )


def of_facts(facts: Sequence[Fact], text: str = "") -> Evidence:
    """A row of facts: the first of them with the table that it was calculated from; the mark is that of any."""
    fact = facts[0]
    return Evidence(
        table=fact.inputs[0].table if fact.inputs else "",
        key={"metric_id": fact.metric_id, "entity_id": fact.entity_id, "period": fact.period, **fact.dimensions},
        text=text,
        assumed=any(one.assumed for one in facts),
    )
