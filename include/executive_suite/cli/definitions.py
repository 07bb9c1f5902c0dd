"""``definitions``: the definition of every metric from the registry, as ``docs/definitions.md`` has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from executive_suite import metrics
from executive_suite.cli import show
from executive_suite.cli.options import commands, examples
from executive_suite.facts.definition import Definition, definition_of
from executive_suite.facts.fact import plain
from executive_suite.metrics.registry import Calculation

INTRODUCTION = """\
# Definitions

Every metric of the reports, as code, command line and footnotes state it: this page is printed from the registry
(`python -m executive_suite definitions > docs/definitions.md`), and a test keeps it up to date.

How to read a figure:

- **Money** is integer cents; an average per unit has up to two decimals of a cent. Cloud cost is exact decimals in USD.
- A **ratio** is a fraction: 0.05 is shown as 5%. It has ten decimals.
- A **monthly** figure has the period `YYYY-MM` and covers a complete month, in the entity's time zone. A figure
  **at a date** has the report date as its period.
- The **undivided** figure has no dimensions; with dimensions a figure is a part of it, or another view of it.
- **group** is all entities together, without what they charge, owe, sell and lend each other, in the ledger, invoices,
  contracts and bookings. Figures of an entity keep it.
- **not applicable** means that the metric has no value here, **not evaluable** that an input is missing. Both say why.
  Neither is ever shown as 0.
- A **premise** says when a figure means something. Where it does not hold, or a value falls outside its **range**, the
  figure is not applicable or not evaluable and says why. Tables that must hold a row are named as recorded: an empty
  one is missing input, not a zero.
- A **parameter** (table `param`) is named with its scope, and holds from `valid_from` to `valid_to`.

`Needs` names the tables and columns without which the metric is not evaluable; further tables may refine it.
"""

TITLES = {
    "finance": "Cash, burn and break-even",
    "accounting": "Books and recognition",
    "sales": "Sales and business units",
    "marketing": "Marketing",
    "technology": "Technology",
    "organisation": "Assets, people and findings",
    "rental": "Rented property",
    "delivery": "Deliveries",
    "portfolio": "Client contracts",
}
BETTER = {"higher": "higher is better", "lower": "lower is better", "zero": "target 0", "neither": ""}


app = commands()
Choice = Annotated[Literal["markdown", "json"], typer.Option("--format", help="For people, or for machines.")]


@app.command(name="definitions", epilog=examples("definitions > docs/definitions.md", "definitions --format json"))
def print_definitions(form: Choice = "markdown") -> None:
    """Print the definition of every metric, as docs/definitions.md has it."""
    if form == "json":
        show.as_json([{"field": field, **_plain(one)} for field, one, _ in _definitions()])
        return
    typer.echo(page().encode(), nl=False)


def _plain(definition: Definition) -> dict[str, object]:
    """The definition in plain JSON types."""
    return asdict(definition) | {"least": plain(definition.least), "most": plain(definition.most)}


def page() -> str:
    """The whole page as Markdown: fields in the order of the registry, metrics by id, one heading each."""
    sections = [INTRODUCTION]
    shown = ""
    for field, definition, calculation in _definitions():
        if field != shown:
            sections.append(f"## {TITLES.get(field, field.capitalize())}\n")
            shown = field
        sections.append(_entry(definition, calculation))
    return "\n".join(sections)


def _definitions() -> Iterator[tuple[str, Definition, Calculation]]:
    for field in metrics.FIELDS:
        found = [
            (definition_of(one), calculation) for calculation in metrics.load(field) for one in calculation.metric_ids
        ]
        for definition, calculation in sorted(found, key=lambda pair: pair[0].metric_id):
            yield field, definition, calculation


def _entry(definition: Definition, calculation: Calculation) -> str:
    needs = "; ".join(
        f"{table} ({', '.join(dict.fromkeys(columns))})" if columns else table
        for table, columns in sorted(calculation.needs.items())
    )
    better = BETTER[definition.better]
    parts = [
        f"### {definition.metric_id}",
        f"**{definition.name}** · unit: {definition.unit}{better and f' · {better}'}",
        definition.definition,
        _premise(definition),
        f"Source: {definition.source}.",
        f"Needs: {needs}." if needs else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _premise(definition: Definition) -> str:
    """When the figure means something, its range, and the tables that must hold a row; empty if it always does."""
    if not definition.premise:
        return ""
    least, most = definition.least, definition.most
    within = f"{least} to {most}"
    if least is None or most is None:
        within = f"{least} or more" if least is not None else f"{most} at most" if most is not None else ""
    parts = (
        f"Premise: {definition.premise.rstrip('.')}.",
        f"Range: {within}." if within else "",
        f"Recorded: {', '.join(definition.recorded)}." if definition.recorded else "",
    )
    return " ".join(filter(None, parts))
