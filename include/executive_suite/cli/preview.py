"""``preview``: the reports in a folder, to look at before anything is archived or sent; no Airflow, no AWS."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from executive_suite import config
from executive_suite.cli import build, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder
from executive_suite.cli.options import Form, MaybeAsOf, Reports, commands, examples
from executive_suite.folders import HOME

OUT = HOME / "out" / "preview"
app = commands()


@app.command(epilog=examples("preview", "preview --report cfo --as-of 2026-04-01"))
def preview(
    report: Reports = None,
    as_of: MaybeAsOf = None,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Write into FOLDER/<report date>.")] = OUT,
    folder: ConfigFolder = CONFIG,
    form: Form = "table",
) -> None:
    """Write the reports of the configured sources into a folder, to look at.

    Without --as-of: the sample's report date in schedule.yaml, else today.
    """
    # The only date here that may come from the clock, and only if neither the shell nor a file names one.
    day = as_of or config.load(folder).schedule.sample_report_date or date.today()  # noqa: DTZ011
    documents = build.made(None, day, folder, report or ())
    paths = build.written(documents, out)
    lines = [
        f"  {document.file_name:<34} {' '.join(path.name.removeprefix(document.file_name) for path in own)}"
        for document, own in zip(documents, paths, strict=True)
    ]
    show.result(form, build.by_report(documents, paths), *lines, f"Open {out / day.isoformat()}")
