"""``release``: take a recipient off our own suppression list; recorded with actor and reason."""

from __future__ import annotations

from typing import Annotated

import typer

from executive_suite.cli import show
from executive_suite.cli.options import Actor, Form, Reason, commands, examples
from executive_suite.mailing.resend import Decision
from executive_suite.run import deployment, desk

app = commands()


@app.command(epilog=examples('release primary --actor NAME --reason "the mailbox works again"'))
def release(
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="Recipient id.")],
    actor: Actor,
    reason: Reason,
    form: Form = "table",
) -> None:
    """Take a recipient off our suppression list, so that mail to their address is sent again."""
    opened = deployment.from_environment()
    ended = desk.release(opened, recipient, Decision(actor, reason))
    show.result(form, {"recipient_id": recipient, "released": ended}, f"{recipient}: {ended} entries released")
