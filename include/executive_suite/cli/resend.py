"""``resend``: send a delivery once more, or settle an uncertain one; recorded with actor and reason.

``--now`` sends from here, by the same protocol and through the same gates, for when no Airflow is there to clear it.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime

from executive_suite.config import ConfigError
from executive_suite.identity import HashKey
from executive_suite.mailing import resend
from executive_suite.mailing.account import Circuit
from executive_suite.mailing.resend import Act, Delivery, ResendError
from executive_suite.mailing.suppression import SuppressionList
from executive_suite.outbox.book import Ledger
from executive_suite.run import deployment, owner, steps_resend
from executive_suite.settings import SettingsError
from executive_suite.trail.chain import Chain, Event, day_chain

UNSENT = ("none", "retryable", "refused")
"""States in which nothing was accepted: the generation that is open may still be sent."""

TO_CLEAR = ": clear the send task of {} to send it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--delivery", default="", help="delivery id")
    parser.add_argument("--report", default="", help="report id, with --date, instead of --delivery")
    parser.add_argument("--date", type=date.fromisoformat, help="report date")
    parser.add_argument("--recipient", default="", help="recipient id; without it every recipient of the report")
    parser.add_argument("--actor", default="", help="who decides")
    parser.add_argument("--reason", default="", help="why")
    parser.add_argument(
        "--settle",
        choices=("sent",),
        help="the uncertain mail did arrive: count it as sent, send nothing",
    )
    parser.add_argument("--message-id", default="", help="with --settle: SES's id of the mail that arrived")
    parser.add_argument("--now", action="store_true", help="send it from here, instead of by clearing the send task")
    parser.add_argument("--release", metavar="RECIPIENT", help="take a recipient off our own suppression list")
    parser.add_argument("--close-circuit", action="store_true", help="let sends go again after the account was stopped")
    parser.add_argument("--list", action="store_true", help="only show the deliveries and their states")


def run(options: argparse.Namespace) -> int:
    """Record the decision; 0 when it stands."""
    try:
        opened = deployment.from_environment()
        if options.release or options.close_circuit:
            return _let_go(opened, options)
        if options.list:
            for delivery in _chosen(opened, options):
                latest = Ledger(opened.records).read(delivery.delivery_id).latest
                _tell(delivery, f"generation {latest.number} is {latest.state(_now())} {latest.message_id}".rstrip())
            return 0
        act = Act(options.actor, options.reason)
        chain = Chain(opened.records, day_chain(_now().date()), clock=_now, copy=opened.audit_copy)
        for delivery in _chosen(opened, options):
            if options.settle:
                resend.settle(opened.records, delivery, act, message_id=options.message_id, clock=_now, chain=chain)
                _tell(delivery, "counts as sent")
                continue
            state = Ledger(opened.records).read(delivery.delivery_id).state(_now())
            if not options.now or state not in UNSENT:
                number = resend.open_next(opened.records, delivery, act, clock=_now, chain=chain)
                _tell(
                    delivery,
                    f"generation {number} is open" + (TO_CLEAR.format(delivery.report) if not options.now else ""),
                )
            if options.now:
                outcome = steps_resend.send(opened, delivery, act)
                _tell(delivery, f"generation {outcome.generation} is sent {outcome.message_id}")
    except (ResendError, SettingsError, ConfigError, *owner.FAILURES) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _let_go(opened: deployment.Deployment, options: argparse.Namespace) -> int:
    """Release a suppressed recipient, or close the circuit."""
    act = Act(options.actor, options.reason)
    if options.release:
        variable = opened.config.recipient(options.release).address_from
        own = SuppressionList(opened.records, HashKey(opened.settings.recipient_hash_key))
        ended = own.release(
            options.release, os.environ.get(variable, ""), actor=act.actor, reason=act.reason, at=_now()
        )
        kind, text = "suppression.released", f"{options.release}: {ended} entries released"
    else:
        ended = int(Circuit(opened.records, _now).close(act.actor, act.reason))
        kind, text = "circuit.closed", "the circuit is closed" if ended else "the circuit was not open"
    if ended:
        chain = Chain(opened.records, day_chain(_now().date()), clock=_now, copy=opened.audit_copy)
        details = (("recipient", options.release or ""),)
        chain.append(Event(kind=kind, outcome="done", actor=act.actor, reason=act.reason, details=details))
    sys.stdout.write(f"{text}\n")
    return 0


def _chosen(opened: deployment.Deployment, options: argparse.Namespace) -> tuple[Delivery, ...]:
    if options.delivery:
        return (resend.named(opened.records, options.delivery),)
    if not options.report or options.date is None:
        msg = "name what to resend: --delivery ID, or --report NAME --date YYYY-MM-DD (with --recipient ID for one)"
        raise ResendError(msg)
    every = resend.find(opened.records, report=options.report, report_date=options.date, recipient_id=options.recipient)
    if not every:
        msg = f"the ledger has no delivery of {options.report} of {options.date.isoformat()}"
        raise ResendError(msg)
    newest = {delivery.recipient_id: delivery for delivery in every}
    return tuple(newest.values())


def _tell(delivery: Delivery, text: str) -> None:
    sys.stdout.write(
        f"{delivery.report} {delivery.report_date} r{delivery.revision} to {delivery.recipient_id} "
        f"({delivery.delivery_id}): {text}\n"
    )


def _now() -> datetime:
    return datetime.now(UTC)
