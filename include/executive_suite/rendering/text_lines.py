"""Blocks other than tables, as lines of plain text."""

from __future__ import annotations

import itertools

from executive_suite.rendering.blocks import ActionItem, Decision, DefinitionItem, FindingItem, Foot, Kpi
from executive_suite.rendering.text_layout import WIDTH, marks, width, wrap
from executive_suite.wording import say

_LABEL = 34
_TWO_DIGITS = 10


def kpi(item: Kpi) -> str:
    """A figure next to its label, and its comparison below."""
    below = "\n".join(wrap(words, WIDTH - _LABEL - 2) for words in (item.comparison,) if words)
    figure = [f"{item.text}{marks(item)}", *below.splitlines()]
    labels = wrap(item.label, _LABEL).splitlines()
    return "\n".join(
        f"{label}{' ' * (_LABEL - width(label))}  {text}".rstrip()
        for label, text in itertools.zip_longest(labels, figure, fillvalue="")
    )


def finding(item: FindingItem) -> str:
    """A finding: severity, title, reason, owner, evidence."""
    head = hang(f"[{item.level.upper()}] {item.title}{' *' if item.assumed else ''}")
    meta = [
        item.entity,
        say("at stake {at_stake}", at_stake=item.at_stake) if item.at_stake else "",
        say("owner: {owner}", owner=item.owner or say("not assigned")),
    ]
    lines = [
        head,
        wrap(item.reason, WIDTH, "  "),
        wrap("; ".join(part for part in [*meta, item.score] if part), WIDTH, "  "),
    ]
    lines += [hang(f"- {line}", "    ") for line in item.evidence]
    return "\n".join(line for line in lines if line)


def action(item: ActionItem) -> str:
    """A ranked action: what, owner, date; then its score."""
    head = hang(f"{item.rank}. {item.title}{' *' if item.assumed else ''}", " " * (item.rank < _TWO_DIGITS), "    ")
    terms = [
        f"{item.owner}, {item.due}",
        item.status,
        say("worth {at_stake}", at_stake=item.at_stake) if item.at_stake else "",
    ]
    return "\n".join(
        [
            head,
            *(
                wrap(w, WIDTH, "    ")
                for w in ("; ".join(filter(None, terms)), say("ranked by {score}", score=item.score))
            ),
        ]
    )


def decision(number: int, item: Decision) -> str:
    """A decision: what; who, by when and for how much."""
    lines = [hang(f"{number}. {item.what}", follow="   ")]
    lines += [wrap(words, WIDTH, "   ") for words in ("; ".join(item.terms),) if words]
    return "\n".join(lines)


def definition(item: DefinitionItem) -> str:
    """A definition."""
    return hang(
        say(
            "{name} ({unit}): {definition} Source: {source}",
            name=item.name,
            unit=item.unit,
            definition=item.definition,
            source=item.source,
        ),
        follow="  ",
    )


def foot(block: Foot) -> list[str]:
    """Where the figures come from, one line each."""
    return [
        say(
            "Report date {report_date}; data through {data_through}.",
            report_date=block.report_date,
            data_through=block.data_through,
        ),
        say(
            "Cut-off {cut_off} (start of the report date in {zone}); nothing recorded later is included.",
            cut_off=block.cut_off,
            zone=block.zone,
        ),
        say("Dataset {dataset_hash}, revision {revision}.", dataset_hash=block.dataset_hash, revision=block.revision),
        say("Coverage: {coverage}.", coverage=block.coverage),
        say("Sums and differences use unrounded figures, so the last digit may differ from the rounded figures shown."),
        *(say("Note: {note}", note=note) for note in block.notes),
    ]


def hang(text: str, indent: str = "", follow: str = "  ") -> str:
    """A paragraph with a hanging indent."""
    lines = wrap(text, WIDTH - len(indent) - len(follow)).split("\n")
    return "\n".join(indent + (line if number == 0 else follow + line) for number, line in enumerate(lines))
