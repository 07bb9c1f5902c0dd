"""``watch``: whether due reports were sent by their deadline; for the scheduler of another machine, or a person.

The DAG ``delivery_watch`` does the same every hour. It is down when Airflow is, and then this command, started by the
cron of another machine, notices.
"""

from __future__ import annotations

from typing import Annotated

import typer

from executive_suite import __version__
from executive_suite.cli import show
from executive_suite.cli.options import Form, commands, examples
from executive_suite.run import clock, deployment
from executive_suite.run import watch as deadlines
from executive_suite.trail.chain import Run

app = commands()
Tell = Annotated[bool, typer.Option("--tell", help="Mail the owner, once per deadline; without it only look.")]


@app.command(epilog=examples("watch", "watch --tell"))
def watch(*, tell: Tell = False, form: Form = "table") -> int:
    """Show each passed deadline of the last weeks; exit code 1 if a report is late."""
    opened = deployment.from_environment()
    found = deadlines.passed(opened, clock.now())
    if form == "json":
        show.as_json([deadline.as_json() for deadline in found])
    else:
        for deadline in found:
            show.line(str(deadline), "LATE" if deadline.missing else "ok", width=7)
        if not found:
            watched = "no deadline has passed since this schedule is watched"
            show.line(
                watched if deadlines.watched(opened) else "nothing is watched: there is no schedule, or no deadline"
            )
    if tell:
        deadlines.look(opened, Run(code_version=__version__))
    return int(any(deadline.missing for deadline in found))
