"""``resend``: send a report to its recipients again; recorded with actor and reason."""

from __future__ import annotations

from typing import Annotated

import typer

from executive_suite.cli import entries, show
from executive_suite.cli.options import Actor, Delivery, Form, MaybeDate, Reason, Recipient, Report, commands, examples
from executive_suite.mailing.resend import Decision
from executive_suite.outbox.outbox import Outbox
from executive_suite.run import clock, desk
from executive_suite.run.resend import send_now

UNSENT = ("none", "retryable", "refused")
"""States in which nothing was accepted: the open generation may still be sent."""

app = commands()
Now = Annotated[bool, typer.Option("--now", help="Send it from here, instead of by clearing the send task.")]


@app.command(
    epilog=examples(
        'resend --report cfo --date 2026-05-01 --actor NAME --reason "the board asked for it"',
        'resend --delivery ID --now --actor NAME --reason "no Airflow at hand"',
    )
)
def resend(
    actor: Actor,
    reason: Reason,
    report: Report = "",
    report_date: MaybeDate = None,
    recipient: Recipient = "",
    delivery: Delivery = "",
    *,
    now: Now = False,
    form: Form = "table",
) -> None:
    """Send a report to its recipients again.

    Opens the next generation of each delivery; the mail is sent when the send task is cleared, or at once with --now,
    by the same protocol and through the same gates. With --now, a mail not sent yet is sent in its own generation.
    """
    opened, found = entries.chosen(delivery, report, report_date, recipient)
    decision = Decision(actor, reason)
    records = []
    try:
        for entry in found:
            state = Outbox(opened.records).read(entry.delivery_id).state(clock.now())
            number, message_id = 0, ""
            if not now or state not in UNSENT:
                number = desk.open_next(opened, entry, decision)
                text = f"generation {number} is open: clear the send task of {entry.slot.report} to send it"
            if now:
                outcome = send_now(opened, entry, decision)
                number, message_id = outcome.generation, outcome.message_id
                text = f"generation {number} is sent {message_id}"
            records.append(entries.as_record(entry, generation=number, sent=now, message_id=message_id))
            if form == "table":
                show.line(f"{entries.named(entry)}: {text}")
    finally:
        if form == "json":  # also what was done before one of them failed
            show.as_json(records)
