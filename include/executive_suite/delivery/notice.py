"""One mail to the owner when something did not go out: which report, in which state, and what to do.

It goes through the same protocol as every report (claimed, sent once, on record), only to the owner, and once a run:
a run that is cleared and ends badly again has told its owner already.
"""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, replace
from datetime import date, datetime

from executive_suite.archive import publication
from executive_suite.delivery import protocol
from executive_suite.delivery.terms import Outcome, Request, Services
from executive_suite.document import Document
from executive_suite.identity import without_addresses

NEXT_STEPS = {
    "uncertain": "SES may have accepted it: look for the mail, then `resend --settle sent`, or `resend`",
    "refused": "mend the cause that the state names, then clear the send task",
    "retryable": "the retries are used up: clear the send task",
    "held": "a gate holds it: approve, release or arm what its text names, then clear the send task",
    "claimed": "a worker was lost: wait for its lease, then clear the send task",
    "none": "it was never tried: look at the lane's first red task, then clear the lane",
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
    """

    report: str
    recipient_id: str
    state: str
    text: str = ""
    delivery_id: str = ""


def document(report_date: date, run_id: str, troubles: tuple[Trouble, ...], *, late_since: datetime | None) -> Document:
    """The notice.

    Args:
        report_date: Of the run.
        run_id: The run; only its hash stands in names.
        troubles: What did not go out.
        late_since: The deadline that passed with nothing sent; None when that is not the matter.

    Raises:
        ValueError: there is nothing to tell.
    """
    if not troubles and late_since is None:
        msg = "a notice without trouble: nobody is told that all is well"
        raise ValueError(msg)
    name = f"notice-{hashlib.sha256(run_id.encode()).hexdigest()[:12]}"
    count = len(troubles)
    subject = f"Executive Suite {report_date.isoformat()}: " + (
        f"{count} report{'s'[: count != 1]} did not go out" if count else "nothing has gone out by the deadline"
    )
    head = [subject, ""]
    if late_since is not None:
        head += [f"Nothing had gone out by {late_since.isoformat(timespec='minutes')}.", ""]
    blocks = [_block(trouble) for trouble in troubles]
    foot = ["This is the only notice of this run. Readers of the reports were not told."]
    text = "\n".join([*head, *("\n".join(block) + "\n" for block in blocks), *foot]) + "\n"
    items = "".join(f"<li>{'<br>'.join(html.escape(line.strip()) for line in block)}</li>" for block in blocks)
    shown = (
        f"<html><body><h1>{html.escape(subject)}</h1>"
        + (f"<p>{html.escape(head[2])}</p>" if late_since is not None else "")
        + f"<ul>{items}</ul><p>{html.escape(foot[0])}</p></body></html>"
    )
    return Document(name, name, "audit", "group", report_date, subject, text, shown)


def _block(trouble: Trouble) -> list[str]:
    whom = f" to {trouble.recipient_id}" if trouble.recipient_id else ""
    lines = [f"{trouble.report}{whom}: {trouble.state}"]
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
        services: As for a report; gates that are about reports (age, approval, arming) are left out.

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
    return protocol.deliver(request, replace(services, gates=()))
