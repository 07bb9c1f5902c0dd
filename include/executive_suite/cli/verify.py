"""``verify``: render an archived date again and compare every digest with the archive."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from executive_suite.archive import verify
from executive_suite.archive.verify import Archive, Build, Check, Variant
from executive_suite.cli import data_options
from executive_suite.config import Config, Report
from executive_suite.document import Document
from executive_suite.facts.figures import Figures
from executive_suite.mailing import variants_documents, variants_plan
from executive_suite.rules import rulebook
from executive_suite.run import deployment
from executive_suite.stores.store import ObjectStore, StoreError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--as-of", type=data_options.day, required=True, help="report date, YYYY-MM-DD")
    parser.add_argument("--report", action="append", default=[], help="only this report (may be given several times)")


def run(options: argparse.Namespace) -> int:
    """Print a line a comparison; exit code 1 when one does not hold."""
    with data_options.told_faults() as outcome:
        opened = deployment.from_environment()
        chosen = [opened.config.report(name) for name in options.report] or list(opened.config.reports)
        folder = opened.include / "config"
        archive = verify.Archive(opened.reports, opened.records, rulebook.load(folder / "rules.yaml"))
        try:
            for check in checks(archive, opened.config, chosen, options.as_of, folder):
                verdict = "ok     " if check.holds else "DIFFERS"
                sys.stdout.write(f"{verdict} {check.report}: {check.what}: {check.text}\n")
                outcome.code |= not check.holds
        except StoreError as error:
            sys.stderr.write(f"{error}\n")
            outcome.code = 1
    return int(outcome.code)


def checks(
    archive: Archive, configured: Config, chosen: Sequence[Report], report_date: date, folder: Path
) -> Iterator[Check]:
    """Every comparison of some reports of a date, and what stands in the archive besides.

    Args:
        archive: The buckets.
        configured: The whole configuration, for what may stand there.
        chosen: The reports that are compared.
        report_date: Their date.
        folder: The configuration folder, for the templates of variants.
    """
    for report in chosen:
        experiment = variants_plan.current(folder, configured, report.report, report_date)
        own = {arm.name: arm.template for arm in experiment.arms if arm.template} if experiment else {}
        again = partial(render, archive.records)

        def variants(content_digest: str, own: Mapping[str, str] = own, again: Build = again) -> Iterator[Variant]:
            for name, digest in sorted(variants_documents.of(archive.records, content_digest).items()):
                build = partial(_with_template, again, own[name]) if name in own else None
                yield Variant(name, digest, build)

        yield from archive.verify(report, report_date, again, variants)
    yield from archive.strangers(configured.reports, report_date)


def render(records: ObjectStore, figures: Figures, report: Report, revision: int) -> Document:
    """The report rendered by this version of the code; a correction with its first lines."""
    from executive_suite.mailing import corrections  # noqa: PLC0415 - rendering is costly to import; faults come first

    return corrections.build(records, figures, report, revision)


def _with_template(build: Build, template: str, figures: Figures, report: Report, revision: int) -> Document:
    return build(figures, report.model_copy(update={"template": template}), revision)
