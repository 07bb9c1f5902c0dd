"""``signals``: what readers must know at a report date, on standard output, first what matters most."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, commands, examples

app = commands()
Choice = Annotated[Literal["json", "table"], typer.Option("--format", help="For machines, or for people.")]


@app.command(epilog=examples("signals --as-of 2026-05-01", "signals --as-of 2026-05-01 --format table"))
def signals(as_of: AsOf, data: Data = None, folder: ConfigFolder = CONFIG, form: Choice = "json") -> None:
    """Print what happened, what is coming and what is not as it should be.

    Exit code 1 if the data has faults; nothing is printed then.
    """
    from executive_suite import metrics
    from executive_suite.run import pipeline

    dataset, earlier = data_options.dataset_and_record(data, as_of, folder)
    data_options.print_notes(dataset.notes)
    context = pipeline.context_of(dataset, folder, earlier)
    figures = pipeline.judge(dataset, context, metrics.compute_all(context), folder)
    if form == "json":
        lines = (json.dumps(one.as_json(), ensure_ascii=False, separators=(",", ":")) for one in figures.signals)
        show.line("[" + ",\n".join(lines) + "]")
        return
    show.table(
        ("severity", "kind", "since", "on", "headline"),
        ((one.severity, one.kind, one.since, one.on, one.headline) for one in figures.signals),
    )
