"""``watch``: what was due and has not gone out by its deadline; for a scheduler of another machine, or a person.

The DAG ``delivery_watch`` does the same every hour. It stands still when Airflow does, and then this command, started
by the cron of another machine, is the one that notices.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from executive_suite import __version__
from executive_suite.config import ConfigError
from executive_suite.run import deployment, owner, watch
from executive_suite.settings import SettingsError
from executive_suite.trail.chain import Run


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--tell", action="store_true", help="mail the owner, once a deadline; without it only look")


def run(options: argparse.Namespace) -> int:
    """Print each deadline of the last weeks that has passed; 1 when something is missing or could not be told."""
    try:
        opened = deployment.from_environment()
        found = watch.passed(opened, datetime.now(UTC))
        for deadline in found:
            sys.stdout.write(f"{'LATE   ' if deadline.missing else 'ok     '} {deadline}\n")
        if not found:
            sys.stdout.write("no deadline has passed since this schedule is watched\n")
        if options.tell:
            watch.look(opened, Run(code_version=__version__))
    except (SettingsError, ConfigError, *owner.FAILURES) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return int(any(deadline.missing for deadline in found))
