"""Blocks other than tables as lines of plain text."""

from __future__ import annotations

import itertools

from executive_suite.rendering.blocks import ActionItem, Decision, DefinitionItem, FindingItem, Foot, Kpi
from executive_suite.rendering.text_layout import WIDTH, width, wrap

_MARKS = {"good": "  (+) good", "bad": "  (!) watch", "neutral": ""}
_LABEL = 34
_TWO_DIGITS = 10


def kpi(item: Kpi) -> str:
    """A figure beside its label; what it is compared with, and what is to be said of it, below."""
    mark = _MARKS[item.tone] + (" *" if item.assumed else "")
    said = "\n".join(wrap(words, WIDTH - _LABEL - 2) for words in (item.comparison, item.note) if words)
    beside = [f"{item.value}{mark}", *said.splitlines()]
    labels = wrap(item.label, _LABEL).splitlines()
    return "\n".join(
        f"{label}{' ' * (_LABEL - width(label))}  {text}".rstrip()
        for label, text in itertools.zip_longest(labels, beside, fillvalue="")
    )


def finding(item: FindingItem) -> str:
    """A finding: how bad, what, why, whose, on what evidence."""
    severity = item.severity if item.outcome == "fires" else "not evaluable"
    head = hang(f"[{severity.upper()}] {item.title}{' *' if item.assumed else ''}")
    meta = [item.entity, f"at stake {item.at_stake}" if item.at_stake else "", f"owner: {item.owner or 'nobody named'}"]
    lines = [
        head,
        wrap(item.reason, WIDTH, "  "),
        wrap("; ".join(part for part in [*meta, item.score] if part), WIDTH, "  "),
    ]
    lines += [hang(f"- {line}", "    ") for line in item.evidence]
    return "\n".join(line for line in lines if line)


def action(item: ActionItem) -> str:
    """A ranked action: what, whose, until when; then by which score."""
    head = hang(f"{item.rank}. {item.title}{' *' if item.assumed else ''}", " " * (item.rank < _TWO_DIGITS), "    ")
    terms = [f"{item.owner}, {item.due}", item.status, f"worth {item.at_stake}" if item.at_stake else ""]
    return "\n".join(
        [head, *(wrap(w, WIDTH, "    ") for w in ("; ".join(filter(None, terms)), f"ranked by {item.score}"))]
    )


def decision(number: int, item: Decision) -> str:
    """A decision: what; then who, by when and for how much; then why."""
    lines = [hang(f"{number}. {item.what}", follow="   ")]
    lines += [wrap(words, WIDTH, "   ") for words in ("; ".join(item.terms), item.why) if words]
    return "\n".join(lines)


def definition(item: DefinitionItem) -> str:
    """A footnote."""
    return hang(f"{item.name} ({item.unit}): {item.definition} Source: {item.source}", follow="  ")


def foot(block: Foot) -> list[str]:
    """Where the figures come from, a line each."""
    return [
        f"Report date {block.report_date}; data through {block.data_through}.",
        f"Cut-off {block.cut_off} (start of the report date in {block.zone}); nothing recorded later was used.",
        f"Dataset {block.dataset_hash}, revision {block.revision}.",
        f"Coverage: {block.coverage}.",
        "Sums and differences are of the unrounded figures, so their last digit may differ from that of what is shown.",
        *(f"Note: {note}" for note in block.notes),
    ]


def hang(text: str, indent: str = "", follow: str = "  ") -> str:
    """A paragraph whose further lines are set in under its first."""
    lines = wrap(text, WIDTH - len(indent) - len(follow)).split("\n")
    return "\n".join(indent + (line if number == 0 else follow + line) for number, line in enumerate(lines))
