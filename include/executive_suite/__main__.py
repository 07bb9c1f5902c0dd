"""The command line: ``python -m executive_suite <command>``; each command is a module of ``commands``."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from executive_suite import folders
from executive_suite.run import environment

COMMANDS = {
    "check": "configuration, environment and data: every fault",
    "build": "write the reports of a date into a folder",
    "metrics": "print the fact table",
    "definitions": "print the definition of every metric",
    "verify": "render again and compare digests with the archive",
    "restate": "a past period as known then beside as known now",
    "audit": "verify the audit chain",
    "resend": "open the next generation of a delivery (actor and reason)",
    "revise": "open the next revision of a report (actor and reason)",
    "watch": "what was due and has not gone out by its deadline",
    "account": "what SES says of the account, and the size of Airflow's pool",
}


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The argument parser; only the chosen command's module is imported."""
    top = argparse.ArgumentParser(prog="python -m executive_suite", description=__doc__.partition(";")[0])
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        if name == command:
            module = importlib.import_module(f"executive_suite.cli.{name}")
            module.arguments(sub)
            sub.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when all is well, 1 for faults in data or configuration (told on standard error), 2 for wrong usage.
    """
    if argv is None:
        environment.join(folders.HOME)
    given = list(sys.argv[1:] if argv is None else argv)
    command = given[0] if given and given[0] in COMMANDS else None
    options = parser(command).parse_args(given)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
