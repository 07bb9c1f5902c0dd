"""One mail to the owner about unsent reports: which report, its state, and what to do.

It uses the same protocol as every report (claimed, sent once, recorded) and goes only to the owner: once per run, even
if the run is cleared and fails again, once per run that stopped before it began, and once per missed deadline of a
report date.
"""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass
from datetime import date, datetime

from executive_suite.archive import publication
from executive_suite.document import Document
from executive_suite.identity import without_addresses
from executive_suite.mailing import protocol
from executive_suite.mailing.causes import SENT, UNSENT
from executive_suite.mailing.request import Outcome, Request
from executive_suite.mailing.services import Services

_STATES = {**UNSENT, "sent": SENT["sent before"]}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One report that was not sent.

    Attributes:
        report: Its title or id.
        recipient_id: The recipient; empty if it concerns all.
        state: As the outbox names it, or ``held``, ``not archived``.
        text: What happened; addresses are removed.
        delivery_id: The delivery; empty if there is none yet.
        report_id: The report's id, for the record.
    """

    report: str
    recipient_id: str
    state: str
    text: str = ""
    delivery_id: str = ""
    report_id: str = ""


def of_run(report_date: date, run_id: str, troubles: tuple[Trouble, ...]) -> Document:
    """The notice of a run with shortfalls.

    Args:
        report_date: Of the run.
        run_id: The run; names only have its hash.
        troubles: What was not sent.

    Raises:
        ValueError: ``troubles`` is empty.
    """
    unsent = {trouble.report for trouble in troubles if trouble.state != "sent"}
    count = len(unsent or {trouble.report for trouble in troubles})
    reports = f"{count} report{'s'[: count != 1]}"
    return _document(
        f"notice-{hashlib.sha256(run_id.encode()).hexdigest()[:12]}",
        report_date,
        f"{reports} not sent" if unsent else f"{reports} could not be made again; readers have what was sent",
        "",
        troubles,
        "run",
    )


def of_preflight(report_date: date, run_id: str, faults: tuple[str, ...]) -> Document:
    """The notice of a run that stopped before it began: nothing was made, and nothing was sent.

    Args:
        report_date: Of the run.
        run_id: The run; names only have its hash.
        faults: What preflight found.

    Raises:
        ValueError: ``faults`` is empty.
    """
    return _document(
        f"notice-preflight-{hashlib.sha256(run_id.encode()).hexdigest()[:12]}",
        report_date,
        "nothing was made: the run stopped before it began",
        "",
        tuple(Trouble("Preflight", "", "stopped", fault) for fault in faults),
        "run's preflight",
    )


def of_deadline(report_date: date, deadline: datetime, troubles: tuple[Trouble, ...], *, expected: int) -> Document:
    """The notice of a missed deadline.

    Args:
        report_date: The report date due.
        deadline: The deadline, in the group's zone.
        troubles: What was not sent by then.
        expected: How many deliveries were due.

    Raises:
        ValueError: ``troubles`` is empty.
    """
    count, moment = len({trouble.report for trouble in troubles}), deadline.isoformat(timespec="minutes")
    nothing = len(troubles) == expected
    return _document(
        "notice-deadline",
        report_date,
        "nothing was sent by the deadline"
        if nothing
        else f"{count} report{'s'[: count != 1]} not sent by the deadline",
        f"The deadline was {moment}."
        + (" First check that Airflow is up and that the DAG executive_suite is not paused." if nothing else ""),
        troubles,
        "deadline",
    )


def _document(
    name: str, report_date: date, message: str, lead: str, troubles: tuple[Trouble, ...], cause: str
) -> Document:
    if not troubles:
        msg = "a notice needs at least one trouble"
        raise ValueError(msg)
    foot = f"This is the only notice of this {cause}. The reports' readers were not notified."
    subject = f"Executive Suite {report_date.isoformat()}: {message}"
    head = [subject, "", *([lead, ""] if lead else [])]
    blocks = [_block(trouble) for trouble in troubles]
    text = "\n".join([*head, *("\n".join(block) + "\n" for block in blocks), foot]) + "\n"
    items = "".join(f"<li>{'<br>'.join(html.escape(line.strip()) for line in block)}</li>" for block in blocks)
    shown = (
        f"<html><body><h1>{html.escape(subject)}</h1>"
        + (f"<p>{html.escape(lead)}</p>" if lead else "")
        + f"<ul>{items}</ul><p>{html.escape(foot)}</p></body></html>"
    )
    return Document(name, name, "audit", "group", report_date, subject, text, shown)


def _block(trouble: Trouble) -> list[str]:
    recipient = f" to {trouble.recipient_id}" if trouble.recipient_id else ""
    lines = [f"{trouble.report}{recipient}: {'sent before' if trouble.state == 'sent' else trouble.state}"]
    if trouble.text:
        lines.append(f"  {without_addresses(trouble.text)[:400]}")
    if trouble.delivery_id:
        lines.append(f"  delivery {trouble.delivery_id}")
    known = _STATES.get(trouble.state)
    lines.append(f"  next: {known.do if known else 'see the runbook'}")
    return lines


def send(notice: Document, owner_recipient_id: str, services: Services) -> Outcome | None:
    """Send a notice to the owner; None if the owner was notified of this run before.

    Args:
        notice: From ``of_run`` or ``of_deadline``.
        owner_recipient_id: The owner, who never reads reports.
        services: As for a report, without the gates about reports (age, approval, arming).

    Raises:
        NotSentError: the notice was not sent.
    """
    try:
        published = publication.publish(
            services.records,
            services.records,
            notice,
            generated_at=services.clock(),
            revision=1,
            variant="notice",
        )
    except publication.RevisionRequiredError:
        return None
    request = Request(
        notice.entity,
        notice.report,
        notice.file_name,
        notice.report_date,
        1,
        published.content_digest,
        owner_recipient_id,
        variant="notice",
        template_variant=True,
    )
    return protocol.deliver(request, services)
