"""``metrics``: the fact table of a report date on standard output, and nothing else there."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from typing import TYPE_CHECKING

from executive_suite.cli import data_options
from executive_suite.facts import table as facts
from executive_suite.facts.fact import Fact
from executive_suite.schema.quality import told

if TYPE_CHECKING:
    from executive_suite.dataset.snapshot import Snapshot


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    data_options.arguments(parser)
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def run(options: argparse.Namespace) -> int:
    """Print the facts; what was left out of the data is told on standard error."""
    with data_options.told_faults() as outcome:
        dataset = data_options.dataset(options)
        from executive_suite import metrics  # noqa: PLC0415 - costly: imported while the files are read
        from executive_suite.run import pipeline  # noqa: PLC0415 - as above

        data_options.tell_notes(dataset.notes)
        table = metrics.compute_all(pipeline.context_of(dataset, options.config))
        sys.stdout.buffer.write(facts.to_json(table) if options.format == "json" else as_csv(table))
        sys.stdout.buffer.flush()
        tell_imbalance(dataset, table)
    return outcome.code


def tell_imbalance(dataset: Snapshot, table: tuple[Fact, ...]) -> None:
    """Say on standard error which transactions keep reports from going out; the figures show by how much."""
    from executive_suite.dataset import quality_rules  # noqa: PLC0415 - as above

    if any(fact.value for fact in table if fact.metric_id == "trial_balance_difference"):
        for line in told(quality_rules.unbalanced_within_entities(dataset.tables["ledger"])):
            sys.stderr.write(f"does not reconcile, no report would go out: {line}\n")


def as_csv(table: tuple[Fact, ...]) -> bytes:
    """The fact table as CSV: one fact a row, dimensions and inputs as JSON, no value as an empty cell."""
    buffer = io.StringIO()
    records = [fact.as_json() for fact in facts.ordered(table)]
    writer = csv.writer(buffer, lineterminator="\n")
    columns = [*Fact("", "", "", None, "").as_json()]
    writer.writerow(columns)
    for record in records:
        writer.writerow([_cell(record[column]) for column in columns])
    return buffer.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
