"""``verify``: render an archived date again and compare every digest with the archive."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from executive_suite import config
from executive_suite.archive import verify
from executive_suite.commands import data_options
from executive_suite.document import Document
from executive_suite.figures import Figures
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
        rules = rulebook.load(opened.include / "config" / "rules.yaml")
        try:
            for report in chosen:
                again = partial(render, opened.records)
                checks = verify.verify(opened.reports, opened.records, report, options.as_of, again, rules=rules)
                for check in checks:
                    sys.stdout.write(
                        f"{'ok     ' if check.holds else 'DIFFERS'} {check.report}: {check.what}: {check.text}\n"
                    )
                    outcome.code |= not check.holds
        except StoreError as error:
            sys.stderr.write(f"{error}\n")
            outcome.code = 1
    return int(outcome.code)


def render(records: ObjectStore, figures: Figures, report: config.Report, revision: int) -> Document:
    """The report rendered by this version of the code; a correction with its first lines."""
    from executive_suite.delivery import corrections  # noqa: PLC0415 - rendering is costly to import; faults come first

    return corrections.build(records, figures, report, revision)
