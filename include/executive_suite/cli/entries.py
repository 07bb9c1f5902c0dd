"""Deliveries as people name them: by delivery id, or by report, date and recipient."""

from __future__ import annotations

from datetime import date
from typing import Any

import typer

from executive_suite.mailing import variants_plan
from executive_suite.mailing.resend import ResendError
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.run import deployment
from executive_suite.run.deployment import Deployment


def chosen(
    delivery: str, report: str, report_date: date | None, recipient: str
) -> tuple[Deployment, tuple[Entry, ...]]:
    """The deployment, and the entries of its outbox that options name: the newest revision of each recipient.

    Raises:
        typer.BadParameter: the options name nothing, or two things at once.
        NoEntryError: there is no such delivery.
        ConfigError: no such report or recipient is configured.
        ResendError: no mail of the report was tried yet.
    """
    if bool(delivery) == (report_date is not None) or (delivery and (report or recipient)):
        msg = "name the mail: --delivery ID, or --report ID --date YYYY-MM-DD (and --recipient ID for one)"
        raise typer.BadParameter(msg)
    opened = deployment.from_environment()
    outbox = Outbox(opened.records)
    if delivery:
        return opened, (outbox.find(delivery),)
    found = outbox.newest(report_date, report, recipient) if report_date else ()
    if not found:
        raise _why_none(opened, report, report_date, recipient)
    return opened, found


def _why_none(opened: Deployment, report: str, day: date | None, recipient: str) -> ResendError:
    """What is wrong: an unknown report or recipient, one who does not get the report, or nothing tried yet."""
    known = opened.config.report(report) if report else None
    if recipient:
        opened.config.recipient(recipient)
    if known and recipient and day:
        experiment = variants_plan.current(opened.config_folder, opened.config, report, day)
        ids = variants_plan.recipient_ids(known, experiment)
        if recipient not in ids:
            return ResendError(f"recipient {recipient} does not get {report}; its recipients are {', '.join(ids)}")
    to = f" to {recipient}" if recipient else ""
    return ResendError(f"the outbox has no delivery of {report or 'any report'} of {day}{to}: none was tried yet")


def as_record(entry: Entry, **more: Any) -> dict[str, Any]:
    """An entry for JSON, without any address."""
    return {
        "report": entry.slot.report,
        "report_date": entry.slot.report_date.isoformat(),
        "revision": entry.slot.revision,
        "recipient_id": entry.slot.recipient_id,
        "delivery_id": entry.delivery_id,
        **more,
    }


def named(entry: Entry) -> str:
    """An entry in a sentence."""
    slot = entry.slot
    return f"{slot.report} {slot.report_date} r{slot.revision} to {slot.recipient_id} ({entry.delivery_id})"
