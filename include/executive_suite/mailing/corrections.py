"""The first lines of a correction: which mail it replaces, why, and which figures changed.

| object (records bucket) | says |
|---|---|
| ``documents/<content digest>/figures`` | the key of the figures that a document was made from |
| ``documents/<content digest>/revision`` | the revision that it was rendered as |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from executive_suite import formats, metrics
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.mailing import revise
from executive_suite.mailing.revise import Replaced
from executive_suite.stores.store import ObjectMissingError, ObjectStore, StoredObject

SHOWN = 12
"""How many changed figures the first lines name; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is another now.

    Attributes:
        name: Of the metric, as readers know it.
        label: The name, with period and entity.
        before: As it was shown.
        after: As it is shown now.
    """

    name: str
    label: str
    before: str
    after: str


def remember(records: ObjectStore, content_digest: str, figures_key: str, revision: int) -> None:
    """Keep what a document was made from, and as which revision.

    A later correction can then tell what changed, and bytes of one revision cannot be archived as another's.
    """
    records.create(StoredObject(f"documents/{content_digest}/figures", figures_key.encode(), "text/plain"))
    records.create(StoredObject(f"documents/{content_digest}/revision", str(revision).encode(), "text/plain"))


def revision_of(records: ObjectStore, content_digest: str) -> int | None:
    """The revision that a document was rendered as; None when that is not on record."""
    try:
        return int(records.get(f"documents/{content_digest}/revision").body)
    except ObjectMissingError:
        return None


def build(records: ObjectStore, figures: Figures, report: Report, revision: int) -> Document:
    """Render a report; a later revision says first what it replaces.

    Args:
        records: The records bucket.
        figures: What it is made from.
        report: The configured report.
        revision: The open one.
    """
    from executive_suite import reports  # noqa: PLC0415 - rendering is costly to import, and not everybody renders

    draft = reports.build(figures, report, revision=revision)
    told = first_lines(records, figures, report, revision, draft.text)
    return reports.build(figures, report, revision=revision, replaces=told) if told else draft


def first_lines(records: ObjectStore, figures: Figures, report: Report, revision: int, draft: str) -> tuple[str, ...]:
    """What a revision says first; empty for the first revision.

    Args:
        records: The records bucket.
        figures: What the revision is made from.
        report: The configured report.
        revision: The open one.
        draft: The report's text without these lines; only figures that it speaks of are named.
    """
    replaced = revise.replaced_by(records, figures.report_date, report.file_name, revision)
    if replaced is None:
        return ()
    try:
        key = records.get(f"documents/{replaced.content_digest}/figures").body.decode()
        before = Figures.from_json(records.get(key).body)
    except ObjectMissingError:
        return lines(replaced, None)
    found = changes(before.facts, figures.facts)
    return lines(replaced, tuple(change for change in found if change.name.lower() in draft.lower()))


def changes(before: Iterable[Fact], after: Iterable[Fact]) -> tuple[Change, ...]:
    """The undivided figures that differ between two fact tables: latest period first, in it the group before parts."""
    old = {(f.metric_id, f.entity_id, f.period): f for f in before if not f.dimensions}
    new = {(f.metric_id, f.entity_id, f.period): f for f in after if not f.dimensions}
    known = metrics.definitions()
    found = []
    for key in sorted(sorted(old.keys() | new.keys(), key=lambda k: (k[1] != GROUP, k[0])), key=_period, reverse=True):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or (was.value, was.status) != (now.value, now.status):
            metric, entity, period = key
            name = known[metric].name if metric in known else metric.replace("_", " ")
            label = f"{name}, {period}" + (f", {entity}" if entity != "group" else "")
            found.append(Change(name, label, _told(was), _told(now)))
    return tuple(found)


def _period(key: tuple[str, str, str]) -> str:
    return key[2]


def lines(replaced: Replaced, changed: tuple[Change, ...] | None) -> tuple[str, ...]:
    """The first lines, in plain words; None when it is not on record which figures changed."""
    when = f" sent {replaced.sent_at[:16].replace('T', ' ')} UTC" if replaced.sent_at else ""
    which = f" (message {', '.join(replaced.message_ids)})" if replaced.message_ids else ""
    head = f"CORRECTION: this replaces revision {replaced.revision} of this report{when}{which}."
    if changed is None:
        return (head, f"Reason: {replaced.reason}", "Which figures changed is not on record.")
    told = [f"  {change.label}: {change.before} -> {change.after}" for change in changed[:SHOWN]]
    if len(changed) > SHOWN:
        told.append(f"  and {len(changed) - SHOWN} more")
    count = f"{len(changed)} figure{'s'[: len(changed) != 1]} changed:" if changed else "No headline figure changed."
    return (head, f"Reason: {replaced.reason}", count, *told)


def _told(fact: Fact | None) -> str:
    return "not told" if fact is None else formats.of(fact)
