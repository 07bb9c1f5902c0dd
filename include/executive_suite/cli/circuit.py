"""``circuit show | close``: the circuit that stops all sends after SES has stopped the account."""

from __future__ import annotations

from dataclasses import asdict

from executive_suite.cli import show as output
from executive_suite.cli.options import Actor, Form, Reason, commands, examples
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.resend import Decision
from executive_suite.run import clock, deployment, desk

app = commands("Show or close the circuit that stops all sends.")


@app.command(epilog=examples("circuit show"))
def show(form: Form = "table") -> int:
    """Show whether all sends are stopped, and since when; exit code 1 if they are."""
    last = Circuit(deployment.from_environment().records, clock.now).last()
    stopped = last is not None and last.act == "opened"
    text = "closed; it has never been open"
    if last is not None:
        state = "OPEN: all sends are stopped" if stopped else "closed"
        text = f"{state} since {last.at}: {last.reason} ({last.actor})"
    output.result(form, {"open": stopped, "last": asdict(last) if last else None}, text)
    return int(stopped)


@app.command(epilog=examples('circuit close --actor NAME --reason "SES lifted the pause"'))
def close(actor: Actor, reason: Reason, form: Form = "table") -> None:
    """Allow sends again after SES has stopped the account; recorded with actor and reason."""
    opened = deployment.from_environment()
    closed = desk.close_circuit(opened, Decision(actor, reason))
    output.result(form, {"closed": closed}, f"the circuit {'is closed' if closed else 'was not open'}")
