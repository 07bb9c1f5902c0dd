"""The mails of one report and date: sent, or what they wait for; from the records, not from any run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

from executive_suite import canonical
from executive_suite.archive import editions
from executive_suite.archive.editions import Edition
from executive_suite.mailing import approval, variants_plan
from executive_suite.mailing.causes import LOST, SENT, Cause, of_stop, said
from executive_suite.outbox.outbox import Outbox, Slot
from executive_suite.outbox.state import Evidence, Generation
from executive_suite.run import summary
from executive_suite.run.deployment import Deployment
from executive_suite.run.summary import MailStatus, Summary
from executive_suite.stores.store import ObjectStore

State = Literal["sent", "held", "failed", "uncertain", "not sent", "not approved"]
APPROVALS = frozenset({"not-approved", "approval-mismatch", approval.UNANSWERED})
"""Gates that wait for a person's approval."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that is due, and its state.

    Attributes:
        report_date: ISO date.
        report: Report id.
        recipient_id: The recipient; never an address.
        state: sent, held, failed, uncertain, not sent or not approved.
        cause: The state in the outbox, the fate of a sent mail, or the gate that stopped it: a row of
            ``mailing.causes``.
        text: What happened.
        since: When, ISO 8601 UTC; empty if unknown.
        next_step: What to do, as ``mailing.causes`` says; empty if nothing is.
        delivery_id: The delivery; empty if it was never tried.
        generation: The open one.
        message_id: SES's, if it accepted the mail.
    """

    report_date: str
    report: str
    recipient_id: str
    state: State = "not sent"
    cause: str = "none"
    text: str = ""
    since: str = ""
    next_step: str = field(init=False)
    delivery_id: str = ""
    generation: int = 1
    message_id: str = ""

    def __post_init__(self) -> None:
        """What to do follows from the cause."""
        object.__setattr__(self, "next_step", self.meaning.do)

    @property
    def meaning(self) -> Cause:
        """What the cause means, as ``docs/runbook.md`` says it."""
        if self.state == "sent":
            return SENT["sent"] if self.cause == "sent" else said(self.cause)
        return of_stop(self.cause)


@dataclass(frozen=True, slots=True)
class Due:
    """A report of a date with everybody who is owed it.

    Attributes:
        report: Report id.
        report_date: Its date.
        recipient_ids: By the runs, the outbox, approvals and the schedule.
        entities: Of the outbox's slots, which may be older than the configuration.
        deadline: The latest that has passed, ISO 8601; empty if none has.
    """

    report: str
    report_date: date
    recipient_ids: frozenset[str]
    entities: frozenset[str] = frozenset()
    deadline: str = ""


def recipients(deployment: Deployment, report: str, day: date) -> tuple[str, ...]:
    """Who gets a report by today's configuration; nobody if it is no longer configured."""
    configured = deployment.config.find(report)
    if configured is None:
        return ()
    experiment = variants_plan.current(deployment.config_folder, deployment.config, report, day)
    return variants_plan.recipient_ids(configured, experiment)


@dataclass(frozen=True, slots=True)
class Standing:
    """A report of a date.

    Attributes:
        report: Report id.
        report_date: Its date.
        edition: Its current bytes; None if nothing is archived, or if they were not looked for because every mail is
            known to have been sent.
        mails: Each of its mails with its state, by recipient.
        revision: Of the archived bytes; 0 if nothing is archived.
    """

    report: str
    report_date: date
    edition: Edition | None
    mails: tuple[Mail, ...]
    revision: int = 0


Sent = Mapping[tuple[str, int], MailStatus]
"""What summaries say was sent of a report of a date, by recipient and revision."""


def sent_by(runs: Iterable[Summary], report: str) -> Sent:
    """The mails of a report that the runs of a date say were sent."""
    return {
        (mail.recipient_id, mail.revision): mail
        for run in runs
        for lane in run.lanes
        if lane.report == report
        for mail in lane.deliveries
        if mail.state == "sent"
    }


def standing(deployment: Deployment, due: Due, now: datetime, sent: Sent = MappingProxyType({})) -> Standing:
    """The state of a report of a date ``now``.

    Whoever no longer gets the report is owed nothing; what may have been sent to them still has to be settled. An
    acceptance is never taken back: of what is said to be ``sent`` only the keys and its later fate are read.
    """
    records, day = deployment.records, due.report_date
    current = recipients(deployment, due.report, day)
    configured, revision, entities = deployment.config.find(due.report), 1, set(due.entities)
    if current and configured:
        entities.add(configured.entity)
        revision = editions.open_revision(records, day, configured.file_name)
    mails = {name: one for name in due.recipient_ids if (one := _known(records, due, name, sent.get((name, revision))))}
    if current and set(current) <= set(mails):  # sent from it, so it is archived
        return Standing(due.report, day, None, tuple(mails[name] for name in sorted(mails)), revision)
    edition = None
    if current and configured:
        edition = editions.current_edition(records, day, configured.file_name, revision)
    stops: dict[str, dict[str, Any]] | None = None
    outbox = Outbox(records)
    for recipient_id in sorted(due.recipient_ids - set(mails)):
        slots = (Slot(entity, due.report, day, recipient_id, revision) for entity in sorted(entities))
        entry = next((found for slot in slots if (found := outbox.entry(slot)) is not None), None)
        generation = outbox.read(entry.delivery_id).latest if entry else Generation(1)
        state = generation.state(now)
        if recipient_id not in current and state not in {"claimed", "uncertain", "sent"}:
            continue
        if state == "none" and stops is None:
            gates = sorted(events(records, day, due.report, "delivery.gate"), key=lambda event: str(event["time"]))
            stops = summary.stops(gates)
        delivery_id = entry.delivery_id if entry else ""
        one = Mail(day.isoformat(), due.report, recipient_id, delivery_id=delivery_id, generation=generation.number)
        if state == "sent":
            mails[recipient_id] = _sent(one, generation)
        elif state != "none":
            mails[recipient_id] = _tried(one, generation, state)
        elif stops and delivery_id in stops:
            mails[recipient_id] = _stopped(one, stops[delivery_id])
        else:
            mails[recipient_id] = _untried(one, records, due, generation, edition)
    in_order = tuple(mails[name] for name in sorted(mails))
    return Standing(due.report, day, edition, in_order, edition.revision if edition else 0)


def _known(records: ObjectStore, due: Due, recipient_id: str, said: MailStatus | None) -> Mail | None:
    """A mail that a run says was sent, if the outbox does not say otherwise by now; without the time of its sending."""
    evidence = Outbox(records).since(said.delivery_id, said.generation) if said else None
    if said is None or evidence is None:
        return None
    one = Mail(due.report_date.isoformat(), due.report, recipient_id, delivery_id=said.delivery_id)
    return _fate(
        replace(one, generation=said.generation, state="sent", cause="sent", message_id=said.message_id), evidence
    )


def _sent(one: Mail, generation: Generation) -> Mail:
    """A mail that SES accepted, with its fate: that it was lost, else the last that is known."""
    accepted = generation.accepted_at
    since = canonical.instant(accepted) if accepted else ""
    return _fate(
        replace(one, state="sent", cause="sent", since=since, message_id=generation.message_id), generation.evidence
    )


def _fate(one: Mail, evidence: Iterable[Evidence]) -> Mail:
    """A mail that was accepted, with the last that is known of it."""
    last = max(evidence, key=lambda item: (item.kind in LOST, item.at), default=None)
    if last is None or last.kind == "accepted":
        return replace(one, text="SES accepted it")
    text = f"{last.kind}: {last.detail}" if last.detail else last.kind
    return replace(one, cause=last.kind, text=text, since=canonical.instant(last.at))


def _tried(one: Mail, generation: Generation, state: str) -> Mail:
    """A mail whose send began and did not end well."""
    one = replace(one, cause=state, since=canonical.instant(generation.claims[-1].at))
    if state == "claimed":
        return replace(one, text="a worker is sending it")
    answer = generation.answers[-1] if generation.answers else None
    text = f"{answer.code}: {answer.detail}" if answer and answer.code else "SES may have accepted it"
    return replace(one, state="uncertain" if state == "uncertain" else "failed", text=text)


def _stopped(one: Mail, event: dict[str, Any]) -> Mail:
    """A mail that a gate stopped."""
    data = event["data"]
    state: State = "not approved" if data["error_code"] in APPROVALS else "held"
    return replace(one, state=state, cause=data["error_code"], text=data["reason"], since=event["time"])


def _untried(one: Mail, records: ObjectStore, due: Due, generation: Generation, edition: Edition | None) -> Mail:
    """A mail that nothing stopped and no worker claimed."""
    opening = generation.opening
    if opening is not None:
        text = f"{opening.actor} opened generation {generation.number}: {opening.reason}"
        return replace(one, cause="reopened", text=text, since=canonical.instant(opening.at))
    if edition is None:
        closed = (str(event["time"]) for event in events(records, due.report_date, "run", "run.closed"))
        since = due.deadline or max(closed, default="")
        return replace(one, state="failed", cause="not archived", text="nothing is archived", since=since)
    verdict = approval.latest(records, edition.content_digest)
    if verdict is not None and verdict.answer != "approved":
        held = verdict.answer == approval.HELD
        text = f"held by {verdict.actor}: {verdict.reason}" if held else verdict.reason
        return replace(
            one,
            state="held" if held else "not approved",
            cause=verdict.answer,
            text=text.removesuffix(": "),
            since=verdict.at,
        )
    one = replace(one, since=edition.generated_at)
    if approval.waits(records, edition.content_digest):
        return replace(one, state="not approved", cause="not-approved", text="nobody has answered yet")
    return replace(one, text="archived and not sent")


def events(records: ObjectStore, day: date, lane: str, *kinds: str) -> Iterator[dict[str, Any]]:
    """The events of some kinds, or all, in one lane of every run of a date; the lane ``run`` is the runs themselves."""
    keys = (key for key in records.keys(f"audit/runs/{day.isoformat()}/") if key.split("/")[4] == lane)
    return summary.events(records, keys, *kinds)
