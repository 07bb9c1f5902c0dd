"""``airflow``: Airflow's own command line on the embedded platform that ``make run`` keeps running."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer

from executive_suite.cli.options import commands, examples
from executive_suite.embedded import components
from executive_suite.embedded.layout import Layout
from executive_suite.embedded.processes import ComponentError, python
from executive_suite.folders import HOME
from executive_suite.run import environment
from executive_suite.run.deployment import running_platform

app = commands()
Arguments = Annotated[list[str] | None, typer.Argument(metavar="ARGUMENTS", help="What follows `airflow`.")]


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog=examples(
        "airflow -- dags list",
        "airflow -- backfill create --dag-id executive_suite --from-date 2025-06-01 --to-date 2025-11-02 --dry-run",
        "airflow -- --help",
    ),
)
def airflow(arguments: Arguments = None) -> int:
    """Run Airflow's own command line on the running embedded platform, with its database, DAGs and plugins.

    Start the platform with `make run` in another terminal. Put Airflow's arguments after two dashes.
    """
    layout = Layout.of(HOME)
    note = running_platform()
    if note is None:
        msg = "the embedded platform is not running: start it with `make run` in another terminal"
        raise ComponentError(msg)
    given = environment.read(layout.project, also=environment.named_in(environment.group(layout.project)))
    access = components.access(layout, int(note[components.PORT]))
    variables = components.environment(layout, access, {**given, **note})
    command = [python(), "-m", "airflow", *(arguments or ())]
    return subprocess.run(command, env=variables, cwd=layout.project, check=False).returncode
