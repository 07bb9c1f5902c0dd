"""``build``: the reports of a date as files in a folder, with no Airflow and no AWS."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from executive_suite import config, reports
from executive_suite.cli import data_options, show
from executive_suite.cli.data_options import CONFIG, ConfigFolder, Data
from executive_suite.cli.options import AsOf, Form, Reports, commands, examples
from executive_suite.document import Document
from executive_suite.mailing import archived_page
from executive_suite.rendering import lint
from executive_suite.run import behind, due

app = commands()


@app.command(epilog=examples("build --as-of 2026-05-01 --out out", "build --as-of 2026-05-01 --out out --report cfo"))
def build(
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Write into FOLDER/<report date>.")],
    data: Data = None,
    folder: ConfigFolder = CONFIG,
    report: Reports = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what each sentence of page one rests on; write nothing.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing if the linter finds something.")] = False,
    form: Form = "table",
) -> int:
    """Write the reports of a date into a folder and print the paths of their files.

    Without --report, a report for which there is nothing to tell is not made, and a line says what it needs. Exit code
    1 if the data has faults; nothing is written then.
    """
    if explain:
        _explain(data, as_of, folder, report or (), form)
        return 0
    documents = made(data, as_of, folder, report or ())
    if strict and not _clean(documents):
        return 1
    paths = written(documents, out)
    show.result(form, by_report(documents, paths), *(str(path) for own in paths for path in own))
    return 0


def made(data: Path | str | None, report_date: date, folder: Path, chosen: Sequence[str]) -> list[Document]:
    """The reports of a date, rendered: those chosen, else all that are due and have something to tell.

    Raises:
        ConfigError: a chosen report is not configured.
        QualityError, ReconciliationError: the data has faults.
    """
    configured = config.load(folder)
    wanted = [configured.report(name) for name in chosen or due.reports_at(configured, report_date)]
    figures = behind.figures_of(data, report_date, folder, fallback=data_options.fallback_zone())
    data_options.print_notes(figures.notes)
    found = reports.together(reports.build if chosen else reports.attempt, figures, wanted)
    for line in found:
        if isinstance(line, str):
            show.note(line)
    return [document for document in found if isinstance(document, Document)]


def _explain(data: Path | str | None, as_of: date, folder: Path, chosen: Sequence[str], form: Form) -> None:
    """Print each sentence of page one with its facts, rules and rows."""
    configured = config.load(folder)
    wanted = [configured.report(name) for name in chosen or due.reports_at(configured, as_of)]
    figures = behind.figures_of(data, as_of, folder, fallback=data_options.fallback_zone())
    found = [{"report": one.report, **asdict(told)} for one in wanted for told in reports.explained(figures, one)]
    lines = [
        line
        for told in found
        for line in (
            f"{told['report']}: {told['sentence']}",
            *(f"  {name}: {', '.join(told[name])}" for name in ("facts", "rules", "names", "rows") if told[name]),
        )
    ]
    show.result(form, found, *lines)


def by_report(documents: Sequence[Document], paths: Sequence[Sequence[Path]]) -> list[dict[str, Any]]:
    """Where the reports were written, for JSON."""
    pairs = zip(documents, paths, strict=True)
    return [{"report": document.report, "paths": [str(path) for path in own]} for document, own in pairs]


def written(documents: Sequence[Document], out: Path) -> list[list[Path]]:
    """Write all reports below ``out``: first next to their place, then all of them into it, so that none is incomplete.

    Returns the paths of each report.

    Raises:
        OSError: the folder cannot be written to; nothing in it has changed.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as draft:
        paths = [write(document, Path(draft)) for document in documents]
        places = [[out / path.relative_to(draft) for path in own] for own in paths]
        for own, final in zip(paths, places, strict=True):
            for path, place in zip(own, final, strict=True):
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
    return places


def write(document: Document, out: Path) -> list[Path]:
    """Write a report's archive files and its mail below ``out``; returns their paths."""
    bodies = {document.key(extension): body for extension, body in document.files.items()}
    bodies[document.key("mail.html")] = with_pictures(document).encode()
    for key, body in bodies.items():
        path = out / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return [out / key for key in bodies]


def with_pictures(document: Document) -> str:
    """The mail's HTML with its pictures embedded, so that a browser shows what a mail client does.

    Its button leads to the page next to it.
    """
    html = archived_page.linked(document, f"{document.file_name}.html").mail_html
    for picture in document.pictures:
        data = base64.b64encode(picture.body).decode("ascii")
        html = html.replace(f"cid:{picture.content_id}", f"data:{picture.media_type};base64,{data}")
    return html


def _clean(documents: list[Document]) -> bool:
    remarks = [f"{document.file_name}: {remark}" for document in documents for remark in lint.check(document)]
    remarks += [str(remark) for remark in lint.across(documents)]
    for remark in remarks:
        show.note(remark)
    return not remarks
