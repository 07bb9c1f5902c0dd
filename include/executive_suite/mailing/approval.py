"""An approval covers bytes: what a person looked at, and nothing else.

| object (records bucket) | says |
|---|---|
| ``approvals/<content digest>/<n>`` | approved or rejected, by whom, for which recipients, why |
| ``approvals-asked/<content digest>`` | what a person was last shown: each content digest and its recipients |
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from executive_suite import canonical, period
from executive_suite.archive import editions
from executive_suite.document import Document
from executive_suite.identity import without_addresses
from executive_suite.mailing import journal
from executive_suite.mailing.gates import Gate, Stop
from executive_suite.mailing.request import Request
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject
from executive_suite.trail.chain import Chain, Event

_ASKED = "approvals-asked/"
_ANSWERED = "approvals/"
HELD, UNANSWERED = "rejected", "not-answered"
"""The codes of the gate: a person decided to hold these bytes; nobody who may decided in time."""

Answer = Literal["approved", "rejected", "not-answered"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's answer about a document.

    Attributes:
        answer: approved, rejected, or not-answered: nobody who may approve it did in time.
        actor: Who answered.
        reason: Why; may be empty for an approval.
        at: ISO 8601 UTC.
        content_digest: Of the document they were shown.
        recipient_ids: The recipients they were shown; an approval covers only these.
    """

    answer: Answer
    actor: str
    reason: str
    at: str
    content_digest: str
    recipient_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person is asked to approve; without addresses, because it appears on a web page and in logs.

    Attributes:
        report: Report id.
        report_date: Its date.
        subject: The mail's subject.
        recipient_ids: The recipients.
        content_digest: What the approval will cover.
        text: The report's text.
        changes: Lines of text that differ from the previous report; empty if there is none.
    """

    report: str
    report_date: str
    subject: str
    recipient_ids: tuple[str, ...]
    content_digest: str
    text: str
    changes: tuple[str, ...]


def propose(document: Document, recipient_ids: tuple[str, ...], before: Document | None) -> Proposal:
    """What will be sent to whom, and what changed since the previous report."""
    changes: tuple[str, ...] = ()
    if before is not None:
        lines = difflib.unified_diff(before.text.splitlines(), document.text.splitlines(), lineterm="", n=0)
        changes = tuple(line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"})
    return Proposal(
        document.report,
        document.report_date.isoformat(),
        document.subject,
        recipient_ids,
        document.content_digest,
        document.text,
        changes,
    )


def report_before(records: ObjectStore, document: Document, *, days: int = 100) -> str:
    """Content digest of the previous report of the same name; empty if there is none within that many days."""
    for day in sorted(period.dates(records.folders("editions/")), reverse=True):
        if 0 < (document.report_date - day).days <= days:
            revision = editions.open_revision(records, day, document.file_name)
            edition = editions.current_edition(records, day, document.file_name, revision)
            if edition is not None:
                return edition.content_digest
    return ""


def ask(records: ObjectStore, content_digest: str, readers: Mapping[str, tuple[str, ...]]) -> None:
    """Record what a person is shown, so that their answer covers that and nothing later.

    Args:
        records: The records bucket.
        content_digest: Of the report.
        readers: Content digest of the report and of each variant to the ids of its recipients.
    """
    records.put(StoredObject(f"{_ASKED}{content_digest}", canonical.dumps(dict(readers)), "application/json"))


def asked(records: ObjectStore, content_digest: str) -> dict[str, tuple[str, ...]]:
    """What a person was last shown of a report; empty if nobody was asked."""
    try:
        shown = json.loads(records.get(f"{_ASKED}{content_digest}").body)
    except ObjectMissingError:
        return {}
    return {digest: tuple(ids) for digest, ids in shown.items()}


def unanswered(records: ObjectStore) -> Iterator[str]:
    """The content digests of reports that a person was asked about and nobody has answered."""
    answered = {key.split("/")[1] for key in records.keys(_ANSWERED)}
    for key in records.keys(_ASKED):
        digest = key.removeprefix(_ASKED)
        if digest not in answered:
            yield digest


def waits(records: ObjectStore, content_digest: str) -> bool:
    """Whether a person was asked and nobody has answered."""
    return bool(asked(records, content_digest)) and latest(records, content_digest) is None


def record(
    records: ObjectStore,
    document: Document,
    answer: Answer,
    *,
    recipient_ids: tuple[str, ...],
    actor: str,
    reason: str = "",
    clock: Callable[[], datetime],
    chain: Chain,
) -> Verdict:
    """Record a verdict; the latest one of a document counts."""
    who_and_why = (without_addresses(actor), without_addresses(reason))
    verdict = Verdict(answer, *who_and_why, canonical.instant(clock()), document.content_digest, recipient_ids)
    journal.append(records, _folder(document.content_digest), verdict)
    in_time = (("answer", answer),) if answer == UNANSWERED else ()
    chain.append(
        Event(
            kind="report.approval",
            report=document.report,
            entity=document.entity,
            report_date=document.report_date.isoformat(),
            digest=document.content_digest,
            outcome="approved" if answer == "approved" else "rejected",
            actor=actor,
            reason=reason,
            details=(("recipients", " ".join(recipient_ids)), *in_time),
        )
    )
    return verdict


def latest(records: ObjectStore, content_digest: str) -> Verdict | None:
    """The latest verdict of a document; None if there is none."""
    return journal.latest(records, _folder(content_digest), Verdict)


def approved_digest(records: ObjectStore, content_digest: str, recipient_id: str) -> str:
    """The digest if the latest verdict approves it for the recipient, else empty: for ``Request.approved_digest``."""
    verdict = latest(records, content_digest)
    approved = verdict is not None and verdict.answer == "approved" and recipient_id in verdict.recipient_ids
    return content_digest if approved else ""


def rejection(records: ObjectStore) -> Gate:
    """Holds bytes that a person held, or nobody approved in time, in any run, until somebody approves them."""

    def gate(request: Request, _address: str) -> Stop | None:
        verdict = latest(records, request.content_digest)
        if verdict is None or verdict.answer == "approved":
            return None
        when = f"{verdict.at[:16].replace('T', ' at ')} UTC"
        held = verdict.answer == "rejected"
        return Stop(
            HELD if held else UNANSWERED,
            f"{f'held by {verdict.actor} on' if held else 'not approved by'} {when}"
            + (f": {verdict.reason}" if verdict.reason else ""),
        )

    return gate


def _folder(content_digest: str) -> str:
    return f"{_ANSWERED}{content_digest}/"
