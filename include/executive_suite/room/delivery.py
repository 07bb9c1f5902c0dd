"""The history of one reader's mail of one report and date: from the outbox and the audit trail, not from any task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from executive_suite.config import Report
from executive_suite.mailing import witness
from executive_suite.mailing.causes import LOST, of_stop, said
from executive_suite.outbox.outbox import Entry, Outbox
from executive_suite.outbox.state import Answer, Claim, Evidence, Generation, Result
from executive_suite.room import making
from executive_suite.room.making import Fact, Moment
from executive_suite.run import standing
from executive_suite.run.deployment import Deployment

Json = Mapping[str, Any]

_ANSWERS: Mapping[Result, str] = {
    "sent": "SES accepted it",
    "retryable": "SES did not take it; it may be tried again",
    "refused": "SES refused it",
    "uncertain": "Nobody knows whether SES accepted it",
}
_FOUND = {
    "sent": "A later run found it sent, and sent nothing",
    "claimed": "Another run found it being sent, and waited",
    "uncertain": "Another run found no certain outcome, and sent nothing",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a history.

    Attributes:
        title: Its heading, as a clause.
        moments: In order of time.
        delivery_id: Of a generation's part; empty of others.
    """

    title: str
    moments: tuple[Moment, ...]
    delivery_id: str = ""


def history(deployment: Deployment, report: Report, day: date, recipient_id: str, now: datetime) -> tuple[Chapter, ...]:
    """How a report was made and mailed to one recipient, revision by revision; empty if nothing is on record."""
    records = deployment.records
    outbox = Outbox(records)
    entities = {report.entity, *(entity for entity, name in outbox.reports() if name == report.report)}
    entries = {
        slot.revision: entry
        for slot in outbox.slots_of(entities, report.report, day)
        if slot.recipient_id == recipient_id and (entry := outbox.entry(slot)) is not None
    }
    events = sorted(standing.events(records, day, report.report), key=lambda event: str(event["time"]))
    made = making.of(records, report, day, recipient_id, events)
    chapters = []
    for revision in sorted({*made, *entries}):
        if made.get(revision):
            chapters.append(Chapter("the report" if revision == 1 else f"revision {revision}", made[revision]))
        if revision in entries:
            chapters += _sends(outbox, entries[revision], events, now)
    return tuple(chapters)


def _sends(outbox: Outbox, entry: Entry, events: Iterable[Json], now: datetime) -> Iterator[Chapter]:
    """One part for each permission to send."""
    own = [event for event in events if event["data"]["delivery_id"] == entry.delivery_id]
    generations = outbox.read(entry.delivery_id).generations
    for generation in generations:
        begun = {one.number: one.opening.at for one in generations if one.opening}
        theirs = [event for event in own if _of_generation(event, begun) == generation.number]
        moments = [*_opened(generation), *_checked(theirs), *_called(generation, theirs, now), *_known(generation)]
        in_order = tuple(sorted(moments, key=lambda moment: moment.at))
        name = (
            f"send {generation.number}"
            if entry.slot.revision == 1
            else f"revision {entry.slot.revision}, send {generation.number}"
        )
        yield Chapter(name, in_order, entry.delivery_id)


def _of_generation(event: Json, begun: Mapping[int, datetime]) -> int:
    """An event of a gate names none: it belongs to the last that a person had opened by then."""
    named: int = event["data"]["generation"]
    at = datetime.fromisoformat(event["time"])
    return named or max((number for number, opened in begun.items() if opened <= at), default=1)


def _opened(generation: Generation) -> Iterator[Moment]:
    if generation.opening is not None:
        opening = generation.opening
        facts = (Fact("State before", opening.from_state),)
        yield Moment(opening.at, f"another send asked for by {opening.actor}", "decided", opening.reason, facts)


def _checked(events: Iterable[Json]) -> Iterator[Moment]:
    """What happened around the calls, as the trail has it."""
    for event in events:
        data, at = event["data"], datetime.fromisoformat(event["time"])
        facts = making.run_facts(event)
        match event["type"].removeprefix("executive_suite."):
            case "delivery.gate" if data["outcome"] == "passed":
                yield Moment(at, "Passed the checks before sending", facts=facts)
            case "delivery.gate":
                means = of_stop(data["error_code"]).means
                facts = (Fact("Check", data["error_code"]), *facts)
                yield Moment(at, f"Not sent: {means}", "waits", data["reason"], facts)
            case "delivery.found":
                yield Moment(at, _FOUND[data["outcome"]], facts=facts)
            case "delivery.by_hand":
                yield Moment(at, f"sent by hand by {data['actor']}", "decided", data["reason"], facts)
            case "circuit.opened":
                facts = (Fact("Error", data["error_code"]), *facts)
                yield Moment(at, "SES stopped the account: all sends are held", "trouble", facts=facts)


def _called(generation: Generation, events: Iterable[Json], now: datetime) -> Iterator[Moment]:
    """Each claim with its outcome."""
    answers = {answer.number: answer for answer in generation.answers}
    recorded = {(event["type"], event["data"]["attempt"]): event for event in events}
    for claim in generation.claims:
        claimed = recorded.get(("executive_suite.delivery.claimed", claim.number))
        text = "a worker took the right to one call"
        if claim.nonce == witness.LOST:
            text = "a call that the records had lost, and the witness remembers"
        elif claim.number > 1:
            text = f"try {claim.number}: {text}"
        yield Moment(claim.at, text, facts=_of_claim(claim, claimed))
        answer = answers.get(claim.number)
        if answer is not None:
            outcome = recorded.get(("executive_suite.delivery.outcome", claim.number))
            yield _answered(answer, claim, outcome)
        elif not claim.may_run(now):
            text = "The worker's time ran out, and no answer is on record"
            yield Moment(claim.deadline, text, "trouble", facts=(Fact("Claim", str(claim.number)),))


def _of_claim(claim: Claim, event: Json | None) -> tuple[Fact, ...]:
    return (
        Fact("Claim", str(claim.number)),
        Fact("Nonce", f"{claim.nonce[:8]}…"),
        Fact("Lease until", when=claim.deadline),
        Fact("Document", claim.content_digest),
        Fact("Mail (SHA-256)", claim.envelope_digest),
        Fact("Mail's key", claim.mail_key),
        *(making.run_facts(event) if event else ()),
    )


def _answered(answer: Answer, claim: Claim, event: Json | None) -> Moment:
    tone: making.Tone = "done" if answer.result == "sent" else "waits" if answer.result == "retryable" else "trouble"
    facts = [Fact("Claim", str(claim.number)), Fact("Message id", answer.message_id), Fact("Error", answer.code)]
    if event:
        facts += [Fact("Audit copies", event["data"]["details"].get("audit_copies", "")), *making.run_facts(event)]
    return Moment(answer.at, _ANSWERS[answer.result], tone, answer.detail, tuple(facts))


def _known(generation: Generation) -> Iterator[Moment]:
    """What became of the mail."""
    for item in generation.evidence:
        tone: making.Tone = "trouble" if item.kind in LOST else "waits" if item.kind == "delayed" else "done"
        if item.kind == "confirmed":
            text, tone = f"settled by {item.actor}: it arrived", "decided"
        else:
            text = said(item.kind).means
        yield Moment(item.at, text, tone, item.detail, _of_evidence(item))


def _of_evidence(item: Evidence) -> tuple[Fact, ...]:
    return Fact("Evidence", item.kind), Fact("Event", item.event_id), Fact("Message id", item.message_id)
