"""``signals``: what readers must know at a report date, on standard output, first what matters most."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, commands, day, examples

if TYPE_CHECKING:
    from executive_suite.facts.signals import Signal

app = commands()
NewSince = Annotated[
    date | None,
    typer.Option(
        "--new-since", parser=day, metavar="DATE", help="Only what calls for an act and did not at this report date."
    ),
]
Choice = Annotated[Literal["json", "table"], typer.Option("--format", help="For machines, or for people.")]


@app.command(
    epilog=examples("signals --as-of 2026-05-01 --format table", "signals --as-of 2026-05-10 --new-since 2026-05-01")
)
def signals(
    as_of: AsOf, data: Data = None, folder: ConfigFolder = CONFIG, form: Choice = "json", new_since: NewSince = None
) -> None:
    """Print what happened, what is coming and what is not as it should be.

    Exit code 1 if the data has faults; nothing is printed then.
    """
    from executive_suite.facts.signals import appeared

    found = _at(as_of, data, folder)
    if new_since:
        found = appeared(found, _at(new_since, data, folder))
    if form == "json":
        lines = (json.dumps(one.as_json(), ensure_ascii=False, separators=(",", ":")) for one in found)
        show.line("[" + ",\n".join(lines) + "]")
        return
    show.table(
        ("severity", "kind", "since", "on", "headline"),
        ((one.severity, one.kind, one.since, one.on, one.headline) for one in found),
    )


def _at(report_date: date, data: Path | str | None, folder: Path) -> tuple[Signal, ...]:
    from executive_suite import metrics
    from executive_suite.run import pipeline

    dataset, earlier = data_options.dataset_and_record(data, report_date, folder)
    data_options.print_notes(dataset.notes)
    context = pipeline.context_of(dataset, folder, earlier)
    return pipeline.judge(dataset, context, metrics.compute_all(context), folder).signals
