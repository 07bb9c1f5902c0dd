"""``settle``: confirm that an uncertain mail arrived; recorded with actor and reason."""

from __future__ import annotations

from typing import Annotated

import typer

from executive_suite.cli import entries, show
from executive_suite.cli.options import Actor, Delivery, Form, MaybeDate, Reason, Recipient, Report, commands, examples
from executive_suite.mailing.resend import Decision
from executive_suite.run import desk

app = commands()
MessageId = Annotated[str, typer.Option("--message-id", metavar="ID", help="SES's id of the mail that arrived.")]


@app.command(
    epilog=examples('settle --delivery ID --message-id SES-ID --actor NAME --reason "it is in the audit mailbox"')
)
def settle(
    actor: Actor,
    reason: Reason,
    report: Report = "",
    report_date: MaybeDate = None,
    recipient: Recipient = "",
    delivery: Delivery = "",
    message_id: MessageId = "",
    form: Form = "table",
) -> None:
    """Confirm that an uncertain mail arrived: it counts as sent, and nothing is sent again."""
    opened, found = entries.chosen(delivery, report, report_date, recipient)
    decision = Decision(actor, reason)
    for entry in found:
        desk.settle(opened, entry, decision, message_id)
        if form == "table":
            show.line(f"{entries.named(entry)}: counts as sent")
    if form == "json":
        show.as_json([entries.as_record(entry, state="sent", message_id=message_id) for entry in found])
