"""``release``: take a recipient off our own suppression list; recorded with actor and reason."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from executive_suite.cli import show
from executive_suite.cli.options import Actor, Form, Reason, commands, examples
from executive_suite.identity import HashKey
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.run import clock, deployment, lane
from executive_suite.trail.chain import Event

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
    variable = opened.config.recipient(recipient).address_from
    own = SuppressionList(opened.records, HashKey(opened.settings.recipient_hash_key))
    address = os.environ.get(variable, "")
    ended = own.release(recipient, address, actor=actor, reason=reason, at=clock.now())
    if ended:
        details = (("recipient", recipient),)
        event = Event(kind="suppression.released", outcome="done", actor=actor, reason=reason, details=details)
        lane.today(opened).append(event)
    show.result(form, {"recipient_id": recipient, "released": ended}, f"{recipient}: {ended} entries released")
