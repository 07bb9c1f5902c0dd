"""Draw the README's picture again: page one of the CFO report of the sample, as SVG.

PYTHONPATH=include .venv/bin/python docs/images/make_picture.py
"""

from pathlib import Path

from executive_suite import config, formats
from executive_suite.rendering import render, typesetter
from executive_suite.reports.build import view_of
from executive_suite.run import pipeline

INCLUDE = Path(__file__).parents[2] / "include"


def main() -> None:
    """Write ``cfo-report.svg`` next to this file."""
    configured = config.load(INCLUDE / "config")
    date = configured.schedule.sample_report_date
    if date is None:
        msg = "schedule.yaml: sample_report_date is not set; set it to the date to draw"
        raise SystemExit(msg)
    report = configured.report("cfo")
    figures = pipeline.figures_of(INCLUDE / "data", date, INCLUDE / "config")
    with formats.speaking(figures.currency, figures.locale, figures.report_date):
        source = render.as_typst(report.template, view_of(figures, report))
    pages = typesetter.compiler().compile(input=source.encode(), format="svg")
    first = pages[0] if isinstance(pages, list) else pages
    Path(__file__).with_name("cfo-report.svg").write_bytes(bytes(first or b""))


if __name__ == "__main__":
    main()
