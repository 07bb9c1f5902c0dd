"""``revise``: open the next revision of a report that was sent; recorded with actor and reason."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime

from executive_suite.config import ConfigError
from executive_suite.mailing import revise
from executive_suite.mailing.resend import Act, ResendError
from executive_suite.run import deployment, owner
from executive_suite.settings import SettingsError
from executive_suite.trail.chain import Chain, day_chain


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--report", required=True, help="report id")
    parser.add_argument("--date", type=date.fromisoformat, required=True, help="report date")
    parser.add_argument("--actor", required=True, help="who decides")
    parser.add_argument("--reason", required=True, help="why; readers see it")


def run(options: argparse.Namespace) -> int:
    """Record the decision; 0 when it stands."""
    try:
        opened = deployment.from_environment()
        report = opened.config.report(options.report)
        chain = Chain(opened.records, day_chain(_now().date()), clock=_now, copy=opened.audit_copy)
        number = revise.revise(
            opened.records,
            report.report,
            report.file_name,
            options.date,
            Act(options.actor, options.reason),
            clock=_now,
            chain=chain,
        )
    except (revise.ReviseError, ResendError, SettingsError, ConfigError, *owner.FAILURES) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(
        f"{report.report} {options.date.isoformat()}: revision {number} is open; "
        "clear the lane from its render task, or start a run of this date\n"
    )
    return 0


def _now() -> datetime:
    return datetime.now(UTC)
