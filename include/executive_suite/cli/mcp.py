"""``mcp``: our figures for a person's own assistant, over standard input and output."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from executive_suite.cli.options import commands, examples

app = commands()


@app.command(epilog=examples("mcp", "mcp --as maria"))
def mcp(
    *,
    person: Annotated[
        str,
        typer.Option(
            "--as", metavar="USER", help="Only the reports whose readers in reports.yaml name this user of Airflow."
        ),
    ] = "",
) -> None:
    """Answer an assistant's questions about archived reports (Model Context Protocol) until it hangs up.

    Nothing is written, and no answer holds an address. It needs requirements-mcp.txt.
    """
    from executive_suite.assistant import desk, server
    from executive_suite.room.opened import opened
    from executive_suite.run import deployment, many

    deployment.join_running_platform()
    found = opened(many.scoped(os.environ))
    server.server(desk.reader(found, person) if person else desk.Desk(found)).run()
