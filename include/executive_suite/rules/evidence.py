"""What a finding is based on: the money at stake, and each row in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from executive_suite.conditions.rows import Cells, Rows
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Evidence
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.rules import views
from executive_suite.rules.case import Case
from executive_suite.rules.fact_table import BEHIND
from executive_suite.rules.rule import Rule
from executive_suite.rules.sentences import filled
from executive_suite.schema.tables import SOURCE_FILE, SOURCE_ROW


def at_stake(case: Case, shown: Rows) -> int | None:
    """The money at stake: figures once, columns summed over the rows; nothing at all counts as none known."""
    figures = [name for name in case.rule.at_stake if name.removeprefix("-") in case.figure_cells]
    columns = [name for name in case.rule.at_stake if name not in figures]
    stakes = [_sum(figures, case.figures) or None, _sum(columns, shown)]
    known = [cents for cents in stakes if cents is not None]
    return sum(known) if known else None


def _sum(columns: Iterable[str], rows: Rows) -> int | None:
    """The sum of columns over rows, ``-column`` subtracted; None when none of them holds a value."""
    signed = [(-1 if column.startswith("-") else 1, column.removeprefix("-")) for column in columns]
    cells = [(sign, row.get(name)) for sign, name in signed for row in rows]
    known = [sign * cell for sign, cell in cells if cell is not None]
    return whole_cents(sum(known)) if known else None


def of(case: Case, rows: Sequence[Cells], cells: Cells) -> Iterator[Evidence]:
    """The rows that a finding is based on; of a rule over figures, the figures, the first in its words."""
    rule = case.rule
    if rule.rows:
        yield from (_of_row(rule, row) for row in rows)
        return
    if rule.facts:
        for row in rows:
            (_, leading), *others = row[BEHIND].items()
            facts = [leading, *(fact for name, fact in others if rule.uses(name))]
            yield _of_facts(facts, filled(rule.evidence, row, case.units))
    for number, fact in enumerate(case.figure_cells[BEHIND].values()):
        yield _of_facts([fact], "" if rule.facts or number else filled(rule.evidence, cells, case.units))


def _of_row(rule: Rule, row: Cells) -> Evidence:
    """A row of a table or view: its table, key, text, source and mark."""
    table, key = views.identity_of(rule.rows)
    return Evidence(
        table=table,
        key={column: "" if row.get(column) is None else str(row[column]) for column in key},
        text=filled(rule.evidence, row, {}),
        file=row.get(SOURCE_FILE) or "",
        row=row.get(SOURCE_ROW),
        assumed=bool(row.get("assumed")),
    )


def _of_facts(facts: Sequence[Fact], text: str) -> Evidence:
    """A row of facts: the first of them with the table that it was calculated from; the mark is that of any."""
    fact = facts[0]
    return Evidence(
        table=fact.inputs[0].table if fact.inputs else "",
        key={"metric_id": fact.metric_id, "entity_id": fact.entity_id, "period": fact.period, **fact.dimensions},
        text=text,
        assumed=any(one.assumed for one in facts),
    )
