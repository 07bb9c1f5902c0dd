"""The first lines of a correction: which mail it replaces, why, and which figures changed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from executive_suite.document import Document
from executive_suite.facts import Fact
from executive_suite.revise import Replaced

SHOWN = 12
"""How many changed figures the first lines name; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is another now."""

    label: str
    before: str
    after: str


def changes(before: Iterable[Fact], after: Iterable[Fact]) -> tuple[Change, ...]:
    """The undivided figures that differ between two fact tables, in table order."""
    old = {(f.metric_id, f.entity_id, f.period): f for f in before if not f.dimensions}
    new = {(f.metric_id, f.entity_id, f.period): f for f in after if not f.dimensions}
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, now = _told(old.get(key)), _told(new.get(key))
        if was != now:
            metric, entity, period = key
            label = f"{metric.replace('_', ' ')}, {period}" + (f", {entity}" if entity != "group" else "")
            found.append(Change(label, was, now))
    return tuple(found)


def lines(replaced: Replaced, changed: tuple[Change, ...]) -> tuple[str, ...]:
    """The first lines, in plain words."""
    when = f" sent {replaced.sent_at[:16].replace('T', ' ')} UTC" if replaced.sent_at else ""
    which = f" (message {', '.join(replaced.message_ids)})" if replaced.message_ids else ""
    head = f"CORRECTION: this replaces revision {replaced.revision} of this report{when}{which}."
    told = [f"  {change.label}: {change.before} -> {change.after}" for change in changed[:SHOWN]]
    if len(changed) > SHOWN:
        told.append(f"  and {len(changed) - SHOWN} more")
    count = f"{len(changed)} figure{'s'[: len(changed) != 1]} changed:" if changed else "No headline figure changed."
    return (head, f"Reason: {replaced.reason}", count, *told)


def apply(document: Document, replaced: Replaced, changed: tuple[Change, ...]) -> Document:
    """The document with its correction said first: subject, both mail parts, and the archived text and page."""
    told = lines(replaced, changed)
    text = "\n".join(told) + "\n\n"
    block = '<div role="note">' + "".join(f"<p>{html.escape(line.strip())}</p>" for line in told) + "</div>"
    files = dict(document.files)
    if "txt" in files:
        files["txt"] = text.encode() + files["txt"]
    if "html" in files:
        files["html"] = _after_body_tag(files["html"].decode(), block).encode()
    return replace(
        document,
        subject=f"[Corrected] {document.subject}",
        text=text + document.text,
        mail_html=_after_body_tag(document.mail_html, block),
        files=files,
    )


def _after_body_tag(page: str, block: str) -> str:
    tag = re.search(r"<body\b[^>]*>", page, re.IGNORECASE)
    cut = tag.end() if tag else 0
    return page[:cut] + block + page[cut:]


def _told(fact: Fact | None) -> str:
    """A figure for a line of text: money in whole units with its cents, everything else as it is kept."""
    if fact is None:
        return "not told"
    if fact.status != "ok" or fact.value is None:
        return f"n/a ({fact.reason})" if fact.reason else "n/a"
    if fact.unit == "cents" and isinstance(fact.value, int):
        sign, cents = ("-" if fact.value < 0 else ""), abs(fact.value)
        return f"{sign}{cents // 100:,}.{cents % 100:02d}"
    return f"{fact.value}"
