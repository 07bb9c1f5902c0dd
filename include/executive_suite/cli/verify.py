"""``verify``: render an archived date again and compare every digest with the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

from executive_suite.archive.verify import Archive, Build, Check, Variant
from executive_suite.cli import show
from executive_suite.cli.options import Date, Form, Reports, commands, examples
from executive_suite.config import Config, Report
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.mailing import corrections, variants_documents, variants_plan
from executive_suite.rules import rulebook
from executive_suite.run import deployment, due

app = commands()


@app.command(epilog=examples("verify --date 2026-05-01", "verify --date 2026-05-01 --report cfo --format json"))
def verify(report_date: Date, report: Reports = None, form: Form = "table") -> int:
    """Render an archived date again and compare every digest with the archive.

    One line per comparison; exit code 1 if one differs.
    """
    opened = deployment.from_environment()
    archive = Archive(opened.reports, opened.records, rulebook.of(opened.config_folder))
    expected = due.reports_at(opened.config, report_date)
    chosen = [opened.config.report(name) for name in report or ()] or [
        one for one in opened.config.reports if one.report in expected or archive.has(one, report_date)
    ]
    found = []
    for check in checks(archive, opened.config, chosen, report_date, opened.config_folder):
        found.append(check)
        if form == "table":
            show.line(f"{check.report}: {check.what}: {check.text}", "ok" if check.holds else "DIFFERS", width=7)
    if form == "json":
        show.as_json([asdict(check) for check in found])
    return int(not all(check.holds for check in found))


def checks(
    archive: Archive, configured: Config, chosen: Sequence[Report], report_date: date, folder: Path
) -> Iterator[Check]:
    """Every comparison of the ``chosen`` reports of a date, and everything in the archive that is not configured."""
    again = partial(corrections.build, archive.records)
    for report in chosen:
        experiment = variants_plan.current(folder, configured, report.report, report_date)
        own = {arm.name: arm.template for arm in experiment.arms if arm.template} if experiment else {}

        def variants(content_digest: str, own: Mapping[str, str] = own) -> Iterator[Variant]:
            for name, digest in sorted(variants_documents.of(archive.records, content_digest).items()):
                build = partial(_with_template, again, own[name]) if name in own else None
                yield Variant(name, digest, build)

        yield from archive.verify(report, report_date, again, variants)
    yield from archive.strangers(configured.reports, report_date)


def _with_template(build: Build, template: str, figures: Figures, report: Report, revision: int) -> Document:
    return build(figures, report.model_copy(update={"template": template}), revision)
