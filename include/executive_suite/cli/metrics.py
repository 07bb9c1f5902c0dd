"""``metrics``: the fact table of a report date on standard output, and nothing else there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, commands, examples
from executive_suite.facts import table as facts
from executive_suite.facts.fact import Fact
from executive_suite.rendering import spreadsheet
from executive_suite.schema.quality import lines

if TYPE_CHECKING:
    from executive_suite.dataset.snapshot import Snapshot

app = commands()
Choice = Annotated[Literal["json", "csv", "table"], typer.Option("--format", help="For machines, or for people.")]


@app.command(epilog=examples("metrics --as-of 2026-05-01", "metrics --as-of 2026-05-01 --format csv > facts.csv"))
def metrics(as_of: AsOf, data: Data = None, folder: ConfigFolder = CONFIG, form: Choice = "json") -> None:
    """Print the fact table of a report date.

    Standard error says which data was left out. Exit code 1 if the data has faults; nothing is printed then.
    """
    dataset, earlier = data_options.dataset_and_record(data, as_of, folder)
    from executive_suite import metrics as fields
    from executive_suite.run import pipeline

    data_options.print_notes(dataset.notes)
    table = fields.compute_all(pipeline.context_of(dataset, folder, earlier))
    if form == "table":
        _show(table)
    else:
        typer.echo(facts.to_json(table) if form == "json" else as_csv(table), nl=False)
    _say_imbalance(dataset, table)


def _say_imbalance(dataset: Snapshot, table: tuple[Fact, ...]) -> None:
    """Say on standard error which transactions block the reports; the figures say by how much."""
    from executive_suite.dataset import quality_rules

    if any(fact.value for fact in table if fact.metric_id == "trial_balance_difference"):
        for line in lines(quality_rules.unbalanced_within_entities(dataset.tables["ledger"])):
            show.note(f"does not reconcile, so no report can be sent: {line}")


def as_csv(table: tuple[Fact, ...]) -> bytes:
    """The fact table as CSV: one row per fact, dimensions and inputs as JSON, no value as an empty cell."""
    columns = [*Fact("", "", "", None, "").as_json()]
    records = (fact.as_json() for fact in facts.ordered(table))
    return spreadsheet.as_csv(columns, ([_cell(record[column]) for column in columns] for record in records))


def _cell(value: object) -> object:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value


def _show(table: tuple[Fact, ...]) -> None:
    show.table(
        ("metric", "entity", "period", "dimensions", "value", "unit"),
        (
            (
                fact.metric_id,
                fact.entity_id,
                fact.period,
                ", ".join(f"{name} {value}" for name, value in sorted(fact.dimensions.items())),
                f"n/a: {fact.reason}" if fact.value is None else str(fact.value),
                fact.unit,
            )
            for fact in facts.ordered(table)
        ),
    )
