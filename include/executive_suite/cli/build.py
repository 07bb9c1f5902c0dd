"""``build``: the reports of a date as files in a folder, with no Airflow and no AWS."""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from executive_suite import config
from executive_suite.cli import data_options
from executive_suite.document import Document
from executive_suite.run import pipeline


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    data_options.arguments(parser)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into, as <out>/<report date>/…")
    parser.add_argument("--report", action="append", default=[], help="only this report (may be given several times)")
    parser.set_defaults(brief=False)
    parser.add_argument("--strict", action="store_true", help="write nothing when the linter finds something")


def run(options: argparse.Namespace) -> int:
    """Write the reports, and to standard output their paths (``brief``: a line a report)."""
    with data_options.told_faults() as outcome:
        configured = config.load(options.config)
        chosen = [configured.report(name) for name in options.report] or list(configured.reports)
        figures = pipeline.figures_of(
            options.data, options.as_of, options.config, fallback=data_options.fallback_zone()
        )
        data_options.tell_notes(figures.notes)
        from executive_suite import reports  # noqa: PLC0415 - rendering is costly to import; faults come first

        documents = [reports.build(figures, report, revision=1) for report in chosen]
        if options.strict and not _clean(documents):
            outcome.code = 1
            return outcome.code
        for document, paths in zip(documents, written(documents, options.out), strict=True):
            if options.brief:
                forms = " ".join(path.name.removeprefix(document.file_name) for path in paths)
                sys.stdout.write(f"  {document.file_name:<34} {forms}\n")
            else:
                sys.stdout.writelines(f"{path}\n" for path in paths)
    return outcome.code


def written(documents: Sequence[Document], out: Path) -> list[list[Path]]:
    """Write all reports: beside their place first, then all of them into it, so that none is half there.

    Args:
        documents: The rendered reports.
        out: The folder above the report date.

    Returns:
        The paths of each report.

    Raises:
        OSError: the folder cannot be written to; nothing in it has changed.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as beside:
        paths = [write(document, Path(beside)) for document in documents]
        places = [[out / path.relative_to(beside) for path in own] for own in paths]
        for own, final in zip(paths, places, strict=True):
            for path, place in zip(own, final, strict=True):
                place.parent.mkdir(parents=True, exist_ok=True)
                path.replace(place)
    return places


def write(document: Document, out: Path) -> list[Path]:
    """Write a report's files and what a mail client gets, as they would stand in the archive.

    Args:
        document: The rendered report.
        out: The folder above the report date.

    Returns:
        The paths written.
    """
    bodies = {document.key(extension): body for extension, body in document.files.items()}
    bodies[document.key("mail.html")] = with_pictures(document).encode()
    for key, body in bodies.items():
        path = out / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return [out / key for key in bodies]


def with_pictures(document: Document) -> str:
    """The mail's HTML with its pictures inside, so that a browser shows what a mail client does."""
    html = document.mail_html
    for picture in document.pictures:
        data = base64.b64encode(picture.body).decode("ascii")
        html = html.replace(f"cid:{picture.content_id}", f"data:{picture.media_type};base64,{data}")
    return html


def _clean(documents: list[Document]) -> bool:
    from executive_suite.rendering import lint  # noqa: PLC0415 - only wanted with --strict

    remarks = [f"{document.file_name}: {remark}" for document in documents for remark in lint.check(document)]
    remarks += [str(remark) for remark in lint.across(documents)]
    sys.stderr.writelines(f"{remark}\n" for remark in remarks)
    return not remarks
