"""How a report was made before anybody got it: rendered, archived, asked about, answered; by revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from executive_suite.archive import documents, editions
from executive_suite.config import Report
from executive_suite.mailing import approval, revise
from executive_suite.stores.store import ObjectStore

Tone = Literal["done", "waits", "trouble", "decided"]
"""How a moment is marked: as usual, waiting, wrong, or a person's decision."""
_RUN = {"dag": "DAG", "run": "Run", "task": "Task", "try_number": "Try", "code_version": "Code version"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A technical fact: a text, or a moment."""

    name: str
    text: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened.

    Attributes:
        at: When.
        text: What, as a clause.
        tone: How it is marked.
        more: Why, in the words of who or what decided.
        facts: For whoever looks closer; empty ones are not shown.
    """

    at: datetime
    text: str
    tone: Tone = "done"
    more: str = ""
    facts: tuple[Fact, ...] = ()


def run_facts(event: Mapping[str, Any]) -> tuple[Fact, ...]:
    """By which task of which run, and where on the trail."""
    data = event["data"]
    return (*(Fact(label, str(data[name])) for name, label in _RUN.items() if data[name]), Fact("Trail", event["id"]))


def of(
    records: ObjectStore, report: Report, day: date, recipient_id: str, events: Iterable[Mapping[str, Any]]
) -> dict[int, tuple[Moment, ...]]:
    """Revision to what happened before its sends, in order; questions and answers only about this recipient.

    ``events`` are those of the report's lane in every run of the date, in order.
    """
    revisions = range(1, 1 + editions.open_revision(records, day, report.file_name))
    found = {revision: list(_revised(records, report, day, revision)) for revision in revisions}
    seen: set[tuple[str, str]] = set()
    current = 1
    for event in events:
        kind, data = event["type"].removeprefix("executive_suite."), event["data"]
        if kind == "report.generated":
            current = documents.revision_of(records, data["digest"]) or current
        if recipient_id not in data["details"].get("recipients", recipient_id).split():
            continue
        made = _made(event, again=(kind, data["digest"]) in seen)
        if made is not None:
            found.setdefault(current, []).append(made)
            seen.add((kind, data["digest"]))
    return {revision: tuple(moments) for revision, moments in found.items()}


def _made(event: Mapping[str, Any], *, again: bool) -> Moment | None:
    """What the event says, if it is about the report rather than about a mail."""
    data = event["data"]
    tone: Tone = "done"
    match event["type"].removeprefix("executive_suite."), data["outcome"]:
        case "report.generated", _:
            text = "rendered again, to the same bytes" if again else "rendered"
        case "report.archived", "stopped":
            text, tone = "not archived", "trouble"
        case "report.archived", "unchanged":
            text = "archived before, with the same bytes"
        case "report.archived", _:
            text = "archived"
        case "report.asked", _:
            text, tone = "asked for approval", "waits"
        case "report.approval", "approved":
            text, tone = f"approved by {data['actor']}", "decided"
        case "report.approval", _ if data["details"].get("answer") == approval.UNANSWERED:
            text, tone = "not approved", "waits"
        case "report.approval", _:
            text, tone = f"held by {data['actor']}", "decided"
        case _:
            return None
    facts = (Fact("Document", data["digest"]), *run_facts(event))
    return Moment(datetime.fromisoformat(event["time"]), text, tone, data["reason"] or data["error"], facts)


def _revised(records: ObjectStore, report: Report, day: date, revision: int) -> Iterator[Moment]:
    """The decision that opened a revision."""
    replaced = revise.replaced_by(records, day, report.file_name, revision)
    if replaced is not None:
        facts = (Fact("Replaces", replaced.content_digest), Fact("Mails sent of it", str(len(replaced.sent))))
        at = datetime.fromisoformat(replaced.at)
        yield Moment(at, f"revision {revision} opened by {replaced.actor}", "decided", replaced.reason, facts)
