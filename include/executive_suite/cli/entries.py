"""Deliveries as people name them: by delivery id, or by report, date and recipient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import typer

from executive_suite.mailing import variants_plan
from executive_suite.mailing.resend import ResendError
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.run.deployment import Deployment

COLUMNS = ("report", "report_date", "revision", "recipient_id", "delivery_id")


def chosen(
    opened: Deployment, *, delivery: str, report: str, report_date: date | None, recipient: str
) -> tuple[Entry, ...]:
    """The entries that options name, the newest revision of each recipient.

    Raises:
        typer.BadParameter: the options name nothing, or two things at once.
        NoEntryError: there is no such delivery.
        ConfigError: no such report or recipient is configured.
        ResendError: no mail of the report was tried yet.
    """
    if bool(delivery) == (report_date is not None) or (delivery and (report or recipient)):
        msg = "name the mail: --delivery ID, or --report ID --date YYYY-MM-DD (and --recipient ID for one)"
        raise typer.BadParameter(msg)
    outbox = Outbox(opened.records)
    if delivery:
        return (outbox.find(delivery),)
    newest: dict[tuple[str, str], Entry] = {}
    for entry in outbox.entries():
        slot = entry.slot
        if slot.report_date == report_date and report in {"", slot.report} and recipient in {"", slot.recipient_id}:
            key = (slot.report, slot.recipient_id)
            if key not in newest or newest[key].slot.revision < slot.revision:
                newest[key] = entry
    if not newest:
        raise _why_none(opened, report, report_date, recipient)
    return tuple(newest.values())


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
    slot = entry.slot
    values: Sequence[Any] = (
        slot.report,
        slot.report_date.isoformat(),
        slot.revision,
        slot.recipient_id,
        entry.delivery_id,
    )
    return {**dict(zip(COLUMNS, values, strict=True)), **more}


def named(entry: Entry) -> str:
    """An entry in a sentence."""
    slot = entry.slot
    return f"{slot.report} {slot.report_date} r{slot.revision} to {slot.recipient_id} ({entry.delivery_id})"
