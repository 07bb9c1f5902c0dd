"""Cliffs, lapses and conflicts: rows of registers that a reader must know of, as signals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from executive_suite.conditions.matching import matching
from executive_suite.conditions.rows import Cells
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.findings import Evidence
from executive_suite.facts.signals import Signal, Subject
from executive_suite.rules import views
from executive_suite.rules.outcome import FROM_COLUMN
from executive_suite.rules.sentences import filled
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW
from executive_suite.signals import words
from executive_suite.signals.declared import Register
from executive_suite.signals.plans import revenue_plans

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


PLANS = "revenue_plans"
"""Rows that are made from facts, not from tables."""


def found(context: Context, facts: Iterable[Fact], declared: Iterable[Register]) -> Iterator[Signal]:
    """A signal for each row of the registers that meets its condition."""
    for one in declared:
        try:
            rows = revenue_plans(context, facts) if one.rows == PLANS else views.rows_of(context, one.rows)
            if len(rows):
                chosen = matching(one.where, rows, context, partial(views.rows_of, context))
                acute = {id(row) for row in matching(one.act_if, chosen, context)} if one.act_if else set()
                yield from (_signal(context, one, row, act=id(row) in acute) for row in chosen)
        except MissingInputError:
            continue


def _signal(context: Context, one: Register, row: Cells, *, act: bool) -> Signal:
    table, key = ("budget", ("entity_id", "year")) if one.rows == PLANS else views.identity_of(one.rows)
    named = {column: "" if row.get(column) is None else str(row[column]) for column in key}
    entity = str(row.get("entity_id") or GROUP)
    share = row.get(one.share) if one.share else None
    days = {name: cell.astimezone(context.zone).date() for name, cell in row.items() if isinstance(cell, datetime)}
    cells = {**row, **days}
    units = {name: "cents" for name in row if name.endswith("_cents")}
    return Signal(
        signal_id=":".join((one.kind, entity, one.signal, *named.values())),
        kind=one.kind,
        entity_id=entity,
        subject=Subject(table, named),
        headline=words.sentence(context, one.headline, cells, entity, **units),
        since=_day(cells.get(one.since)),
        on=_day(cells.get(one.comes)),
        amount_cents=row.get(one.amount) if one.amount else None,
        per=one.per if one.amount and row.get(one.amount) is not None else "",
        share="" if share is None else f"{float(share):.4f}",
        severity="act" if act else "watch",
        readers=one.readers,
        evidence=_evidence(table, named, row, words.sentence(context, one.evidence, cells, entity, **units)),
        action=words.sentence(context, one.action, cells, entity, **units),
        owner=str(row.get(one.owner.removeprefix(FROM_COLUMN)) or "")
        if one.owner.startswith(FROM_COLUMN)
        else one.owner,
        action_id=filled(one.rule, row, {}),
        due_on=_day(cells.get(one.due)),
        mark=words.sentence(context, one.mark, cells, entity, **units),
        name=one.signal,
    )


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def _evidence(table: str, key: dict[str, str], row: Cells, text: str) -> tuple[Evidence, ...]:
    if behind := row.get("behind"):  # the view put several rows together
        return tuple(Evidence(name, {column: key}, "", file or "", at) for name, column, key, file, at in behind)
    return (Evidence(table, key, text, row.get(SOURCE_FILE) or "", row.get(SOURCE_ROW), bool(row.get("assumed"))),)
