"""The first lines of a correction: which mail it replaces, why, and which figures changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from executive_suite import formats, metrics, reports
from executive_suite.archive import documents
from executive_suite.config import Report
from executive_suite.document import Document
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.figures import Figures
from executive_suite.mailing import revise
from executive_suite.mailing.revise import Replaced
from executive_suite.reports.build import view_of
from executive_suite.stores.store import ObjectMissingError, ObjectStore
from executive_suite.wording import ENGLISH, say, say_many

SHOWN = 12
"""How many changed figures the first lines name; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed figure.

    Attributes:
        metric_id: Of the figure.
        label: The metric's name, with period and entity.
        before: As shown before.
        after: As shown now.
    """

    metric_id: str
    label: str
    before: str
    after: str


def build(records: ObjectStore, figures: Figures, report: Report, revision: int) -> Document:
    """Render a report as the open revision; a later revision first says what it replaces."""
    draft = reports.build(figures, report, revision=revision)
    found = first_lines(records, figures, report, revision)
    return reports.build(figures, report, revision=revision, replaces=found) if found else draft


def first_lines(records: ObjectStore, figures: Figures, report: Report, revision: int) -> tuple[str, ...]:
    """The first lines of a revision, naming the changed figures that the report shows; empty for the first revision."""
    replaced = revise.replaced_by(records, figures.report_date, report.file_name, revision)
    if replaced is None:
        return ()
    key = documents.figures_key(records, replaced.content_digest)
    try:
        before = Figures.from_json(records.get(key).body) if key else None
    except ObjectMissingError:
        before = None
    shown = {item.metric_id for item in view_of(figures, report).page.definitions} if before else set()
    with formats.speaking(figures.currency, figures.locale, language=report.language or ENGLISH):
        found = changes(before.facts, figures.facts) if before else None
        return lines(replaced, found and tuple(change for change in found if change.metric_id in shown))


def changes(before: Iterable[Fact], after: Iterable[Fact]) -> tuple[Change, ...]:
    """The undivided figures that differ between two fact tables: latest period first, the group before its parts."""
    old = {(f.metric_id, f.entity_id, f.period): f for f in before if not f.dimensions}
    new = {(f.metric_id, f.entity_id, f.period): f for f in after if not f.dimensions}
    known = metrics.definitions()
    found = []
    parts_last = sorted(old.keys() | new.keys(), key=lambda key: (key[1] != GROUP, key[0]))
    for key in sorted(parts_last, key=itemgetter(2), reverse=True):
        was, now = old.get(key), new.get(key)
        if was is None or now is None or (was.value, was.status) != (now.value, now.status):
            metric, entity, period = key
            name = say(known[metric].name) if metric in known else metric.replace("_", " ")
            label = f"{name}, {period}" + (f", {entity}" if entity != GROUP else "")
            found.append(Change(metric, label, _shown(was), _shown(now)))
    return tuple(found)


def lines(replaced: Replaced, changed: tuple[Change, ...] | None) -> tuple[str, ...]:
    """The first lines in plain words; ``changed`` is None if it is not on record which figures changed."""
    at = replaced.sent_at[:16].replace("T", " ")
    when = say(" sent {at} UTC", at=at) if at else ""
    which = say(" (message {ids})", ids=", ".join(replaced.message_ids)) if replaced.message_ids else ""
    head = say(
        "CORRECTION: this replaces revision {revision} of this report{when}{which}.",
        revision=replaced.revision,
        when=when,
        which=which,
    )
    reason = say("Reason: {reason}", reason=replaced.reason)
    if changed is None:
        return (head, reason, say("Which figures changed is not on record."))
    named = [f"  {change.label}: {change.before} -> {change.after}" for change in changed[:SHOWN]]
    if len(changed) > SHOWN:
        named.append(say("  and {count} more", count=len(changed) - SHOWN))
    count = say_many("{count} figure changed:", "{count} figures changed:", len(changed), count=len(changed))
    return (head, reason, count if changed else say("No headline figure changed."), *named)


def _shown(fact: Fact | None) -> str:
    return say("not calculated") if fact is None else formats.of(fact)
