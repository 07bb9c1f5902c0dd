"""One mail to the owner when something did not go out: which report, in which state, and what to do.

It goes through the same protocol as every report (claimed, sent once, on record), only to the owner: once a run, for a
run that is cleared and ends badly again has told its owner already; and once when the deadline of a report date passed.
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
from executive_suite.mailing.terms import Outcome, Request, Services

NEXT_STEPS = {
    "uncertain": "SES may have accepted it: look for the mail, then `resend --settle sent`, or `resend`",
    "refused": "mend the cause that the state names, then clear the send task",
    "retryable": "the retries are used up: clear the send task",
    "held": "a gate holds it: approve, release or arm what its text names, then clear the send task",
    "claimed": "a worker was lost: wait for its lease, then clear the send task",
    "none": "it was never tried: look at the lane's first red task, then clear the lane",
    "sent": "readers have what was sent; if new bytes are to replace it, `revise`, then clear the lane",
    "not archived": "look at the lane's first red task, then clear the lane",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One report that did not go out.

    Attributes:
        report: Its title, or id.
        recipient_id: Whom it was for; empty when it concerns all.
        state: In the ledger's words, or ``held``, ``not archived``.
        text: What happened; addresses are taken out.
        delivery_id: The delivery; empty when there is none yet.
        report_id: The report's id, for the record.
    """

    report: str
    recipient_id: str
    state: str
    text: str = ""
    delivery_id: str = ""
    report_id: str = ""


def of_run(report_date: date, run_id: str, troubles: tuple[Trouble, ...]) -> Document:
    """The notice of a run that fell short.

    Args:
        report_date: Of the run.
        run_id: The run; only its hash stands in names.
        troubles: What did not go out.

    Raises:
        ValueError: there is nothing to tell.
    """
    unsent = {trouble.report for trouble in troubles if trouble.state != "sent"}
    count = len(unsent or {trouble.report for trouble in troubles})
    reports = f"{count} report{'s'[: count != 1]}"
    return _document(
        f"notice-{hashlib.sha256(run_id.encode()).hexdigest()[:12]}",
        report_date,
        f"{reports} did not go out" if unsent else f"{reports} could not be made again; readers have what was sent",
        "",
        troubles,
        "This is the only notice of this run. Readers of the reports were not told.",
    )


def of_deadline(report_date: date, deadline: datetime, troubles: tuple[Trouble, ...], *, expected: int) -> Document:
    """The notice of a deadline that passed.

    Args:
        report_date: What was due.
        deadline: When it passed, in the group's zone.
        troubles: What had not gone out by then.
        expected: How many deliveries there were to be.

    Raises:
        ValueError: there is nothing to tell.
    """
    count, moment = len({trouble.report for trouble in troubles}), deadline.isoformat(timespec="minutes")
    nothing = len(troubles) == expected
    return _document(
        "notice-deadline",
        report_date,
        "nothing has gone out by the deadline"
        if nothing
        else f"{count} report{'s'[: count != 1]} had not gone out by the deadline",
        f"The deadline was {moment}."
        + (" Look first whether Airflow is up, and the DAG executive_suite is switched on." if nothing else ""),
        troubles,
        "This is the only notice of this deadline. Readers of the reports were not told.",
    )


def _document(  # noqa: PLR0913 - the parts of a notice
    name: str, report_date: date, message: str, lead: str, troubles: tuple[Trouble, ...], foot: str
) -> Document:
    if not troubles:
        msg = "a notice without trouble: nobody is told that all is well"
        raise ValueError(msg)
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
    whom = f" to {trouble.recipient_id}" if trouble.recipient_id else ""
    lines = [f"{trouble.report}{whom}: {'sent before' if trouble.state == 'sent' else trouble.state}"]
    if trouble.text:
        lines.append(f"  {without_addresses(trouble.text)[:400]}")
    if trouble.delivery_id:
        lines.append(f"  delivery {trouble.delivery_id}")
    lines.append(f"  next: {NEXT_STEPS.get(trouble.state, 'see the runbook')}")
    return lines


def send(notice: Document, owner_recipient_id: str, services: Services) -> Outcome | None:
    """Send a notice to the owner; None when this run's owner was told before.

    Args:
        notice: From ``document``.
        owner_recipient_id: The owner; never a reader of the reports.
        services: As for a report, without the gates that are about reports (age, approval, arming).

    Raises:
        DeliveryError: as every delivery; the notice is then what did not go out.
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
