"""The command line: ``python -m executive_suite COMMAND``, or ``executive-suite COMMAND`` once installed."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from executive_suite import __version__
from executive_suite.cli.old_spellings import current
from executive_suite.folders import HOME

PRIVATE = 0o077
"""The umask of every command."""

FIGURES, MAILS, RECORDS, PLATFORM = "Figures and reports", "Mails", "Records", "Platform"
COMMANDS = {
    "adopt": (FIGURES, "Make a group's folder from exports of bookkeeping programs and banks."),
    "check": (FIGURES, "Report every fault of configuration, environment and data."),
    "metrics": (FIGURES, "Print the fact table of a report date."),
    "statements": (FIGURES, "Print the financial statements of a report date."),
    "build": (FIGURES, "Write the reports of a date into a folder."),
    "preview": (FIGURES, "Write the sample's reports into out/preview."),
    "signals": (FIGURES, "Print what happened, what is coming and what is not as it should be."),
    "restate": (FIGURES, "Compare a past period as known then and as known now."),
    "definitions": (FIGURES, "Print the definition of every metric."),
    "outstanding": (MAILS, "Show everything that waits, over all periods."),
    "status": (MAILS, "Show the mails of a report date and their states."),
    "resend": (MAILS, "Send a report to its recipients again."),
    "settle": (MAILS, "Confirm that an uncertain mail arrived."),
    "release": (MAILS, "Take a recipient off our suppression list."),
    "circuit": (MAILS, "Show or close the circuit that stops all sends."),
    "revise": (MAILS, "Open the next revision of a report that was sent."),
    "watch": (MAILS, "Show whether due reports were sent by their deadline."),
    "account": (MAILS, "Show what SES allows the account, and the size of Airflow's pool."),
    "verify": (RECORDS, "Render an archived date again and compare every digest."),
    "sign": (RECORDS, "Write a signed copy of printed reports (PAdES)."),
    "mcp": (RECORDS, "Answer an assistant's questions about archived reports; it only reads."),
    "audit": (RECORDS, "Verify, export, copy and seal the audit trail."),
    "run": (PLATFORM, "Start the embedded platform and make one run: make run."),
    "airflow": (PLATFORM, "Run Airflow's own command line on the running platform."),
}
"""Command to its group and what it does; the module of that name is imported when the command is called."""


class _Unloaded(TyperCommand):
    """A command as the list of commands shows it."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Load the real command, and let it read its arguments."""
        package = "embedded" if self.rich_help_panel == PLATFORM else "cli"
        module = importlib.import_module(f"executive_suite.{package}.{self.name}")
        return typer.main.get_command(module.app).make_context(info_name, args, parent, **extra)


app = typer.Typer(add_completion=False, rich_markup_mode="markdown", no_args_is_help=True)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callback of a flag
    if wanted:
        sys.stdout.write(f"executive-suite {__version__}\n")
        raise typer.Exit


@app.callback(epilog="Exit code 0: all is well. 1: a fault, a difference, or something that waits. 2: wrong usage.")
def _executive_suite(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Executive reports from business records: archived, sent once, proven."""
    del version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 if all is well, 1 for a fault (on standard error) or a finding, 2 for wrong usage.
    """
    if arguments is None:
        # Reports, mails, exports and logs, and all that child processes write: their owner's alone.
        os.umask(PRIVATE)
        _read_env_file()
    group = typer.main.get_group(app)
    for name, (panel, text) in COMMANDS.items():
        group.add_command(_Unloaded(name, help=text, rich_help_panel=panel))
    given = current(sys.argv[1:] if arguments is None else arguments)
    try:
        return int(group.main(given, prog_name=_program(), standalone_mode=False) or 0)
    except typer.TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every error of usage has it
        return error.exit_code
    except Exception as error:
        if not _explains_itself(error):
            raise
        from executive_suite.cli import show

        show.note(_text_of(error))
        return 1


def _program() -> str:
    installed = Path(sys.argv[0]).stem == "executive-suite"
    return "executive-suite" if installed else "python -m executive_suite"


def _read_env_file() -> None:
    """Give a command the variables of ``.env``; a test that calls ``main`` has its own."""
    if (HOME / ".env").exists():
        from executive_suite.run import environment

        environment.join(HOME)


def _explains_itself(error: Exception) -> bool:
    """Whether an error was raised to be read: the product's own, AWS's, or the operating system's."""
    kinds = (kind.__module__ for kind in type(error).__mro__)
    return isinstance(error, OSError) or any(kind.startswith(("executive_suite.", "botocore.")) for kind in kinds)


def _text_of(error: Exception) -> str:
    from executive_suite.identity import without_addresses

    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return without_addresses(str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error))


if __name__ == "__main__":
    sys.exit(main())
