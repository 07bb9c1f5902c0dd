"""Write the page of specimens, or the specimens in every format.

PYTHONPATH=include .venv/bin/python docs/specimens/make.py            the page, docs/specimens/README.md
PYTHONPATH=include .venv/bin/python docs/specimens/make.py FOLDER     page, mail, paper and text
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from blocks import PAGE, SPECIMENS, Specimen

from executive_suite.rendering import mail_html, pdf, render
from executive_suite.rendering.blocks import Chart, Page

HERE = Path(__file__).parent
TEMPLATE = "reports/specimens.j2"

INTRODUCTION = """\
# Specimens

Every macro for reports, with its input and its output as plain text; the words are those of a made-up bakery.
`make.py` in this folder prints this page, and a test keeps it up to date. `make specimens` writes the same blocks as
page, mail, paper and text to `out/specimens`. [report-design.md](../report-design.md) explains how to compose reports.
"""


@dataclass(frozen=True, slots=True)
class SpecimensView:
    """All specimens as one report."""

    page: Page
    specimens: tuple[Specimen, ...]


def readme() -> str:
    """The page of specimens."""
    parts = [INTRODUCTION]
    for specimen in SPECIMENS:
        kind = type(specimen.block).__name__ if not isinstance(specimen.block, str | tuple) else "words"
        kind = type(specimen.block[0]).__name__ + ", …" if isinstance(specimen.block, tuple) else kind
        shown = render.alone("text", specimen.macro, specimen.block).strip("\n")
        parts.append(
            f"## {specimen.title}\n\n`ui.{specimen.macro}({kind})`. {specimen.when}\n\n```text\n{shown}\n```\n"
        )
    return "\n".join(parts)


def files(folder: Path) -> None:
    """Page, mail, paper and text of all specimens."""
    folder.mkdir(parents=True, exist_ok=True)
    view = SpecimensView(PAGE, SPECIMENS)
    (folder / "specimens.txt").write_text(render.as_text(TEMPLATE, view), encoding="utf-8")
    (folder / "specimens.html").write_text(render.as_html(TEMPLATE, view), encoding="utf-8")
    mail = mail_html.inlined(render.as_mail(TEMPLATE, view, render.Enclosed("specimens.html", ("PDF",))))
    for picture in mail_html.pictures([s.block for s in SPECIMENS if isinstance(s.block, Chart)]):
        (folder / picture.name).write_bytes(picture.body)
        mail = mail.replace(f"cid:{picture.content_id}", picture.name)
    (folder / "specimens.mail.html").write_text(mail, encoding="utf-8")
    (folder / "specimens.pdf").write_bytes(
        pdf.typeset(render.as_typst(TEMPLATE, view), date.fromisoformat(PAGE.report_date))
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        files(Path(sys.argv[1]))
    else:
        (HERE / "README.md").write_text(readme(), encoding="utf-8")
